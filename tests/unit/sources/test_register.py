"""The register: facts with their dates as written, and how far each was checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

HEADER = "iso3,commitment,status,date,source,checked,note\n"


@pytest.fixture(scope="module")
def register(data: Path) -> Parsed:
    folder = data / "calendar"
    return find_source("register").read({path.name: path for path in folder.iterdir() if not path.name.startswith("unga")})


def facts(parsed: Parsed, kind: str, **equal: str) -> pl.DataFrame:
    return parsed.tables["facts"].filter(pl.col("kind") == kind, *(pl.col(name) == value for name, value in equal.items()))


def read_commitments(folder: Path, *rows: str) -> Parsed:
    path = folder / "commitments.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return find_source("register").read({path.name: path})


def test_every_row_is_read_and_the_readme_names_the_release(register: Parsed) -> None:
    assert register.rejected.is_empty()
    assert (register.vintage, register.published) == ("2026-11-22", date(2026, 11, 22))
    counts = dict(register.tables["facts"].group_by("kind").len().iter_rows())
    assert counts["commitment"] == 1759
    assert counts["membership"] == 1004
    assert counts["election"] == 427
    assert counts["review"] == 193


def test_unverified_rows_stay_marked(register: Parsed) -> None:
    focal_points = facts(register, "commitment", key="r2p_focal_point")
    assert set(focal_points["status"]) == {"appointed", "appointed (unverified)"}
    assert set(register.tables["facts"]["checked"]) == {"confirmed from a stored page", "from knowledge", "projected by rule"}


def test_dates_keep_their_precision(register: Parsed) -> None:
    serbia = facts(register, "election", iso3="SRB", key="parliamentary").row(0, named=True)
    assert (serbia["date_text"], serbia["start"], serbia["end"]) == ("by 2027-12", date(2027, 12, 1), date(2027, 12, 31))
    president = facts(register, "presidency", iso3="TTO").row(0, named=True)
    assert (president["date_text"], president["start"], president["end"]) == ("2027-03", date(2027, 3, 1), date(2027, 3, 31))
    commitment = facts(register, "commitment", iso3="HUN", key="arms_trade_treaty").row(0, named=True)
    assert commitment["start"] == date(2014, 4, 2)
    assert commitment["end"] is None, "a commitment goes on"


def test_a_mandate_about_several_states_is_a_fact_about_each(register: Parsed) -> None:
    unisfa = facts(register, "mandate", key="UNISFA")
    assert set(unisfa["iso3"]) == {"SDN", "SSD"}
    assert set(unisfa["end"]) == {date(2026, 11, 15)}
    assert unisfa["note"].str.starts_with("UN peacekeeping; UN Security Council; S/RES/2802 (2025)").all()
    renewal = facts(register, "mandate_renewal", key="UNISFA", iso3="SDN").row(0, named=True)
    assert (renewal["start"], renewal["checked"]) == (date(2027, 11, 15), "projected by rule")


def test_a_mandate_about_no_state_is_kept(register: Parsed) -> None:
    assert facts(register, "mandate").filter(pl.col("iso3").is_null()).height == 2


def test_a_review_without_a_day_spans_its_session(register: Parsed) -> None:
    nepal = facts(register, "review", iso3="NPL").row(0, named=True)
    assert (nepal["start"], nepal["end"], nepal["date_text"]) == (date(2026, 1, 19), date(2026, 1, 30), "2026-01")
    assert "session 51" in nepal["note"]


def test_a_date_of_no_known_form_is_rejected_with_its_row(tmp_path: Path) -> None:
    parsed = read_commitments(
        tmp_path, "GHA,rome_statute,party,1999-12-20,UNTC,from knowledge,", "ALB,rome_statute,party,31/1/2003,UNTC,from knowledge,"
    )
    assert parsed.tables["facts"].height == 1
    assert parsed.rejected["row"].to_list() == [2]
    assert "31/1/2003" in parsed.rejected["content"][0]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("GHA,rome_statute,party,1999,UNTC,checked by someone,", "checked by someone"),
        ("GAN,rome_statute,party,1999,UNTC,from knowledge,", "GAN"),
    ],
)
def test_codes_new_to_the_register_are_refused(tmp_path: Path, row: str, named: str) -> None:
    with pytest.raises(UnexpectedData, match=named):
        read_commitments(tmp_path, row)


def test_a_file_that_is_not_the_register_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "treaties.csv"
    path.write_text(HEADER, encoding="utf-8")
    with pytest.raises(UnexpectedData, match=r"treaties\.csv is not a file of the register"):
        find_source("register").read({path.name: path})
