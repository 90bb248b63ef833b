"""Tags of the pages of signing in."""
