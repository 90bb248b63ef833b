"""What several sources of one publisher, or of one kind, have in common: their layouts, lists and sums."""
