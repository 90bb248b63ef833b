"""World Bank World Development Indicators: the API's own answer, and an extract known by its header."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_columns
from forefend.sources.yearly import observations_of

# Series of the publisher → our id.
SERIES = {
    "NY.GDP.PCAP.KD": "wb_gdp_per_capita",
    "NY.GDP.PCAP.KD.ZG": "wb_gdp_per_capita_growth",
    "SP.POP.TOTL": "wb_population",
    "SP.DYN.IMRT.IN": "wb_infant_mortality",
    "NE.TRD.GNFS.ZS": "wb_trade_share",
}
EXTRACT = {
    "wdi.gdppc.new": "wb_gdp_per_capita",
    "wdi.gdppcgrow.new": "wb_gdp_per_capita_growth",
    "wdi.popsize.new": "wb_population",
    "wdi.imrate.new": "wb_infant_mortality",
    "wdi.trade.new": "wb_trade_share",
}
EXTRACT_OUT_OF_SCOPE = ("country", "iso2c", "wdi.imports.new", "wdi.exports.new", "ccode")
ANSWER_FIELDS = {"indicator", "country", "countryiso3code", "date", "value", "unit", "obs_status", "decimal"}
# Regions, income groups and other aggregates of the publisher's country list.
AGGREGATES = frozenset(
    [
        "AFE",
        "AFW",
        "ARB",
        "CEB",
        "CHI",
        "CSS",
        "EAP",
        "EAR",
        "EAS",
        "ECA",
        "ECS",
        "EMU",
        "EUU",
        "FCS",
        "HIC",
        "HPC",
        "IBD",
        "IBT",
        "IDA",
        "IDB",
        "IDX",
        "INX",
        "LAC",
        "LCN",
        "LDC",
        "LIC",
        "LMC",
        "LMY",
        "LTE",
        "MEA",
        "MIC",
        "MNA",
        "NAC",
        "OED",
        "OSS",
        "PRE",
        "PSS",
        "PST",
        "SAS",
        "SSA",
        "SSF",
        "SST",
        "TEA",
        "TEC",
        "TLA",
        "TMN",
        "TSA",
        "TSS",
        "UMC",
        "WLD",
        "AFR",
        "MEF",
        "NOC",
        "SXZ",
        "XZN",
        "MNE-A",
    ]
)


def addresses(metadata: Metadata) -> list[Download]:
    """Return one address a series: the API answers up to 20,000 rows at once."""
    return [
        Download(name=f"{series}.json", address=f"{metadata.address}/country/all/indicator/{series}?format=json&per_page=20000")
        for series in SERIES
    ]


def read(files: Files) -> Parsed:
    """Read the API's answers, or the extract."""
    parts = [_answer(name, path) if path.suffix == ".json" else _extract(name, path) for name, path in sorted(files.items())]
    return Parsed(
        tables={"observations": pl.concat([part.tables["observations"] for part in parts])},
        rejected=pl.concat([part.rejected for part in parts]),
    )


def _extract(name: str, path: Path) -> Parsed:
    frame = pl.read_csv(path, infer_schema=False, encoding="utf8").with_row_index("row", offset=1)
    check_columns(frame.columns[1:], read=["iso3c", "year", *EXTRACT], out_of_scope=EXTRACT_OUT_OF_SCOPE, file=name)
    typed = frame.select(
        pl.col("row").cast(pl.Int64), iso3=pl.col("iso3c").str.replace("^$", "AGG"), year=pl.col("year").cast(pl.Int32),
        **{column: pl.col(column).replace("", None).cast(pl.Float64) for column in EXTRACT},
    ).filter(pl.any_horizontal(pl.col(*EXTRACT).is_not_null()))  # fmt: skip
    return observations_of(typed, indicators=EXTRACT, aggregates=AGGREGATES | {"AGG"})


def _answer(name: str, path: Path) -> Parsed:
    try:
        about, rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        raise UnexpectedData(f"{name} is not an answer of the World Bank's API. Fetch it again.") from None
    if about["pages"] != 1:
        raise UnexpectedData(f"{name} is page 1 of {about['pages']}. Fetch it with a larger per_page.")
    found = []
    for number, row in enumerate(rows, start=1):
        check_columns(row, read=ANSWER_FIELDS, out_of_scope=("scale",), file=name)
        series = row["indicator"]["id"]
        if series not in SERIES:
            raise UnexpectedData(f"{name} holds the series {series}, which this connector does not read.")
        if row["value"] is not None:
            found.append({"row": number, "iso3": row["countryiso3code"] or "AGG", "year": int(row["date"]), series: float(row["value"])})
    columns = {series: pl.Float64 for row in found for series in row if series in SERIES}
    frame = pl.DataFrame(found, schema={"row": pl.Int64, "iso3": pl.String, "year": pl.Int32, **columns})
    return observations_of(frame, indicators={s: SERIES[s] for s in columns}, aggregates=AGGREGATES | {"AGG"})
