"""What a plugin may use."""
