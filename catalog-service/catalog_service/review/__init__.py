"""Who decides what is published, and the log of it."""
