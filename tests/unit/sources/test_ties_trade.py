"""Trade between states: shares of the World Factbook, BACI's products, and the history of the Correlates of War."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

FACTBOOK, BACI, COW = (find_source(name) for name in ("factbook_trade", "baci", "cow_trade"))
Pair = tuple[str, str, str]


def ties(parsed: Parsed, *, year: int | None = None) -> dict[Pair, float]:
    table = parsed.tables["ties"]
    if year is not None:
        table = table.filter(pl.col("start").dt.year() == year)
    return {(row["channel"], row["from_iso3"], row["to_iso3"]): row["value"] for row in table.iter_rows(named=True)}


def reasons(parsed: Parsed) -> dict[str, int]:
    return dict(parsed.rejected["reason"].value_counts().iter_rows())


def entry(*, name: str = "Ghana", exports: str = "", imports: str = "", member: str = "") -> dict[str, object]:
    return {
        "Government": {
            "Country name": {"conventional short form": {"text": name}},
            "International organization participation": {"text": member},
        },
        "Economy": {"Exports - partners": {"text": exports}, "Imports - partners": {"text": imports}},
    }


def archive(folder: Path, entries: Mapping[str, object]) -> Path:
    path = folder / "master.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("factbook.json-master/README.md", "not an entry")
        for name, content in entries.items():
            target.writestr(f"factbook.json-master/{name}.json", content if isinstance(content, str) else json.dumps(content))
    return path


# The World Factbook.


def test_a_partner_holds_the_country_that_depends_on_it(tmp_path: Path) -> None:
    path = archive(tmp_path, {"africa/gh": entry(exports="Switzerland 24%, UAE 18.5% (2023)", imports="China 30% (2022)")})
    parsed = FACTBOOK.read({path.name: path})
    assert ties(parsed) == {
        ("factbook_exports", "CHE", "GHA"): 24.0, ("factbook_exports", "ARE", "GHA"): 18.5, ("factbook_imports", "CHN", "GHA"): 30.0,
    }  # fmt: skip
    assert set(parsed.tables["ties"].filter(pl.col("channel") == "factbook_imports")["start"].dt.year()) == {2022}


def test_a_name_may_hold_a_comma_and_an_entity(tmp_path: Path) -> None:
    text = "Congo, Republic of the 5%, Trinidad &amp; Tobago 11%, Gambia, The 4% (2023)"
    path = archive(tmp_path, {"africa/gh": entry(exports=text)})
    assert {pair[1] for pair in ties(FACTBOOK.read({path.name: path}))} == {"COG", "TTO", "GMB"}


def test_partners_without_shares_are_rejected_and_counted(tmp_path: Path) -> None:
    texts = {"exports": "<p>Italy, Switzerland, Germany</p> (2021)", "imports": "almost entirely United Kingdom (2022)"}
    path = archive(tmp_path, {"europe/mn": entry(name="Monaco", **texts), "africa/gh": entry(exports="China 5%")})
    parsed = FACTBOOK.read({path.name: path})
    assert reasons(parsed) == {"names partners without their shares": 2, "the year cannot be read": 1}
    assert parsed.tables["ties"].is_empty()


def test_the_european_union_and_the_west_bank_are_no_states(tmp_path: Path) -> None:
    entries = {
        "europe/ee": entry(name="", exports="USA 20% (2023)"),
        "middle-east/we": entry(name="West Bank", exports="Israel 80% (2023)"),
    }
    path = archive(tmp_path, entries)
    assert reasons(FACTBOOK.read({path.name: path})) == {"an ocean, a group, a base or an area counted apart, not a state": 2}


def test_an_entry_of_an_unknown_country_is_refused_by_name(tmp_path: Path) -> None:
    path = archive(tmp_path, {"africa/qq": entry(name="Atlantis")})
    with pytest.raises(UnexpectedData, match="qq of the Factbook is new to this connector"):
        FACTBOOK.read({path.name: path})


def test_an_unknown_partner_is_refused_by_name(tmp_path: Path) -> None:
    path = archive(tmp_path, {"africa/gh": entry(exports="Atlantis 5% (2023)")})
    with pytest.raises(UnexpectedData, match="Atlantis"):
        FACTBOOK.read({path.name: path})


@pytest.mark.parametrize(("content", "message"), [("<html>", "is not JSON"), ("[1]", "is not an entry")])
def test_what_is_no_entry_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = archive(tmp_path, {"africa/gh": content})
    with pytest.raises(UnexpectedData, match=message):
        FACTBOOK.read({path.name: path})


def test_an_archive_without_entries_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, {})
    with pytest.raises(UnexpectedData, match="holds no entries"):
        FACTBOOK.read({path.name: path})


def test_the_archive_and_the_table_of_partners_agree(data: Path) -> None:
    paths = [data / "state" / "factbook" / "world_factbook_json_2026.zip", data / "dyads" / "trade_partners_top5_factbook.csv"]
    one, other = (ties(FACTBOOK.read({path.name: path})) for path in paths)
    assert len(one) > 2_000
    shared = one.keys() & other.keys()
    assert len(shared) > 0.98 * len(other)
    assert {pair for pair in shared if one[pair] != other[pair]} == set()


# BACI.


def test_products_are_added_up_and_told_for_both_sides() -> None:
    parsed = BACI.read(BACI.samples())
    found = ties(parsed, year=2024)
    assert found["baci_exports", "BFA", "GHA"] == pytest.approx(2.0005)  # 1,500.5 and 500 thousand USD
    assert found["baci_imports", "GHA", "BFA"] == pytest.approx(2.0005)
    assert found["baci_imports", "TWN", "SDN"] == pytest.approx(1.0)  # "Other Asia, nes" is where Taiwan is counted
    assert set(reasons(parsed)) == {"an area, or a state that is no more"}
    assert parsed.vintage == "202601"


def test_a_flow_cut_between_two_blocks_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ties(BACI.read(BACI.samples()))
    monkeypatch.setattr("forefend.sources.baci.source.BLOCK", 40)
    assert ties(BACI.read(BACI.samples())) == whole


def test_the_zip_reads_as_the_files_in_it(tmp_path: Path) -> None:
    path = tmp_path / "BACI_HS22_V202601.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, sample in BACI.samples().items():
            target.write(sample, name)
        target.writestr("product_codes_HS22_V202601.csv", "code,description\n010121,Horses\n")
        target.writestr("Readme.txt", "BACI")
    assert ties(BACI.read({path.name: path})) == ties(BACI.read(BACI.samples()))


def test_an_archive_that_expands_a_thousandfold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "BACI_HS22_V202601.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("BACI_HS22_Y2024_V202601.csv", "t,i,j,k,v,q\n" + "2024,288,854,250100,1,1\n" * 400_000)
        target.writestr("country_codes_V202601.csv", "country_code,country_name,country_iso2,country_iso3\n288,Ghana,GH,GHA\n")
    with pytest.raises(UnexpectedData, match="unpacks to far more"):
        BACI.read({path.name: path})


def baci_files(
    folder: Path, *, flows: str, codes: str = "288,Ghana,GH,GHA\n854,Burkina Faso,BF,BFA\n", year: int = 2024
) -> dict[str, Path]:
    files = {
        f"BACI_HS22_Y{year}_V202601.csv": "t,i,j,k,v,q\n" + flows,
        "country_codes_V202601.csv": "country_code,country_name,country_iso2,country_iso3\n" + codes,
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    return {name: folder / name for name in files}


@pytest.mark.parametrize(
    ("flows", "message"),
    [
        ("2023,288,854,250100,1,1\n", "holds flows of 2023"),
        ("2024,288,999,250100,1,1\n", "Country codes that the table of codes does not have: 999"),
        ("2024,288,854,250100,much,1\n", "without a year, a country"),
        ("2024,288,854,250100,-1,1\n", "without a year, a country"),
        ("2024,288,854,250100,1,1\n" * 2, "gives a flow \\(exporter, importer and product\\) twice"),
        ("", "holds no flows"),
    ],
)
def test_a_year_that_is_not_right_is_refused(tmp_path: Path, flows: str, message: str) -> None:
    with pytest.raises(UnexpectedData, match=message):
        BACI.read(baci_files(tmp_path, flows=flows))


def test_a_file_nobody_decided_about_is_refused_by_name(tmp_path: Path) -> None:
    files = baci_files(tmp_path, flows="2024,288,854,250100,1,1\n")
    extra = tmp_path / "reporter_reliability.csv"
    extra.write_text("a,b\n1,2\n")
    with pytest.raises(UnexpectedData, match=r"reporter_reliability\.csv is new"):
        BACI.read(files | {extra.name: extra})


def test_a_release_without_its_country_codes_is_refused(tmp_path: Path) -> None:
    files = baci_files(tmp_path, flows="2024,288,854,250100,1,1\n")
    files.pop("country_codes_V202601.csv")
    with pytest.raises(UnexpectedData, match="one table of country codes"):
        BACI.read(files)


# Correlates of War.


def test_flow_one_is_what_state_one_imports() -> None:
    found = ties(COW.read(COW.samples()), year=2014)
    assert found["cow_imports", "BFA", "GHA"] == 10  # importer 1 is Ghana
    assert found["cow_exports", "GHA", "BFA"] == 10
    assert found["cow_imports", "GHA", "BFA"] == 90


def test_minus_nine_is_missing_and_not_a_flow() -> None:
    found = ties(COW.read(COW.samples()))
    assert found["cow_imports", "CHN", "SDN"] == 1900
    assert ("cow_imports", "SDN", "CHN") not in found
    assert all(value > 0 for value in found.values())


def test_years_before_2000_are_out_of_scope() -> None:
    assert set(COW.read(COW.samples()).tables["ties"]["start"].dt.year()) == {2013, 2014}


def test_a_pair_given_in_both_orders_counts_once(tmp_path: Path) -> None:
    """The R copy and its extract hold each pair twice."""
    path = tmp_path / "dyads.csv"
    path.write_text(
        "iso3_1,iso3_2,ccode1,ccode2,year,flow1,flow2\nBFA,GHA,439.0,452.0,2014.0,125.0,35.0\nGHA,BFA,452.0,439.0,2014.0,35.0,125.0\n"
    )
    found = ties(COW.read({path.name: path}))
    assert found["cow_imports", "GHA", "BFA"] == 125
    assert found["cow_exports", "GHA", "BFA"] == 35


def test_what_is_no_number_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "Dyadic_COW_4.0.csv"
    path.write_text("ccode1,ccode2,year,flow1,flow2\n452,439,2014,much,35\n452,439,31/12/2014,1,35\n452,439,2014,2,1e300\n")
    parsed = COW.read({path.name: path})
    assert parsed.rejected["row"].to_list() == [1, 2, 3]


def test_the_publishers_zip_is_unpacked_and_another_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "COW_Trade_4.0.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("COW_Trade_4.0/Dyadic_COW_4.0.csv", next(iter(COW.samples().values())).read_text())
        target.writestr("COW_Trade_4.0/National_COW_4.0.csv", "x")
    assert ties(COW.read({path.name: path})) == ties(COW.read(COW.samples()))
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("other.csv", "x")
    with pytest.raises(UnexpectedData, match=r"does not hold Dyadic_COW_4\.0\.csv"):
        COW.read({path.name: path})


def test_the_extract_of_2014_is_read_as_it_stands(data: Path) -> None:
    path = data / "dyads" / "cow_trade_dyads_2014.csv"
    found = ties(COW.read({path.name: path}))
    with path.open() as stream:
        rows = [row for row in csv.DictReader(stream) if row["iso3_1"] == "SDN" and row["flow1"] and float(row["flow1"]) > 0]
    assert {pair[1]: value for pair, value in found.items() if pair[0] == "cow_imports" and pair[2] == "SDN"} == {
        row["iso3_2"]: float(row["flow1"]) for row in rows
    }
