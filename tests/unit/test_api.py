"""The Python API a notebook uses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import forefend
from forefend.errors import SettingsError
from forefend.settings import Settings, read_settings
from forefend.store import Store

TODAY = date(2026, 11, 24)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return forefend.open_store(Settings(data_dir=tmp_path))


def test_every_name_works_on_a_new_installation(store: Store) -> None:
    assert forefend.resolve("Sudan") == "SDN"
    assert len(forefend.load_catalog().actions) == 21
    assert forefend.country_outlook(store, "Sudan", today=TODAY).is_covered
    assert len(forefend.risk_profile(store, "Sudan", today=TODAY)) == 14
    assert len(forefend.draft_gaps(store, "Ghana", today=TODAY)) == 21
    assert forefend.leverage_of(store, "Ghana", "Sudan", today=TODAY)
    assert forefend.options_of(store, "Ghana", "Sudan", today=TODAY)
    assert forefend.country_brief("Sudan", for_state="Ghana", store=store, today=TODAY).subject == "SDN"


def test_a_store_without_the_embedded_figures_is_empty(tmp_path: Path) -> None:
    assert not forefend.open_store(Settings(data_dir=tmp_path, embedded=False)).snapshots


def test_environment_wins_over_file(tmp_path: Path) -> None:
    (tmp_path / "forefend.toml").write_text('our_state = "GHA"\nport = 9000\nembedded = false\n', encoding="utf-8")
    settings = read_settings({"FOREFEND_DATA_DIR": str(tmp_path), "FOREFEND_PORT": "9001"})
    assert (settings.our_state, settings.port, settings.embedded) == ("GHA", 9001, False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colour = 1", "unknown settings: colour"),
        ("port = [", "not valid TOML"),
        ('marking = "SECRET"', "marking"),
        ('embedded = "perhaps"', "true or false"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "forefend.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        read_settings({"FOREFEND_DATA_DIR": str(tmp_path)})


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        read_settings({"FOREFEND_DATA_DIR": str(tmp_path), "FOREFEND_CONFIG": str(tmp_path / "none.toml")})
