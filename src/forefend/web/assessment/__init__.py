"""Assessment: what public data suggest for the 21 actions of a state."""
