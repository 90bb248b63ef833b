"""Transitional justice: trials counted, policies as statements, no person named."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

SAMPLES = find_source("tjet").samples()


def read(*paths: Path) -> Parsed:
    return find_source("tjet").read({path.name: path for path in paths})


def edited(name: str, folder: Path, **cells: str) -> Path:
    """A sample with cells of its first row changed."""
    with SAMPLES[name].open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    for column, text in cells.items():
        rows[0][header.index(column)] = text
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    return path


def statement(parsed: Parsed, iso3: str, key: str) -> list[str]:
    return parsed.tables["facts"].filter(pl.col("iso3") == iso3, pl.col("key") == key)["status"].to_list()


@pytest.fixture(scope="module")
def real(data: Path) -> Parsed:
    return read(*sorted((data / "state" / "justice").glob("*.csv")))


def test_trials_are_counted_where_they_belong() -> None:
    """A state's own trials by the state tried, foreign ones by the state that held them; only of core violations."""
    parsed = read(SAMPLES["tjet_trials.csv"])
    assert parsed.tables["observations"].select("iso3", "indicator", pl.col("start").dt.year(), "value").rows() == [
        ("GHA", "tjet_domestic_trials", 2004, 1.0),
        ("SDN", "tjet_domestic_trials", 2016, 2.0),
        ("FRA", "tjet_foreign_trials_held", 2018, 1.0),
    ]
    assert parsed.rejected["reason"].to_list() == ["no year is given"]


def test_persons_sought_are_counted_and_never_named() -> None:
    parsed = read(*SAMPLES.values())
    sought = parsed.tables["observations"].filter(pl.col("indicator") == "tjet_icc_sought")
    assert sought.select("iso3", pl.col("start").dt.year(), "value").rows() == [("SDN", 2009, 1.0), ("SDN", 2012, 1.0)]
    everything = str(parsed.tables["facts"].rows()) + str(parsed.rejected.rows())
    assert "invented case" not in everything
    assert "'invented'" not in everything


def test_the_commission_that_went_furthest_stands_under_the_plain_key() -> None:
    parsed = read(SAMPLES["tjet_tcs.csv"])
    assert statement(parsed, "GHA", "truth_commission") == ["report published"]
    assert statement(parsed, "GHA", "truth_commission_further") == ["ended without a report"]
    assert statement(parsed, "SDN", "truth_commission") == ["at work"]


def test_a_commission_that_was_not_independent_counts_for_less(tmp_path: Path) -> None:
    parsed = read(edited("tjet_tcs.csv", tmp_path, formallyIndependent="not independent"))
    assert statement(parsed, "GHA", "truth_commission") == ["report published, commission not independent"]


def test_reparation_amnesty_and_vetting() -> None:
    parsed = read(SAMPLES["tjet_reparations.csv"], SAMPLES["tjet_amnesties.csv"], SAMPLES["tjet_vettings.csv"])
    assert statement(parsed, "GHA", "reparation_programme") == ["programme has paid"]
    assert statement(parsed, "FRA", "reparation_programme") == ["programme without known payment"]
    assert statement(parsed, "SDN", "amnesty") == ["human rights crimes were included in amnesty"]
    assert statement(parsed, "SDN", "amnesty_further") == ["don't know"]
    assert statement(parsed, "GHA", "vetting") == ["vetting by conduct, security forces among those vetted"]


def test_the_release_is_named_in_the_files(real: Parsed) -> None:
    assert real.vintage == "2025-12-16"
    assert str(real.published) == "2025-12-16"
    assert real.notes == ("tjet_codebook.csv is the codebook and holds no data.",)


def test_the_real_tables(real: Parsed) -> None:
    table = real.tables["observations"]
    assert table.filter(pl.col("indicator") == "tjet_domestic_trials")["value"].sum() > 5_000
    assert statement(real, "ZAF", "truth_commission") == ["report published"]
    assert statement(real, "GTM", "truth_commission") == ["report published"]
    plain = real.tables["facts"].filter(~pl.col("key").str.ends_with("_further"))
    assert plain.select(pl.struct("iso3", "key").is_duplicated().sum()).item() == 0
    ended = real.tables["facts"].filter(pl.col("end").is_not_null() & pl.col("start").is_not_null())
    assert (ended["start"] <= ended["end"]).all()


def test_the_list_of_parties_is_known_to_be_short(real: Parsed) -> None:
    """115 parties in 2021 where the Court had 123; the depositary's record is the one to trust."""
    parties = real.tables["observations"].filter(pl.col("indicator") == "tjet_icc_party", pl.col("start").dt.year() == 2021)
    assert parties["value"].sum() == 115
    assert "priority" not in find_source("tjet").metadata.model_fields_set


@pytest.mark.parametrize(
    ("name", "cells", "said"),
    [
        ("tjet_trials.csv", {"trialType": "lunar"}, "trialType has codes new to this connector in tjet_trials.csv: 'lunar'"),
        ("tjet_amnesties.csv", {"hrCrimes": "maybe"}, "hrCrimes has codes new"),
        ("tjet_tcs.csv", {"status": "dreamt of"}, "status has codes new"),
        ("icc_statesparty.csv", {"icc_sp": "2"}, "icc_sp has codes new"),
    ],
)
def test_a_new_code_is_refused_by_name(tmp_path: Path, name: str, cells: dict[str, str], said: str) -> None:
    with pytest.raises(UnexpectedData, match=said):
        read(edited(name, tmp_path, **cells))


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    other = edited("tjet_reparations.csv", tmp_path, tjet_version="2026-12-01")
    with pytest.raises(UnexpectedData, match="different versions: 2025-12-16, 2026-12-01"):
        read(SAMPLES["tjet_tcs.csv"], other)
    twice = tmp_path / "again.csv"
    twice.write_bytes(SAMPLES["tjet_tcs.csv"].read_bytes())
    with pytest.raises(UnexpectedData, match="second file of the same table"):
        read(SAMPLES["tjet_tcs.csv"], twice)
    twice.write_text("a,b\n1,2\n")
    with pytest.raises(UnexpectedData, match="none of the publisher's tables"):
        read(twice)
    with pytest.raises(UnexpectedData, match="No table of the publisher"):
        read()


def test_a_trial_written_twice_counts_once(tmp_path: Path) -> None:
    header, *trials = SAMPLES["tjet_trials.csv"].read_text(encoding="utf-8").splitlines()
    path = tmp_path / "tjet_trials.csv"
    path.write_text("\n".join([header, *trials, trials[0]]) + "\n", encoding="utf-8")
    parsed, whole = read(path), read(SAMPLES["tjet_trials.csv"])
    assert parsed.tables["observations"].equals(whole.tables["observations"])
    assert parsed.rejected.height == whole.rejected.height + 1


def test_two_trials_under_one_number_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="trialID '3' came before with other values"):
        read(edited("tjet_trials.csv", tmp_path, trialID="3"))
