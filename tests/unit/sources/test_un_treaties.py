"""Treaty status: the depositary's XML, and two mirrors whose errors are real."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source
from forefend.sources.un_treaties.participants import plain, written

SAMPLE = find_source("un_treaties").samples()["IV-1.en.xml"]


def read(*paths: Path) -> Parsed:
    return find_source("un_treaties").read({path.name: path for path in paths})


def rows(parsed: Parsed) -> pl.DataFrame:
    return parsed.tables["facts"].select("iso3", "key", "status", "date_text")


def status(parsed: Parsed, iso3: str, key: str) -> dict[str, object]:
    return parsed.tables["facts"].filter(pl.col("iso3") == iso3, pl.col("key") == key).row(0, named=True)


@pytest.fixture(scope="module")
def table_2015(data: Path) -> Parsed:
    return read(data / "state" / "treaties" / "untc_2015_long.csv")


@pytest.fixture(scope="module")
def table_2022(data: Path) -> Parsed:
    return read(data / "state" / "treaties" / "status_2022_long.csv")


def test_the_depositarys_xml() -> None:
    found = rows(read(SAMPLE))
    assert found.rows() == [
        ("GHA", "genocide_convention", "party", "1 Jan 1990 a"),
        ("FRA", "genocide_convention", "party", "3 Mar 1950"),
        ("MNE", "genocide_convention", "party", "4 Apr 2006 d"),
        ("DOM", "genocide_convention", "signatory, not party", "5 May 1949"),
        ("CIV", "genocide_convention", "withdrawn", "[6 Jun 1995 a]"),
    ]


def test_every_instrument_has_an_address_in_its_volume() -> None:
    addresses = {entry.name: entry.address for entry in find_source("un_treaties").downloads()}
    assert addresses["IV-9-b.en.xml"].endswith("/MTDSG/Volume%20I/Chapter%20IV/IV-9-b.en.xml")
    assert addresses["XVIII-10.en.xml"].endswith("/MTDSG/Volume%20II/Chapter%20XVIII/XVIII-10.en.xml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<Entry>Signature</Entry>", "<Entry>Objections</Entry>", "Unread columns in IV-1.en.xml: Objections"),
        ("1 Jan\t 1990 a", "1 Jan 1990 q", "date new to this connector"),
        ("1 Jan\t 1990 a", "January 1990", "date new to this connector"),
        ("<Entry>Ghana</Entry>", "", "2 entries instead of 3"),
        ("</MTDSG>", "", "cut off"),
        ("<MTDSG>", '<!DOCTYPE x [<!ENTITY a "b">]><MTDSG>', "declares entities"),
        ("Participants>", "Members>", "no table of participants"),
    ],
)
def test_xml_of_another_layout_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / SAMPLE.name
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UnexpectedData, match=message):
        read(path)


def test_a_participant_that_is_no_state_is_kept_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / SAMPLE.name
    path.write_text(SAMPLE.read_text(encoding="utf-8").replace(">Ghana<", ">European Union<"), encoding="utf-8")
    parsed = read(path)
    assert parsed.rejected.height == 1
    assert "European Union" in parsed.rejected["content"][0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22 Mar 1956 a", (date(1956, 3, 22), "accession", False)),
        ("1 Jul 2002", (date(2002, 7, 1), "ratification", False)),
        ("12 Nov 2008 AA", (date(2008, 11, 12), "approval", False)),
        ("[20 Jan 2021 A]", (date(2021, 1, 20), "acceptance", True)),
    ],
)
def test_dates_as_the_depositary_writes_them(text: str, expected: tuple[date, str, bool]) -> None:
    found = written(text, file="IV-1.en.xml")
    assert found is not None
    assert (found.day, found.act, found.is_withdrawn) == expected


def test_footnote_marks_are_no_part_of_a_name() -> None:
    assert plain("United Kingdom of\tGreat Britain <superscript>4,5</superscript>") == "United Kingdom of Great Britain"


def test_the_mirror_of_2015(table_2015: Parsed) -> None:
    assert table_2015.vintage == "2015-03"
    afghanistan = status(table_2015, "AFG", "genocide_convention")
    assert (afghanistan["status"], afghanistan["start"], afghanistan["note"]) == ("party", date(1956, 3, 22), "accession")
    assert set(table_2015.rejected["reason"]) == {"not a state"}


def test_the_raw_tables_of_2015_hold_signatures_that_the_joined_table_lost(table_2015: Parsed, data: Path) -> None:
    raw = read(*(data / "state" / "treaties" / "untc_2015").glob("*.csv"))
    assert status(table_2015, "GHA", "opcat")["status"] == "unclear"
    assert status(table_2015, "GHA", "opcat")["checked"] == "listed without a date in force"
    assert status(raw, "GHA", "opcat")["status"] == "signatory, not party"
    assert status(raw, "COG", "rome_statute")["status"] == "party", "the depositary's Congo is the Republic"
    parties = [table.filter(pl.col("status") == "party") for table in (rows(raw), rows(table_2015))]
    assert parties[0].join(parties[1], on=["iso3", "key", "date_text"], how="anti").is_empty()


def test_the_mirror_of_2022_with_its_quirks(table_2022: Parsed, data: Path) -> None:
    assert table_2022.vintage == "2022-08"
    raw = read(*(data / "state" / "treaties" / "status_2022").glob("*.csv"))
    assert rows(raw).sort("iso3", "key").equals(rows(table_2022).sort("iso3", "key"))
    assert status(raw, "SSD", "cat")["status"] == "party", "coded S in these tables"
    assert status(raw, "TLS", "cat")["status"] == "party", "coded TP in these tables"


def test_a_row_that_contradicts_itself_is_unclear(table_2022: Parsed) -> None:
    jamaica = status(table_2022, "JAM", "iccpr_op1")
    assert jamaica["status"] == "unclear"
    assert jamaica["checked"] == "status and flags of the row differ"
    assert "Denounced the OP 1997" in str(jamaica["note"])
    assert table_2022.tables["facts"].filter(pl.col("status") == "unclear").height == 10


def test_both_mirrors_together_are_refused(data: Path) -> None:
    folder: Iterable[Path] = (data / "state" / "treaties").glob("*_long.csv")
    with pytest.raises(UnexpectedData, match="different releases"):
        read(*folder)
