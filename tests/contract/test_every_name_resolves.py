"""Every name and code of a state in the publishers' files leads to one state, or is refused for a reason that is written down."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from publisher_files import distinct, table

from forefend.errors import HistoricalPlace, PlaceError
from forefend.places import from_code, resolve
from forefend.places.names import out_of_scope
from forefend.places.spelling import key


@dataclass(frozen=True)
class Column:
    """A column with names or codes. Columns of one ``place`` in a file speak of the same state, row by row."""

    name: str
    scheme: str = "name"
    on: str = ""
    place: str = ""
    split: str = ""
    publisher: str = ""


@dataclass(frozen=True)
class File:
    """How the files that a pattern finds name states; ``sheet`` picks the sheets of a workbook, ``skip`` lines before the header."""

    pattern: str
    columns: tuple[Column, ...]
    sheet: str = ""
    skip: int = 0


def file(pattern: str, *columns: Column, sheet: str = "", skip: int = 0) -> File:
    return File(pattern, columns, sheet=sheet, skip=skip)


def one(name: str, scheme: str = "name", *, on: str = "", split: str = "", publisher: str = "") -> Column:
    return Column(name, scheme, on=on, place="state", split=split, publisher=publisher)


def side(place: str, name: str, scheme: str = "name", *, on: str = "", publisher: str = "") -> Column:
    return Column(name, scheme, on=on, place=place, publisher=publisher)


ISO = one("iso3", "alpha3")
FILES = [
    file("calendar/commitments.csv", ISO),
    file("calendar/elections.csv", ISO),
    file("calendar/mandates.csv", one("iso3", "alpha3", split=";")),
    file("calendar/memberships_2026.csv", ISO),
    file("calendar/unga_votes_2020_2023.csv", ISO),
    file("calendar/unsc_presidency.csv", ISO, one("member")),
    file("calendar/upr_cycle4.csv", ISO),
    file("dyads/GSDB_V3_format_sample.csv", side("to", "sanctioned_state"), Column("sanctioning_state", split=",")),
    file("dyads/atop_alliance.rda", side("a", "ccode1", "cow", on="year"), side("b", "ccode2", "cow", on="year")),
    file("dyads/atop_alliances_2018.csv", side("a", "iso3_1", "alpha3"), side("b", "iso3_2", "alpha3")),
    file("dyads/china_gcdf_recipient_year.csv", one("recipient_iso3", "alpha3")),
    file("*/cow_contdir.rda", side("a", "ccode1", "cow"), side("b", "ccode2", "cow")),
    file("dyads/cow_contiguity_current.csv", side("a", "iso3_1", "alpha3"), side("b", "iso3_2", "alpha3")),
    file("dyads/cow_igo_state_year_format3.rda", one("ccode", "cow", on="year")),
    file("dyads/cow_trade_ddy.rds", side("a", "ccode1", "cow", on="year"), side("b", "ccode2", "cow", on="year")),
    file("dyads/cow_trade_sy.rda", one("ccode", "cow", on="year")),
    file("dyads/cow_trade_dyads_2014.csv", side("a", "iso3_1", "alpha3"), side("b", "iso3_2", "alpha3")),
    file("dyads/diplomatic_missions_2021.csv", side("from", "sender_iso3", "alpha3"), side("to", "host_iso3", "alpha3")),
    file(
        "dyads/oda_donor_recipient_2009_2022.csv",
        side("from", "donor_iso3", "alpha3"),
        side("from", "donor", publisher="oecd"),
        side("to", "recipient_iso3", "alpha3"),
        side("to", "recipient", publisher="oecd"),
    ),
    file("dyads/oecd_dac2a_2009_2022.rda", side("from", "Donor", publisher="oecd"), side("to", "Recipient", publisher="oecd")),
    file("dyads/shared_igos_2014.csv", side("a", "iso3_a", "alpha3"), side("b", "iso3_b", "alpha3")),
    file("dyads/sipri_samples/TIV-Export-FRA-1950-2021.csv", one("", publisher="sipri"), skip=10),
    file(
        "dyads/sipri_tiv_dyads_1950_2021.csv",
        side("from", "supplier_iso3", "alpha3"),
        side("from", "supplier_cown", "cow", on="year"),
        side("from", "supplier", on="year", publisher="sipri"),
        side("to", "recipient_iso3", "alpha3"),
        side("to", "recipient_cown", "cow", on="year"),
        side("to", "recipient", on="year", publisher="sipri"),
    ),
    file(
        "dyads/sipri_trade_register.csv",
        side("to", "Recipient", on="Year of order", publisher="sipri"),
        side("from", "Supplier", on="Year of order", publisher="sipri"),
    ),
    file(
        "dyads/trade_partners_top5_factbook.csv",
        ISO,
        side("partner", "partner", publisher="factbook"),
        side("partner", "partner_iso3", "alpha3"),
    ),
    file("dyads/unga_agreement_2010_2019.csv", side("a", "iso3_a", "alpha3"), side("b", "iso3_b", "alpha3")),
    file("dyads/upr_recommendations_dyads_2008_2014.csv", side("a", "from_iso3", "alpha3"), side("b", "to_iso3", "alpha3")),
    file(
        "dyads/us_bases_basedata.csv",
        side("host", "countryname", publisher="us_defense"),
        side("code", "iso3c", "alpha3"),
        side("code", "ccode", "cow"),
    ),
    file(
        "dyads/us_troopdata_rebuild_long.rda", one("countryname", on="year", publisher="cow"), one("iso3c", "alpha3")
    ),  # numbers of its own
    file("dyads/us_troops_by_host_latest.csv", one("countryname", publisher="cow"), one("iso3c", "alpha3")),
    file("ewp/ewp_backtest.csv", ISO, one("ccode", "cow"), one("country", publisher="cow")),
    file(
        "ewp/ewp_events.csv", ISO, one("ccode", "cow"), one("country"), side("coded", "country_as_coded", on="start_year", publisher="ewp")
    ),
    file("ewp/ewp_onset_vintages.csv", ISO, one("ccode", "cow"), one("country")),
    file("ewp/ewp_panel.csv", ISO, one("ccode", "cow"), one("country", publisher="cow")),
    file("ewp/ewp_published.csv", ISO, one("ccode", "cow"), one("country", publisher="cow")),
    file("ewp/extra_features.csv", ISO),
    file("ewp/raw/2015_ewp.exante*.csv", one("country", publisher="cow")),
    file("ewp/raw/2018_sortedrisk*.csv", one("country", publisher="cow"), one("COW", "cow")),
    file("ewp/raw/20[12][0129]_base20??-run-*.csv", one("country", publisher="cow"), one("COW", "cow")),
    file("ewp/raw/202[012]_mkl_data.csv", one("country_name", on="year", publisher="cow")),
    file("ewp/raw/2020_prepared*.csv", one("country_name", on="year", publisher="cow"), one("COWcode", "cow")),
    file("ewp/raw/2023_FOOS*.csv", one("country", on="year", publisher="cow"), one("ccode", "cow")),
    file("ewp/raw/2023_final*.csv", one("country", publisher="cow"), one("ccode", "cow")),
    file("ewp/raw/2023_mkl_data.csv", one("country", on="year", publisher="cow"), one("ccode", "cow", on="year")),
    file("ewp/raw/202[45]_FOOS*.csv", one("ewp_name", on="year", publisher="cow"), one("ccode", "cow")),
    file("ewp/raw/202[45]_final*.csv", one("ewp_name", publisher="cow"), one("ccode", "cow")),
    file("ewp/raw/202[45]_prepared*.csv", one("ewp_name", publisher="cow"), one("ccode", "cow")),
    file(
        "ewp/raw/2025_basedata*.csv",
        one("country", on="year", publisher="cow"),
        one("ccode", "cow", on="year"),
        one("ewp_name", on="year", publisher="cow"),
    ),
    file(
        "ewp/raw/2025_EWP_mass_killing*.xlsx",
        one("country", on="startyear", publisher="ewp"),
        side("place", "mk_location_cow", "cow"),
        sheet="1",
    ),
    file("samples/acled/hdx_hapi_*.csv.gz", one("location_code", "alpha3")),
    file("samples/acled/*.xlsx", one("Country"), one("ISO3", "alpha3"), sheet="[34]"),
    file("samples/awsd/incidents_to_2024.csv.gz", one("Country Code", "alpha2"), one("Country", publisher="awsd")),
    file("samples/idmc/*", ISO, one("country")),
    file("samples/insecurity_insight/*.xlsx", one("Country"), one("Country ISO", "alpha3"), sheet="1"),
    file(
        "state/codes/countries_mledoze.csv",
        side("name", "name.common"),
        one("name.official"),
        one("cca2", "alpha2"),
        one("cca3", "alpha3"),
        one("ccn3", "m49"),
    ),
    file(
        "state/codes/country_codes.csv",
        side("name", "country.name.en"),
        one("iso2c", "alpha2"),
        one("iso3c", "alpha3"),
        one("iso3n", "m49"),
        side("other", "cown", "cow"),
        side("gw", "gwn", "gw"),
        side("vdem", "vdem", "vdem"),
    ),
    file("*/reign*/*electionlist*", one("country", on="elec_year", publisher="cow"), one("ccode", "cow", on="elec_year")),
    file("state/elections/*", one("country", on="elec_year", publisher="cow"), one("ccode", "cow", on="elec_year")),
    file("state/governance/bti_*.csv", ISO, one("bti_country"), one("cown", "cow")),
    file("state/governance/cpi_ddf.csv", one("country")),
    file("state/governance/freedom_house_*.csv", ISO, side("name", "fh_full_country", publisher="cow"), one("cown", "cow")),
    file("state/governance/global_oc_index.xlsx", one("Country"), sheet="[23]"),
    file(
        "state/governance/lexical_index_*.csv",
        side("name", "lied_country", on="year"),
        side("cow", "lied_cow", "cow", on="year"),
        side("vdem", "vdem", "vdem", on="year"),
    ),
    file(
        "state/governance/qog_std_cs_jan25.csv",
        one("cname", publisher="qog"),
        one("ccode", "m49"),
        one("ccodealp", "alpha3"),
        one("ccodecow", "cow"),
    ),
    file("state/governance/swiid_summary.csv", one("country", on="year")),
    file(
        "state/governance/vdem_high_level_*.csv",
        side("code", "country_text_id", "alpha3", on="year"),
        side("name", "vdem_country_name", on="year"),
        side("cow", "vdem_cowcode", "cow", on="year"),
    ),
    file("state/governance/vdem_spaces_*.csv", ISO, one("gwcode", "gw", on="year")),
    file("state/governance/wgi_*.csv", one("wb_country"), one("wb_code", "alpha3"), one("cown", "cow")),
    file("state/justice/icc_statesparty.csv", one("ccode", "cow", on="year"), one("country", on="year", publisher="cow")),
    file("state/justice/tjet_icc_accused.csv", one("ccode_target", "cow")),
    file(
        "state/justice/tjet_trials.csv",
        side("target", "country_target", on="yearStart", publisher="cow"),
        side("trial", "country_trial", on="yearStart", publisher="cow"),
        Column("ccode_target", "cow", on="yearStart", place="target", split=";"),
        Column("ccode_trial", "cow", on="yearStart", place="trial", split=";"),
        Column("ccode_crime", "cow", on="yearStart", place="crime", split=";"),
        Column("ccode_victim", "cow", on="yearStart", place="victim", split=";"),
    ),
    file("state/justice/tjet_amnesties.csv", one("country", on="amnestyYear", publisher="cow"), one("ccode_cow", "cow", on="amnestyYear")),
    file("state/justice/tjet_vettings.csv", one("country", on="yearStart", publisher="cow"), one("ccode_cow", "cow", on="yearStart")),
    *(
        file(f"state/justice/tjet_{table}.csv", one("country", publisher="cow"), one("ccode_cow", "cow"))
        for table in ("reparations", "tcs")
    ),
    file("state/justice/tjet_un_investigations.csv", one("country"), side("investigated", "ccode_cow", "cow")),  # of Portugal in Mozambique
    file("state/memberships/cow_igo_members_2014.csv", ISO, one("ccode", "cow")),
    file("state/memberships/igo_participation_factbook.csv", ISO, one("country", publisher="factbook")),
    file("state/sdg/*.csv", ISO, side("area", "geo_area", "m49")),
    file("state/treaties/icc_icj_factbook.csv", ISO, one("country", publisher="factbook")),
    file("state/treaties/status_2022/*.csv", one("iso2", "alpha2"), side("name", "member", publisher="un")),
    file("state/treaties/status_2022_long.csv", ISO, one("member", publisher="un"), side("iso2", "iso2", "alpha2")),
    file("state/treaties/untc_2015/*.csv", one("Participant", publisher="un")),
    file("state/treaties/untc_2015_long.csv", ISO, one("participant", publisher="un")),
    file("state/un/DPPA-SCMEMBERSHIP*.csv", one("security_council_member", on="year", publisher="un")),
    file("state/un/hrc_terms_2022_2028.csv", ISO, one("member")),
    file("state/un/un_personnel_*.csv", ISO, one("Country", on="Year", publisher="un")),
    file("state/upr/upr_info_sessions_*.csv", side("to", "To", publisher="upr_info"), side("from", "From", publisher="upr_info")),
    file("state/upr/upr_received_by_theme_2008_2014.csv", one("to_iso3", "alpha3")),
    file(
        "state/votes/IdealpointsJuly2025.dta",
        one("ccode", "cow", on="year"),
        one("countryname", on="year", publisher="cow"),
        side("iso3", "iso3c", "alpha3", on="year"),
    ),
    file("state/votes/un_votes.rda", side("name", "country", publisher="un"), side("code", "country_code", "alpha2")),
    file("state/votes/unga_atrocity_relevant_votes_2010_2019.csv", ISO, one("country", publisher="un")),
    *(file(f"structural/{table}.csv.gz", one("gwno", "gw", on="year")) for table in ("coup", "covariates", "population", "regime")),
    file("structural/demspaces_dv-data.rds", one("gwcode", "gw", on="year")),
    file("structural/epr-data.csv.gz", one("countries_gwid", "gw", on="year"), one("countryname", on="year", publisher="ucdp")),
    file(
        "structural/ert_v15.csv.gz",
        one("country_id", "vdem", on="year"),
        one("country_text_id", "alpha3", on="year"),
        one("country_name", on="year"),
    ),
    file("structural/gdelt_country_month.csv.gz", one("country_iso3", "alpha3")),
    file("structural/gw_mindist.rda", side("a", "gwcode1", "gw", on="year"), side("b", "gwcode2", "gw", on="year")),
    file("structural/gw_states.rda", side("code", "gwcode", "gw"), side("name", "statename", publisher="ucdp")),
    file("structural/hief.rda", one("gwcode", "gw", on="year"), side("cow", "ccode", "cow", on="year")),
    file("structural/inform_risk_index*.csv.gz", one("CountryName", publisher="inform"), one("Iso3", "alpha3")),
    file("structural/mids.csv.gz", side("a", "gwno_a", "gw", on="year"), side("b", "gwno_b", "gw", on="year")),
    file("structural/powell_thyne_coups_monthly.csv", one("country_iso3", "alpha3")),
    file("structural/reign/ELVI_2021_3.csv.gz", one("country", on="year", publisher="cow"), one("ccode", "cow", on="year")),
    file("structural/reign/leaderlist_3_21.csv.gz", one("ccode", "cow", on="syear")),
    file("structural/reign/regime_list.csv.gz", side("code", "cowcode", "cow"), side("name", "gwf_country")),
    file("structural/ucdp_acd.rda", side("a", "gwno_a", "gw", on="year"), side("b", "gwno_b", "gw", on="year")),
    file("structural/ucdp_onsets.rda", one("gwcode", "gw", on="year")),
    file(
        "structural/unhcr_*.rda",
        side("from", "coo_name", on="year", publisher="unhcr"),
        side("from", "coo_iso", "alpha3", on="year"),
        side("to", "coa_name", on="year", publisher="unhcr"),
        side("to", "coa_iso", "alpha3", on="year"),
    ),
    file("structural/wdi.csv.gz", one("country"), one("iso2c", "alpha2"), one("iso3c", "alpha3"), side("cow", "ccode", "cow", on="year")),
    file("ucdp/BattleDeaths_v25_1.csv.gz", one("location_inc", on="year", split=", ", publisher="ucdp")),
    file("ucdp/cm_panel.parquet", ISO, one("gwcode", "gw", on="year"), one("country", on="year", publisher="ucdp")),
    file("ucdp/conflict_ucdp_annual_v251.csv.gz", ISO),
    file("ucdp/country-month.csv.gz", one("gwno", "gw", on="year")),
    file("ucdp/country-year.csv.gz", one("gwno", "gw", on="year"), one("country", on="year", publisher="ucdp")),
    file("ucdp/format_samples/conflict_data_*.csv.gz", ISO, one("country"), one("country_id", "gw")),
    file("ucdp/format_samples/ged191_sample.zip", one("country", on="year", publisher="ucdp"), one("country_id", "gw", on="year")),
    file("ucdp/nonstate.yaml", one("countries", "gw")),
    file("ucdp/onesided.yaml", one("countries", "gw")),
    file("ucdp/states.yaml", one("gwno", "gw"), side("name", "name", publisher="ucdp")),
    file("ucdp/ucdp-dyadic-251.csv.gz", one("location", on="year", split=", ", publisher="ucdp")),
    file("ucdp/ucdp-prio-acd-251.csv.gz", one("location", on="year", split=", ", publisher="ucdp")),
    file("ucdp/ucdp_country_month_v251.csv.gz", one("country_iso3", "alpha3")),
    file("ucdp/views_country.parquet", one("name", publisher="ucdp"), side("iso3", "isoab", "alpha3")),
    file("views/country_list.csv", one("name", publisher="ucdp")),
]
# Files without a column that names states; numbers of VIEWS' own are translated by ucdp/views_country.parquet.
WITHOUT_STATES = [
    "calendar/hrc_sessions.csv",
    "calendar/treaty_body_reviews.csv",
    "coverage.csv",
    "dyads/cow_igo_igo_year_format3.rda",  # states are column titles; cow_igo_state_year_format3 holds the same by number
    "ewp/data_dictionary.csv",
    "ewp/ewp_coefficients.csv",
    "ewp/raw/*coeff*.csv",
    "samples/gdelt/*",
    "samples/hate_speech_amharic/*",
    "state/factbook/world_factbook_json_2026.zip",  # one document per country, named by its own GEC code; see test_facts
    "state/justice/tjet_codebook.csv",
    "state/un/DPPADPOSS-PKO.csv",
    "state/votes/un_roll_call*.rda",
    "structural/episode.csv.gz",
    "structural/peace-agreements.yaml",
    "ucdp/dyad-month.csv.gz",
    "ucdp/format_samples/candidate_header.csv",  # a header only
    "ucdp/views_ged_cm_postpatch.parquet",
    "ucdp/views_month.parquet",
    "views/actuals/*",
    "views/benchmarks/*",
    "views/features/*",
    "views/leaderboard_*.csv",
]
# Rows whose publisher wrote a name and a code of different states.
KNOWN_ERRORS = {("ELVI_2021_3.csv.gz", ("CHL", "TCD"))}
BLANK = {"", "-", "NA", "nan", "None"}


def matching(path: str) -> list[str]:
    return [pattern for pattern in [entry.pattern for entry in FILES] + WITHOUT_STATES if fnmatch.fnmatchcase(path, pattern)]


@cache
def _read(value: str, scheme: str, on: date | None, publisher: str) -> str | PlaceError:
    try:
        return resolve(value, on=on, publisher=publisher) if scheme == "name" else from_code(value, scheme=scheme, on=on)
    except PlaceError as refusal:
        return refusal


def is_declared(value: str, scheme: str, refusal: PlaceError) -> bool:
    """Tell whether a refusal is one that the tables of this room declare: a former state or a part, or a listed reason."""
    if isinstance(refusal, HistoricalPlace):
        return True
    if scheme in ("m49", "gw", "cow", "vdem"):
        return str(int(float(value))) in out_of_scope(scheme)
    return (key(value) if scheme == "name" else value) in out_of_scope(scheme)


def _day(year: str) -> date | None:
    return date(int(float(year)), 7, 1) if year.strip() and year not in BLANK and year[0].isdigit() else None


def is_blank(value: str, column: Column) -> bool:
    return value in BLANK - ({"NA"} if column.scheme == "alpha2" else set()) or value.startswith("#")


def titles(columns: Iterable[Column]) -> list[str]:
    return list(dict.fromkeys(name for column in columns for name in (column.name, *([column.on] if column.on else []))))


def check(path: Path, entry: File) -> list[str]:
    """Return a line for each name or code that leads nowhere, and for each row whose columns lead to different states."""
    frame = table(path, columns=titles(entry.columns), sheet=entry.sheet, skip=entry.skip)
    wrong: dict[str, None] = {}
    for place in dict.fromkeys(column.place for column in entry.columns):
        columns = [column for column in entry.columns if column.place == place]
        names = titles(columns)
        for row in distinct(frame, columns=names):
            wrong |= dict.fromkeys(_check_row(dict(zip(names, row, strict=True)), columns=columns, file=path.name))
    return list(wrong)


def _check_row(cells: dict[str, str], *, columns: list[Column], file: str) -> Iterator[str]:
    states: dict[str, str] = {}
    for column in columns:
        on = _day(cells[column.on]) if column.on else None
        values = cells[column.name].split(column.split) if column.split else [cells[column.name]]
        for value in values:
            if is_blank(value.strip(), column):
                continue
            found = _read(value.strip(), column.scheme, on, column.publisher)
            if isinstance(found, str):
                states[found] = f"{column.name} {value!r}"
            elif not is_declared(value.strip(), column.scheme, found):
                yield f"{column.name} {value!r} on {on}: {found}"
    if len(states) > 1 and not any(column.split for column in columns) and (file, tuple(sorted(states))) not in KNOWN_ERRORS:
        yield f"one row, different states: {states}"


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry.pattern)
def test_names_and_codes_lead_to_one_state(entry: File, data: Path) -> None:
    paths = [path for path in sorted(data.rglob("*")) if path.is_file() and matching(str(path.relative_to(data)))[:1] == [entry.pattern]]
    assert paths, "no such file"
    wrong = {str(path.relative_to(data)): lines for path in paths if (lines := check(path, entry))}
    assert not wrong, "\n".join(f"{path}\n  " + "\n  ".join(lines[:40]) for path, lines in wrong.items())


def test_every_file_is_declared(data: Path) -> None:
    """A new file must say which of its columns name states, or that none does."""
    names = [str(path.relative_to(data)) for path in data.rglob("*") if path.is_file() and path.suffix != ".md"]
    assert names
    assert [name for name in names if not matching(name)] == []


def test_every_declaration_is_used(data: Path) -> None:
    names = [str(path.relative_to(data)) for path in data.rglob("*") if path.is_file()]
    patterns = [entry.pattern for entry in FILES] + WITHOUT_STATES
    assert [pattern for pattern in patterns if not any(fnmatch.fnmatchcase(name, pattern) for name in names)] == []
