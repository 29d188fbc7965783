"""What leads through the scans of a sequence, and shows one object in many of them."""
