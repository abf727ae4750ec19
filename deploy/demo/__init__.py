"""Believable content for a first look: businesses, their people and products in every state."""
