"""Events of UCDP in any of its layouts: the columns, what makes a row usable, and sums by month.

The yearly release, the monthly Candidate files, the files by country on HDX and the interface carry the same
columns in different orders. Dates carry a time of day in some of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from forefend.sources.contract import check_codes, reject
from forefend.sources.reading.placing import with_states

KINDS = {"1": "sb", "2": "ns", "3": "os"}
COUNTS = ("best", "low", "high", "deaths_civilians")
# The columns in the publisher's order, for the files without a header.
LAYOUT = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id", "conflict_name",
    "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b",
    "number_of_sources", "source_article", "source_office", "source_date", "source_headline", "source_original", "where_prec",
    "where_coordinates", "where_description", "adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country",
    "country_id", "region", "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians",
    "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
)  # fmt: skip
READ = [
    *("id", "type_of_violence", "country_id", "date_start", "date_end"),
    *COUNTS,
    *("side_a", "side_b", "latitude", "longitude"),
]
# Deaths by side repeat what best sums; conflicts, dyads and actors have their own UCDP data sets; reports are quoted by UCDP, not by us.
OUT_OF_SCOPE = set(LAYOUT) - set(READ)
MOST_DEATHS = 10_000_000  # of one event; beyond it a number is a slip
FIRST, LAST = date(1946, 1, 1), date(2100, 12, 31)
UNUSABLE = "a date or number is missing or impossible, or the event id came before"
NO_STATE = "no state of today continues this one"


@dataclass(frozen=True, kw_only=True)
class Events:
    """Events in the columns of ``store.tables``, and the rows that are none."""

    events: pl.DataFrame
    rejected: pl.DataFrame


def events_of(raw: pl.DataFrame, *, file: str, kinds: str = "") -> Events:
    """Read events from text columns ``row`` and READ; ``kinds`` is put before the kind where figures are not final.

    Raises UnexpectedData for a kind of violence or a country nobody knows.
    """
    check_codes(raw, column="type_of_violence", known=KINDS, file=file)
    raw = raw.with_columns(pl.col("row").cast(pl.Int64))
    typed = _typed(raw, kinds=kinds)
    is_usable = pl.all_horizontal(pl.col("event_id", "start", "end", "country_id", "best", "low", "high").is_not_null())
    is_usable &= pl.col("start").is_between(FIRST, LAST) & pl.col("end").is_between(pl.col("start"), LAST)
    is_usable &= (pl.min_horizontal("best", "low", "high") >= 0) & (pl.max_horizontal("best", "low", "high") <= MOST_DEATHS)
    checked = typed.select(is_usable=is_usable.fill_null(value=False) & pl.col("event_id").is_first_distinct())["is_usable"]
    usable = typed.filter(checked).with_columns(month=pl.col("start").dt.truncate("1mo"))
    placed = with_states(usable, column="country_id", scheme="gw", day="month").drop("country_id", "month")
    stateless = pl.col("iso3").is_null()
    left = raw.filter(~checked), raw.join(placed.filter(stateless), on="row", how="semi")
    return Events(
        events=placed.filter(~stateless).rename({name: f"deaths_{name}" for name in ("best", "low", "high")}),
        rejected=pl.concat([reject(left[0], reason=UNUSABLE), reject(left[1], reason=NO_STATE)]),
    )


def months_of(events: pl.DataFrame, *, name: str = "ucdp_{}") -> pl.DataFrame:
    """Sum events by state, kind and month of beginning; deaths with the publisher's bounds, and their count.

    ``name`` is how a series is called after its kind, before ``_deaths`` and ``_events``.
    """
    month = pl.col("start").dt.truncate("1mo")
    keys: list[str | pl.Expr] = ["iso3", pl.col("kind").str.slice(-2).alias("kind"), month]
    return _observed(_sums(events, keys), end=pl.col("start").dt.month_end(), name=name).sort("indicator", "iso3", "start")


def years_so_far(events: pl.DataFrame, *, name: str, first: date, last: date, covered: frozenset[str]) -> pl.DataFrame:
    """Sum events by state and year, up to ``last``, for every year that is covered from its first day.

    ``first`` and ``last`` bound what the files cover; a covered state without an event has 0.
    """
    years = [year for year in range(first.year, last.year + 1) if date(year, 1, 1) >= first]
    dated = events.with_columns(kind=pl.col("kind").str.slice(-2), start=pl.col("start").dt.truncate("1y"))
    everyone = pl.DataFrame(
        [(iso3, kind, date(year, 1, 1)) for year in years for kind in KINDS.values() for iso3 in sorted(covered)],
        schema={"iso3": pl.String, "kind": pl.String, "start": pl.Date},
        orient="row",
    )
    sums = everyone.join(_sums(dated, ["iso3", "kind", "start"]), on=["iso3", "kind", "start"], how="left").fill_null(0)
    return _observed(sums, end=pl.min_horizontal(pl.col("start").dt.offset_by("1y").dt.offset_by("-1d"), pl.lit(last)), name=name)


def _sums(events: pl.DataFrame, keys: list[str | pl.Expr]) -> pl.DataFrame:
    counts = [pl.col(f"deaths_{name}").sum().alias(name) for name in ("best", "low", "high")]
    return events.group_by(keys).agg(*counts, events=pl.len())


def _observed(sums: pl.DataFrame, *, end: pl.Expr, name: str) -> pl.DataFrame:
    shared = {"start": pl.col("start"), "end": end}
    bounds = {column: pl.col(column).cast(pl.Float64) for column in ("low", "high")}
    deaths = sums.select("iso3", indicator=pl.format(f"{name}_deaths", "kind"), **shared, value=pl.col("best").cast(pl.Float64), **bounds)
    counted = sums.select("iso3", indicator=pl.format(f"{name}_events", "kind"), **shared, value=pl.col("events").cast(pl.Float64))
    return pl.concat([deaths, counted], how="diagonal").sort("indicator", "iso3", "start")


def _typed(raw: pl.DataFrame, *, kinds: str) -> pl.DataFrame:
    whole = {name: pl.col(name).cast(pl.Int64, strict=False) for name in COUNTS}
    degrees = {name: pl.col(name).cast(pl.Float64, strict=False) for name in ("latitude", "longitude")}
    on_earth = degrees["latitude"].is_between(-90, 90) & degrees["longitude"].is_between(-180, 180)
    return raw.select(
        "row",
        event_id=pl.col("id").replace("", None),
        country_id=pl.col("country_id").cast(pl.Int64, strict=False),
        kind=pl.lit(kinds) + pl.col("type_of_violence").replace_strict(KINDS, return_dtype=pl.String),
        start=pl.col("date_start").str.head(10).str.to_date("%Y-%m-%d", strict=False),
        end=pl.col("date_end").str.head(10).str.to_date("%Y-%m-%d", strict=False),
        **whole,
        actor_a=pl.col("side_a"),
        actor_b=pl.col("side_b"),
        **{name: pl.when(on_earth).then(value) for name, value in degrees.items()},
    )
