"""ConflictForecast: the chance of armed conflict, of any violence, and the intensity of violence, 3 and 12 months ahead.

One csv for each outcome and horizon. Known oddities: every file repeats the model's values for all months since
2010, made with what is known today; only those of the newest month are a forecast, and only they are stored as one,
the others under the name ``fitted``. The layout changed twice: percentages under ``best_model`` with year and month
until early 2024, then shares under ``all``, then under the outcome's name. In files of the last layout ``_target``
is what happened and ``_text`` the part of the model that reads news.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.families.forecast_rows import PROBABILITY, forecast_rows, month_of
from forefend.sources.reading.measured import joined
from forefend.sources.reading.placing import place_by_code
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked
from forefend.store.asking import Asking

LISTING = (
    "https://api.backendless.com/C177D0DC-B3D5-818C-FF1E-1CC11BC69600/C5F2917E-C2F6-4F7D-9063-69555274134E"
    "/services/fileService/get-latest-file-listing"
)
FILE = re.compile(r"conflictforecast_(?:(?P<kind>ons|int)_)?(?P<outcome>armedconf|anyviolence|lnbest)_0?(?P<months>3|12)\.csv(?:\.gz)?")
OUTCOMES = {"armedconf": "armed_conflict_probability", "anyviolence": "any_violence_probability", "lnbest": "violence_intensity"}
RANGES = {"armedconf": PROBABILITY, "anyviolence": PROBABILITY, "lnbest": (-20.0, 20.0)}
PER_CENT = 100.0
OUT_OF_SCOPE = re.compile(
    r"(?:ons|int)_[a-z]+_\d\d_(?:target|text|hist|naive)|ons_[a-z]+\d+|text_model|text|hist|naive|target|stock_topic_\d+|(?:stock_)?tokens"
    r"|topic_\d+|theta\d+|best|fatalities_ucdp|population(?:wb)?|countryname|country|year-month|(?:armedconf|anyviolence)(?:_dp)?|lnbest"
    r"|created|updated|ownerId|objectId|___class"
)
NO_STATE = "not a state"


def collect(asking: Asking) -> list[Path]:
    """Fetch the newest file of each outcome and horizon, at the addresses the publisher's listing names."""
    listing = asking.answer(LISTING)
    wanted = {name: address for entry in listing for name, address in _entry(entry)} if isinstance(listing, list) else {}
    if len(wanted) != len(OUTCOMES) * 2:
        raise SourceUnavailable(f"The publisher lists {len(wanted)} of {len(OUTCOMES) * 2} files. It may have changed them.")
    return [asking.file(address, name=name) for name, address in sorted(wanted.items())]


def _entry(entry: Any) -> list[tuple[str, str]]:
    name, address = (entry.get("name"), entry.get("publicUrl")) if isinstance(entry, dict) else (None, None)
    is_file = isinstance(name, str) and isinstance(address, str) and FILE.fullmatch(name)
    return [(str(name), str(address))] if is_file else []


def read(files: Files) -> Parsed:
    """Read the files of one month; their newest month, which must be the same in all, names the release."""
    months: set[date] = set()
    parts = []
    for name, path in sorted(files.items()):
        part, newest = _file(name, path)
        months |= {newest} if newest else set()
        parts.append(part)
    if len(months) > 1:
        raise UnexpectedData(
            f"The files end in different months: {', '.join(f'{month:%Y-%m}' for month in sorted(months))}. Give those of one."
        )
    if not parts:
        raise UnexpectedData("No file was given. Give the publisher's files of one month.")
    parsed = joined(parts)
    parsed.vintage = f"{min(months):%Y-%m}" if months else ""
    return parsed


def _file(name: str, path: Path) -> tuple[Parsed, date | None]:
    named = FILE.fullmatch(name)
    if named is None:
        raise UnexpectedData(f"{name} is not named as the publisher names its files (conflictforecast_ons_armedconf_03.csv). Name it so.")
    outcome, horizon = named["outcome"], int(named["months"])
    frame = text_table(unpacked(path), name=name)
    frame = _value(frame, name=name, column=f"{'int' if outcome == 'lnbest' else 'ons'}_{outcome}_{horizon:02}_all", outcome=outcome)
    month = pl.Series([month_of(text) for text in frame["period"]], dtype=pl.Date)
    newest = month.max()
    if not isinstance(newest, date):
        return forecast_rows(_windows(frame, month, horizon=horizon, indicator=pl.lit("")), within=RANGES[outcome], name=name), None
    own = f"conflictforecast_{OUTCOMES[outcome]}_{horizon}m"
    which = pl.when(month == newest).then(pl.lit(own)).otherwise(pl.lit(f"{own}_fitted"))
    return forecast_rows(
        _windows(frame, month, horizon=horizon, indicator=which), within=RANGES[outcome], name=name, no_state=NO_STATE
    ), newest


def _windows(frame: pl.DataFrame, month: pl.Series, *, horizon: int, indicator: pl.Expr) -> pl.DataFrame:
    """The months after the one of the data; indicators stand as they are given."""
    start = month.dt.offset_by("1mo")
    return place_by_code(frame, column="isocode", scheme="alpha3").select(
        "row",
        "iso3",
        "value",
        place=pl.col("isocode"),
        start=start,
        end=month.dt.offset_by(f"{horizon}mo").dt.month_end(),
        indicator=indicator,
    )


def _value(frame: pl.DataFrame, *, name: str, column: str, outcome: str) -> pl.DataFrame:
    """Return ``row``, ``isocode``, ``period`` and ``value`` of a file in any of the three layouts; shares, not percentages."""
    found = frame.columns[1:]
    old = "best_model" in found
    value = "best_model" if old else "all" if "all" in found else column
    when = ("year", "month") if old else ("period",)
    spare = [other for other in found if OUT_OF_SCOPE.fullmatch(other) or (not old and other in ("year", "month"))]
    check_columns(found, read=("isocode", *when, value), out_of_scope=spare, file=name)
    period = pl.concat_str("year", pl.col("month").str.zfill(2)) if old else pl.col("period")
    number = frame[value].cast(pl.Float64, strict=False)
    percent = old and outcome != "lnbest"
    share = pl.when(number.is_null()).then(pl.col(value)).otherwise((number / PER_CENT).cast(pl.String)) if percent else pl.col(value)
    return frame.select("row", "isocode", period=period, value=share)
