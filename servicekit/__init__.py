"""What the three services share: one folder, committed together with its users."""
