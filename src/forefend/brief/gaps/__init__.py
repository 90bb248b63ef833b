"""The parts of a gap report."""
