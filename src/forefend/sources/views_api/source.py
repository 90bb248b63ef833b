"""VIEWS: expected deaths in state-based conflict, and the chance of at least 25, by month up to 36 months ahead.

One run a month, in pages of JSON or as csv. Known oddities: the list of runs is not in order of time and holds runs
of other kinds and of month 00; rows are repeated from page to page; the first models give the natural logarithm of
deaths plus one only (``sc_cm_sb_main``), the later ones the deaths too (``main_mean``); a run is named by the last
month of its data and appears a month or more later, so that the day of publication must be given where it matters.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.families.forecast_rows import PROBABILITY, forecast_rows
from forefend.sources.reading.placing import place_by_code
from forefend.sources.reading.records import answer, framed_records
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked
from forefend.store.asking import Asking

ADDRESS = "https://api.viewsforecasting.org"
RUN = re.compile(r"(?<![a-z0-9])fatalities(\d{3})_(\d{4})_(0[1-9]|1[0-2])_t(\d{2})(?!\d)")
FIELDS = ("next_page", "page_count", "page_cur", "row_count", "data")
PAGE_ROWS = 1000
MOST_PAGES = 100
PLACE = ("isoab", "year", "month", "month_id")
OUT_OF_SCOPE = ("country_id", "name", "country", "gwcode", "main_mean_ln")
# Parts of the first ensemble, whose sum alone was the forecast.
COMPONENT = re.compile(r"(step_combined|sc_cm_[a-z0-9_]+|cm_[a-z0-9_]+)")
EXPECTED, CHANCE = "views_sb_expected_deaths", "views_sb_25_deaths_probability"
MODELS = {"main_mean": EXPECTED, "main_dich": CHANCE}
FIRST_MODELS = {"sc_cm_sb_main": EXPECTED, "sc_cm_sb_dich_main": CHANCE}
MOST_DEATHS = 10_000_000.0
NO_STATE = "not a state"


def collect(asking: Asking) -> list[Path]:
    """Fetch every page of the newest run, by the month of its data, its model and its attempt."""
    run = newest_run(asking.answer(f"{ADDRESS}/"))
    pages: list[Path] = []
    last = 1
    while len(pages) < last:
        number = len(pages) + 1
        name = f"{run}-cm-sb-{number:03}.json"
        pages.append(asking.file(f"{ADDRESS}/{run}/cm/sb?pagesize={PAGE_ROWS}&page={number}", name=name))
        last = _pages(answer(pages[-1], name=name, fields=FIELDS)["page_count"], name=name)
    return pages


def newest_run(listing: object) -> str:
    """Return the newest run of a listing; raises SourceUnavailable where it holds none."""
    runs = listing.get("runs") if isinstance(listing, dict) else None
    found = [named for run in runs if isinstance(run, str) and (named := RUN.fullmatch(run))] if isinstance(runs, list) else []
    if not found:
        raise SourceUnavailable(f"{ADDRESS} lists no run of its forecasts of deaths. The publisher may have changed it.")
    return max(found, key=lambda named: (named[2], named[3], named[1], named[4]))[0]


def read(files: Files) -> Parsed:
    """Read the pages of one run, or one csv; the run is named by the files, or by the links between pages."""
    pages = {name: answer(path, name=name, fields=FIELDS) for name, path in sorted(files.items()) if path.suffix.lower() == ".json"}
    tables = {name: text_table(unpacked(path), name=name) for name, path in sorted(files.items()) if name not in pages}
    if pages and tables:
        raise UnexpectedData("Pages and tables of VIEWS were given together. Give the pages of one run, or one table.")
    if pages:
        _check_pages(pages)
    frames = [framed_records(page["data"], name=name) for name, page in pages.items()]
    checked = [_checked(frame, name=name) for name, frame in zip((*pages, *tables), (*frames, *tables.values()), strict=True)]
    if not checked:
        raise UnexpectedData("No file was given. Give the pages of one run, or one table.")
    frame = pl.concat(checked).with_columns(row=pl.int_range(1, pl.len() + 1))
    links = " ".join(str(page.get(link) or "") for page in pages.values() for link in ("next_page", "prev_page"))
    runs = {named[0] for named in RUN.finditer(" ".join((*files, links)))}
    if len(runs) > 1:
        raise UnexpectedData(f"The files are of several runs: {', '.join(sorted(runs))}. Give the files of one.")
    parsed = _forecasts(frame, name=", ".join(files))
    parsed.vintage = min(runs, default="")
    return parsed


def _pages(count: object, *, name: str) -> int:
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_PAGES:
        raise UnexpectedData(f"{name}: page_count is {str(count)[:40]}, no number of pages up to {MOST_PAGES}. Fetch it again.")
    return count


def _check_pages(pages: dict[str, dict[str, object]]) -> None:
    counts = {_pages(page["page_count"], name=name) for name, page in pages.items()}
    numbers = [page["page_cur"] for page in pages.values()]
    if len(counts) != 1 or sorted(map(str, numbers)) != sorted(map(str, range(1, min(counts) + 1))):
        raise UnexpectedData(f"{len(pages)} pages were given, but the publisher counts {max(counts)}, each once. Fetch them again.")
    rows, counted = 0, {str(page["row_count"]) for page in pages.values()}
    for name, page in pages.items():
        if not isinstance(page["data"], list):
            raise UnexpectedData(f"{name} holds no list of records. Fetch it again.")
        rows += len(page["data"])
    if counted != {str(rows)}:
        raise UnexpectedData(f"The pages hold {rows} rows, but the publisher counts {', '.join(sorted(counted))}. Fetch them again.")


def _checked(frame: pl.DataFrame, *, name: str) -> pl.DataFrame:
    """Return a page with the columns of the later models, all of it text."""
    found = frame.columns[1:]
    models = FIRST_MODELS if "sc_cm_sb_main" in found else MODELS
    parts = [column for column in found if COMPONENT.fullmatch(column)] if models is FIRST_MODELS else []
    check_columns(found, read=(*PLACE, *models), out_of_scope=(*OUT_OF_SCOPE, *parts), file=name)
    if models is MODELS:
        return frame.select(*PLACE, *MODELS)
    logged = frame["sc_cm_sb_main"].cast(pl.Float64, strict=False)
    deaths = pl.when(logged.is_null()).then(pl.col("sc_cm_sb_main")).otherwise((logged.exp() - 1).clip(0).cast(pl.String))
    return frame.select(*PLACE, main_mean=deaths, main_dich=pl.col("sc_cm_sb_dich_main"))


def _forecasts(frame: pl.DataFrame, *, name: str) -> Parsed:
    months = [_month(*cells, name=name) for cells in frame.select("row", "year", "month", "month_id").iter_rows()]
    start = pl.Series(months, dtype=pl.Date)
    placed = place_by_code(frame, column="isoab", scheme="alpha3").with_columns(
        place=pl.col("isoab"), start=start, end=start.dt.month_end()
    )
    parts = [
        forecast_rows(
            placed.select("row", "place", "iso3", "start", "end", indicator=pl.lit(indicator), value=pl.col(column)),
            within=PROBABILITY if indicator == CHANCE else (0.0, MOST_DEATHS),
            name=name,
            no_state=NO_STATE,
        )
        for column, indicator in MODELS.items()
    ]
    return Parsed(
        tables={"observations": pl.concat([part.tables["observations"] for part in parts])},
        rejected=pl.concat([part.rejected for part in parts]),
    )


def _month(row: int, year: str | None, month: str | None, month_id: str | None, *, name: str) -> date | None:
    """The first day of a month, which is written twice: as year and month, and counted from January 1980 as 1."""
    try:
        found = date(int(year or ""), int(month or ""), 1)
        counted = int(month_id or "")
    except (ValueError, OverflowError):
        return None
    if counted != (found.year - 1980) * 12 + found.month:
        raise UnexpectedData(f"{name}, row {row}: month_id {counted} is not {found:%Y-%m}. Get it from the publisher again.")
    return found
