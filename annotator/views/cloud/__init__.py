"""The cloud view: a scan, what is labelled in it, and the tools over it."""
