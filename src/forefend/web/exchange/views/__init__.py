"""Pages and files of what goes out and in."""
