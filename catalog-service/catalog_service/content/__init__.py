"""What a product says: its revisions, and the rules of its fields."""
