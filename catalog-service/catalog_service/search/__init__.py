"""Search and browse over the projection."""
