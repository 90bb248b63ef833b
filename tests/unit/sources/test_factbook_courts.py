"""The World Factbook on the International Court of Justice: its few sentences, and no other wording taken for one of them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from forefend.assess.prefill import supplier
from forefend.catalog import load_catalog
from forefend.errors import UnexpectedData
from forefend.sources.factbook_courts.source import STATUSES
from forefend.sources.registry import find_source

SOURCE = find_source("factbook_courts")


def archive(folder: Path, *, name: str = "Mali", gec: str = "ml", text: str = "") -> dict[str, Path]:
    government: dict[str, object] = {"Country name": {"conventional short form": {"text": name}}}
    if text:
        government["International law organization participation"] = {"text": text}
    with zipfile.ZipFile(folder / "master.zip", "w") as target:
        target.writestr(f"africa/{gec}.json", json.dumps({"Government": government}))
    return {"master.zip": folder / "master.zip"}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("accepts compulsory ICJ jurisdiction; accepts ICCt jurisdiction", "accepts"),
        ("accepts compulsory ICJ jurisdiction with reservations; non-party state to the ICCt", "accepts with reservations"),
        ("has not submitted an ICJ jurisdiction declaration; withdrew from ICCt in October 2017", "no declaration"),
        ("has not submitted an ICJ jurisdiction declaration (New Zealand normally retains responsibility); accepts", "no declaration"),
        ("withdrew acceptance of compulsory ICJ jurisdiction in 2005; withdrew acceptance of ICCt jurisdiction in 2002", "withdrawn"),
    ],
)
def test_what_is_said_of_the_court(tmp_path: Path, text: str, status: str) -> None:
    facts = SOURCE.read(archive(tmp_path, text=text)).tables["facts"]
    assert facts.select("iso3", "kind", "key", "status").rows() == [("MLI", "court_jurisdiction", "icj", status)]


def test_words_that_are_not_known_are_an_error_that_names_them(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="Mali has words on the Court that are not known: 'may accept ICJ jurisdiction'"):
        SOURCE.read(archive(tmp_path, text="may accept ICJ jurisdiction; accepts ICCt jurisdiction"))


def test_an_entry_that_says_nothing_has_no_row(tmp_path: Path) -> None:
    assert SOURCE.read(archive(tmp_path)).tables["facts"].is_empty()


def test_an_entry_that_is_no_state_is_kept_as_rejected(tmp_path: Path) -> None:
    parsed = SOURCE.read(archive(tmp_path, gec="gz", name="Gaza Strip", text="has not submitted an ICJ jurisdiction declaration"))
    assert (parsed.tables["facts"].height, parsed.rejected.height) == (0, 1)


def test_the_final_edition_is_read(data: Path) -> None:
    path = data / "state" / "factbook" / "world_factbook_json_2026.zip"
    facts = SOURCE.read({path.name: path}).tables["facts"]
    assert set(facts["status"]) == set(STATUSES.values())
    said = dict(facts.select("iso3", "status").iter_rows())
    assert (said["USA"], said["GMB"], said["GHA"]) == ("withdrawn", "accepts with reservations", "no declaration")
    assert facts.height == facts["iso3"].n_unique() >= 150
    assert facts.filter(pl.col("iso3").is_null()).is_empty()


def test_a_rule_scores_only_words_the_source_writes() -> None:
    catalog = load_catalog()
    rule = catalog.prefill_rules["prefill.M5.4.compulsory_jurisdiction"]
    assert set(rule.status_scores) == set(STATUSES.values())
    assert supplier(catalog, rule) == "factbook_courts"
