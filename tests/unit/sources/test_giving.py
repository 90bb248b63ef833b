"""What states give and take on: aid by purpose, contributions, personnel, regional treaties, asylum, ratings, dues."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from forefend.errors import SourceError, UnexpectedData
from forefend.places import place_name, universe
from forefend.sources.contract import Parsed
from forefend.sources.intake import fetch, import_files
from forefend.sources.oecd_crs import source as crs_source
from forefend.sources.oecd_peacebuilding_fund import source as fund_source
from forefend.sources.registry import find_source
from forefend.sources.unhcr_asylum import source as asylum_source
from forefend.store import Store
from forefend.store.asking import Asking
from forefend.store.fetch import Connection

TODAY = date(2026, 11, 1)
FUND = fund_source.FUND
BY_HAND = (
    "mptf_contributions", "un_honour_roll", "sipri_pko", "ohchr_cooperation", "regional_treaties", "icj_docket", "access_now",
    "un_conduct", "fatf_ratings", "icc_finance", "ohchr_donors", "un_small_arms_reports",
)  # fmt: skip


def table(folder: Path, text: str, name: str = "table.csv") -> dict[str, Path]:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(f"{line.strip()}\n" for line in text.strip().splitlines()), encoding="utf-8")
    return {name: folder / name}


def read(source: str, files: dict[str, Path]) -> Parsed:
    return find_source(source).read(files)


def values(parsed: Parsed, indicator: str) -> dict[tuple[str, int], float]:
    rows = parsed.tables["observations"].filter(pl.col("indicator") == indicator)
    return {(row["iso3"], row["end"].year): row["value"] for row in rows.iter_rows(named=True)}


def reasons(parsed: Parsed) -> list[str]:
    return parsed.rejected["reason"].to_list()


@pytest.mark.parametrize("name", BY_HAND)
def test_what_cannot_be_downloaded_says_how_to_import_it(name: str, store: Store) -> None:
    with pytest.raises(SourceError, match=f"forefend sources import {name}"):
        fetch(store, find_source(name), today=TODAY)


# Aid by purpose and channel.

CRS = "DONOR,RECIPIENT,SECTOR,MEASURE,CHANNEL,MODALITY,FLOW_TYPE,PRICE_BASE,MD_DIM,UNIT_MEASURE,UNIT_MULT,TIME_PERIOD,OBS_VALUE\n"


def crs(folder: Path, *rows: str, head: str = CRS) -> Parsed:
    return read("oecd_crs", table(folder, head + "\n".join(rows)))


def flow(donor: str, recipient: str, sector: str, value: str, *, channel: str = "_T", measure: str = "100", multiplier: str = "6") -> str:
    return f"{donor},{recipient},{sector},{measure},{channel},_T,D,V,_T,USD,{multiplier},2023,{value}"


def test_share_is_of_aid_to_states_in_conflict(tmp_path: Path) -> None:
    parsed = crs(
        tmp_path,
        flow("NOR", "SSD", "1000", "80"), flow("NOR", "SSD", "15220", "8"), flow("NOR", "UKR", "1000", "20"),
        flow("NOR", "UKR", "15130", "2"), flow("NOR", "KEN", "1000", "900"), flow("NOR", "KEN", "15220", "900"),
    )  # fmt: skip
    assert values(parsed, "crs_prevention_share") == {("NOR", 2023): pytest.approx(10)}


def test_donor_that_gives_none_of_it_has_nought_and_one_that_gives_nothing_no_value(tmp_path: Path) -> None:
    parsed = crs(tmp_path, flow("NOR", "SSD", "1000", "80"), flow("NOR", "SSD", "15180", "8"), flow("JPN", "SSD", "1000", "5"))
    assert values(parsed, "crs_violence_against_women_share") == {("NOR", 2023): pytest.approx(10), ("JPN", 2023): 0}


def test_what_the_file_was_not_asked_for_is_not_nought(tmp_path: Path) -> None:
    parsed = crs(tmp_path, flow("NOR", "SSD", "1000", "80"), flow("NOR", "SSD", "15180", "8"))
    assert values(parsed, "crs_local_ngo_share") == {}


def test_part_without_its_whole_is_in_no_share(tmp_path: Path) -> None:
    parsed = crs(tmp_path, flow("NOR", "SSD", "15220", "8"), flow("NOR", "UKR", "1000", "20"), flow("NOR", "UKR", "15220", "1"))
    assert values(parsed, "crs_prevention_share") == {("NOR", 2023): pytest.approx(5)}


def test_groups_repayments_and_other_measures_are_rejected(tmp_path: Path) -> None:
    parsed = crs(
        tmp_path, flow("DAC", "DPGC", "1000", "9"), flow("NOR", "SSD", "1000", "-3"), flow("NOR", "UKR", "1000", "5", measure="14"),
        flow("NOR", "UKR", "1000", "5"), flow("NOR", "UKR", "1000", "6"),
    )  # fmt: skip
    assert reasons(parsed) == [crs_source.NOT_PAIRED, "more was paid back than disbursed", crs_source.OTHER_MEASURE, crs_source.SECOND]


def test_other_multiplier_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="UNIT_MULT"):
        crs(tmp_path, flow("NOR", "SSD", "1000", "80", multiplier="3"))


def test_crs_asks_for_purposes_and_channels() -> None:
    purposes, channels = find_source("oecd_crs").downloads()
    assert "/..1000+15130+" in purposes.address
    assert "._T+23000._T.D.V._T..USD?" in channels.address


# The Peacebuilding Fund.


def fund(folder: Path, *rows: str) -> Parsed:
    return read("oecd_peacebuilding_fund", table(folder, CRS + "\n".join(rows)))


def test_fund_is_read_by_state_and_year_and_regions_are_not_placed(tmp_path: Path) -> None:
    parsed = fund(tmp_path, flow(FUND, "CAF", "1000", "12.4"), flow(FUND, "XKV", "1000", "1"), flow(FUND, "DPGC", "1000", "210"))
    assert values(parsed, "pbf_disbursed") == {("CAF", 2023): 12.4, ("XKX", 2023): 1}
    assert reasons(parsed) == [fund_source.NOT_PLACED]


def test_fund_counts_only_its_own_sums_once(tmp_path: Path) -> None:
    parsed = fund(
        tmp_path, flow(FUND, "CAF", "1000", "12.4"), flow("NOR", "CAF", "1000", "90"), flow(FUND, "CAF", "15220", "3"),
        flow(FUND, "CAF", "1000", "2", channel="41114"), flow(FUND, "CAF", "1000", "12.4"), flow(FUND, "BDI", "1000", "-1"),
    )  # fmt: skip
    assert values(parsed, "pbf_disbursed") == {("CAF", 2023): 12.4}
    assert reasons(parsed) == [
        fund_source.OTHER_DONOR, fund_source.OTHER_SUM, fund_source.OTHER_SUM, fund_source.SECOND, "more was paid back than disbursed"
    ]  # fmt: skip


def test_fund_is_asked_for_by_its_code_over_all_purposes() -> None:
    (download,) = find_source("oecd_peacebuilding_fund").downloads()
    assert "/1UN019..1000.100._T._T.D.V._T..USD?startPeriod=2007&" in download.address


def test_fund_is_one_file(tmp_path: Path) -> None:
    first = table(tmp_path, CRS + flow(FUND, "CAF", "1000", "1"))
    with pytest.raises(UnexpectedData, match="2 files were given"):
        read("oecd_peacebuilding_fund", first | {"second.csv": first["table.csv"]})


# Contributions.

CEB = "entity,calendar_year,amount,_currency_amoun,government_donor,rev_type,contrib_type\n"


def test_shares_are_of_voluntary_contributions(tmp_path: Path) -> None:
    parsed = read("un_ceb_revenue", table(tmp_path, CEB + """
        UNHCR,2023,"1,000",USD,Norway,Voluntary core (un-earmarked) contributions,Government
        UN-WOMEN,2023,1000,USD,Norway,Voluntary non-core (earmarked) contributions,Government
        WFP,2023,2000,USD,Norway,Voluntary non-core (earmarked) contributions,Government
        UN,2023,9000,USD,Norway,Assessed contributions,Government
        WFP,2023,500,USD,Norway,Refunds to donors,Government"""))  # fmt: skip
    assert values(parsed, "ceb_unhcr_share") == {("NOR", 2023): 25}
    assert values(parsed, "ceb_prevention_share") == {("NOR", 2023): 25}
    assert values(parsed, "ceb_core_share") == {("NOR", 2023): 25}


def test_ceb_file_is_not_utf8_and_its_amounts_were_renamed(tmp_path: Path) -> None:
    head = CEB.replace("amount,_currency_amoun,", "USD Amount,")
    path = tmp_path / "donors.csv"
    path.write_bytes((head + "UNHCR,2023,5,Côte d'Ivoire,Voluntary core contributions,Government\n").encode("cp1252"))
    assert values(read("un_ceb_revenue", {path.name: path}), "ceb_unhcr_share") == {("CIV", 2023): 100}


def test_new_type_of_revenue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="Gifts in kind"):
        read("un_ceb_revenue", table(tmp_path, CEB + "UNHCR,2023,5,USD,Norway,Gifts in kind,Government"))


def test_deposits_are_added_up_and_the_same_record_counts_once(tmp_path: Path) -> None:
    parsed = read("mptf_contributions", table(tmp_path, """
        Fund,Contributor,Year,Deposit
        Peacebuilding Fund,Germany,2023,"1,500,000"
        Peacebuilding Fund,Germany,2023,500000
        Peacebuilding Fund,Germany,2023,500000
        Women\u2019s Peace & Humanitarian Fund,Germany,2023,7
        Joint SDG Fund,Germany,2023,9"""))  # fmt: skip
    assert values(parsed, "mptf_peacebuilding_fund") == {("DEU", 2023): 2_000_000}
    assert values(parsed, "mptf_womens_peace_fund") == {("DEU", 2023): 7}
    assert reasons(parsed) == ["the same record stands in the file twice", "a fund that is not read"]


def test_gift_cannot_be_freer_than_it_is_large(tmp_path: Path) -> None:
    parsed = read("ohchr_donors", table(tmp_path, """
        donor,year,contribution,unearmarked
        Norway,2024,200,50
        Sweden,2024,100,500
        Japan,2024,100,-"""))  # fmt: skip
    assert values(parsed, "ohchr_unearmarked_share") == {("NOR", 2024): 25, ("JPN", 2024): 0}
    assert reasons(parsed) == ["more is unearmarked than was given"]


def test_dues_outstanding_are_of_the_assessment(tmp_path: Path) -> None:
    files = table(tmp_path, """
        State Party,Assessed,Outstanding prior years,Outstanding current year,as_of
        Brazil,"1,000","1,500",500,2026-09-30
        Fiji,100,-,-,2026-09-30""", "status_of_contributions.csv")  # fmt: skip
    assert values(read("icc_finance", files), "icc_dues_outstanding_share") == {("BRA", 2026): 200, ("FJI", 2026): 0}


# The honour roll.


def roll(states: list[str], *, paid: str = "2025-01-20", taken: str = "2025-12-20") -> str:
    return "member_state,year,date_paid,as_of\n" + "\n".join(f'"{state}",2025,{paid},{taken}' for state in states)


def test_on_time_and_in_full(tmp_path: Path) -> None:
    files = table(tmp_path, roll(["Norway"]) + "\nGhana,2025,2025-06-01,2025-12-20")
    parsed = read("un_honour_roll", files)
    assert values(parsed, "un_assessment_paid") == {("NOR", 2025): 2, ("GHA", 2025): 1}
    assert parsed.notes


def test_only_a_whole_list_says_who_did_not_pay(tmp_path: Path) -> None:
    paid = [place_name(iso3) for iso3 in sorted(universe("un_members"))[:120]]
    late = values(read("un_honour_roll", table(tmp_path / "whole", roll(paid))), "un_assessment_paid")
    early = values(read("un_honour_roll", table(tmp_path / "early", roll(paid, taken="2025-08-01"))), "un_assessment_paid")
    assert len(late) == len(universe("un_members"))
    assert len(early) == 120


@pytest.mark.parametrize("taken", ["20 December 2025", "", "2024-12-20"])
def test_list_without_a_day_or_of_the_future_is_refused(tmp_path: Path, taken: str) -> None:
    with pytest.raises(UnexpectedData, match=r"as_of|year"):
        read("un_honour_roll", table(tmp_path, roll(["Norway"], taken=taken)))


# People.


def test_operations_of_the_united_nations_are_passed_over(tmp_path: Path) -> None:
    head = ["year", "mission", "organisation", "contributor", "military", "police", "civilian"]
    book = openpyxl.Workbook()
    for row in (
        ["Personnel"],
        head,
        [2024, "A", "AU", "Ghana", 10, 2, None],
        [2024, "B", "EU", "Ghana", 5, 0, 3],
        [2024, "C", "UN", "Ghana", 800, 0, 0],
    ):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "personnel.xlsx")
    parsed = read("sipri_pko", {"personnel.xlsx": tmp_path / "personnel.xlsx"})
    assert values(parsed, "pko_regional_military") == {("GHA", 2024): 15}
    assert values(parsed, "pko_regional_civilian") == {("GHA", 2024): 3}
    assert parsed.notes == ("1 rows of operations led by the United Nations were passed over.",)


def test_share_answered_needs_something_proven(tmp_path: Path) -> None:
    parsed = read("un_conduct", table(tmp_path, """
        nationality,year,allegations,substantiated,actions_reported
        Ghana,2024,5,4,1
        France,2024,2,0,0
        Kenya,2024,2,1,3"""))  # fmt: skip
    assert values(parsed, "un_conduct_answered_share") == {("GHA", 2024): 0.25}
    assert values(parsed, "un_conduct_allegations") == {("GHA", 2024): 5, ("FRA", 2024): 2}
    assert len(parsed.rejected) == 1


# Mechanisms, treaties, cases.


def test_state_that_owes_no_report_has_nought(tmp_path: Path) -> None:
    parsed = read("ohchr_cooperation", table(tmp_path, """
        state,treaty,due_date,as_of
        Ghana,CAT,2020-11-30,2026-08-31
        Ghana,CESCR,2021-06-30,2026-08-31
        Ghana,CED,2027-06-30,2026-08-31
        Norway,,,2026-08-31""", "overdue_reports.csv"))  # fmt: skip
    assert values(parsed, "ohchr_overdue_reports") == {("GHA", 2026): 2, ("NOR", 2026): 0}
    assert reasons(parsed) == ["due after the day of the list"]


def test_only_completed_visits_of_five_years_count(tmp_path: Path) -> None:
    parsed = read("ohchr_cooperation", table(tmp_path, """
        state,mandate,status,visit_date,as_of
        Ghana,SR on poverty,Completed,2024-04-08,2026-08-31
        Ghana,SR on torture,Completed,2013-11-08,2026-08-31
        Chile,SR on truth,Requested,,2026-08-31""", "country_visits.csv"))  # fmt: skip
    assert values(parsed, "ohchr_visits_completed") == {("GHA", 2026): 1, ("CHL", 2026): 0}


def test_table_under_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match=r"overdue_reports\.csv"):
        read("ohchr_cooperation", table(tmp_path, "state,as_of\nGhana,2026-08-31"))


def test_withdrawal_ends_a_treaty_and_an_unratified_one_counts_against(tmp_path: Path) -> None:
    parsed = read("regional_treaties", table(tmp_path, """
        state,instrument,signature,ratification,withdrawal,as_of
        Türkiye,210,2011-05-11,2012-03-14,2021-07-01,2026-08-31
        Türkiye,126,1988-01-11,1988-02-26,,2026-08-31
        Türkiye,157,,,,2026-08-31
        Türkiye,197,2009-03-19,2016-05-02,,2026-08-31
        Türkiye,005,1950-11-04,1954-05-18,,2026-08-31""", "council_of_europe.csv"))  # fmt: skip
    assert values(parsed, "regional_norms_share") == {("TUR", 2026): 0.5}
    assert values(parsed, "regional_courts_share") == {("TUR", 2026): 1}
    said = dict(parsed.tables["facts"].select("key", "status").iter_rows())
    assert said["istanbul_convention"] == "withdrawn"
    assert said["convention_on_national_minorities"] == "no action"


def test_being_sued_is_no_use_of_the_court(tmp_path: Path) -> None:
    parsed = read("icj_docket", table(tmp_path, """
        state,case,role,instrument,date,as_of
        Gambia,A,Applicant,Genocide,2019-11-11,2026-08-31
        Gambia,A,Intervener,Genocide,2020-11-11,2026-08-31
        Myanmar,A,Respondent,Genocide,2019-11-11,2026-08-31
        Belgium,B,Applicant,Torture,2009-02-19,2026-08-31
        Belize,C,Applicant,Other,2022-11-16,2026-08-31"""))  # fmt: skip
    assert values(parsed, "icj_atrocity_cases") == {("GMB", 2026): 1, ("MMR", 2026): 0, ("BEL", 2026): 0, ("BLZ", 2026): 0}


# Shutdowns.


def test_each_day_counts_once_and_a_shutdown_over_new_year_counts_in_both(tmp_path: Path) -> None:
    parsed = read("access_now", table(tmp_path, """
        country,start_date,end_date,ordered_by,as_of
        India,2024-12-30,2025-01-02,Government,2026-02-20
        India,2025-01-01,2025-01-04,Government,2026-02-20
        Sudan,2025-02-02,2025-03-05,Armed group,2026-02-20
        Iran,2026-02-10,,Government,2026-02-20"""))  # fmt: skip
    assert values(parsed, "an_shutdown_days") == {("IND", 2024): 2, ("IND", 2025): 4, ("IRN", 2026): 11}
    assert reasons(parsed) == ["not ordered by the authorities"]


def test_quiet_states_have_nought_only_in_a_whole_year_that_is_over(tmp_path: Path) -> None:
    names = [place_name(iso3) for iso3 in sorted(universe("un_members"))[:40]]
    rows = [f'"{name}",{year}-01-05,{year}-01-06,2026-02-20' for name in names for year in (2025, 2026)]
    found = values(read("access_now", table(tmp_path, "country,start_date,end_date,as_of\n" + "\n".join(rows))), "an_shutdown_days")
    assert sum(year == 2025 for _, year in found) == len(universe("un_members"))
    assert sum(year == 2026 for _, year in found) == 40
    assert found["NOR", 2025] == 0


# Asylum.

CLAIM = {
    "year": 2023, "coo_id": 1, "coo_name": "a", "coo": "SYR", "coo_iso": "SYR", "coa_id": 2, "coa_name": "b", "coa": "LEB",
    "coa_iso": "LBN", "procedure_type": "G", "app_type": "N", "dec_level": "NA", "app_pc": "P", "applied": "100",
}  # fmt: skip
DECISION = {key: value for key, value in CLAIM.items() if key not in ("app_type", "app_pc", "applied")} | {
    "dec_pc": "P", "dec_recognized": 30, "dec_other": "10", "dec_rejected": 40, "dec_closed": "-", "dec_total": 80,
}  # fmt: skip
SOLUTION = {key: CLAIM[key] for key in ("year", "coo_iso", "coa_iso")} | {"resettlement": 7, "naturalisation": "-"}


def pages(folder: Path, question: str, *items: dict[str, Any], last: int = 1) -> dict[str, Path]:
    path = folder / f"{question}-0001.json"
    path.write_text(json.dumps({"page": 1, "maxPages": last, "items": items}))
    return {path.name: path}


def test_claims_and_decisions_from_neighbours(tmp_path: Path) -> None:
    files = pages(tmp_path, "asylum-applications", CLAIM, CLAIM | {"coo_iso": "SDN", "applied": 9})
    files |= pages(tmp_path, "asylum-decisions", DECISION, DECISION | {"coo_iso": "SDN", "dec_recognized": "0", "dec_rejected": 120})
    parsed = read("unhcr_asylum", files)
    assert values(parsed, "unhcr_claims_from_neighbours") == {("LBN", 2023): 100}
    assert values(parsed, "unhcr_protection_rate_neighbours") == {("LBN", 2023): 50}
    assert values(parsed, "unhcr_protection_rate") == {("LBN", 2023): pytest.approx(100 * 50 / 210)}


def test_rate_of_few_decisions_is_not_shown(tmp_path: Path) -> None:
    few = DECISION | {"dec_recognized": 5, "dec_other": 0, "dec_rejected": 5}
    assert read("unhcr_asylum", pages(tmp_path, "asylum-decisions", few)).tables["observations"].is_empty()


def test_resettled_from_the_region(tmp_path: Path) -> None:
    files = pages(tmp_path, "solutions", SOLUTION, SOLUTION | {"coo_iso": "SDN", "resettlement": 5}, SOLUTION | {"coa_iso": "-"})
    with pytest.raises(UnexpectedData, match="sums over all states"):
        read("unhcr_asylum", files)
    parsed = read("unhcr_asylum", pages(tmp_path, "solutions", SOLUTION, SOLUTION | {"coo_iso": "SDN", "resettlement": 5}))
    assert values(parsed, "unhcr_resettled") == {("LBN", 2023): 12}
    assert values(parsed, "unhcr_resettled_from_region") == {("LBN", 2023): 7}


def test_missing_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="counts 2"):
        read("unhcr_asylum", pages(tmp_path, "solutions", SOLUTION, last=2))


@pytest.mark.loopback
def test_collect_asks_every_page_of_every_question(publisher: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asylum_source, "ADDRESS", publisher.root)
    for question, item in (("asylum-applications", CLAIM), ("asylum-decisions", DECISION), ("solutions", SOLUTION)):
        for number in (1, 2):
            content = {"page": number, "maxPages": 2, "items": [item | {"year": 2020 + number}]}
            publisher.json(f"/{question}/?limit=10000&page={number}&", content)
    connection = Connection(wait_seconds=0, attempts=1)
    got = asylum_source.collect(Asking(source="unhcr_asylum", folder=tmp_path / "got", connection=connection))
    assert len(got) == 6
    assert all("coo_all=true&coa_all=true" in path for _, path, _ in publisher.asked)
    assert len(values(read("unhcr_asylum", {path.name: path for path in got}), "unhcr_resettled")) == 2


# Ratings against illicit finance.

COLUMNS = [
    "Jurisdiction",
    "Report Type",
    "Report Date",
    "Assessment body/bodies",
    *[f"IO.{n}" for n in range(1, 12)],
    *[f"R.{n}" for n in range(1, 41)],
]


def test_follow_up_rates_again_only_what_it_looked_at(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Consolidated table of assessment ratings"])  # type: ignore[union-attr]
    book.active.append(COLUMNS)  # type: ignore[union-attr]
    book.active.append(["Ghana", "MER", "May 2018", "GIABA", *["LE"] * 11, *["PC"] * 40])  # type: ignore[union-attr]
    book.active.append(["Ghana", "FUR", date(2022, 3, 1), "GIABA", *[None] * 11, *["LC"] * 6, *["N/A"] * 34])  # type: ignore[union-attr]
    book.active.append(["European Union", "MER", "May 2018", "MONEYVAL", *["SE"] * 11, *["C"] * 40])  # type: ignore[union-attr]
    book.save(tmp_path / "ratings.xlsx")
    parsed = read("fatf_ratings", {"ratings.xlsx": tmp_path / "ratings.xlsx"})
    assert values(parsed, "fatf_r6") == {("GHA", 2018): 1, ("GHA", 2022): 2}
    assert values(parsed, "fatf_r7") == {("GHA", 2018): 1}
    assert values(parsed, "fatf_io11") == {("GHA", 2018): 0}
    assert parsed.vintage == "2022-03-01"
    assert reasons(parsed) == ["not a state"]


@pytest.mark.parametrize(("change", "said"), [(("PC", "B+"), "no rating"), (("R.7", "R.77"), "R7")])
def test_unknown_rating_or_column_is_refused(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    row = ["Ghana", "MER", "May 2018", "GIABA", *["LE"] * 11, *["PC"] * 40]
    files = table(
        tmp_path,
        ",".join(COLUMNS).replace("R.7,", f"{change[1]}," if change[0] == "R.7" else "R.7,") + "\n" + ",".join(row).replace(*change),
    )
    with pytest.raises(UnexpectedData, match=said):
        read("fatf_ratings", files)


def test_reports_of_states_are_their_own_word(tmp_path: Path) -> None:
    parsed = read("un_small_arms_reports", table(tmp_path, """
        state,year,record_keeping,stockpile_standards
        Ghana,2024,Yes,No
        Fiji,2024,,Yes"""))  # fmt: skip
    assert values(parsed, "poa_record_keeping") == {("GHA", 2024): 1}
    assert values(parsed, "poa_stockpile_standards") == {("GHA", 2024): 0, ("FJI", 2024): 1}


def test_list_is_as_old_as_its_day(store: Store, tmp_path: Path) -> None:
    """A list of a day within this year is usable at once, and published on its day."""
    names = [place_name(iso3) for iso3 in sorted(universe("un_members"))[:30]]
    files = table(tmp_path, roll(names, taken="2025-09-30"), "roll.csv")
    snapshot = import_files(store, find_source("un_honour_roll"), list(files.values()), today=TODAY)
    assert (snapshot.vintage, snapshot.published) == ("2025-09-30", date(2025, 9, 30))
