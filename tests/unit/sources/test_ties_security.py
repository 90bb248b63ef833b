"""Arms, pledges, forces and sanctions between states: SIPRI, ATOP, United States forces, the Global Sanctions Data Base."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source
from forefend.sources.sipri_arms.source import NO_STATE, NOTHING_DELIVERED

SIPRI, ATOP, TROOPS, GSDB = (find_source(name) for name in ("sipri_arms", "atop", "us_troops", "gsdb"))
HEAD = (
    "Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,Year(s) of delivery,"
    "status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons\n"
)


def ties(parsed: Parsed) -> dict[tuple[str, str, int], float]:
    return {(row["from_iso3"], row["to_iso3"], row["start"].year): row["value"] for row in parsed.tables["ties"].iter_rows(named=True)}


def reasons(parsed: Parsed) -> dict[str, int]:
    return dict(parsed.rejected["reason"].value_counts().iter_rows())


def written(folder: Path, text: str, *, name: str = "file.csv", encoding: str = "utf-8") -> dict[str, Path]:
    (folder / name).write_text(text, encoding=encoding)
    return {name: folder / name}


# SIPRI.


def test_an_orders_value_is_spread_over_its_years_of_delivery() -> None:
    found = ties(SIPRI.read(SIPRI.samples()))
    assert (found["FRA", "GHA", 2020], found["FRA", "GHA", 2021]) == (5.0, 5.0)
    assert found["CHN", "GHA", 2021] == 2.0


def test_rebels_and_organisations_are_no_states() -> None:
    assert reasons(SIPRI.read(SIPRI.samples())) == {NO_STATE: 3, NOTHING_DELIVERED: 1}


def test_a_group_never_heard_of_is_no_state_by_its_asterisk(tmp_path: Path) -> None:
    files = written(tmp_path, HEAD + "New rebels (Sudan)*,Iran,2020,,1,,A,B,1,,2021,New,,1,1,1\n")
    assert reasons(SIPRI.read(files)) == {NO_STATE: 1}


def test_a_name_never_heard_of_is_refused_without_one(tmp_path: Path) -> None:
    files = written(tmp_path, HEAD + "Atlantis,Iran,2020,,1,,A,B,1,,2021,New,,1,1,1\n")
    with pytest.raises(UnexpectedData, match="Atlantis"):
        SIPRI.read(files)


def test_a_former_state_is_the_one_that_continues_it_in_its_time(tmp_path: Path) -> None:
    rows = (
        "Yemen Arab Republic (North Yemen),Soviet Union,1970,,1,,A,B,1,,1971,New,,1,1,1\n"
        "Yemen,East Germany (GDR),1970,,1,,A,B,1,,1971,New,,1,1,1\n"
    )
    found = SIPRI.read(written(tmp_path, HEAD + rows))
    assert all(supplier != "DEU" for supplier, _, _ in ties(found))
    assert found.rejected.height + len(ties(found)) == 2


def test_latin_letters_are_read(tmp_path: Path) -> None:
    files = written(tmp_path, HEAD + "Ghana,France,2020,,1,,Sébastien,été,1,,2021,New,,1,1,1\n", encoding="latin-1")
    assert ties(SIPRI.read(files)) == {("FRA", "GHA", 2021): 1.0}


def test_a_broken_line_is_rejected_by_its_row(tmp_path: Path) -> None:
    files = written(tmp_path, HEAD + ",0.25,3.5,3.25,,,,,,,,,,,,\nGhana,France,2020,,1,,A,B,1,,2021,New,,1,1,1\n")
    assert SIPRI.read(files).rejected["row"].to_list() == [1]


TABLE = (
    '"TIV of arms exports from France, 2020-2022",,,,\n' + ",,,,\n" * 8 + "Generated: 28 July 2022,,,,\n,,,,\n"
    ",2020,2021,2022,Total\nChad,0,,4,4\nHouthi rebels (Yemen)*,1,,,1\n,,,,,\nTotal,1,,4,5\n"
)


def test_a_table_of_one_exporter_is_read_below_its_heading(tmp_path: Path) -> None:
    parsed = SIPRI.read(written(tmp_path, TABLE))
    assert ties(parsed) == {("FRA", "TCD", 2020): 0.0, ("FRA", "TCD", 2022): 4.0}
    assert reasons(parsed) == {NO_STATE: 1}
    assert "observations" not in parsed.tables, "one exporter is not all a state received"


def test_a_table_of_one_importer_runs_the_other_way(tmp_path: Path) -> None:
    parsed = SIPRI.read(written(tmp_path, TABLE.replace("exports from", "imports to")))
    assert ("TCD", "FRA", 2022) in ties(parsed)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",2020,2021,2022,Total", ",2020,2020,2022,Total", "gives a year twice"),
        (",2020,2021,2022,Total", ",2020,2021,total,Total", "not a line of years"),
        (",2020,2021,2022,Total\n", "", "has no line of years"),
        ("Chad,0,,4,4", "Chad,0,,4", "another number of columns"),
        ("Total,1,,4,5\n", "", "cut off"),
    ],
)
def test_a_table_of_another_shape_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(UnexpectedData, match=message):
        SIPRI.read(written(tmp_path, TABLE.replace(old, new)))


def test_a_pairs_year_given_twice_counts_once(tmp_path: Path) -> None:
    head = "supplier_iso3,recipient_iso3,supplier,recipient,year,tiv_millions\n"
    parsed = SIPRI.read(written(tmp_path, head + "FRA,TCD,France,Chad,2021,4\nFRA,TCD,France,Chad,2021,5\n"))
    assert ties(parsed) == {("FRA", "TCD", 2021): 4.0}
    assert reasons(parsed) == {"a pair's year given twice": 1}


def test_the_register_the_table_and_the_pairs_tell_the_same(data: Path) -> None:
    """Spreading an order evenly comes within a few million TIV of what the publisher puts in each year."""
    folder = data / "dyads"
    paths = [folder / "sipri_trade_register.csv", folder / "sipri_tiv_dyads_1950_2021.csv"]
    register, pairs = (SIPRI.read({path.name: path}) for path in paths)
    table = SIPRI.read({path.name: path for path in (folder / "sipri_samples").glob("TIV-*.csv")})
    theirs = {key: value for key, value in ties(pairs).items() if key[0] == "FRA" and key[2] >= 2020}
    assert theirs == {key: value for key, value in ties(table).items() if key[2] >= 2020}
    for whole in (register, pairs):
        assert not whole.tables["ties"]["from_iso3"].is_null().any()
    sums = [sum(value for key, value in ties(parsed).items() if key[:2] == ("CHN", "SDN")) for parsed in (register, pairs)]
    assert sums[0] == pytest.approx(sums[1], rel=0.1)


# ATOP.


def test_a_directed_pledge_is_the_pledgers_hold() -> None:
    parsed = ATOP.read(ATOP.samples())
    found = set(parsed.tables["ties"].select("channel", "from_iso3", "to_iso3").iter_rows())
    assert ("atop_consul", "FRA", "TCD") in found
    assert ("atop_defense", "FRA", "TCD") not in found
    assert set(parsed.tables["ties"]["start"].dt.year()) == {2018}, "1999 is out of scope"


def test_the_extract_has_a_row_a_pair_and_counts_both_ways(data: Path) -> None:
    """Which loses that Japan and Pakistan did not pledge to defend the United States in return: prefer the R file."""
    folder = data / "dyads"
    extract = ATOP.read({"atop.csv": folder / "atop_alliances_2018.csv"}).tables["ties"]
    copy = ATOP.read({"atop_alliance.rda": folder / "atop_alliance.rda"}).tables["ties"].filter(pl.col("start").dt.year() == 2018)
    keys = ["channel", "from_iso3", "to_iso3"]
    one, other = (set(frame.select(keys).iter_rows()) for frame in (extract, copy))
    assert other <= one
    assert one - other == {("atop_defense", "JPN", "USA"), ("atop_defense", "PAK", "USA")}


def test_a_mark_that_is_no_mark_is_rejected(tmp_path: Path) -> None:
    text = next(iter(ATOP.samples().values())).read_text().replace("1,452,439,2018,1,1,0,0,1,1", "1,452,439,2018,1,7,0,0,1,1")
    assert ATOP.read(written(tmp_path, text)).rejected["row"].to_list() == [1]


def test_a_code_of_no_state_is_refused(tmp_path: Path) -> None:
    text = next(iter(ATOP.samples().values())).read_text().replace(",452,439,2018", ",9999,439,2018")
    with pytest.raises(UnexpectedData, match="9999"):
        ATOP.read(written(tmp_path, text))


@pytest.mark.parametrize("content", [b"RDX3\nnot an R file", b"\x1f\x8b\x08\x00cut off", b"plain"])
def test_a_damaged_r_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "atop.rda"
    path.write_bytes(content)
    with pytest.raises(UnexpectedData, match="is not a whole R file"):
        ATOP.read({path.name: path})


# Forces of the United States.


def test_the_newest_report_of_a_year_is_taken() -> None:
    found = {row["to_iso3"]: (row["value"], row["end"].month) for row in TROOPS.read(TROOPS.samples()).tables["ties"].iter_rows(named=True)}
    assert found["GHA"] == (25.0, 12)


def test_a_blank_code_is_read_by_its_name() -> None:
    parsed = TROOPS.read(TROOPS.samples())
    assert ("USA", "YEM", 2025) in ties(parsed)
    assert reasons(parsed) == {"the United States or a territory of it": 2}


def test_the_copy_of_the_newest_year_is_part_of_the_r_file(data: Path) -> None:
    folder = data / "dyads"
    one = ties(TROOPS.read({"troops.csv": folder / "us_troops_by_host_latest.csv"}))
    other = ties(TROOPS.read({"troops.rda": folder / "us_troopdata_rebuild_long.rda"}))
    assert one["USA", "DJI", 2025] == other["USA", "DJI", 2025]
    assert len(one) > 150


# Sanctions.


def test_a_case_counts_for_the_states_and_not_for_the_organisation() -> None:
    parsed = GSDB.read(GSDB.samples())
    found = ties(parsed)
    assert {pair[0] for pair in found if pair[1] == "SDN"} == {"NOR", "ISL"}
    assert [key[2] for key in found if key[:2] == ("USA", "MLI")] == [2021, 2022, 2023]
    assert ("FRA", "MDG", 2010) in found, "the Malagasy Republic is Madagascar"
    assert reasons(parsed) == {"imposed by an organisation, not by a state": 2}


def test_a_case_given_twice_or_backwards_is_rejected(tmp_path: Path) -> None:
    head = next(iter(GSDB.samples().values())).read_text().splitlines()[0]
    rows = "1,Mali,France,2020,2021,0,,0,0,1,0,0,0,0,x,y\n" * 2 + "2,Mali,France,2021,2020,0,,0,0,1,0,0,0,0,x,y\n"
    parsed = GSDB.read(written(tmp_path, f"{head}\n{rows}"))
    assert reasons(parsed) == {"a case without a number, or given twice": 1, "the case ends before it begins": 1}


def test_the_twelve_rows_of_the_publisher_are_read(data: Path) -> None:
    path = data / "dyads" / "GSDB_V3_format_sample.csv"
    found = ties(GSDB.read({path.name: path}))
    years: dict[tuple[str, str], int] = defaultdict(int)
    for sender, target, _ in found:
        years[sender, target] += 1
    assert years["DEU", "MMR"] == 25
    assert years["USA", "MLI"] == 2
    with path.open() as stream:
        assert sum(1 for _ in csv.reader(stream)) == 13
