"""Settings that cannot be followed are named, wherever they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from forefend.errors import SettingsError
from forefend.settings import read_settings


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("our_state = ", "is not valid TOML"),
        ("our_state = 5", "Setting our_state is 5. Give a text"),
        ('language = ["en"]', "Setting language is .*Give a text"),
        ("port = 1.5", "Give a whole number"),
        ("port = true", "Give a whole number"),
        ("data_dir = 5", "Setting data_dir is 5"),
        ('our_stat = "GHA"', "unknown settings: our_stat"),
    ],
)
def test_file_that_cannot_be_followed(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "forefend.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=sentence) as refusal:
        read_settings({"FOREFEND_CONFIG": str(path)})
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("place", ["", "file/inside", "n" * 300])
def test_place_that_cannot_be_read(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="could not be read"):
        read_settings({"FOREFEND_CONFIG": str(tmp_path / place)})
    with pytest.raises(SettingsError, match="could not be read"):
        read_settings({"FOREFEND_DATA_DIR": str(tmp_path / "file")})


def test_home_of_nobody() -> None:
    with pytest.raises(SettingsError, match="Give the whole path"):
        read_settings({"FOREFEND_DATA_DIR": "~nobody-of-this-name/data"})


def test_empty_name_of_the_file_is_none(tmp_path: Path) -> None:
    assert read_settings({"FOREFEND_DATA_DIR": str(tmp_path), "FOREFEND_CONFIG": ""}).port == 8471
