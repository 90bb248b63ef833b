"""Outlook: the world, by map and table."""
