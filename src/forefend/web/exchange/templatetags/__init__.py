"""Tags of the pages of what goes out and in."""
