"""UCDP by actor: governments in the list of one-sided actors, and deaths between communal groups of one state."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.registry import find_source
from forefend.sources.ucdp_actors.source import COMMUNAL, GOVERNMENT

SOURCE = find_source("ucdp_actors")
Change = Callable[[str, str, str], dict[str, Path]]


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """The sample with some words of one file replaced."""

    def change(name: str, old: str, new: str) -> dict[str, Path]:
        files = {file: Path(shutil.copy(path, tmp_path / file)) for file, path in SOURCE.samples().items()}
        text = files[name].read_text(encoding="utf-8")
        assert old in text
        files[name].write_text(text.replace(old, new), encoding="utf-8")
        return files

    return change


def rows(files: dict[str, Path], indicator: str) -> list[tuple[str, str, float]]:
    held = SOURCE.read(files).tables["observations"].filter(pl.col("indicator") == indicator)
    return [(iso3, start.isoformat()[:7], value) for iso3, start, value in held.select("iso3", "start", "value").rows()]


def test_governments_are_named_for_their_years_wherever_they_killed_and_those_that_acted_together_each() -> None:
    assert rows(dict(SOURCE.samples()), GOVERNMENT) == [
        ("MLI", "2023-01", 1.0),
        ("RUS", "2023-01", 1.0),
        ("SDN", "2003-01", 1.0),
        ("SDN", "2004-01", 1.0),
        ("SDN", "2023-01", 1.0),
    ]


def test_only_communal_and_informal_groups_are_counted_and_what_cannot_be_placed_is_kept_with_its_reason() -> None:
    assert rows(dict(SOURCE.samples()), COMMUNAL) == [("NGA", "2023-05", 14.0), ("NGA", "2023-06", 12.0)]
    assert SOURCE.read(dict(SOURCE.samples())).rejected.select("row", "reason").rows() == [
        (5, "fought in more than one state"),
        (6, "a conflict that the list of non-state conflicts does not have"),
    ]


def test_a_provisional_figure_is_rejected(changed: Change) -> None:
    files = changed("dyad-month.csv", "6001,ns,2023,6,1,12,0", "6001,ns,2023,6,1,12,1")
    assert rows(files, COMMUNAL) == [("NGA", "2023-05", 14.0)]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("nonstate.yaml", "organization_level: 3", "organization_level: 9", "organization_level 9 is new"),
        ("nonstate.yaml", "countries: [475]", "countries: [here]", "must be whole numbers"),
        ("onesided.yaml", "government: true", "government: maybe", "true or false"),
        ("onesided.yaml", "active_years: [2014]", "active_years: [14]", "no year"),
        ("onesided.yaml", "id: 1047", "id: 112", "an id twice"),
        ("onesided.yaml", "  region:", "  place:", "Columns missing"),
        ("onesided.yaml", "- id: 112", "- id: [112", "not a whole YAML file"),
        ("dyad-month.csv", "406,sb", "406,xx", "codes new to this connector"),
    ],
)
def test_what_is_not_understood_is_refused(changed: Change, name: str, old: str, new: str, said: str) -> None:
    with pytest.raises(UnexpectedData, match=said):
        SOURCE.read(changed(name, old, new))


def test_a_file_that_is_missing_is_named() -> None:
    with pytest.raises(UnexpectedData, match=r"nonstate\.yaml is missing"):
        SOURCE.read({name: path for name, path in SOURCE.samples().items() if name != "nonstate.yaml"})


def test_the_files_of_the_release_are_read(data: Path) -> None:
    parsed = SOURCE.read({name: data / "ucdp" / name for name in ("onesided.yaml", "nonstate.yaml", "dyad-month.csv.gz")})
    held = parsed.tables["observations"].filter(pl.col("start").dt.year() == 2024)
    killed = held.filter(pl.col("indicator") == GOVERNMENT)["iso3"].to_list()
    assert {"SDN", "MMR", "HTI"} <= set(killed)
    assert held.filter((pl.col("indicator") == COMMUNAL) & (pl.col("iso3") == "NGA"))["value"].sum() == 470
    assert set(parsed.rejected["reason"]) == {
        "fought in more than one state",
        "a conflict that the list of non-state conflicts does not have",
    }
