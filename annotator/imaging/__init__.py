"""Pure functions of pixels and voxels: windows, growing, counting, scores."""
