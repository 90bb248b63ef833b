"""Snapshots, tidy tables, and numbers that open: the analytical store."""

from forefend.store.figure import Figure, compute, missing_figure, recompute
from forefend.store.issued import IssuedRows
from forefend.store.opening import open_store
from forefend.store.query import Query, Reading, observations
from forefend.store.snapshot import Snapshot, SnapshotFile
from forefend.store.store import Store

__all__ = [
    "Figure",
    "IssuedRows",
    "Query",
    "Reading",
    "Snapshot",
    "SnapshotFile",
    "Store",
    "compute",
    "missing_figure",
    "observations",
    "open_store",
    "recompute",
]
