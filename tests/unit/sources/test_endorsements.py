"""Endorsements and joint statements: only what was read, each row with its page and its day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

HEADER = "iso3,kind,key,status,date,source,checked,note\n"
PAGE = "https://example.org/list"
READ = "confirmed from a stored page"


def read(folder: Path, *rows: str) -> Parsed:
    path = folder / "endorsements.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return find_source("endorsements").read({path.name: path})


def test_the_kept_list_is_read_whole() -> None:
    source = find_source("endorsements")
    path = source.folder / "endorsements.csv"
    parsed = source.read({path.name: path})
    assert parsed.rejected.is_empty()
    facts = parsed.tables["facts"]
    assert dict(facts.group_by("key").len().iter_rows()) == {"kigali_principles": 38, "icc_sanctions_2025": 79, "unifil_attacks_2024": 42}
    assert facts["cited"].str.starts_with("https://").all()
    assert facts["start"].null_count() == 0


def test_the_sample_is_a_part_of_the_kept_list() -> None:
    folder = find_source("endorsements").folder
    kept = (folder / "endorsements.csv").read_text(encoding="utf-8").splitlines()
    assert set((folder / "sample.csv").read_text(encoding="utf-8").splitlines()) <= set(kept)


def test_an_act_has_a_day_and_an_endorsement_goes_on(tmp_path: Path) -> None:
    parsed = read(
        tmp_path,
        f"GHA,endorsement,kigali_principles,endorsed,2016-11,{PAGE},{READ},",
        f"GHA,joint_statement,icc_sanctions_2025,joined,2025-02-07,{PAGE},{READ},Complete",
    )
    assert parsed.tables["facts"].select("key", "start", "end", "date_text", "note").rows() == [
        ("kigali_principles", date(2016, 11, 1), None, "2016-11", None),
        ("icc_sanctions_2025", date(2025, 2, 7), date(2025, 2, 7), "2025-02-07", "Complete"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"GHA,joint_statement,a_text,joined,,{PAGE},{READ},", "no date"),
        (f"GHA,joint_statement,a_text,joined,7 February,{PAGE},{READ},", "no date"),
        (f"GHA,joint_statement,,joined,2025,{PAGE},{READ},", "no text is named"),
        (f"GHA,joint_statement,a_text,joined,2025,a newspaper,{READ},", "no page is named"),
    ],
)
def test_a_row_without_its_day_text_or_page_is_rejected(tmp_path: Path, row: str, reason: str) -> None:
    parsed = read(tmp_path, row, f"TGO,joint_statement,a_text,joined,2025,{PAGE},{READ},")
    assert parsed.tables["facts"]["iso3"].to_list() == ["TGO"]
    assert parsed.rejected["row"].to_list() == [1]
    assert reason in parsed.rejected["reason"][0]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (f"GHA,joint_statement,a_text,joined,2025,{PAGE},from knowledge,", "from knowledge"),
        (f"GHA,pledge,a_text,joined,2025,{PAGE},{READ},", "pledge"),
        (f"GHA,joint_statement,a_text,endorsed,2025,{PAGE},{READ},", "joint_statement: endorsed"),
        (f"GAN,joint_statement,a_text,joined,2025,{PAGE},{READ},", "GAN"),
    ],
)
def test_what_was_not_read_or_is_not_known_is_refused(tmp_path: Path, row: str, named: str) -> None:
    with pytest.raises(UnexpectedData, match=named):
        read(tmp_path, row)


def test_a_state_is_named_once_under_a_text(tmp_path: Path) -> None:
    row = f"GHA,joint_statement,a_text,joined,2025,{PAGE},{READ},"
    assert read(tmp_path, row, row).rejected.height == 1
    with pytest.raises(UnexpectedData, match="came before with other values"):
        read(tmp_path, row, row.replace("2025", "2024"))


def test_several_files_are_refused(tmp_path: Path) -> None:
    folder = find_source("endorsements").folder
    with pytest.raises(UnexpectedData, match="2 files were given"):
        find_source("endorsements").read({"a.csv": folder / "sample.csv", "b.csv": folder / "sample.csv"})


def test_every_text_kept_is_declared_and_serves_a_question() -> None:
    from forefend.catalog import load_catalog

    catalog, folder = load_catalog(), find_source("endorsements").folder
    kept = pl.read_csv(folder / "endorsements.csv").select(pl.format("{}:{}", "kind", "key")).to_series().unique()
    subjects = {rule.subject for rule in catalog.prefill_rules.values()}
    for subject in kept:
        assert catalog.data_indicators[subject].source == "endorsements"
        assert subject in subjects
