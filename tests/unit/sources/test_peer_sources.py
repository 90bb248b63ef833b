"""Others' forecasts: windows as periods, what was published kept apart from what was computed later, odd layouts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source
from forefend.sources.views_api.source import newest_run
from forefend.store.asking import Asking
from forefend.store.fetch import Connection

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return to


def read(source: str, *paths: Path) -> Parsed:
    return find_source(source).read({path.name: path for path in paths})


def values(parsed: Parsed, indicator: str) -> dict[tuple[str, str], float]:
    rows = parsed.tables["observations"].filter(pl.col("indicator") == indicator)
    return {(iso3, str(start)): value for iso3, start, value in rows.select("iso3", "start", "value").iter_rows()}


def periods(parsed: Parsed, indicator: str) -> set[tuple[date, date]]:
    return set(parsed.tables["observations"].filter(pl.col("indicator") == indicator).select("start", "end").rows())


# Early Warning Project

DOTTED = (
    '"","ewp_name","risk.2025and2026.from2024","rank.2025and2026.from2025","risk.2025only.from2024","riskrank.2025only.from2024",'
    '"risk.2024and2025.from2023","rank.2024and2025.from2023","year","ccode"\n'
    '"1","Mali",0.1,1,0.05,1,0.08,1,2024,432\n"2","Yugoslavia",0.01,2,0.004,2,0.02,2,2024,345\n'
)


def test_an_edition_is_its_window_and_the_year_before_stands_apart(write: Write) -> None:
    parsed = read("ewp", write("final_forecasts_data_3Sep2025.csv", DOTTED))
    assert parsed.vintage == "2025"
    assert periods(parsed, "ewp_new_mass_killing_probability") == {(date(2025, 1, 1), date(2026, 12, 31))}
    assert periods(parsed, "ewp_new_mass_killing_probability_1y") == {(date(2025, 1, 1), date(2025, 12, 31))}
    assert values(parsed, "ewp_recomputed_new_mass_killing_probability")["MLI", "2024-01-01"] == 0.08
    assert values(parsed, "ewp_new_mass_killing_rank") == {("MLI", "2025-01-01"): 1, ("SRB", "2025-01-01"): 2}


@pytest.mark.parametrize("two_years", ["risk_2018_19", "risk_in_2018_19"])
def test_older_layouts_are_ranked_from_their_probabilities_with_ties(write: Write, two_years: str) -> None:
    rows = "Mali,MLI,432,0.02,0.1,0\nNorway,NOR,385,0.01,0.1,0\nChad,CHA,483,0.03,0.05,0\n"
    text = f"country,SFTGcode,COW,risk_in_2018,{two_years},anymk.ever\n{rows}"
    parsed = read("ewp", write("sortedrisk_2017based.csv", text))
    assert values(parsed, "ewp_new_mass_killing_rank") == {("MLI", "2018-01-01"): 1, ("NOR", "2018-01-01"): 1, ("TCD", "2018-01-01"): 3}
    assert values(parsed, "ewp_new_mass_killing_rank_1y")["TCD", "2018-01-01"] == 1


def test_a_state_written_twice_does_not_move_the_ranks_of_others(write: Write) -> None:
    text = "country,SFTGcode,COW,risk_in_2022,risk_in_2022_23\nMali,MLI,432,0.1,0.1\nMali,MLI,432,0.1,0.1\nChad,CHA,483,0.05,0.05\n"
    parsed = read("ewp", write("run.csv", text))
    assert values(parsed, "ewp_new_mass_killing_rank") == {("MLI", "2022-01-01"): 1, ("TCD", "2022-01-01"): 2}
    assert set(parsed.rejected["reason"]) == {"a second row of the same state and window"}


def test_a_file_made_after_the_fact_is_no_forecast(write: Write) -> None:
    text = "country,SFTGcode,COW,risk_in_2017,risk_2017_18\nMali,MLI,432,0.02,0.1\n"
    parsed = read("ewp", write("2018_sortedrisk_2016based_1and2yr_15Oct2018.csv", text))
    assert set(parsed.tables["observations"]["indicator"].str.slice(0, 14)) == {"ewp_recomputed"}
    assert parsed.vintage == ""


def test_probabilities_out_of_range_and_states_that_are_no_more_are_rejected(write: Write) -> None:
    text = "country,SFTGcode,COW,risk_in_2022,risk_in_2022_23\nMali,MLI,432,1.2,0.1\nNowhere,XXX,999,0.1,0.1\n"
    parsed = read("ewp", write("run.csv", text))
    assert values(parsed, "ewp_new_mass_killing_probability_1y") == {}
    assert {reason.split(" to ")[0] for reason in parsed.rejected["reason"]} == {"the value lies outside 0", "not a state of today"}


@pytest.mark.parametrize("text", ["x", "0,1"])
def test_a_probability_that_is_no_number_is_refused_with_its_row(write: Write, text: str) -> None:
    path = write("run.csv", f'country,SFTGcode,COW,risk_in_2022,risk_in_2022_23\nMali,MLI,432,0.1,"{text}"\n')
    with pytest.raises(UnexpectedData, match="row 1"):
        read("ewp", path)


def test_files_that_are_no_list_of_the_project_are_refused(write: Write) -> None:
    with pytest.raises(UnexpectedData, match="no list of probabilities"):
        read("ewp", write("coefficients.csv", "variable,coef.full\nx,1\n"))
    with pytest.raises(UnexpectedData, match="both a risk and a rank"):
        read("ewp", write("final.csv", "ewp_name,risk.2025and2026.from2024,ccode\nMali,0.1,432\n"))
    with pytest.raises(UnexpectedData, match="not a year"):
        read("ewp", write("b.csv", "iso3,ccode,country,base_year,probability,rank,onset_1y,onset_2y\nMLI,432,Mali,soon,0.1,1,0,0\n"))


def test_episodes_are_statements_and_may_go_on(write: Write) -> None:
    head = "event_code,iso3,ccode,country,country_as_coded,start_year,end_year,perpetrator_type,"
    head += "target_groups_code,responsible_ccode,event_name,summary\n"
    rows = "a1,MLI,432,Mali,Mali,2020,,nonstate,0,432,one,\n"
    rows += "b1,CSK,315,Czechoslovakia,Czechoslovakia,1945,1946,state,1,315,two,\n"
    rows += "a1,SDN,625,Sudan,Sudan,2001,2003,state,1,625,again,\n"
    parsed = read("ewp", write("events.csv", head + rows))
    (fact,) = parsed.tables["facts"].iter_rows(named=True)
    assert (fact["iso3"], fact["status"], fact["start"], fact["end"]) == ("MLI", "nonstate", date(2020, 1, 1), None)
    assert sorted(parsed.rejected["reason"]) == ["a second row of the same episode", "not a state of today"]
    with pytest.raises(UnexpectedData, match="no year"):
        read("ewp", write("events.csv", head + "a1,MLI,432,Mali,Mali,2020?,,nonstate,0,432,one,\n"))


def test_the_publishers_files_and_the_table_made_of_them_agree(data: Path) -> None:
    folder = data / "ewp"
    named = (
        "2018_sorted*2017*",
        "2019_*-run-*",
        "2020_*-run-*",
        "2021_*-run-*",
        "2022_*-run-*",
        "2023_final*",
        "2024_final*",
        "2025_final*",
    )
    raw = [path for pattern in named for path in (folder / "raw").glob(pattern) if "coeffs" not in path.name]
    published = read("ewp", folder / "ewp_published.csv")
    assert published.vintage == "2025"
    assert published.rejected.is_empty()
    for path in raw:
        parsed = read("ewp", path)
        for indicator in ("ewp_new_mass_killing_probability", "ewp_new_mass_killing_probability_1y"):
            own, made = values(parsed, indicator), values(published, indicator)
            assert own
            assert all(made[key] == pytest.approx(value, abs=1e-6) for key, value in own.items()), path.name


def test_the_publishers_list_of_episodes(data: Path) -> None:
    folder = data / "ewp"
    made = read("ewp", folder / "ewp_events.csv").tables["facts"]
    (workbook,) = (folder / "raw").glob("2025_EWP*.xlsx")
    listed = read("ewp", workbook).tables["facts"]
    assert set(listed["key"]) <= set(made["key"])
    assert listed.height > 145
    assert listed.filter(pl.col("end").is_null()).height > 5


def test_back_tests_have_a_name_of_their_own(data: Path) -> None:
    (raw,) = (data / "ewp" / "raw").glob("2025_FOOS*")
    own, made = (
        values(read("ewp", path), "ewp_backtest_new_mass_killing_probability") for path in (raw, data / "ewp" / "ewp_backtest.csv")
    )
    assert own.keys() == made.keys()
    assert all(made[key] == pytest.approx(value, abs=1e-5) for key, value in own.items())


# VIEWS


def record(**given: Any) -> dict[str, Any]:
    plain = {"country_id": 1, "month_id": 561, "name": "Mali", "gwcode": 432, "isoab": "MLI", "year": 2026, "month": 9}
    return plain | {"main_mean_ln": 1.0, "main_mean": 1.7, "main_dich": 0.1} | given


def page(*records: dict[str, Any], number: int = 1, pages: int = 1, rows: int | None = None) -> str:
    content = {
        "next_page": "",
        "prev_page": "",
        "page_count": pages,
        "page_cur": number,
        "row_count": len(records) if rows is None else rows,
    }
    return json.dumps(content | {"data": list(records)})


def test_a_month_ahead_is_the_period_and_the_run_the_release(write: Write) -> None:
    parsed = read("views_api", write("fatalities003_2026_08_t01-cm-sb-001.json", page(record())))
    assert parsed.vintage == "fatalities003_2026_08_t01"
    assert periods(parsed, "views_sb_expected_deaths") == {(date(2026, 9, 1), date(2026, 9, 30))}
    assert values(parsed, "views_sb_25_deaths_probability") == {("MLI", "2026-09-01"): 0.1}


def test_rows_repeated_from_page_to_page_count_once(write: Write) -> None:
    one = write("one.json", page(record(), number=1, pages=2, rows=2))
    two = write("two.json", page(record(), number=2, pages=2, rows=2))
    parsed = read("views_api", one, two)
    assert parsed.tables["observations"].height == 2
    assert set(parsed.rejected["reason"]) == {"a second row of the same state and window"}


def test_the_first_models_logarithms_become_deaths(write: Write) -> None:
    first = {key: value for key, value in record().items() if not key.startswith("main_")}
    records = [first | {"sc_cm_sb_main": 2.302585093, "sc_cm_sb_dich_main": 0.5, "sc_cm_sb_hurdle_1": 9.0}]
    parsed = read("views_api", write("fatalities001_2022_09_t01.json", page(*records)))
    assert values(parsed, "views_sb_expected_deaths")["MLI", "2026-09-01"] == pytest.approx(9.0, abs=1e-6)


def test_views_as_a_table(write: Write) -> None:
    head = "country_id,month_id,country,gwcode,isoab,year,month,main_mean_ln,main_mean,main_dich\n"
    parsed = read("views_api", write("fatalities003_2026_08_t01_cm.csv", head + "1,561,Mali,432,MLI,2026,9,1.0,1.7,0.1\n"))
    assert values(parsed, "views_sb_expected_deaths") == {("MLI", "2026-09-01"): 1.7}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (page(record(month_id=560)), "month_id 560 is not 2026-09"),
        (page(record(), pages=2), "1 pages were given"),
        (page(record(), rows=7), "hold 1 rows"),
        (page(record(), pages=10**9), "no number of pages"),
        (page(record(brand_new=1)), "brand_new"),
        ("[]", "no object"),
        ("<html>", "not a whole JSON"),
    ],
)
def test_pages_that_are_not_whole_are_refused(write: Write, text: str, said: str) -> None:
    with pytest.raises(UnexpectedData, match=said):
        read("views_api", write("page.json", text))


def test_pages_of_two_runs_are_refused(write: Write) -> None:
    one = write("fatalities003_2026_08_t01-1.json", page(record(), pages=2, rows=2))
    two = write("fatalities003_2026_07_t01-2.json", page(record(), number=2, pages=2, rows=2))
    with pytest.raises(UnexpectedData, match="several runs"):
        read("views_api", one, two)


def test_the_newest_run_is_not_the_last_one_listed() -> None:
    runs = [
        "fatalities001_2023_00_t01",
        "fatalities002_2025_10_t01",
        "fatalities003_2025_10_t01",
        "predictors_fatalities003_0000_00",
        "r_2021_12_01",
    ]
    assert newest_run({"runs": runs}) == "fatalities003_2025_10_t01"
    for listing in ({"runs": ["r_2021_12_01"]}, {"runs": 3}, []):
        with pytest.raises(SourceUnavailable, match="lists no run"):
            newest_run(listing)


@pytest.mark.loopback
def test_every_page_of_the_newest_run_is_fetched(publisher: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = find_source("views_api").module
    monkeypatch.setattr(module, "ADDRESS", publisher.root)
    publisher.json("/", {"runs": ["r_2021_12_01", "fatalities003_2026_08_t01"]})
    for number in (1, 2):
        content = json.loads(page(record(isoab=("MLI", "SDN")[number - 1]), number=number, pages=2, rows=2))
        publisher.json(f"/fatalities003_2026_08_t01/cm/sb?pagesize=1000&page={number}", content)
    asking = Asking(source="views_api", folder=tmp_path / "got", connection=Connection(attempts=1, wait_seconds=0))
    parsed = read("views_api", *module.collect(asking))
    assert {iso3 for iso3, _ in values(parsed, "views_sb_expected_deaths")} == {"MLI", "SDN"}


# ConflictForecast


def test_only_the_newest_month_is_a_forecast(write: Write) -> None:
    text = "isocode,period,ons_armedconf_03_target,ons_armedconf_03_all\nMLI,202607,,0.9\nMLI,201001,1,0.2\n"
    parsed = read("conflictforecast", write("conflictforecast_ons_armedconf_03.csv", text))
    assert parsed.vintage == "2026-07"
    own = "conflictforecast_armed_conflict_probability_3m"
    assert values(parsed, own) == {("MLI", "2026-08-01"): 0.9}
    assert periods(parsed, own) == {(date(2026, 8, 1), date(2026, 10, 31))}
    assert values(parsed, f"{own}_fitted") == {("MLI", "2010-02-01"): 0.2}


@pytest.mark.parametrize(
    "text",
    ["isocode,year,month,text_model,best_model\nMLI,2023,7,1,90\n", "isocode,period,text,all\nMLI,202307,0.1,0.9\n"],
)
def test_older_layouts_and_percentages(write: Write, text: str) -> None:
    parsed = read("conflictforecast", write("conflictforecast_armedconf_3.csv", text))
    assert values(parsed, "conflictforecast_armed_conflict_probability_3m") == {("MLI", "2023-08-01"): pytest.approx(0.9)}


def test_conflictforecast_refuses_what_it_does_not_know(write: Write) -> None:
    good = "isocode,period,all\nMLI,202307,0.9\n"
    with pytest.raises(UnexpectedData, match="not named as the publisher"):
        read("conflictforecast", write("risk.csv", good))
    with pytest.raises(UnexpectedData, match="brand_new"):
        read("conflictforecast", write("conflictforecast_armedconf_3.csv", "isocode,period,all,brand_new\nMLI,202307,0.9,1\n"))
    with pytest.raises(UnexpectedData, match="different months"):
        read(
            "conflictforecast",
            write("conflictforecast_armedconf_3.csv", good),
            write("conflictforecast_armedconf_12.csv", good.replace("202307", "202308")),
        )
    parsed = read("conflictforecast", write("conflictforecast_armedconf_3.csv", "isocode,period,all\nMLI,202313,0.9\nMLI,202307,0.5\n"))
    assert parsed.rejected["reason"].to_list() == ["the window forecast is not dated"]


@pytest.mark.loopback
def test_the_listing_names_the_files(publisher: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = find_source("conflictforecast").module
    monkeypatch.setattr(module, "LISTING", f"{publisher.root}/listing")
    names = [
        f"conflictforecast_{kind}_{months}.csv" for kind in ("ons_armedconf", "ons_anyviolence", "int_lnbest") for months in ("03", "12")
    ]
    files = [{"name": name, "publicUrl": publisher.address} for name in names]
    publisher.json("/listing", [*files, {"name": "codebook.pdf", "publicUrl": publisher.address}])
    publisher.file(b"isocode,period,all\nMLI,202307,0.5\n")
    asking = Asking(source="conflictforecast", folder=tmp_path / "got", connection=Connection(attempts=1, wait_seconds=0))
    parsed = read("conflictforecast", *module.collect(asking))
    assert parsed.tables["observations"].height == 6
    publisher.json("/listing", files[:2])
    with pytest.raises(SourceUnavailable, match="2 of 6"):
        module.collect(asking)


# INFORM Risk and HDX Signals


def test_inform_as_the_interface_gives_it(write: Write) -> None:
    plain = {
        "FullName": "INFORM Risk Index",
        "CountryName": "",
        "WorkflowId": 493,
        "MethodologyId": 436,
        "ShortDescription": "",
        "ParentLevel": 0,
    }
    records = [plain | {"IndicatorId": "CC", "Iso3": "MLI", "GNAYear": 2024, "IndicatorScore": 7.4, "StepNumber": 17, "Ranking": 0}]
    parsed = read("inform_risk", write("trends.json", json.dumps(records)))
    assert values(parsed, "inform_lack_of_coping_capacity") == {("MLI", "2024-01-01"): 7.4}
    with pytest.raises(UnexpectedData, match="IndicatorId has codes new"):
        read("inform_risk", write("trends.json", json.dumps([records[0] | {"IndicatorId": "XX"}])))


def test_inform_skips_a_line_of_tags(write: Write) -> None:
    text = "CountryName,Iso3,GNAYear,IndicatorId,FullName,IndicatorScore\n#country,#country+code,#date,#x,#y,#z\nMali,MLI,2024,INFORM,x,7\n"
    assert values(read("inform_risk", write("t.csv", text)), "inform_risk") == {("MLI", "2024-01-01"): 7}


def test_inform_conflict_is_a_share_and_other_series_are_left(data: Path) -> None:
    folder = data / "structural"
    parsed = read("inform_risk", folder / "inform_risk_index.csv.gz", folder / "inform_risk_index_trends.csv.gz")
    conflict = values(parsed, "inform_violent_internal_conflict_probability")
    assert len(conflict) == 173
    assert max(conflict.values()) <= 1
    assert len({iso3 for iso3, _ in values(parsed, "inform_risk")}) == 191
    assert parsed.rejected.is_empty()


def test_an_alert_runs_from_its_data_to_its_sending(write: Write) -> None:
    sample = find_source("hdx_signals").folder / "sample.csv"
    parsed = read("hdx_signals", sample)
    assert parsed.vintage == "2026-06-10"
    assert periods(parsed, "hdx_signals_acled_conflict") == {(date(2026, 5, 31), date(2026, 6, 10))}
    assert values(parsed, "hdx_signals_idmc_displacement_conflict") == {("MLI", "2021-07-01"): 1}
    text = sample.read_text(encoding="utf-8")
    with pytest.raises(UnexpectedData, match="alert_level has codes new"):
        read("hdx_signals", write("a.csv", text.replace("High concern", "Highest concern")))
    with pytest.raises(UnexpectedData, match="row 3: date"):
        read("hdx_signals", write("a.csv", text.replace("2021-07-01 00:00:00", "01/07/2021")))


# VIEWS Prediction Challenge


def challenge(folder: Path, name: str, rows: list[tuple[int, ...]], columns: tuple[str, ...]) -> Path:
    path = folder / name
    pl.DataFrame(rows, schema=columns, orient="row").write_parquet(path)
    return path


def test_draws_become_a_mean_with_bounds(tmp_path: Path) -> None:
    sample = find_source("views_challenge").folder / "sample" / "country_list.csv"
    rows = [(deaths, 457, 166, draw) for draw, deaths in enumerate(range(21))]
    path = challenge(tmp_path, "bm_cm_bootstrap_expanded_2018.parquet", rows, ("outcome", "month_id", "country_id", "draw"))
    (row,) = read("views_challenge", sample, path).tables["observations"].iter_rows(named=True)
    assert (row["iso3"], row["start"], row["end"]) == ("COG", date(2018, 1, 1), date(2018, 1, 31))
    assert (row["low"], row["value"], row["high"]) == (1, 10, 19)


def test_tables_of_the_challenge_that_cannot_be_read(tmp_path: Path) -> None:
    sample = find_source("views_challenge").folder / "sample" / "country_list.csv"
    columns = ("outcome", "month_id", "country_id")
    good = challenge(tmp_path, "cm_actuals_2018.parquet", [(1, 457, 50), (1, 457, 999), (-1, 457, 245)], columns)
    parsed = read("views_challenge", sample, good)
    assert parsed.vintage == "2018-01"
    assert sorted(parsed.rejected["reason"]) == ["not a state in the list of countries", "the month or the number of deaths cannot be"]
    with pytest.raises(UnexpectedData, match=r"country_list\.csv is missing"):
        read("views_challenge", good)
    with pytest.raises(UnexpectedData, match="No table was given"):
        read("views_challenge", sample)
    with pytest.raises(UnexpectedData, match="not named as the publisher"):
        read("views_challenge", sample, challenge(tmp_path, "other.parquet", [(1, 457, 50)], columns))
    broken = tmp_path / "cm_actuals_2019.parquet"
    broken.write_bytes(good.read_bytes()[:100])
    with pytest.raises(UnexpectedData, match="no Parquet file"):
        read("views_challenge", sample, broken)


def test_a_copy_under_another_name_is_read_by_its_months(data: Path) -> None:
    folder = data / "views"
    paths = [folder / "benchmarks" / f"bm_cm_last_historical_poisson_expanded_{year}.parquet" for year in (2021, 2022)]
    parsed = read("views_challenge", folder / "country_list.csv", *paths)
    assert {start.year for start in parsed.tables["observations"]["start"]} == {2021}
    assert set(parsed.rejected["reason"]) == {"already in another of the files"}
