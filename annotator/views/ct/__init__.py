"""The planes of a CT series, its foci and its candidates."""
