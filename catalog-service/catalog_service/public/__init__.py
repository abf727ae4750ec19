"""What the public sees: the projection, its changes, and what auth-service tells of accounts."""
