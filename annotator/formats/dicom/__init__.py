"""Reads CT series: scanning, sorting, decoding, and what is wrong with them."""
