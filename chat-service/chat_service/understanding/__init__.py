"""Turns a question into a plan: what is asked, in the closed set of `plan.py`. Nothing here is ever said."""
