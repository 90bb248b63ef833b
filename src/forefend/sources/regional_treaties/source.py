"""Status of regional treaties: the Council of Europe, the African Union and the Organization of American States.

One table an office, a row for each of its members and instruments, taken from its status lists. A member that has
done nothing stands there with empty dates. Of what a state's own organizations offer, the share in force is counted;
a state outside the three has no value, and one that an instrument's rows leave out is not counted for it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_codes
from forefend.sources.families.listed import NOT_A_DAY, NOT_A_STATE, day, day_of, listed, standing
from forefend.sources.reading.cells import split
from forefend.sources.reading.placing import place_by_name
from forefend.sources.regional_treaties.instruments import COURTS, CRIME, INSTRUMENTS, NORMS
from forefend.store.tables import FACTS

KIND = "regional_treaty"
SERIES = {NORMS: "regional_norms_share", COURTS: "regional_courts_share", CRIME: "regional_crime_share"}
READ = ("state", "instrument", "signature", "ratification", "withdrawal", "as_of")
DATES = ("signature", "ratification", "withdrawal")
FEWEST = 2  # instruments of a group that a table must hold for a state before a share is taken


def read(files: Files) -> Parsed:
    """Read the tables of one or more offices; they must be of one day."""
    if strange := sorted(set(files) - set(INSTRUMENTS)):
        raise UnexpectedData(f"{', '.join(strange)}: the tables are called {', '.join(INSTRUMENTS)}.")
    found = [_office(path, name=name) for name, path in sorted(files.items())]
    if len({taken for _, _, taken in found}) > 1:
        raise UnexpectedData("The tables are of different days. Import those of one day together, or each by itself.")
    frame, taken = pl.concat(rows for rows, _, _ in found), found[0][2]
    return Parsed(
        tables={"facts": _facts(frame), "observations": pl.concat(_share(frame, group=group, on=taken) for group in SERIES)},
        rejected=pl.concat(left for _, left, _ in found),
        vintage=taken.isoformat(),
        published=taken,
    )


def _office(path: Path, *, name: str) -> tuple[pl.DataFrame, pl.DataFrame, date]:
    frame = listed(path, name=name, read=READ)
    taken = day_of(frame, name=name)
    known = INSTRUMENTS[name]
    check_codes(frame, column="instrument", known=known, file=name)
    keys = {code: key for code, (key, _) in known.items()}
    groups = {code: group for code, (_, group) in known.items()}
    placed = place_by_name(frame, column="state").with_columns(
        key=pl.col("instrument").replace_strict(keys, return_dtype=pl.String),
        group=pl.col("instrument").replace_strict(groups, return_dtype=pl.String),
        office=pl.lit(name.removesuffix(".csv").replace("_", " ")),
        **{f"{kind}_day": day(kind) for kind in DATES},
    )
    misdated = pl.any_horizontal((pl.col(kind) != "") & pl.col(f"{kind}_day").is_null() for kind in DATES)
    late = pl.any_horizontal((pl.col(f"{kind}_day") > taken).fill_null(value=False) for kind in DATES)
    good, left = split(
        placed,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (misdated, NOT_A_DAY),
            (late, "dated after the day of the list"),
            (pl.struct("iso3", "instrument").is_first_distinct().not_(), "the state came before for this instrument"),
        ],
        shown=list(READ),
    )
    left_it = pl.col("withdrawal") != ""
    status = (
        pl.when(left_it)
        .then(pl.lit("withdrawn"))
        .when(pl.col("ratification") != "")
        .then(pl.lit("party"))
        .when(pl.col("signature") != "")
        .then(pl.lit("signatory, not party"))
        .otherwise(pl.lit("no action"))
    )
    return good.with_columns(status=status), left, taken


def _facts(frame: pl.DataFrame) -> pl.DataFrame:
    since = (
        pl.when(pl.col("status") == "party").then("ratification_day").when(pl.col("status") == "signatory, not party").then("signature_day")
    )
    nothing = pl.lit(None, dtype=pl.String)
    return frame.select(
        "iso3",
        "key",
        "status",
        kind=pl.lit(KIND),
        start=since,
        end=pl.lit(None, dtype=pl.Date),
        date_text=pl.coalesce(pl.col(kind).replace("", None) for kind in ("withdrawal", "ratification", "signature")),
        checked=nothing,
        cited=pl.format("{}, {}", "office", "instrument"),
        note=nothing,
        row="row",
    ).select(list(FACTS)).cast(FACTS).sort("iso3", "key")  # fmt: skip


def _share(frame: pl.DataFrame, *, group: str, on: date) -> pl.DataFrame:
    """Share, 0 to 1, of a group's instruments to which a state is party. The one instrument of a court is enough for a share."""
    fewest = 1 if group == COURTS else FEWEST
    sums = (
        frame.filter(pl.col("group") == group)
        .group_by("iso3", maintain_order=True)
        .agg(pl.col("row").min(), value=(pl.col("status") == "party").mean(), of=pl.len())
        .filter(pl.col("of") >= fewest)
    )
    return standing(sums, indicator=SERIES[group], on=on)
