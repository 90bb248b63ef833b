"""Tables with a second line of HXL tags (#country+code), as the Humanitarian Data Exchange publishes them, or without."""

from __future__ import annotations

import polars as pl


def without_tags(frame: pl.DataFrame) -> pl.DataFrame:
    """Drop the line of tags, where there is one, and number rows from the first one of data."""
    if frame.is_empty():
        return frame
    written = [cell for cell in frame.drop("row").row(0) if cell]
    if not written or not all(str(cell).startswith("#") for cell in written):
        return frame
    return frame.slice(1).with_columns(pl.col("row") - 1)
