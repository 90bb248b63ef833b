"""Coup attempts by Powell and Thyne: the publisher's list of attempts, and two tables of counts made from it.

The list gives one fact an attempt and counts by month; a table by state and year also says where there was
none. A month or year without an attempt has a value only where the table writes a nought.
"""

from __future__ import annotations

import calendar
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject
from forefend.sources.reading.measured import joined, measured
from forefend.sources.reading.placing import place_by_code
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked
from forefend.store.tables import FACTS, OBSERVATIONS

ATTEMPTS, SUCCESSES = "coup_attempts", "coup_successes"
KIND = "coup"
LIST = ("country", "ccode", "year", "month", "day", "coup")
LIST_OUT_OF_SCOPE = ("version", "ccode_gw", "ccode_polity")
OUTCOMES = {"1": "failed", "2": "successful"}
MONTHLY = ("country_iso3", "year_month", "pt_coup_successful", "pt_coup_failed", "pt_coup_count")
MONTHLY_OUT_OF_SCOPE = ("pt_coup_event",)
YEARLY = {"attempts": ATTEMPTS, "successes": SUCCESSES}
MOST = (0.0, 60.0)  # more attempts than that no state has seen in a year
NO_STATE_OF_TODAY = "no state of today continues it"
NO_DAY = "the day cannot be read"


def read(files: Files) -> Parsed:
    """Read the publisher's list, or either table of counts."""
    parts = [_read_one(name, path) for name, path in sorted(files.items())]
    if len(parts) > 1:
        raise UnexpectedData("The list and the tables of counts say the same things. Import one of them by itself.")
    facts = [part.tables["facts"] for part in parts if "facts" in part.tables]
    whole = joined(parts)
    if facts:
        whole.tables["facts"] = pl.concat(facts)
    return whole


def _read_one(name: str, path: Path) -> Parsed:
    content = unpacked(path)
    first = content.split(b"\n", 1)[0]
    if b"\t" in first:
        return _list(text_table(content, name=name, separator="\t"), name=name)
    frame = text_table(content, name=name)
    if "country_iso3" in frame.columns:
        return _monthly(frame, name=name)
    check_columns(frame.columns[1:], read=["gwno", "year", *YEARLY], file=name)
    placed = place_by_code(frame, column="gwno", scheme="gw", year="year")
    return measured(placed, series=YEARLY, within=dict.fromkeys(YEARLY, MOST), place="gwno", name=name, no_state=NO_STATE_OF_TODAY)


def _list(frame: pl.DataFrame, *, name: str) -> Parsed:
    check_columns(frame.columns[1:], read=LIST, out_of_scope=LIST_OUT_OF_SCOPE, file=name)
    check_codes(frame, column="coup", known=OUTCOMES, file=name)
    again = frame.filter(~frame.select(pl.struct(LIST).is_first_distinct()).to_series())
    placed = place_by_code(frame.join(again, on="row", how="anti", maintain_order="left"), column="ccode", scheme="cow", year="year")
    days = [_day(row["year"], row["month"], row["day"]) for row in placed.iter_rows(named=True)]
    dated = placed.with_columns(start=pl.Series(days, dtype=pl.Date))
    good = dated.filter(pl.col("start").is_not_null() & pl.col("iso3").is_not_null())
    shown = ["row", "country", "ccode", "year", "month", "day"]
    undated = dated.filter(pl.col("start").is_null()).select(shown)
    stateless = dated.filter(pl.col("start").is_not_null() & pl.col("iso3").is_null()).select(shown)
    facts = good.select(
        "iso3",
        "start",
        "row",
        kind=pl.lit(KIND),
        key=pl.lit("coup_attempt"),
        status=pl.col("coup").replace_strict(OUTCOMES, return_dtype=pl.String),
        date_text=pl.col("start").dt.strftime("%Y-%m-%d"),
        cited=pl.lit("Powell and Thyne, coups d'état, 1950 to present"),
        end=pl.col("start"),
    )
    counted = good.with_columns(success=(pl.col("coup") == "2").cast(pl.Float64), month_start=pl.col("start").dt.month_start())
    months = counted.group_by("iso3", "month_start", maintain_order=True).agg(
        attempts=pl.len().cast(pl.Float64), successes=pl.col("success").sum(), row=pl.col("row").first()
    )
    return Parsed(
        tables={
            "observations": _by_month(months),
            "facts": pl.DataFrame(facts, schema={n: FACTS[n] for n in facts.columns}),
        },
        rejected=pl.concat(
            [
                reject(undated, reason=NO_DAY),
                reject(stateless, reason=NO_STATE_OF_TODAY),
                reject(again.select(shown), reason="a second row of the same attempt"),
            ]
        ),
    )


def _monthly(frame: pl.DataFrame, *, name: str) -> Parsed:
    check_columns(frame.columns[1:], read=MONTHLY, out_of_scope=MONTHLY_OUT_OF_SCOPE, file=name)
    placed = place_by_code(frame, column="country_iso3", scheme="alpha3")
    months = [_day(month[:4], month[5:], "1") for month in placed["year_month"]]
    dated = placed.with_columns(month_start=pl.Series(months, dtype=pl.Date))
    good, rejected = _split(dated)
    counts: dict[str, list[float]] = {column: [_count(value, column, name=name) for value in good[column]] for column in MONTHLY[2:]}
    for number, done, both in zip(good["row"], counts["pt_coup_successful"], counts["pt_coup_count"], strict=True):
        if not 0 <= done <= both <= MOST[1]:
            raise UnexpectedData(f"{name}, row {number}: {done:g} successful of {both:g} attempts cannot be. Get it again.")
    months_of = good.select("iso3", "month_start", "row").with_columns(
        attempts=pl.Series(counts["pt_coup_count"], dtype=pl.Float64), successes=pl.Series(counts["pt_coup_successful"], dtype=pl.Float64)
    )
    return Parsed(tables={"observations": _by_month(months_of)}, rejected=rejected)


def _split(dated: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    shown = ["row", "country_iso3", "year_month"]
    is_dated, is_placed = pl.col("month_start").is_not_null(), pl.col("iso3").is_not_null()
    usable = dated.filter(is_dated & is_placed)
    first = (
        usable.select(pl.struct("iso3", "month_start").is_first_distinct()).to_series()
        if usable.height
        else pl.Series([], dtype=pl.Boolean)
    )
    rejected: list[pl.DataFrame] = [
        reject(dated.filter(~is_dated).select(shown), reason=NO_DAY),
        reject(dated.filter(is_dated & ~is_placed).select(shown), reason=NO_STATE_OF_TODAY),
        reject(usable.filter(~first).select(shown), reason="a second row of the same state and month"),
    ]
    return usable.filter(first), pl.concat(rejected, how="vertical")


def _by_month(months: pl.DataFrame) -> pl.DataFrame:
    """Counts by month, for attempts and for those that succeeded."""
    shaped: list[pl.DataFrame] = [
        months.select(
            "iso3",
            indicator=pl.lit(indicator),
            start=pl.col("month_start"),
            end=pl.col("month_start").dt.month_end(),
            value=pl.col(column),
            low=pl.lit(None, dtype=pl.Float64),
            high=pl.lit(None, dtype=pl.Float64),
            row=pl.col("row"),
        ).cast(OBSERVATIONS)
        for column, indicator in YEARLY.items()
    ]
    return pl.concat(shaped)


def _day(year: str, month: str, day: str) -> date | None:
    """A day as three cells; the first of the month where the day is not known (0)."""
    try:
        numbers = int(float(year)), int(float(month)), int(float(day)) or 1
        if not 1900 <= numbers[0] <= 2100 or numbers[2] > calendar.monthrange(numbers[0], numbers[1])[1]:
            return None
        return date(*numbers)
    except (ValueError, OverflowError, calendar.IllegalMonthError, TypeError):
        return None


def _count(value: str, column: str, *, name: str) -> float:
    try:
        return float(int(value))
    except ValueError:
        raise UnexpectedData(f"{name}: {column} is {value[:60]!r}, not a count. Get it again.") from None
