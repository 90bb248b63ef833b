"""How figures changed between two releases, by calendar year.

Counts of deaths grow for years after the fact, and large events move between months as their dates become
better known, so years are compared, never months. Only years that both releases cover whole are compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from forefend.errors import StoreError
from forefend.store import Query, Snapshot, Store

COMPARED = {"observations": ("iso3", "indicator"), "ties": ("from_iso3", "to_iso3", "channel"), "events": ("iso3", "kind")}
TOLERANCE = 1e-9


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One subject in one year: totals of all states in both releases, and how many states differ.

    ``appeared`` have a value only in the newer release, ``vanished`` only in the older one. ``ratio`` is new
    over old, None where the old total is 0. Totals of indices say nothing; look at ``changed``.
    """

    subject: str
    year: int
    old: float
    new: float
    ratio: float | None
    states: int
    changed: int
    appeared: int
    vanished: int


def revisions(store: Store, *, old: Snapshot, new: Snapshot) -> tuple[Revision, ...]:
    """Compare every subject both releases hold; raises StoreError where they share none."""
    rows = state_years(store, old=old, new=new)
    found = rows.group_by("subject", "year", maintain_order=True).agg(
        pl.col("old").sum(),
        pl.col("new").sum(),
        states=pl.len(),
        changed=(pl.col("old").is_not_null() & pl.col("new").is_not_null() & ~_same()).sum(),
        appeared=pl.col("old").is_null().sum(),
        vanished=pl.col("new").is_null().sum(),
    )
    return tuple(Revision(**row, ratio=row["new"] / row["old"] if row["old"] else None) for row in found.iter_rows(named=True))


def state_years(store: Store, *, old: Snapshot, new: Snapshot, only_changed: bool = False) -> pl.DataFrame:
    """Return ``subject, year, state, old, new``: sums over the year, null where a release has no row.

    ``state`` is an alpha-3 code, for ties two joined by ``→``. Years one of the releases does not cover are left out.
    """
    shared = [(table, subject) for table in COMPARED for subject in old.contents.get(table, []) if subject in new.contents.get(table, [])]
    if not shared:
        raise StoreError(f"{old.id} and {new.id} hold nothing in common that is measured. Choose two releases of the same data.")
    parts = [_joined(_yearly(store, old, *asked), _yearly(store, new, *asked), subject=asked[1]) for asked in shared]
    rows = pl.concat(parts).sort("subject", "year", "state")
    return rows.filter(~_same()) if only_changed else rows


def _same() -> pl.Expr:
    return ((pl.col("old") - pl.col("new")).abs() <= TOLERANCE).fill_null(value=False)


def _yearly(store: Store, snapshot: Snapshot, table: str, subject: str) -> pl.DataFrame:
    frame = store.read(Query(table=table, subject=subject, snapshot_id=snapshot.id)).frame  # type: ignore[arg-type]  # one of COMPARED
    value = pl.col("deaths_best").cast(pl.Float64) if table == "events" else pl.col("value")
    state = pl.concat_str([pl.col(name) for name in COMPARED[table][:-1]], separator="→")
    return (
        frame.select(state=state, year=pl.col("start").dt.year(), end=pl.col("end"), value=value)
        .group_by("state", "year")
        .agg(pl.col("value").sum(), pl.col("end").max())
    )


def _joined(old: pl.DataFrame, new: pl.DataFrame, *, subject: str) -> pl.DataFrame:
    first = max(_bound(frame, "min") for frame in (old, new))
    last = min(_last_whole_year(frame) for frame in (old, new))
    joined = old.select("state", "year", old="value").join(
        new.select("state", "year", new="value"), on=["state", "year"], how="full", coalesce=True
    )
    return joined.filter(pl.col("year").is_between(first, last)).select(pl.lit(subject).alias("subject"), "year", "state", "old", "new")


def _bound(frame: pl.DataFrame, which: str) -> int:
    years = frame["year"]
    found = years.min() if which == "min" else years.max()
    return int(found) if isinstance(found, int) else 0


def _last_whole_year(frame: pl.DataFrame) -> int:
    """The newest year, or the one before where its last row ends before December."""
    newest = _bound(frame, "max")
    end = frame.filter(pl.col("year") == newest)["end"].max()
    return newest if getattr(end, "month", 12) == 12 else newest - 1
