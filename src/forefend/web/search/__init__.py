"""Search over countries, actions, factors, options and terms."""
