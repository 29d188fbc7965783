"""Ways to draw a scan, none of which knows a window."""
