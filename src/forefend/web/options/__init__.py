"""Options: what a state holds over a country, and what it can do."""
