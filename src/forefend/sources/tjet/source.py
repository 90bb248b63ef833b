"""Transitional Justice Evaluation Tools: prosecutions as counts by year, policies as dated statements.

Trials and persons sought are counted, never named. A state without a row had none found by the publisher's
method, which is no proof of none.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject, unique_rows
from forefend.sources.reading.measured import measured
from forefend.sources.reading.placing import place_by_code
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked
from forefend.sources.tjet.standing import EXCLUDED, INCLUDED, IRRELEVANT, NO_STATE_OF_TODAY, UNKNOWN, statements
from forefend.sources.tjet.tables import ACCUSED, AMNESTIES, CODEBOOK, COMMISSIONS, PARTIES, REPARATIONS, TABLES, TRIALS, VERSION, Table
from forefend.store.tables import FACTS, OBSERVATIONS

DOMESTIC, HELD, SOUGHT, PARTY = "tjet_domestic_trials", "tjet_foreign_trials_held", "tjet_icc_sought", "tjet_icc_party"
TRIAL_TYPES = ("domestic", "foreign", "international", "international (hybrid)")
CODES: dict[str, dict[str, tuple[str, ...]]] = {
    TRIALS.mark: {"trialType": TRIAL_TYPES, "HRVorCoreCrimes": ("0", "1")},
    PARTIES.mark: {"icc_sp": ("0", "1", "")},
    COMMISSIONS.mark: {"finalReportIssued": ("Yes", "No", ""), "status": ("completed", "ongoing", "")},
    REPARATIONS.mark: {"rep_paid": ("0", "1", "")},
    AMNESTIES.mark: {"hrCrimes": (INCLUDED, EXCLUDED, IRRELEVANT, UNKNOWN, "")},
}
KEYS = {TRIALS.mark: ("trialID",), ACCUSED.mark: ("accusedID",)}
NO_YEAR = "no year is given"


def read(files: Files) -> Parsed:
    """Read any of the tables, each known by its columns; the codebook is passed over."""
    observations, facts = [OBSERVATIONS.to_frame()], [FACTS.to_frame()]
    rejected, versions, notes = [], set(), []
    seen: set[str] = set()
    for name, path in sorted(files.items()):
        frame = text_table(unpacked(path), name=name)
        if set(CODEBOOK) <= set(frame.columns):
            notes.append(f"{name} is the codebook and holds no data.")
            continue
        table = _known(frame, name=name)
        if table.mark in seen:
            raise UnexpectedData(f"{name} is a second file of the same table. Leave one out.")
        seen.add(table.mark)
        versions |= _versions(frame)
        frame, again = unique_rows(frame, key=KEYS.get(table.mark, ()), file=name)
        part = _read_table(frame, table=table, name=name)
        rejected.append(again)
        observations += [part.tables[kind] for kind in part.tables if kind == "observations"]
        facts += [part.tables[kind] for kind in part.tables if kind == "facts"]
        rejected.append(part.rejected)
    if not seen:
        raise UnexpectedData("No table of the publisher is among the files. Get them from the publisher again.")
    if len(versions) > 1:
        raise UnexpectedData(f"The files are of different versions: {', '.join(sorted(versions))}. Import one version at a time.")
    version = next(iter(versions), "")
    return Parsed(
        tables={"observations": pl.concat(observations), "facts": pl.concat(facts)},
        rejected=pl.concat(rejected),
        vintage=version,
        published=_published(version),
        notes=tuple(notes),
    )


def _known(frame: pl.DataFrame, *, name: str) -> Table:
    found = [table for table in TABLES if table.mark in frame.columns]
    if len(found) != 1:
        raise UnexpectedData(f"{name} is none of the publisher's tables known here. Leave it out, or get it from the publisher again.")
    check_columns(frame.columns[1:], read=found[0].read, out_of_scope=found[0].out_of_scope, file=name)
    for column, known in CODES.get(found[0].mark, {}).items():
        check_codes(frame, column=column, known=known, file=name)
    return found[0]


def _read_table(frame: pl.DataFrame, *, table: Table, name: str) -> Parsed:
    if table is TRIALS:
        return _trials(frame)
    if table is ACCUSED:
        return _accused(frame)
    if table is PARTIES:
        placed = place_by_code(frame, column="ccode", scheme="cow", year="year")
        return measured(
            placed, series={"icc_sp": PARTY}, within={"icc_sp": (0.0, 1.0)}, place="ccode", name=name, no_state=NO_STATE_OF_TODAY
        )
    facts, rejected = statements(frame, table=table)
    return Parsed(tables={"facts": facts}, rejected=rejected)


def _trials(frame: pl.DataFrame) -> Parsed:
    """Count trials of human rights violations by the year they began: a state's own, and those it held of others."""
    core = frame.filter(pl.col("HRVorCoreCrimes") == "1")
    own = core.filter(pl.col("trialType") == "domestic")
    held = core.filter(pl.col("trialType") == "foreign")
    parts = [
        _counted(own, code="ccode_target", year="yearStart", indicator=DOMESTIC),
        _counted(held, code="ccode_trial", year="yearStart", indicator=HELD),
    ]
    return Parsed(tables={"observations": pl.concat([table for table, _ in parts])}, rejected=pl.concat([left for _, left in parts]))


def _accused(frame: pl.DataFrame) -> Parsed:
    """Count persons sought by the International Criminal Court, by the state of the situation and the year of the warrant."""
    year = pl.when(pl.col("ICC_arrest_warrant") != "").then("ICC_arrest_warrant").otherwise("ICC_arrestAppear")
    table, left = _counted(frame.with_columns(first_year=year), code="ccode_target", year="first_year", indicator=SOUGHT)
    return Parsed(tables={"observations": table}, rejected=left)


def _counted(frame: pl.DataFrame, *, code: str, year: str, indicator: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    number = pl.col(year).cast(pl.Float64, strict=False)
    dated = frame.with_columns(_year=pl.when(number.is_between(1900, 2100)).then(number.floor()).cast(pl.Int32))
    undated = dated.filter(pl.col("_year").is_null()).select("row", code, year)
    placed = place_by_code(dated.filter(pl.col("_year").is_not_null()), column=code, scheme="cow", year=year)
    left = placed.filter(pl.col("iso3").is_null()).select("row", code, year)
    counted = placed.filter(pl.col("iso3").is_not_null()).group_by("iso3", "_year").agg(value=pl.len(), row=pl.col("row").min())
    table = counted.sort("iso3", "_year").select(
        "iso3",
        indicator=pl.lit(indicator),
        start=pl.date(pl.col("_year"), 1, 1),
        end=pl.date(pl.col("_year"), 12, 31),
        value=pl.col("value"),
        low=pl.lit(None, dtype=pl.Float64),
        high=pl.lit(None, dtype=pl.Float64),
        row=pl.col("row"),
    )
    return table.cast(OBSERVATIONS), pl.concat([reject(undated, reason=NO_YEAR), reject(left, reason=NO_STATE_OF_TODAY)])


def _versions(frame: pl.DataFrame) -> set[str]:
    return set(frame[VERSION].unique().to_list()) - {"", None} if VERSION in frame.columns else set()


def _published(version: str) -> date | None:
    try:
        return date.fromisoformat(version)
    except ValueError:
        return None
