"""The second implementation that ``recompute.py`` compares the product with. Nothing here imports forefend."""
