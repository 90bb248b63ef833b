"""UCDP GED summed by country and month."""
