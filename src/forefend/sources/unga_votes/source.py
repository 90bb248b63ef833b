"""General Assembly votes: selected roll calls as facts, and agreement between states as ties.

Two kinds of file are read: ``unga_votes_<years>.csv`` (one row per resolution and state) and
``unga_agreement_<years>.csv`` (one row per pair of states, computed from Voeten's data). Both may be given
together; each agreement keeps the period it was computed over.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject, unique_rows
from forefend.sources.families.agreement import CHANNEL, N_AT_LEAST, vote_agreement
from forefend.sources.reading.dates import first_day
from forefend.store.tables import TableName

VOTES = ("yes", "no", "abstain", "did not vote")
ROLL_CALL_COLUMNS = ("resolution", "date", "title", "iso3", "vote", "undl_record")
AGREEMENT_COLUMNS = ("iso3_a", "iso3_b", "n_all", "agreement_all", "n_human_rights", "agreement_human_rights")
NAME = re.compile(r"unga_(votes|agreement)_(\d{4})_(\d{4})\.csv")


def read(files: Files) -> Parsed:
    """Read roll calls, agreement, or both; the release is named by the last year covered."""
    parts, last_years = [], []
    for name, path in sorted(files.items()):
        found = NAME.fullmatch(name)
        if not found:
            raise UnexpectedData(f"{name} is not known here. Give unga_votes_<years>.csv, unga_agreement_<years>.csv, or both.")
        first, last = int(found[2]), int(found[3])
        last_years.append(last)
        parts.append(_roll_calls(path, name=name) if found[1] == "votes" else _agreement(path, name=name, first=first, last=last))
    names: tuple[TableName, ...] = ("facts", "ties")
    read_tables = {name: [part.tables[name] for part in parts if name in part.tables] for name in names}
    joined = {name: pl.concat(tables, how="diagonal") for name, tables in read_tables.items() if tables}
    return Parsed(
        tables={name: table for name, table in joined.items() if table.height},
        rejected=pl.concat([part.rejected for part in parts]),
        vintage=str(max(last_years)),
    )


def _roll_calls(path: Path, *, name: str) -> Parsed:
    rows = _numbered(path, name=name, columns=ROLL_CALL_COLUMNS)
    check_codes(rows, column="vote", known=VOTES, file=name)
    check_codes(rows, column="iso3", known=states(), file=name)
    rows, again = unique_rows(rows)
    _check_resolutions(rows, name=name)
    dated = rows.with_columns(start=first_day("date"))
    is_usable = pl.col("start").is_not_null() & pl.col("resolution").is_not_null()
    is_usable &= pl.struct("resolution", "iso3").is_first_distinct()
    checked = dated.select(is_usable=is_usable)["is_usable"]
    usable = dated.filter(checked)
    facts = usable.select(
        "iso3",
        pl.lit("vote").alias("kind"),
        key="resolution",
        status="vote",
        start="start",
        end="start",
        date_text="date",
        cited=pl.format("UN Digital Library, record {}", "undl_record"),
        note="title",
        row="row",
    )
    n_resolutions = facts["key"].n_unique()
    ties = vote_agreement(facts, basis=f"votes, of {n_resolutions} resolutions on atrocity matters")
    return Parsed(
        tables={"facts": facts, "ties": ties},
        rejected=pl.concat([again, reject(rows.filter(~checked), reason="no date or resolution, or the state's vote came before")]),
    )


def _check_resolutions(rows: pl.DataFrame, *, name: str) -> None:
    """Refuse a resolution with two records or a record with two resolutions, which would part votes on the same one."""
    pairs = rows.select("row", "resolution", "undl_record").drop_nulls().unique(["resolution", "undl_record"], maintain_order=True)
    odd = pairs.filter(~(pl.col("resolution").is_first_distinct() & pl.col("undl_record").is_first_distinct()))
    if odd.height:
        row, resolution, record = odd.row(0)
        raise UnexpectedData(f"{name}, row {row}: {resolution!r} with record {record!r} does not fit the rows before. Get the file again.")


def _agreement(path: Path, *, name: str, first: int, last: int) -> Parsed:
    rows = _numbered(path, name=name, columns=AGREEMENT_COLUMNS)
    for column in ("iso3_a", "iso3_b"):
        check_codes(rows, column=column, known=states(), file=name)
    rows, again = unique_rows(rows, key=("iso3_a", "iso3_b"), file=name)
    blank = rows["n_human_rights"].is_null() & rows["agreement_human_rights"].is_null()
    typed = rows.with_columns(
        pl.col("n_all", "n_human_rights").cast(pl.Int64, strict=False),
        pl.col("agreement_all", "agreement_human_rights").cast(pl.Float64, strict=False),
    )
    is_read = (pl.col("n_all") >= 0) & pl.col("agreement_all").is_between(0, 1)
    is_read &= blank | ((pl.col("n_human_rights") >= 0) & _share_of("agreement_human_rights", n="n_human_rights"))
    checked = typed.select(is_usable=is_read.fill_null(value=False))["is_usable"]
    usable = typed.filter(checked).with_columns(start=pl.lit(date(first, 1, 1)), end=pl.lit(date(last, 12, 31)))
    ties = [
        _both_ways(usable, channel=CHANNEL, n="n_all", value="agreement_all", basis="votes"),
        _both_ways(
            usable, channel=f"{CHANNEL}_human_rights", n="n_human_rights", value="agreement_human_rights", basis="votes on human rights"
        ),
    ]
    return Parsed(
        tables={"ties": pl.concat(ties)},
        rejected=pl.concat([again, reject(rows.filter(~checked), reason="a number is missing or not between 0 and 1")]),
    )


def _share_of(share: str, *, n: str) -> pl.Expr:
    """Tell the rows with a share between 0 and 1, or with none of no votes."""
    return pl.col(share).is_between(0, 1) | (pl.col(share).is_null() & (pl.col(n) == 0))


def _both_ways(rows: pl.DataFrame, *, channel: str, n: str, value: str, basis: str) -> pl.DataFrame:
    enough = rows.filter(pl.col(n) >= N_AT_LEAST, pl.col(value).is_not_null())
    return pl.concat(
        enough.select(
            pl.lit(channel).alias("channel"),
            pl.col(one).alias("from_iso3"),
            pl.col(other).alias("to_iso3"),
            "start",
            "end",
            value=value,
            unit=pl.format("share of {} {}", n, pl.lit(basis)),
            row="row",
        )
        for one, other in (("iso3_a", "iso3_b"), ("iso3_b", "iso3_a"))
    ).sort("from_iso3", "to_iso3")


def _numbered(path: Path, *, name: str, columns: tuple[str, ...]) -> pl.DataFrame:
    raw = pl.read_csv(path, infer_schema=False, encoding="utf8")
    check_columns(raw.columns, read=columns, file=name)
    return raw.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
