"""Pure functions of (N, 3) points: fitting, growing, projecting, drawing."""
