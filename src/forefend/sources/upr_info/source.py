"""Recommendations of the Universal Periodic Review: who made them to whom, on what, and how many were accepted.

Three layouts are read: pages of the publisher's interface; its older csv files of sessions 1 to 20, which have
the line ends and letters of an old Macintosh; and two counts made from these by others (by pair of states, by
theme). The wording of recommendations is not kept.
"""

from __future__ import annotations

import html
import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Files, Parsed, check_codes
from forefend.sources.families.hub import hub_table, states_of
from forefend.sources.reading.cells import split
from forefend.sources.upr_info.pages import fetch_pages, records
from forefend.sources.upr_info.themes import MONTHS, RISKS, SESSIONS, SPECIFIC, THEME_OF
from forefend.store.asking import Asking
from forefend.store.tables import OBSERVATIONS, TIES

READ = ("To", "From", "Text", "Response", "Action", "Issue", "Session")
OUT_OF_SCOPE = ("To-Rgrp", "To-Org", "From-Rgrp", "From-Org")
PLEDGE = "Voluntary Pledge"
ACCEPTED = ("Accepted", "Supported")
NOT_ACCEPTED = ("Noted", "Not Supported", "Rejected", "No response", "General response", "No clear position")
OPEN = ("Pending", "In limbo", "")  # not answered yet: counted as made, in no share
COUNTS = re.compile(r"upr_(recommendations_dyads|received_by_theme)_(\d{4})_(\d{4})\.csv")
NOBODY = {"(Unknown)": None, "": None}
PERIOD = ("start", "end")
LAST_SESSION_BEGINS = 10  # month from which the last session of a year is held; before, the year is not whole


def collect(asking: Asking) -> list[Path]:
    """Fetch every recommendation from the publisher's interface."""
    return fetch_pages(asking)


def read(files: Files) -> Parsed:
    """Read files of one of the three layouts; the release is named by the last month reviewed."""
    kinds = {"counts" if COUNTS.fullmatch(name) else Path(name).suffix.lower() for name in files}
    if kinds == {"counts"}:
        return _counted(files)
    if kinds == {".csv"}:
        return _from_rows(_older(files))
    if kinds == {".json"}:
        return _from_rows(records(files))
    raise UnexpectedData("Give either pages of UPR Info's interface (json), or its csv files of sessions, or the counts made from them.")


def _older(files: Files) -> Iterable[dict[str, Any]]:
    for name, path in sorted(files.items()):
        rows = hub_table(path, name=name, read=READ, out_of_scope=OUT_OF_SCOPE, encoding="mac_roman")
        for to, sender, text, response, action, issue, session in rows.select(READ).iter_rows():
            yield {
                "id": f"{to}|{sender}|{session}|{text}", "to": to or "", "from": sender or "", "response": response or "",
                "session": session or "", "action": action or "", "issues": [label.strip() for label in (issue or "").split(",")],
            }  # fmt: skip


def _from_rows(found: Iterable[dict[str, Any]]) -> Parsed:
    fields = ("to", "from", "response", "session", "action", "issues")
    rows = pl.DataFrame(
        [(number, hash(one["id"]), *(one[field] for field in fields)) for number, one in enumerate(found, start=1)],
        schema={"row": pl.Int64, "id": pl.Int64, **dict.fromkeys(fields[:-1], pl.String), "issues": pl.List(pl.String)},
        orient="row",
    )
    check_codes(rows, column="response", known=(*ACCEPTED, *NOT_ACCEPTED, *OPEN, PLEDGE))
    months = {label: _month(label) for label in rows["session"].unique()}
    typed = rows.with_columns(
        _states(rows["to"], column="state under review").alias("to_iso3"),
        _states(rows["from"], column="recommending state").alias("from_iso3"),
        start=pl.col("session").replace_strict(months, default=None, return_dtype=pl.Date),
        is_accepted=pl.when(~pl.col("response").is_in(list(OPEN))).then(pl.col("response").is_in(list(ACCEPTED))),
        level=pl.col("action").str.extract(r"^(\d)").cast(pl.Int32, strict=False),
    ).with_columns(end=pl.col("start").dt.month_end())
    usable, rejected = split(
        typed,
        unusable=[
            (pl.col("response") == PLEDGE, "a pledge of the state itself, not a recommendation"),
            (pl.col("to_iso3").is_null(), "the state under review is not named"),
            (pl.col("from_iso3").is_null(), "the recommending state is not named"),
            (pl.col("start").is_null(), "the session is not known"),
            (~pl.col("id").is_first_distinct(), "the recommendation came before"),
        ],
        shown=["to", "from", "response", "session"],
    )
    newest = usable["start"].max()
    return Parsed(
        tables={"ties": _ties(usable), "observations": pl.concat([*_received(usable), *_made(usable)]).sort("indicator", "iso3", "start")},
        rejected=rejected,
        vintage=newest.isoformat()[:7] if isinstance(newest, date) else "",
    )


def _states(names: pl.Series, *, column: str) -> pl.Series:
    plain = {name: " ".join(html.unescape(name).split()) for name in names.unique()}
    found = states_of(plain.values(), column=column, file="UPR Info", own=dict(NOBODY))
    return names.replace_strict({name: found.get(text) for name, text in plain.items()}, default=None, return_dtype=pl.String)


def _month(label: str) -> date | None:
    """First day of the month of a session: a bare number of the older files, or a label such as ``44 - November 2023``."""
    named = re.search(r"([A-Za-z]+)\s+(\d{4})\s*$", label)
    if named and (month := MONTHS.get(named[1].lower())):
        return date(int(named[2]), month, 1)
    number = re.match(r"\d{1,3}", label)
    year_month = SESSIONS.get(int(number[0])) if number else None
    return date(*year_month, 1) if year_month else None


def _ties(rows: pl.DataFrame) -> pl.DataFrame:
    """Recommendations of one state to another in one review, and how many of them were accepted."""
    by_pair = rows.group_by("from_iso3", "to_iso3", *PERIOD).agg(
        upr_recommendations=pl.len().cast(pl.Float64),
        upr_recommendations_accepted=pl.col("is_accepted").sum().cast(pl.Float64),
        row=pl.col("row").min(),
    )
    return _long_ties(by_pair)


def _long_ties(by_pair: pl.DataFrame) -> pl.DataFrame:
    return (
        by_pair.unpivot(
            ["upr_recommendations", "upr_recommendations_accepted"],
            index=["from_iso3", "to_iso3", *PERIOD, "row"], variable_name="channel", value_name="value",
        )
        .with_columns(unit=pl.lit("recommendations"))
        .select(list(TIES))
        .cast(TIES)
        .sort("channel", "from_iso3", "to_iso3", "start")
    )  # fmt: skip


def _received(rows: pl.DataFrame) -> list[pl.DataFrame]:
    by_state = rows.group_by("to_iso3", *PERIOD).agg(
        upr_received=pl.len().cast(pl.Float64), upr_accepted_share=pl.col("is_accepted").mean(), row=pl.col("row").min()
    )
    by_theme = (
        rows.explode("issues")
        .with_columns(theme=pl.col("issues").replace_strict(THEME_OF, default=None, return_dtype=pl.String))
        .filter(pl.col("theme").is_not_null())
        .unique(["row", "theme"])
        .group_by("to_iso3", "theme", *PERIOD)
        .agg(value=pl.len().cast(pl.Float64), row=pl.col("row").min())
        .with_columns(indicator=pl.format("upr_received_{}", "theme"))
    )
    return [
        *(
            _observed(by_state.with_columns(indicator=pl.lit(name), value=pl.col(name)), state="to_iso3")
            for name in ("upr_received", "upr_accepted_share")
        ),
        _observed(by_theme, state="to_iso3"),
    ]


def _made(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Recommendations a state made in a whole calendar year: all, and those that ask for a specific step on a risk."""
    labels = [label for label, theme in THEME_OF.items() if theme in RISKS]
    on_risk = pl.col("issues").list.eval(pl.element().is_in(labels)).list.any()
    newest = rows["start"].max()
    running = newest.year if isinstance(newest, date) and newest.month < LAST_SESSION_BEGINS else 0
    yearly = rows.filter(pl.col("start").dt.year() != running).with_columns(
        start=pl.date(pl.col("start").dt.year(), 1, 1), end=pl.date(pl.col("start").dt.year(), 12, 31)
    )
    by_state = yearly.group_by("from_iso3", *PERIOD).agg(
        upr_made=pl.len().cast(pl.Float64),
        upr_made_specific_on_risk=((pl.col("level") == SPECIFIC) & on_risk).fill_null(value=False).sum().cast(pl.Float64),
        row=pl.col("row").min(),
    )
    names = ("upr_made", "upr_made_specific_on_risk")
    return [_observed(by_state.with_columns(indicator=pl.lit(name), value=pl.col(name)), state="from_iso3") for name in names]


def _observed(rows: pl.DataFrame, *, state: str) -> pl.DataFrame:
    return rows.filter(pl.col("value").is_not_null()).select(
        pl.col(state).alias("iso3"), "indicator", *PERIOD, "value", low=pl.lit(None), high=pl.lit(None), row=pl.col("row")
    ).cast(OBSERVATIONS)  # fmt: skip


def _counted(files: Files) -> Parsed:
    """Read the counts made by others; each keeps the years it was made over."""
    parts = [_count(path, name=name) for name, path in sorted(files.items())]
    years = [COUNTS.fullmatch(name) for name in files]
    return Parsed(
        tables={name: table for one in parts for name, table in one.tables.items()},
        rejected=pl.concat([one.rejected for one in parts]),
        vintage=f"{max(found[3] for found in years if found)} (counts)",
    )


def _count(path: Path, *, name: str) -> Parsed:
    found = COUNTS.fullmatch(name)
    first, last = (int(found[2]), int(found[3])) if found else (0, 0)
    if not 2000 <= first <= last <= 2100:
        raise UnexpectedData(f"{name} does not name its years. Give the file under its first name.")
    is_pairs = bool(found and found[1] == "recommendations_dyads")
    codes, n = (("from_iso3", "to_iso3"), "recommendations") if is_pairs else (("to_iso3",), "received")
    rows = hub_table(path, name=name, read=(*codes, n, "accepted", *(() if is_pairs else ("theme",))))
    for column in codes:
        check_codes(rows, column=column, known=(*states(), None), file=name)
    typed = rows.with_columns(
        pl.col(n, "accepted").cast(pl.Int64, strict=False),
        start=pl.date(first, 1, 1),
        end=pl.date(last, 12, monthrange(last, 12)[1]),
        key=pl.struct(*codes) if is_pairs else pl.struct(*codes, "theme"),
    )
    usable, rejected = split(
        typed,
        unusable=[
            (pl.any_horizontal(pl.col(column).is_null() for column in codes), "no state is named"),
            (pl.col(n).is_null() | ~pl.col("accepted").is_between(0, pl.col(n)), "a number is missing or more were accepted than made"),
            (~pl.col("key").is_first_distinct(), "the count came before"),
        ],
        shown=[*codes, n, "accepted"],
    )
    if is_pairs:
        pairs = usable.with_columns(
            upr_recommendations=pl.col(n).cast(pl.Float64), upr_recommendations_accepted=pl.col("accepted").cast(pl.Float64)
        )
        return Parsed(tables={"ties": _long_ties(pairs)}, rejected=rejected)
    check_codes(usable, column="theme", known=KEYWORD_THEMES, file=name)
    themed = usable.with_columns(indicator=pl.format("upr_keyword_{}", "theme"), value=pl.col(n).cast(pl.Float64))
    return Parsed(tables={"observations": _observed(themed, state="to_iso3")}, rejected=rejected)


# Themes of the count by others, found by words in the text: not the publisher's issues, so they stay series of their own.
KEYWORD_THEMES = (
    "elections", "enforced_disappearance", "genocide", "hate_speech", "hr_education", "media_civil_society", "minorities", "nhri",
    "rome_statute_icc", "special_procedures", "torture_opcat", "transitional_justice",
)  # fmt: skip
