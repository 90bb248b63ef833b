"""World Bank World Development Indicators: the API's own answers, and extracts known by their header."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_columns
from forefend.sources.families.worldbank import NOT_A_STATE, address, answers
from forefend.sources.reading.measured import joined, measured
from forefend.sources.reading.placing import place_by_code
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked

# Series of the publisher → our id.
SERIES = {
    "NY.GDP.PCAP.KD": "wb_gdp_per_capita",
    "NY.GDP.PCAP.KD.ZG": "wb_gdp_per_capita_growth",
    "SP.POP.TOTL": "wb_population",
    "SP.DYN.IMRT.IN": "wb_infant_mortality",
    "NE.TRD.GNFS.ZS": "wb_trade_share",
    "FP.CPI.TOTL.ZG": "wb_inflation",
    "SI.POV.GINI": "wb_gini",
    "SI.POV.DDAY": "wb_extreme_poverty",
    "SL.UEM.TOTL.ZS": "wb_unemployment",
    "NY.GDP.TOTL.RT.ZS": "wb_resource_rents",
    "ER.H2O.FWST.ZS": "wb_water_stress",
    "MS.MIL.XPND.GD.ZS": "wb_military_expenditure",
    "MS.MIL.TOTL.TF.ZS": "wb_armed_forces_share",
    "GC.XPN.TOTL.GD.ZS": "wb_government_expense",
    "SH.XPD.GHED.GD.ZS": "wb_government_health_expenditure",
    "SP.REG.BRTH.ZS": "wb_birth_registration",
    "SN.ITK.DEFC.ZS": "wb_undernourishment",
    "DT.ODA.ODAT.GN.ZS": "wb_aid_received_share",
    "BX.KLT.DINV.WD.GD.ZS": "wb_foreign_investment",
    "SG.GEN.PARL.ZS": "wb_women_in_parliament",
    "IQ.SPI.OVRL": "wb_statistical_performance",
}
SHARES = (
    *("wb_extreme_poverty", "wb_unemployment", "wb_birth_registration", "wb_undernourishment"),
    *("wb_women_in_parliament", "wb_statistical_performance", "wb_gini"),
)
EXTRACT = {
    "wdi.gdppc.new": "wb_gdp_per_capita",
    "wdi.gdppcgrow.new": "wb_gdp_per_capita_growth",
    "wdi.popsize.new": "wb_population",
    "wdi.imrate.new": "wb_infant_mortality",
    "wdi.trade.new": "wb_trade_share",
}
EXTRACT_OUT_OF_SCOPE = ("country", "iso2c", "wdi.imports.new", "wdi.exports.new", "ccode")
# A table of predictors by Gleditsch-Ward number, of which only inflation is in the publisher's own unit for certain.
COVARIATES = {"inflation": "wb_inflation"}
COVARIATES_OUT_OF_SCOPE = ("gdp_pc", "pop_0014", "pop_1564", "urban_pct", "infant_mort", "pop_growth", "excluded_share", "cinc")
# Regions, income groups and other aggregates of the publisher's country list.
AGGREGATES = frozenset(
    re.findall(
        r"\S+",
        "AFE AFW ARB CEB CHI CSS EAP EAR EAS ECA ECS EMU EUU FCS "
        "HIC HPC IBD IBT IDA IDB IDX INX LAC LCN LDC LIC LMC LMY "
        "LTE MEA MIC MNA NAC OED OSS PRE PSS PST SAS SSA SSF SST "
        "TEA TEC TLA TMN TSA TSS UMC WLD AFR MEF NOC SXZ XZN MNE-A ",
    )
)


def addresses(metadata: Metadata) -> list[Download]:
    """Return one address a series: the API answers up to 20,000 rows at once."""
    return [Download(name=f"{series}.json", address=address(metadata.address, series)) for series in SERIES]


def read(files: Files) -> Parsed:
    """Read the API's answers, or an extract."""
    given = {name: path for name, path in files.items() if path.suffix == ".json"}
    parts = [_extract(name, path) for name, path in sorted(files.items()) if name not in given]
    if not given:
        return joined(parts)
    found = _answers(given)
    return replace(joined([*parts, found]), published=found.published)


def _extract(name: str, path: Path) -> Parsed:
    frame = text_table(unpacked(path), name=name)
    if frame.columns[1:3] == ["gwno", "year"]:
        check_columns(frame.columns[1:], read=["gwno", "year", *COVARIATES], out_of_scope=COVARIATES_OUT_OF_SCOPE, file=name)
        placed = place_by_code(frame.filter(pl.col("inflation") != ""), column="gwno", scheme="gw", year="year")
        return measured(placed, series=COVARIATES, place="gwno", name=name, no_state="no state of today continues it")
    check_columns(frame.columns[1:], read=["iso3c", "year", *EXTRACT], out_of_scope=EXTRACT_OUT_OF_SCOPE, file=name)
    held = frame.filter(pl.any_horizontal(pl.col(*EXTRACT) != ""))
    return measured(_placed(held, column="iso3c", name=name), series=EXTRACT, place="iso3c", name=name, no_state=NOT_A_STATE)


def _answers(files: Files) -> Parsed:
    rows, updated = answers(files, series=SERIES)
    placed = _placed(rows, column="code", name="The API's answer")
    parts = [
        measured(
            placed.filter(pl.col("series") == series),
            series={"value": indicator},
            place="code",
            name=f"{series}.json",
            within={"value": (0.0, 100.0)} if indicator in SHARES else {},
            no_state=NOT_A_STATE,
        )
        for series, indicator in SERIES.items()
    ]
    return replace(joined(parts), published=updated)


def _placed(frame: pl.DataFrame, *, column: str, name: str) -> pl.DataFrame:
    """Add ``iso3``; aggregates get none, any other code that is no state is refused by name."""
    code = pl.col(column).str.strip_chars()
    strange = set(frame[column].unique()) - set(states()) - AGGREGATES - {""}
    if strange:
        raise UnexpectedData(f"{name} has codes new to this connector: {', '.join(sorted(map(repr, strange))[:5])}.")
    return frame.with_columns(iso3=pl.when(code.is_in(list(states()))).then(code))
