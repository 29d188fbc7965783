"""Ways of using the pointer: each owns a gesture, previews, and commits one edit."""
