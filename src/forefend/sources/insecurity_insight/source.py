"""Insecurity Insight: incidents against health care, in camps, with explosive weapons, and of sexual violence.

One workbook a theme, told apart by its columns. Known oddities: the second line holds HXL tags, with gaps; states
are named by acronyms of the field (``OPT``, ``CAR``), so that the code is read; the header ends in blanks; a
blank number is none; a theme ends in the middle of its newest year. Accounts of incidents are not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject
from forefend.sources.families.incidents import by_month, whole_years
from forefend.sources.reading.cells import whole_number
from forefend.sources.reading.placing import state_of_code
from forefend.sources.reading.tables import framed, without_tags
from forefend.sources.reading.workbook import rectangles


@dataclass(frozen=True, kw_only=True)
class Theme:
    """One workbook: its key column, which columns are summed into which series, and what is not read.

    ``incidents`` is the series that counts the incidents; a column in ``truths`` holds True or False.
    """

    mark: str
    number: str
    incidents: str
    sums: Mapping[str, tuple[str, ...]]
    truths: Mapping[str, str] = field(default_factory=dict)
    out_of_scope: frozenset[str]


READ = ("Date", "Country", "Country ISO")
SHARED = frozenset({"Event Description", "Admin 1", "Latitude", "Longitude", "Geo Precision", "Weapon Carried/Used"})
# The kinds of perpetrator, place and weapon say more than is asked.
THEMES = (
    Theme(
        mark="Health Workers Killed",
        number="SiND Event ID",
        incidents="ii_health_attacks",
        sums={
            "ii_health_workers_killed": ("Health Workers Killed",),
            "ii_health_facilities_hit": (
                "Number of Attacks on Health Facilities Reporting Destruction",
                "Number of Attacks on Health Facilities Reporting Damaged",
            ),
        },
        truths={"ii_health_access_denied": "Access Denied or Obstructed"},
        out_of_scope=frozenset(
            {
                "Reported Perpetrator", "Reported Perpetrator Name", "Location", "Forceful Entry into Health Facility",
                "Occupation of Health Facility", "Health Transportation Destroyed", "Health Transportation Damaged",
                "Health Transportation Stolen/Hijacked", "Looting/Theft/Robbery/Burglary of Health Supplies", "Health Workers Injured",
                "Health Workers Kidnapped", "Health Workers Arrested", "Known Kidnapping or Arrest Outcome", "Health Workers Threatened",
                "Health Workers Assaulted", "Health Workers Sexually Assaulted", "Conflict-Related Violence",
                "Political-Related Violence", "COVID-19-Related Violence", "Ebola-Related Violence", "Vaccination-Related Violence",
            }
        ),
    ),
    Theme(
        mark="Number of Reported Victims",
        number="SIND Event ID",
        incidents="ii_sexual_violence_incidents",
        sums={"ii_sexual_violence_victims": ("Number of Reported Victims",)},
        out_of_scope=frozenset(
            {
                "Location Where Sexual Violence Was Committed", "Reported Perpetrator", "Perpetrator Group Name",
                "Single And Group Perpetrators", "Survivor or Victim", "Survivor Or Victim Sex", "Adult or Minor", "Type", "SV Context",
                "Classification", "Reported Deaths Following the Sexual Violence",
            }
        ),
    ),
    Theme(
        mark="Explosive Weapon Type",
        number="SiND Event ID",
        incidents="ii_explosive_weapon_incidents",
        sums={},
        out_of_scope=frozenset(
            {
                "Sector Affected", "Provider", "Launch Type", "Explosive Weapon Type", "Reported Perpetrator", "Reported Perpetrator Name",
                "Affected", "Aid Workers Killed", "Health Workers Killed", "Aid Health Workers Killed", "Educators Killed",
                "Students Killed",
            }
        ),
    ),
    Theme(
        mark="People Associated with Protection Programme Killed",
        number="SiND ID",
        incidents="ii_camp_incidents",
        sums={"ii_camp_killed": ("People Associated with Protection Programme Killed",)},
        out_of_scope=frozenset(
            {
                "Actor Type", "Actor Name", "Victim of Violence", "Survivor or Victim Sex", "Survivor or Victim Minor",
                "Number of Attacks on Camps Reporting Destruction", "Number of attacks on Camps Reporting Damaged",
                "People Associated with Protection Programme Kidnapped", "People Associated with Protection Programme Arrested",
                "People Associated with Protection Programme Targeted with CRSV",
            }
        ),
    ),
)  # fmt: skip
FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)


def read(files: Files) -> Parsed:
    """Read the workbooks of one or more themes."""
    themes = [_theme(name, path) for name, path in sorted(files.items())]
    doubled = [theme.incidents for theme, _ in themes]
    if len(set(doubled)) != len(doubled):
        raise UnexpectedData("Two of the workbooks are of one theme. Give the newest of each.")
    parts = [_read(frame, theme=theme) for theme, frame in themes]
    return Parsed(
        tables={"observations": pl.concat([part.tables["observations"] for part in parts])},
        rejected=pl.concat([part.rejected for part in parts]),
    )


def _theme(name: str, path: Path) -> tuple[Theme, pl.DataFrame]:
    """Find the sheet of incidents and the theme it is of; the explosive weapons' sheet also counts health workers."""
    for rows in rectangles(path).values():
        header = {cell.strip() for cell in rows[0]} if rows else set()
        marked = [theme for theme in THEMES if theme.mark in header]
        if marked and "Date" in header:
            theme = marked[-1]
            frame = without_tags(framed(rows[0], rows[1:], name=name))
            read = {column for columns in theme.sums.values() for column in columns} | {*theme.truths.values(), theme.number, *READ}
            check_columns(frame.columns[1:], read=read, out_of_scope=theme.out_of_scope | SHARED, file=name)
            return theme, frame.with_columns(file=pl.lit(name))
    raise UnexpectedData(f"{name} has no sheet of incidents of a known theme. Get it from the publisher again.")


def _read(frame: pl.DataFrame, *, theme: Theme) -> Parsed:
    for column in theme.truths.values():
        check_codes(frame, column=column, known=("True", "False", ""))
    kept = _typed(frame, theme=theme)
    left = []
    shown = ["row", "file", *READ, theme.number]
    for holds, why in (
        (pl.any_horizontal(pl.col("start", *theme.sums).is_null()), "a date or number is missing or impossible"),
        (~pl.col("is_first"), "the incident has no number, or one that came before"),
        (pl.col("iso3").is_null(), "no state is named"),
    ):
        left.append(reject(frame.join(kept.filter(holds), on="row", how="semi").select(shown), reason=why))
        kept = kept.filter(~holds)
    series = {name: name for name in (theme.incidents, *theme.sums, *theme.truths)}
    years = whole_years(kept, series={name: f"{name}_year" for name in series}, among=kept)
    return Parsed(tables={"observations": pl.concat([by_month(kept, series=series), years])}, rejected=pl.concat(left))


def _typed(frame: pl.DataFrame, *, theme: Theme) -> pl.DataFrame:
    states = {code: state_of_code(code, scheme="alpha3", column="Country ISO") for code in frame["Country ISO"].unique()}
    day = pl.col("Date").str.head(10).str.to_date("%Y-%m-%d", strict=False)
    sums = {name: pl.sum_horizontal(_counts(columns), ignore_nulls=False) for name, columns in theme.sums.items()}
    return frame.select(
        "row",
        start=pl.when(day.is_between(FIRST, LAST)).then(day),
        iso3=pl.col("Country ISO").replace_strict(states, return_dtype=pl.String),
        is_first=pl.col(theme.number).is_first_distinct() & (pl.col(theme.number) != ""),
        **sums,
        **{name: (pl.col(column) == "True").cast(pl.Int64) for name, column in theme.truths.items()},
        **{theme.incidents: pl.lit(1, dtype=pl.Int64)},
    )


def _counts(columns: tuple[str, ...]) -> list[pl.Expr]:
    """Counts of the columns, where blank means none."""
    return [pl.when(pl.col(column) == "").then(pl.lit(0, dtype=pl.Int64)).otherwise(whole_number(column)) for column in columns]
