"""Early Warning Project: the country-years its yearly model is fitted on, with onsets of mass killing.

Two files, in a tidy layout: ``ewp_panel.csv`` (onsets, episodes, predictors) and ``extra_features.csv`` (further
predictors). Only onsets become observations; ``forefend.forecast.ewp_panel`` reads the predictors from the stored files.
Known oddities: dissolved states carry codes that are no longer states and are rejected here, though the forecasts learn
from them; the two-year outcome is empty where its years are not over.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Files, Parsed, check_columns, reject
from forefend.sources.reading.unpacked import unpacked
from forefend.store.tables import OBSERVATIONS, REJECTED

PANEL, EXTRA = "ewp_panel.csv", "extra_features.csv"
ONSET = "ewp_onset"
READ = ("iso3", "year", "mk_onset")
OTHER_NAMES = """
    ccode country onset_1y onset_2y onset_state_1y onset_state_2y onset_nonstate_1y onset_nonstate_2y mk_onset_count n_onset_state
    n_onset_nonstate mk_ongoing mk_ongoing_count mk_offset mk_location_ever mk_responsible_ever mk_ongoing_code independence_year
    widetargeting narrowtargeting v2csgender_binary v2mecenefm_binary partyban_new_0 partyban_new_1 partyban_new_2 minorityrule
    judicialreform religiousfreedom pol_killing_approved freediscussion social_inequality even_civilrights repress_civilsoc
    social_power_dist ses_power_dist popsize_log2 gdppcgrowth un_imr_sqrt efindex discrimpop reg_na reg_eap reg_sca reg_mna reg_eur
    ios_iccpr1 battledeaths_log2 coup_try_5yr mk_ongoing_count_log2 mean_mk_onset_interaction mk_onset_prev_year newcountry mk_ever
    countryage_new_log2 includesnonstate"""
EXTRA_NAMES = """
    iso3 year onset_now ys_onset onset10 onset3 mk_ongoing offset3 acd_int acd_n acd_l1 acd_new war acd_up acd5 acd10n bd bd_l1 bd_d1
    bd_m3 bd_m10 coup coup2 coup10 freediscussion_d3 ses_power_dist_d3 religiousfreedom_d3 v2csreprss_ord_d3 v2csreprss_ord
    v2pepwrsoc_ord_d3 v2pepwrsoc_ord v_partyban_d3 v_partyban v2mecenefm_ord_d3 v2mecenefm_ord freedisc_d1 jud_down jud_down3
    polkill_new lgdppc growth3 imr_rel world5 nb_bdmax nb_bdmean nb_onset3 nb_mk"""
OUT_OF_SCOPE, EXTRA_COLUMNS = frozenset(OTHER_NAMES.split()), frozenset(EXTRA_NAMES.split())


def read(files: Files) -> Parsed:
    """Read onsets by state and year; both files must be given."""
    if files.keys() != {PANEL, EXTRA}:
        raise UnexpectedData(f"The Early Warning Project's country-years are two files. Give {PANEL} and {EXTRA} together.")
    extra = _table(EXTRA, files=files)
    check_columns(extra.columns, read=sorted(EXTRA_COLUMNS), file=EXTRA)
    _check_keys(extra, file=EXTRA)
    panel = _table(PANEL, files=files).with_row_index("row", offset=1)
    check_columns((name for name in panel.columns if name != "row"), read=(*READ, *sorted(OUT_OF_SCOPE)), file=PANEL)
    numbers = _check_keys(panel, file=PANEL)
    known = pl.col("iso3").is_in([iso3 for iso3, state in states().items() if state.is_state])
    unknown = numbers.filter(~known).select("row", "iso3", "year", "mk_onset")
    year = pl.col("year").cast(pl.Int32)
    kept = numbers.filter(known).select(
        "iso3",
        indicator=pl.lit(ONSET),
        start=pl.date(year, 1, 1),
        end=pl.date(year, 12, 31),
        value=pl.col("mk_onset").cast(pl.Float64),
        low=pl.lit(None, dtype=pl.Float64),
        high=pl.lit(None, dtype=pl.Float64),
        row=pl.col("row").cast(pl.Int64),
    )
    rejected = (
        reject(unknown.with_columns(pl.col("row").cast(pl.Int64)), reason="not a state today") if unknown.height else REJECTED.to_frame()
    )
    newest = int(str(numbers["year"].cast(pl.Int32).max()))
    return Parsed(tables={"observations": kept.cast(OBSERVATIONS)}, rejected=rejected, vintage=str(newest + 1))


def _table(name: str, *, files: Files) -> pl.DataFrame:
    """Read a file as text."""
    return pl.read_csv(unpacked(files[name]), infer_schema=False)


def _check_keys(frame: pl.DataFrame, *, file: str) -> pl.DataFrame:
    """Refuse years that are none, doubled country-years, and onsets that are neither 0 nor 1."""
    wrong = frame.filter(~pl.col("year").str.contains(r"^(19[4-9]\d|20\d\d)$").fill_null(value=False))
    if wrong.height:
        raise UnexpectedData(f"{file} has the year {wrong['year'][0]!r}. Get the file again.")
    doubled = frame.filter(pl.struct("iso3", "year").is_duplicated())
    if doubled.height:
        raise UnexpectedData(f"{file} has {doubled['iso3'][0]} {doubled['year'][0]} twice. Get the file again.")
    if "mk_onset" in frame.columns:
        odd = frame.filter(~pl.col("mk_onset").is_in(["0", "1"]).fill_null(value=False))
        if odd.height:
            raise UnexpectedData(f"{file} has mk_onset {odd['mk_onset'][0]!r}, which is neither 0 nor 1. Get the file again.")
    return frame
