"""Tags of evidence."""
