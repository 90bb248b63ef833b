"""Files and links that support answers."""
