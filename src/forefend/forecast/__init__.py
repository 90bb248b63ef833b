"""What may come: targets as written down, models that are all tried the same way, scores, and the outlook."""
