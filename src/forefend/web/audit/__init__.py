"""The append-only record of every change, each row chained to the one before."""
