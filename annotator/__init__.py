"""Label 3D garage scans and mark calcification foci on CT slices."""

__version__ = "0.1.0"
