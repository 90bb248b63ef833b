"""Ethnic Power Relations: groups by period summed to years, and zeros that measure nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

SOURCE = find_source("epr")
GROUPS, SUMMARY = SOURCE.samples()["EPR-2021.csv"], SOURCE.samples()["epr-data.csv"]


def read(*paths: Path) -> Parsed:
    return SOURCE.read({path.name: path for path in paths})


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = GROUPS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / GROUPS.name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def shares(parsed: Parsed, iso3: str, year: int) -> tuple[float, ...]:
    rows = parsed.tables["observations"].filter(pl.col("iso3") == iso3, pl.col("end").dt.year() == year)
    found = dict(rows.select("indicator", "value").rows())
    return found["epr_excluded_share"], found["epr_discriminated_share"], found["epr_excluded_groups"]


def test_excluded_are_the_powerless_the_discriminated_and_those_who_exclude_themselves() -> None:
    assert shares(read(GROUPS), "NPL", 2021) == (0.37, 0.12, 3)


def test_a_period_counts_in_each_of_its_years() -> None:
    parsed = read(GROUPS)
    assert shares(parsed, "GHA", 2018) == (0.15, 0, 1)
    assert shares(parsed, "GHA", 2019) == (0, 0, 0)
    assert parsed.vintage == "2021"


def test_status_is_as_of_the_first_of_january() -> None:
    assert read(GROUPS).tables["observations"]["end"].max() == date(2021, 1, 1)


def test_irrelevance_and_state_collapse_are_no_measured_inclusion() -> None:
    parsed = read(GROUPS)
    assert not {"SOM", "CRI"} & set(parsed.tables["observations"]["iso3"])
    assert set(parsed.rejected["reason"]) == {"no politically relevant group in that year, so no share was measured"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("POWERLESS", "HELPLESS", "status has codes new"),
        ("790,Nepal,2016,2021,Group Two", "790,Nepal,2021,2016,Group Two", "cannot be"),
        (",0.12,DISCRIMINATED", ",12,DISCRIMINATED", "cannot be"),
        ("452,Ghana,2019,2021,Group Three", "452,Ghana,2018,2021,Group Three", "stands twice in one year"),
        ("452,Ghana,2019,2021,Group Three", "99999,Ghana,2019,2021,Group Three", "99999"),
        ("452,Ghana,2019,2021,Group Three", "Ghana,Ghana,2019,2021,Group Three", "cannot be read"),
        ("452,Ghana,2019,2021,Group Three", "452,Ghana,2019,900000000,Group Three", "cannot be"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(UnexpectedData, match=message):
        read(changed(tmp_path, old, new))


def test_the_summary_and_its_former_states() -> None:
    parsed = read(SUMMARY)
    assert shares(parsed, "SRB", 2020) == (0.16, 0.02, 3)
    assert sorted(parsed.rejected["reason"].unique()) == [
        "no politically relevant group in that year, so no share was measured",
        "no state of today continues it",
    ]


def test_the_whole_summary(data: Path) -> None:
    parsed = read(data / "structural" / "epr-data.csv.gz")
    table = parsed.tables["observations"]
    assert table["end"].max() == date(2020, 1, 1)
    assert table["iso3"].n_unique() == 147
    zeros = parsed.rejected.filter(pl.col("reason").str.starts_with("no politically relevant"))
    assert zeros.height == 1722, "all of them zeros in the file, Somalia in collapse among them"
    assert shares(parsed, "USA", 1946) == (0.1318, 0.124, 2)
    assert table.filter(pl.col("iso3") == "SOM").is_empty()
