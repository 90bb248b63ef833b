"""Counts for each institution's part of a round, each by a query of its own: joined, they would multiply."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet


def by_part(rows: QuerySet[Any], part: str) -> dict[int, int]:
    """Count rows by the contribution they belong to; ``part`` is the path to it."""
    return dict(rows.order_by().values_list(part).annotate(n=Count("pk")))
