"""Numbers given out can be explained by their id: formula, rows, snapshot, and the same value again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


def given_out(run: Run, *words: str) -> list[str]:
    _, out, _ = run(*words, "--format", "csv")
    numbers: list[str] = []
    for row in csv.DictReader(io.StringIO(out)):
        for name in ("number", "percentile_number", "relevance_number", "leverage_number"):
            numbers += [row[name]] if row.get(name) else []
        numbers += [part.partition("=")[2] for part in row.get("numbers", "").split()]
    return list(dict.fromkeys(numbers))


@pytest.mark.parametrize(
    "words", [("gaps", "GHA"), ("profile", "SDN"), ("leverage", "GHA", "BFA"), ("options", "GHA", "SDN"), ("coverage", "GHA")]
)
def test_each_number_of_a_table_is_explained_and_comes_out_the_same(run: Run, words: tuple[str, ...]) -> None:
    numbers = given_out(run, *words)
    assert numbers
    for number in numbers[:: max(1, len(numbers) // 8)]:
        status, out, err = run("explain", number)
        assert (status, err) == (0, "")
        record = json.loads(out)
        assert record["id"] == number
        assert record["computed_again"] == record["value"]
        if record["value"] is None:
            assert record["missing"]
        elif record["rows"]:
            assert record["snapshots"][0]["licence"]
            assert record["snapshots"][0]["files"][0]["sha256"]


def test_people_read_it_top_down(run: Run) -> None:
    _, listed, _ = run("profile", "SDN", "--format", "csv")
    number = next(row["number"] for row in csv.DictReader(io.StringIO(listed)) if row["value"])
    status, out, _ = run("explain", number, "--format", "table")
    assert status == 0
    assert out.startswith(number)
    for word in ("formula", "again", "(the same)", "rows", "snapshot", "licence", "sha256"):
        assert word in out


def test_a_number_of_a_brief_is_explained_from_its_file_too(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "sudan.json"
    run("brief", "country", "SDN", "--for", "GHA", "-o", str(path))
    number = json.loads(path.read_text(encoding="utf-8"))["figures"][0]["id"]
    assert run("explain", number)[0] == 0
    assert json.loads(run("explain", number, "--in", str(path))[1])["id"] == number


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("n000000000000",), "No number n000000000000"),
        (("n000000000000", "--in", "missing.json"), "is not the .json of a brief"),
        (("../../etc/passwd",), "No number"),
    ],
)
def test_an_unknown_number_is_refused_in_one_sentence(run: Run, words: tuple[str, ...], told: str) -> None:
    status, out, err = run("explain", *words)
    assert (status, out) == (1, "")
    assert told in err
    assert len(err.strip().splitlines()) == 1


def test_numbers_are_given_where_they_cannot_be_recorded(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "numbers.sqlite").mkdir()
    status, out, _ = run("gaps", "GHA")
    assert status == 0
    assert len(json.loads(out)) == 21
