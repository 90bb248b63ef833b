"""The parts of the country brief, a module a page."""
