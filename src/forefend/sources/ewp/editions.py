"""The layouts in which probabilities of a new mass killing were published, turned into one: a row a state, window and number."""

from __future__ import annotations

import re

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed, check_codes, check_columns
from forefend.sources.ewp.predictors import PREDICTORS
from forefend.sources.families.forecast_rows import PROBABILITY, RANK, forecast_rows, years
from forefend.sources.reading.measured import MISSING, joined
from forefend.sources.reading.placing import place_by_code, place_by_name

PUBLISHED, STATE_LED, RECOMPUTED, BACKTEST = (
    "new_mass_killing",
    "state_led_mass_killing",
    "recomputed_new_mass_killing",
    "backtest_new_mass_killing",
)
ONE, TWO = re.compile(r"risk_in_(\d{4})"), re.compile(r"risk_(?:in_)?(\d{4})_\d{2}")
DOTTED = re.compile(r"(risk|rank|riskrank)\.(\d{4})(?:and(\d{4})|only)\.from\d{4}")
HISTORY = ("sftgcode", "country", "forecast.year", "mean.p")
HISTORY_OUT = ("rf.p", "threat.p", "harff.p")  # the three models whose mean was published
BACKTEST_READ = ("ccode", "prev_year", "risk_prev", "rank_prev")
BACKTEST_OUT = (
    "", "year", "ewp_name", "country", "mk_onset", "two_years_prior", "risk_two_years_prior", "rank_two_years_prior", "maxrisk2",
    "minrank2",
)  # fmt: skip
MIRROR = ("edition", "base_year", "horizon", "target", "status", "iso3", "probability", "rank")
MIRROR_OUT = ("ccode", "country", "onset", "source_file")
BACKTEST_MIRROR = ("iso3", "base_year", "probability", "rank")
BACKTEST_MIRROR_OUT = ("ccode", "country", "onset_1y", "onset_2y")
AFTER_THE_FACT = "2016based"
OWN_NAMES = {"Congo": "COG"}  # the other one is written out
STATUS = {"published": PUBLISHED, "re-issued": RECOMPUTED, "retrospective": RECOMPUTED}
SPANS = {"1y": 1, "2y": 2}
MEASURES = {"probability": PROBABILITY, "rank": RANK}
NO_STATE = "not a state of today"
ONE_YEAR, TWO_YEARS = pl.lit(1, dtype=pl.Int32), pl.lit(2, dtype=pl.Int32)


def edition_of(table: pl.DataFrame) -> str:
    """Return the newest edition published among observations, by the first year of its window; empty without one."""
    named = table.filter(pl.col("indicator").str.contains(f"^ewp_({PUBLISHED}|{STATE_LED})_probability"))
    return str(named["start"].dt.year().max()) if named.height else ""


def read_edition(name: str, frame: pl.DataFrame) -> Parsed:
    """Read a file of probabilities in any of the layouts; raises UnexpectedData where it is in none."""
    found = set(frame.columns)
    if "edition" in found:
        return _mirror(name, frame)
    if "forecast.year" in found:
        return _history(name, frame)
    if "risk_prev" in found:
        return _backtest(name, frame)
    if any(DOTTED.fullmatch(column) for column in found):
        return _dotted(name, frame)
    if any(ONE.fullmatch(column) or TWO.fullmatch(column) for column in found):
        return _underlined(name, frame)
    if {"base_year", "probability"} <= found:
        check_columns(frame.columns[1:], read=BACKTEST_MIRROR, out_of_scope=BACKTEST_MIRROR_OUT, file=name)
        placed = _alpha3(frame)
        return _numbers(
            placed.with_columns(about=pl.lit(BACKTEST), first=_year(placed, "base_year", name=name) + 1, span=TWO_YEARS), name=name
        )
    raise UnexpectedData(
        f"{name} is no list of probabilities or episodes: its columns are {', '.join(frame.columns[1:7])}. Give another file."
    )


def _mirror(name: str, frame: pl.DataFrame) -> Parsed:
    check_columns(frame.columns[1:], read=MIRROR, out_of_scope=MIRROR_OUT, file=name)
    for column, known in (("horizon", SPANS), ("target", ("any", "state-led")), ("status", STATUS)):
        check_codes(frame, column=column, known=known, file=name)
    about = pl.when(pl.col("target") == "state-led").then(pl.lit(STATE_LED)).otherwise(pl.col("status").replace_strict(STATUS))
    placed = _alpha3(frame)
    span = pl.col("horizon").replace_strict(SPANS, return_dtype=pl.Int32)
    return _numbers(placed.with_columns(about=about, first=_year(placed, "base_year", name=name) + 1, span=span), name=name)


def _history(name: str, frame: pl.DataFrame) -> Parsed:
    check_columns(frame.columns[1:], read=HISTORY, out_of_scope=HISTORY_OUT, file=name)
    placed = place_by_name(frame, column="country", own=OWN_NAMES).with_columns(place=pl.col("country"))
    long = placed.with_columns(
        about=pl.lit(STATE_LED), first=_year(placed, "forecast.year", name=name), span=ONE_YEAR, probability=pl.col("mean.p")
    )
    return _numbers(_ranked(long), name=name)


def _backtest(name: str, frame: pl.DataFrame) -> Parsed:
    check_columns(frame.columns[1:], read=BACKTEST_READ, out_of_scope=BACKTEST_OUT, file=name)
    placed = place_by_code(frame, column="ccode", scheme="cow").rename({"risk_prev": "probability", "rank_prev": "rank"})
    first = _year(placed, "prev_year", name=name) + 1
    return _numbers(placed.with_columns(place=pl.col("ccode"), about=pl.lit(BACKTEST), first=first, span=TWO_YEARS), name=name)


def _underlined(name: str, frame: pl.DataFrame) -> Parsed:
    windows = {column: (1, int(found[1])) for column in frame.columns if (found := ONE.fullmatch(column))}
    windows |= {column: (2, int(found[1])) for column in frame.columns if (found := TWO.fullmatch(column))}
    check_columns(frame.columns[1:], read=["COW", *windows], out_of_scope=("", "country", "SFTGcode", *PREDICTORS), file=name)
    about = RECOMPUTED if AFTER_THE_FACT in name else PUBLISHED
    placed = place_by_code(frame, column="COW", scheme="cow").with_columns(place=pl.col("COW"), about=pl.lit(about))
    parts = [
        _ranked(placed.with_columns(probability=pl.col(column), first=pl.lit(first), span=pl.lit(span)))
        for column, (span, first) in windows.items()
    ]
    return joined([_numbers(part, name=name) for part in parts])


def _dotted(name: str, frame: pl.DataFrame) -> Parsed:
    columns = {column: found for column in frame.columns if (found := DOTTED.fullmatch(column))}
    check_columns(frame.columns[1:], read=["ccode", *columns], out_of_scope=("", "ewp_name", "country", *PREDICTORS), file=name)
    windows: dict[tuple[int, int], dict[str, str]] = {}
    for column, found in columns.items():
        measure = "probability" if found[1] == "risk" else "rank"
        windows.setdefault((int(found[2]), 2 if found[3] else 1), {})[measure] = column
    newest = max(first for first, _ in windows)
    placed = place_by_code(frame, column="ccode", scheme="cow").with_columns(place=pl.col("ccode"))
    parts = []
    for (first, span), own in sorted(windows.items()):
        if len(own) != len(MEASURES):
            raise UnexpectedData(f"{name} has not both a risk and a rank for the window from {first}. Get it from the publisher again.")
        about = PUBLISHED if first == newest else RECOMPUTED
        numbers = {measure: pl.col(column) for measure, column in own.items()}
        parts.append(placed.with_columns(**numbers, about=pl.lit(about), first=pl.lit(first), span=pl.lit(span)))
    return joined([_numbers(part, name=name) for part in parts])


def _numbers(frame: pl.DataFrame, *, name: str) -> Parsed:
    """Turn ``about``, ``first``, ``span``, ``probability`` and ``rank`` into observations."""
    start, end = years(pl.col("first"), count=pl.col("span"))
    suffix = pl.when(pl.col("span") == 1).then(pl.lit("_1y")).otherwise(pl.lit(""))
    dated = frame.with_columns(start=start, end=end)
    parts = []
    for measure, within in MEASURES.items():
        named = dated.with_columns(indicator=pl.concat_str(pl.lit("ewp_"), "about", pl.lit(f"_{measure}"), suffix))
        long = named.select("row", "place", "iso3", "indicator", "start", "end", value=pl.col(measure).cast(pl.String))
        parts.append(forecast_rows(long, within=within, name=name, no_state=NO_STATE))
    return Parsed(
        tables={"observations": pl.concat([part.tables["observations"] for part in parts])},
        rejected=pl.concat([part.rejected for part in parts]),
    )


def _ranked(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``rank`` among the states of one window: 1 is the highest probability; a state's second row counts for nothing."""
    window = ("first", "span")
    is_first = pl.struct("place", *window).is_first_distinct()
    number = pl.when(is_first).then(pl.col("probability").cast(pl.Float64, strict=False))
    frame = frame.with_columns(rank=number.rank("min", descending=True).over(window).cast(pl.Int64))
    return frame.with_columns(pl.col("rank").max().over("place", *window).cast(pl.String))


def _alpha3(frame: pl.DataFrame) -> pl.DataFrame:
    return place_by_code(frame.rename({"iso3": "place"}), column="place", scheme="alpha3")


def _year(frame: pl.DataFrame, column: str, *, name: str) -> pl.Series:
    written = frame[column].fill_null("")
    year = written.str.strip_chars().cast(pl.Float64, strict=False).cast(pl.Int32, strict=False)
    bad = year.is_null() & ~written.str.strip_chars().is_in(list(MISSING))
    if bad.any():
        place = int(bad.arg_max() or 0)
        raise UnexpectedData(f"{name}, row {frame['row'][place]}: {column} is {written[place][:60]!r}, not a year. Get the file again.")
    return year
