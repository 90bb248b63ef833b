"""UNHCR asylum and solutions: claims lodged, decisions taken and refugees resettled, by state of asylum.

Three questions of the publisher's interface of refugee statistics, each in pages of JSON. Known oddities: numbers
are text in part of the records and ``-`` where nothing is reported; ``-`` as a state means that the interface
summed over all states; small numbers are rounded to 5; decisions of cases and of persons stand side by side.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import neighbours, state
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.families.listed import yearly
from forefend.sources.families.unhcr import PLACES, check_not_summed, every_page, items, pages_counted, state_of
from forefend.sources.reading.cells import NO_YEAR, split, whole_number, year
from forefend.sources.reading.records import framed_records
from forefend.store.asking import Asking

ADDRESS = "https://api.unhcr.org/population/v1"
FIRST_YEAR, LAST_YEAR = 2000, 2100
# Questions, and the numbers read of each record.
NUMBERS = {
    "asylum-applications": ("applied",),
    "asylum-decisions": ("dec_recognized", "dec_other", "dec_rejected"),
    "solutions": ("resettlement",),
}
OUT_OF_SCOPE = (
    "coo_id", "coo_name", "coo", "coa_id", "coa_name", "coa", "procedure_type", "app_type", "app_pc", "dec_level", "dec_pc",
    "dec_closed", "dec_total", "returned_refugees", "naturalisation", "returned_idps",
)  # fmt: skip
FEWEST = 50  # decisions on the merits in a year; of fewer, a share is chance


def collect(asking: Asking) -> list[Path]:
    """Fetch every page of the three questions, for all years, origins and states of asylum."""
    years = (FIRST_YEAR, LAST_YEAR)
    return [page for question in NUMBERS for page in every_page(asking, f"{ADDRESS}/{question}/", name=question, years=years)]


def read(files: Files) -> Parsed:
    """Read all pages of one or more of the questions."""
    by_question: dict[str, dict[str, Path]] = {}
    for name, path in sorted(files.items()):
        question = name.rpartition("-")[0]
        if question not in NUMBERS:
            raise UnexpectedData(f"{name} is not a page of {', '.join(NUMBERS)}. Fetch it again, or give the page its name.")
        by_question.setdefault(question, {})[name] = path
    tables, rejected = [], []
    for question, pages in by_question.items():
        counts = {pages_counted(path, name=name) for name, path in pages.items()}
        if counts != {len(pages)}:
            raise UnexpectedData(f"{len(pages)} pages of {question} were given, but the publisher counts {max(counts)}. Fetch them again.")
        frame, left = _typed(pl.concat(_page(path, name=name, question=question) for name, path in pages.items()), question=question)
        tables.append(SERIES[question](frame))
        rejected.append(left)
    return Parsed(tables={"observations": pl.concat(tables)}, rejected=pl.concat(rejected))


def _page(path: Path, *, name: str, question: str) -> pl.DataFrame:
    frame = framed_records(items(path, name=name), name=name)
    check_columns(frame.columns[1:], read=("year", *PLACES, *NUMBERS[question]), out_of_scope=OUT_OF_SCOPE, file=name)
    check_not_summed(frame, name=name)
    kinds = [column for column in ("procedure_type", "app_type", "app_pc", "dec_level", "dec_pc") if column in frame.columns]
    kind = pl.concat_str([pl.col(column).fill_null("") for column in kinds], separator=" ") if kinds else pl.lit("")
    return frame.select("row", "year", *PLACES, *NUMBERS[question], kind=kind)


def _typed(frame: pl.DataFrame, *, question: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    numbers = list(NUMBERS[question])
    blank = frame.with_columns(pl.col(numbers).fill_null("0").replace({"-": "0", "": "0"}), pl.col(PLACES).fill_null(""))
    codes = {code: state_of(code) for column in PLACES for code in blank[column].unique().to_list()}
    typed = blank.with_columns(
        in_year=year("year"),
        origin=pl.col("coo_iso").replace_strict(codes, return_dtype=pl.String),
        asylum=pl.col("coa_iso").replace_strict(codes, return_dtype=pl.String),
        **{f"n_{column}": whole_number(column) for column in numbers},
    )
    return split(
        typed,
        unusable=[
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.any_horizontal(pl.col(f"n_{column}").is_null() for column in numbers), "a number of people is none"),
            (pl.col("asylum").is_null(), "no state of asylum"),
            (pl.struct("in_year", *PLACES, "kind").is_first_distinct().not_(), "the same record came before"),
        ],
        shown=["year", *PLACES, *numbers],
    )


def _near(frame: pl.DataFrame) -> pl.DataFrame:
    """Add whether the state of origin shares a border, and the region, with the state of asylum."""
    pairs = frame.select("origin", "asylum").unique()
    near = [bool(origin) and origin in neighbours(asylum) for origin, asylum in pairs.iter_rows()]
    same = [bool(origin) and origin != asylum and state(origin).region == state(asylum).region for origin, asylum in pairs.iter_rows()]
    pairs = pairs.with_columns(is_near=pl.Series(near, dtype=pl.Boolean), is_regional=pl.Series(same, dtype=pl.Boolean))
    return frame.join(pairs, on=["origin", "asylum"], how="left", nulls_equal=True, maintain_order="left")


def _summed(frame: pl.DataFrame, *, value: pl.Expr, indicator: str) -> pl.DataFrame:
    sums = frame.group_by(iso3="asylum", year="in_year", maintain_order=True).agg(pl.col("row").min(), value=value.cast(pl.Float64))
    return yearly(sums.filter(pl.col("value").is_not_null()), indicator=indicator)


def _applications(frame: pl.DataFrame) -> pl.DataFrame:
    near = pl.col("n_applied").filter(pl.col("is_near")).sum()
    return _summed(_near(frame), value=near, indicator="unhcr_claims_from_neighbours")


def _decisions(frame: pl.DataFrame) -> pl.DataFrame:
    given = pl.col("n_dec_recognized") + pl.col("n_dec_other")
    told = _near(frame).with_columns(given=given, merits=given + pl.col("n_dec_rejected"))
    whole = pl.when(pl.col("merits").sum() >= FEWEST).then(100 * pl.col("given").sum() / pl.col("merits").sum())
    of_near = pl.col("merits").filter(pl.col("is_near")).sum()
    near = pl.when(of_near >= FEWEST).then(100 * pl.col("given").filter(pl.col("is_near")).sum() / of_near)
    return pl.concat(
        [
            _summed(told, value=whole, indicator="unhcr_protection_rate"),
            _summed(told, value=near, indicator="unhcr_protection_rate_neighbours"),
        ]
    )


def _solutions(frame: pl.DataFrame) -> pl.DataFrame:
    told = _near(frame)
    regional = pl.col("n_resettlement").filter(pl.col("is_regional")).sum()
    return pl.concat(
        [
            _summed(told, value=pl.col("n_resettlement").sum(), indicator="unhcr_resettled"),
            _summed(told, value=regional, indicator="unhcr_resettled_from_region"),
        ]
    )


SERIES = {"asylum-applications": _applications, "asylum-decisions": _decisions, "solutions": _solutions}
