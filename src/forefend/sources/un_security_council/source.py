"""Security Council membership by year, with members whose name the publisher leaves blank.

A blank must not lose a member: it is filled from ``blanks.csv``, which says who held the seat and how far that
was checked, and every filling is noted. A blank that is not listed there is rejected and its year is
reported as incomplete. The rule of two-year terms is no substitute, as terms were split between states.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import resolve
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_columns, reject

READ = ("year", "security_council_member", "last_update")
OUT_OF_SCOPE = ("id",)  # the publisher's running number
PERMANENT = ("CHN", "FRA", "GBR", "RUS", "USA")
N_MEMBERS, N_MEMBERS_BEFORE_1966 = 15, 11
NO_STATE = ""
# Names of this file alone; an empty code means that no state of today continues the member.
NAMES = {
    "Congo": "COG",
    "Czechoslovakia": NO_STATE,
    "German DR (German Democratic Republic)": NO_STATE,
    "German FR (German Federal Republic)": "DEU",
    "USSR (Union of Soviet Socialist Republics)": "RUS",
    "Ukrainian SSR (Ukrainian Soviet Socialist Republic)": "UKR",
    "United Arab Republic": "EGY",
    "Yugoslavia": NO_STATE,
}


def addresses(metadata: Metadata) -> list[Download]:
    """Return the hub's file, whose address ends in no name."""
    return [Download(name="DPPA-SCMEMBERSHIP.csv", address=metadata.address)]


def read(files: Files) -> Parsed:
    """Read one file or several parts of one release; the release is named by its newest update."""
    raw = pl.concat(_rows(path, name=name) for name, path in sorted(files.items()))
    years = raw["year"].cast(pl.Int64, strict=False)
    updated = raw["last_update"].str.to_date("%Y-%m-%d", strict=False).max()
    name = pl.col("security_council_member").str.strip_chars().replace("", None)
    typed = raw.with_columns(year_number=years, name=name, filled=name.is_null())
    named = _with_names(typed)
    facts = named.filter(pl.col("refusal").is_null())
    refused = named.filter(pl.col("refusal").is_not_null())
    return Parsed(
        tables={"facts": _facts(facts)},
        rejected=pl.concat(
            [reject(part.select("row", *READ), reason=str(reason)) for (reason,), part in refused.group_by("refusal", maintain_order=True)]
            or [reject(refused.select("row", *READ), reason="")]
        ),
        vintage=updated.isoformat() if isinstance(updated, date) else "",
        published=updated if isinstance(updated, date) else None,
        notes=_notes(named),
    )


def _rows(path: Path, *, name: str) -> pl.DataFrame:
    raw = pl.read_csv(path, infer_schema=False, encoding="utf8")
    check_columns(raw.columns, read=READ, out_of_scope=OUT_OF_SCOPE, file=name)
    return raw.select(pl.Series("row", range(1, raw.height + 1), dtype=pl.Int64), *READ)


def _with_names(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the state, or why there is none; ``checked`` and ``cited`` say where a filled name comes from."""
    states = {name: _state(name) for name in rows["name"].drop_nulls().unique().sort()}
    known = pl.DataFrame({"name": list(states), "named_iso3": list(states.values())}, schema={"name": pl.String, "named_iso3": pl.String})
    joined = rows.join(known, on="name", how="left", maintain_order="left").join(
        _blanks(), left_on=["year_number", "filled"], right_on=["year", "filled"], how="left", maintain_order="left"
    )
    iso3 = pl.coalesce("named_iso3", "blank_iso3")
    refusal = (
        pl.when(pl.col("year_number").is_null())
        .then(pl.lit("the year is missing or no number"))
        .when(iso3.is_null())
        .then(pl.lit("the member's name is blank and not known"))
        .when(iso3 == NO_STATE)
        .then(pl.lit("no state of today continues this one"))
        .when(~pl.struct("year_number", iso3).is_first_distinct())
        .then(pl.lit("the member came before in this year"))
    )
    return joined.with_columns(iso3=iso3, refusal=refusal)


def _state(name: str) -> str:
    if name in NAMES:
        return NAMES[name]
    try:
        return resolve(name)
    except PlaceError as refusal:
        raise UnexpectedData(f"security_council_member has a name new to this connector: {refusal}") from None


def _blanks() -> pl.DataFrame:
    known = pl.read_csv(Path(__file__).with_name("blanks.csv"), comment_prefix="#", infer_schema=False)
    return known.select(
        pl.col("year").cast(pl.Int64), pl.lit(value=True).alias("filled"), pl.col("iso3").alias("blank_iso3"), "checked", "cited"
    )


def _facts(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        "iso3",
        pl.lit("council_term").alias("kind"),
        pl.lit("unsc").alias("key"),
        pl.when(pl.col("iso3").is_in(PERMANENT)).then(pl.lit("permanent member")).otherwise(pl.lit("elected member")).alias("status"),
        pl.date("year_number", 1, 1).alias("start"),
        pl.date("year_number", 12, 31).alias("end"),
        pl.col("year").alias("date_text"),
        "checked",
        "cited",
        pl.when("filled").then(pl.lit("name blank in the publisher's file")).alias("note"),
        "row",
    ).sort("start", "iso3")


def _notes(rows: pl.DataFrame) -> tuple[str, ...]:
    """Say which members were filled in, and which years have fewer or more members than the Charter gives."""
    by_year = rows.filter(pl.col("year_number").is_not_null()).sort("year_number")
    notes = []
    for (year,), members in by_year.group_by("year_number", maintain_order=True):
        filled = members.filter(pl.col("filled") & pl.col("refusal").is_null())
        notes += [f"{year}: name blank, filled as {row['iso3']} ({row['checked']})" for row in filled.iter_rows(named=True)]
        wanted = N_MEMBERS if int(str(year)) >= 1966 else N_MEMBERS_BEFORE_1966
        present = members.filter(pl.col("refusal").is_null() | (pl.col("refusal") == "no state of today continues this one")).height
        if present != wanted:
            notes.append(f"{year}: {present} members known, {wanted} expected; the year is incomplete")
    return tuple(notes)
