"""A round of one institution in one file, for a machine without a network: given, taken, given back, merged."""
