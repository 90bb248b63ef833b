"""World Press Freedom Index: one csv an edition, with semicolons, decimal commas and no fixed encoding.

Known traps: since 2022 a higher score is freer; up to 2021 it was worse, but the publisher has put some of those
files on its site turned round. So the direction of an old file is read from its own ranks and turned where
needed; the two methods cannot be compared and have a name each. Files before 2013 use a third scale and are not
read. The edition reports on the calendar year before it.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_columns
from forefend.sources.reading.cells import check_cells
from forefend.sources.reading.measured import joined, measured, newest_year
from forefend.sources.reading.placing import check_placed, place_by_code
from forefend.sources.reading.tables import index_table

ADDRESS = "https://rsf.org/sites/default/files/import_classement/{year}.csv"
EDITIONS = range(2013, 2027)
FIRST_NEW = 2022
CONTEXTS = {
    "Political Context": "rsf_political", "Economic Context": "rsf_economic", "Legal Context": "rsf_legal", "Social Context": "rsf_social",
    "Safety": "rsf_safety",
}  # fmt: skip
NEW = {"score": "rsf_score", **CONTEXTS}
OLD = {"score": "rsf_score_to_2021"}
COUNTRIES = tuple(f"Country_{language}" for language in ("EN", "FR", "ES", "PT", "AR", "FA"))
NEW_OUT_OF_SCOPE = (
    "Rank_Pol", "Rank_Eco", "Rank_Leg", "Rank_Soc", "Rank_Saf", "Zone", "Situation", "Rank N-1", "Rank evolution", "Score N-1",
    "Score evolution",
    *COUNTRIES,
)  # fmt: skip
OLD_OUT_OF_SCOPE = (
    "Score N without the exactions", "Score N with the exactions", "Score exactions", "Score exaction", "Rank N-1", "Score N-1",
    "Rank evolution", "Zone", *(f"{language}_country" for language in ("FR", "EN", "ES", "PT", "AR", "FA")),
)  # fmt: skip
NOT_STATES = ("CSS", "CTU")  # the Organisation of Eastern Caribbean States; the northern part of Cyprus
SCALE = (0.0, 100.0)
RANKED_AT_LEAST = 5  # fewer ranks do not show which way a scale runs


def addresses(_metadata: Metadata) -> list[Download]:
    """Return the files of all editions read here."""
    return [Download(name=f"{year}.csv", address=ADDRESS.format(year=year)) for year in EDITIONS]


def read(files: Files) -> Parsed:
    """Read any number of editions."""
    parsed = joined([_edition(name, path) for name, path in sorted(files.items())])
    year = newest_year(parsed)
    parsed.vintage = str(year + 1) if year else ""
    return parsed


def _edition(name: str, path: Path) -> Parsed:
    frame = index_table(path.read_bytes(), name=name, separator=";")
    score = [column for column in frame.columns if re.fullmatch(r"Score( 20\d\d)?", column)]
    if len(score) > 1:
        raise UnexpectedData(f"{name} has more than one score: {', '.join(score)}. Get it from the publisher again.")
    if score:
        check_columns(frame.columns[1:], read=["ISO", "Rank", "Year (N)", *score, *CONTEXTS], out_of_scope=NEW_OUT_OF_SCOPE, file=name)
        frame = frame.rename({score[0]: "score", "Rank": "rank"})
    else:
        check_columns(frame.columns[1:], read=["ISO", "Rank N", "Score N", "Year (N)"], out_of_scope=OLD_OUT_OF_SCOPE, file=name)
        frame = frame.rename({"Score N": "score", "Rank N": "rank"})
    return _scored(frame, is_new=bool(score), name=name)


def _scored(frame: pl.DataFrame, *, is_new: bool, name: str) -> Parsed:
    series = NEW if is_new else OLD
    edition = _year(frame, name=name)
    if edition is None:
        return measured(frame.with_columns(year=pl.lit(""), iso3=pl.lit("")), series=series, place="ISO", name=name)
    if (edition >= FIRST_NEW) != is_new or edition < EDITIONS[0]:
        raise UnexpectedData(f"{name} is of {edition} in a layout or scale of other years. This connector reads {EDITIONS[0]} and later.")
    check_cells(frame, columns=series, name=name)
    frame = frame.with_columns(pl.col(column).str.replace(",", ".", literal=True) for column in series)
    if _is_lower_better(frame, name=name):
        if is_new:
            raise UnexpectedData(f"{name} gives the best ranks the lowest scores, against the method since 2022. Get it again.")
        turned = (100 - pl.col("score").cast(pl.Float64, strict=False)).round(2).cast(pl.String)
        frame = frame.with_columns(score=pl.coalesce(turned, "score"))  # what is no number is named when it is read
    frame = place_by_code(frame.with_columns(year=pl.lit(str(edition - 1))), column="ISO", scheme="alpha3")
    check_placed(frame, column="ISO", name=name, not_states=NOT_STATES)
    return measured(frame, series=series, place="ISO", within=dict.fromkeys(series, SCALE), name=name)


def _year(frame: pl.DataFrame, *, name: str) -> int | None:
    """The edition that the rows agree on; None for a header alone."""
    written = frame["Year (N)"].unique().to_list()
    if not written:
        return None
    if len(written) != 1 or not re.fullmatch(r"20\d\d", written[0]):
        raise UnexpectedData(f"{name}: Year (N) is {', '.join(sorted(map(repr, written))[:3])} instead of one year. Get it again.")
    return int(written[0])


def _is_lower_better(frame: pl.DataFrame, *, name: str) -> bool:
    """Whether the best ranks have the lowest scores."""
    numbers = frame.select(pl.col("rank", "score").cast(pl.Float64, strict=False)).drop_nulls().unique()
    if numbers.height < RANKED_AT_LEAST:
        raise UnexpectedData(f"{name} has too few ranks with a score to tell which way its scale runs. Get it again.")
    agreement = numbers.select(pl.corr("rank", "score", method="spearman")).item()
    if agreement is None or not abs(agreement) > 0.9:
        raise UnexpectedData(f"{name}: ranks and scores do not go together, so its scale cannot be read. Get it again.")
    return bool(agreement > 0)
