"""The panels beside the view; each can be rebuilt at any time from what it shows."""
