"""The Early Warning Project's country-years: both files, each country-year once, onsets 0 or 1, former states kept aside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.registry import Source, find_source


@pytest.fixture
def source() -> Source:
    return find_source("ewp_panel")


def test_onsets_are_read_and_former_states_are_kept_aside(source: Source) -> None:
    parsed = source.read(source.samples())
    rows = parsed.tables["observations"]
    assert rows.filter(pl.col("value") == 1).select("iso3", pl.col("start").dt.year()).rows() == [("KEN", 1984)]
    assert set(parsed.rejected["reason"]) == {"not a state today"}
    assert (rows.height, parsed.rejected.height, parsed.vintage) == (32, 8, "1989")


def test_one_file_alone_is_refused(source: Source) -> None:
    with pytest.raises(UnexpectedData, match="together"):
        source.read({"ewp_panel.csv": source.samples()["ewp_panel.csv"]})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("AFG,700,Afghanistan,1981", "AFG,700,Afghanistan,1982", "AFG 1982 twice"),
        ("AFG,700,Afghanistan,1981", "AFG,700,Afghanistan,81", "the year '81'"),
        ("mk_onset,", "mk_start,", "mk_onset"),
        ("popsize_log2", "people", "popsize_log2"),
    ],
)
def test_an_odd_file_is_refused(source: Source, tmp_path: Path, old: str, new: str, said: str) -> None:
    files: Mapping[str, Path] = source.samples()
    changed = tmp_path / "ewp_panel.csv"
    changed.write_text(files["ewp_panel.csv"].read_text().replace(old, new, 1))
    with pytest.raises(UnexpectedData, match=said):
        source.read({**files, "ewp_panel.csv": changed})


def test_the_real_files_import(source: Source, data: Path) -> None:
    parsed = source.read({name: data / "ewp" / name for name in ("ewp_panel.csv", "extra_features.csv")})
    rows = parsed.tables["observations"]
    since = rows.filter(pl.col("start").dt.year() >= 1994)
    assert since["value"].sum() == 39
    assert rows.height >= source.metadata.expect.rows_at_least
