"""Endorsements of texts and joint statements of states, kept by hand."""
