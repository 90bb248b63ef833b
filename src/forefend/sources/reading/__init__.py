"""Readers of what publishers write: files and archives, tables, cells, places, dates; none knows a publisher."""
