"""Other machines that chat-service talks to."""
