"""Peace missions of the United Nations since 1948: one fact for each mission and state in which it works or worked.

The file gives a town, with coordinates that are sometimes the wrong way round, so the state comes from the
mission's mandate (``un_mission_hosts``). A mission over a region is kept without a state, one new to that list is rejected.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_codes
from forefend.sources.families.hub import hub_table, newest_update
from forefend.sources.families.un_mission_hosts import HOSTS, REGIONAL
from forefend.sources.reading.cells import split
from forefend.store.tables import FACTS

READ = ("mission_acronym", "mission_name", "lead_department", "mission_isactive", "start_date", "end_date", "last_update")
OUT_OF_SCOPE = ("id", "mission_location", "mission_longitude", "mission_latitude")
ACTIVE = {"yes": "active", "no": "ended"}


def addresses(metadata: Metadata) -> list[Download]:
    """Return the hub's file, whose address ends in no name."""
    return [Download(name="DPPADPOSS-PKO.csv", address=metadata.address)]


def read(files: Files) -> Parsed:
    """Read the hub's file; the release is named by its newest update."""
    if len(files) != 1:
        raise UnexpectedData(f"The missions are one csv, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    rows = hub_table(path, name=name, read=READ, out_of_scope=OUT_OF_SCOPE)
    rows = rows.with_columns(state=pl.col("mission_isactive").str.to_lowercase())
    check_codes(rows, column="state", known=(*ACTIVE, None), file=name)
    dated = rows.with_columns(
        start=pl.col("start_date").str.to_date("%Y-%m-%d", strict=False), end=pl.col("end_date").str.to_date("%Y-%m-%d", strict=False)
    )
    usable, rejected = split(
        dated,
        unusable=[
            (pl.col("mission_acronym").is_null(), "no mission is named"),
            (~pl.col("mission_acronym").is_in([*HOSTS, *REGIONAL]), "no state of this mission is known here"),
            (~pl.col("mission_acronym").is_first_distinct(), "the mission came before"),
            (pl.col("start_date").is_not_null() & pl.col("start").is_null(), "the first day is no date"),
            (pl.col("end_date").is_not_null() & pl.col("end").is_null(), "the last day is no date"),
            ((pl.col("start") > pl.col("end")).fill_null(value=False), "the mission ends before it begins"),
        ],
        shown=["mission_acronym", "start_date", "end_date"],
    )
    updated = newest_update(rows)
    return Parsed(
        tables={"facts": _facts(usable)},
        rejected=rejected,
        vintage=updated.isoformat() if updated else "",
        published=updated,
    )


def _facts(rows: pl.DataFrame) -> pl.DataFrame:
    states = pl.Series("iso3", [list(HOSTS.get(mission, ())) or [None] for mission in rows["mission_acronym"]], dtype=pl.List(pl.String))
    written = pl.concat_str(pl.col("start_date").fill_null("?"), pl.lit("/"), pl.col("end_date").fill_null(""))
    return (
        rows.with_columns(states)
        .explode("iso3")
        .select(
            "iso3",
            kind=pl.lit("peace_mission"),
            key="mission_acronym",
            status=pl.col("state").replace_strict(ACTIVE, default="not said", return_dtype=pl.String),
            start="start",
            end="end",
            date_text=written,
            checked=pl.when((pl.col("state") == "yes") & pl.col("end").is_not_null()).then(pl.lit("said to be active, but has a last day")),
            cited=pl.format("UN Peace and Security Data Hub, as of {}", pl.col("last_update").fill_null("no day given")),
            note=pl.concat_str(
                pl.col("mission_name").fill_null(""), pl.lit(" ("), pl.col("lead_department").fill_null("no lead given"), pl.lit(")")
            ),
            row="row",
        )
        .select(list(FACTS))
        .cast(FACTS)
        .sort("key", "iso3")
    )
