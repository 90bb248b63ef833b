"""Template tags: text, numbers, links and figures in the language of the page."""
