"""Quality of Government standard data: other publishers' series in one table, a row a state (and year).

A copy of a copy, so the publisher's own release is preferred wherever it is stored. Known traps: the table has no
column for the year in its cross-section, which takes for each state the value nearest to the reference year, up
to three years off; the reference year is written only inside ``cname_year`` and ``ccodealp_year``. Press freedom
up to 2021 is turned round here against its publisher (higher is freer). Everything else keeps its own direction.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.reading.cells import check_cells
from forefend.sources.reading.measured import joined, measured
from forefend.sources.reading.placing import check_placed, place_by_code
from forefend.sources.reading.tables import index_table

SHARE, HUNDRED, TEN = (0.0, 1.0), (0.0, 100.0), (1.0, 10.0)
SERIES = {
    "wjp_overall": SHARE, "wjp_gov_pow": SHARE, "wjp_gov_pow_leg": SHARE, "wjp_gov_pow_jud": SHARE, "wjp_gov_pow_aud": SHARE,
    "wjp_gov_of_mis": SHARE, "wjp_trans_pow": SHARE, "wjp_abs_cor": SHARE, "wjp_pol_mil": SHARE, "wjp_op_gov": SHARE,
    "wjp_fund_right": SHARE,
    "wjp_ord_secur": SHARE, "wjp_civ_just": SHARE, "wjp_ppl_civ_jus": SHARE, "wjp_cj_discr": SHARE, "wjp_cj_fr_govin": SHARE,
    "wjp_crim_jus": SHARE, "wjp_crsys_discr": SHARE, "wjp_crsys_govinfl": SHARE,
    "ti_cpi": HUNDRED, "rsf_pfi": HUNDRED, "rsf_pfi1321": HUNDRED, "fhn_fotnsc": HUNDRED, "ibp_obi": HUNDRED, "ibp_leg": HUNDRED,
    "pei_peii_1": HUNDRED, "wbgi_rle": (-4.0, 4.0), "wbgi_cce": (-4.0, 4.0), "wbgi_pve": (-4.0, 4.0), "wbgi_gee": (-4.0, 4.0),
    "vdem_egal": SHARE, "vdem_academ": SHARE, "vdem_corr": SHARE, "bti_ci": TEN, "bti_eo": TEN,
    "ciri_physint": (0.0, 8.0), "ciri_disap": (0.0, 2.0), "ciri_kill": (0.0, 2.0), "ciri_tort": (0.0, 2.0), "ciri_polpris": (0.0, 2.0),
    "ciri_relfre": (0.0, 2.0), "ciri_assn": (0.0, 2.0), "ciri_injud": (0.0, 2.0), "ciri_elecsd": (0.0, 2.0), "ciri_speech": (0.0, 2.0),
    "wvs_trust": SHARE,
}  # fmt: skip
KEYS = ("ccodealp", "ccodealp_year", "cname_year")
KEYS_OUT_OF_SCOPE = ("ccode", "cname_qog", "cname", "ccodecow", "ccode_qog", "year", "ccodevdem", "version")
# The families of series in the table, by the beginning of their names.
FAMILIES = (
    "aii", "ajr", "atop", "bci", "bicc", "bmr", "br", "bti", "cbi", "cbie", "ccp", "chisols", "ciri", "cpds", "cri", "cses", "cspf",
    "dev", "dr",
    "ef", "egov", "ens", "epi", "ess", "eu", "evep", "fao", "fe", "fh", "fhn", "fi", "gain", "gdg", "gendip", "gfs", "gggi", "gol",
    "gpcr", "gpi",
    "gted", "gti", "h", "ht", "ibp", "icrg", "ictd", "ideaesd", "ideavt", "idf", "ied", "ihme", "iiag", "ipu", "jht", "lis", "mad", "mibu",
    "nelda", "nrmi", "oecd", "ohi", "opri", "p", "pei", "psi", "pwt", "qs20", "rd", "rsf", "sai", "sgi", "spi", "ti", "top", "ucdp", "undp",
    "une", "van", "vdem", "warc", "wbgi", "wdi", "wef", "wgov", "who", "wjp", "wpp", "wui", "wvs", "wwbi", "yri",
)  # fmt: skip
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read(files: Files) -> Parsed:
    """Read the cross-section, or the series over time."""
    parsed = joined([_read_one(name, path) for name, path in sorted(files.items())])
    parsed.vintage = max((_edition(name) for name in files), default="")
    return parsed


def _read_one(name: str, path: Path) -> Parsed:
    frame = index_table(path.read_bytes(), name=name)
    known = [column for column in frame.columns if column.partition("_")[0] in FAMILIES and "_" in column]
    check_columns(frame.columns[1:], read=[*KEYS, *SERIES], out_of_scope=[*known, *KEYS_OUT_OF_SCOPE], file=name)
    frame = frame.with_columns(
        _year=pl.col("cname_year").str.extract(r" (\d{4})$"), _short=pl.col("ccodealp_year").str.extract(r"(\d{2})$")
    )
    odd = frame.filter((pl.col("_year").str.slice(2) != pl.col("_short")).fill_null(value=True))
    if odd.height:
        row = odd.row(0, named=True)
        raise UnexpectedData(f"{name}, row {row['row']}: {row['cname_year'][:40]!r} and {row['ccodealp_year'][:9]!r} name no common year.")
    frame = frame.rename({"_year": "reference_year"})
    frame = place_by_code(frame, column="ccodealp", scheme="alpha3", year="reference_year")
    check_placed(frame, column="ccodealp", name=name)
    check_cells(frame, columns=SERIES, name=name)
    return measured(
        frame,
        series={column: f"qog_{column}" for column in SERIES},
        year="reference_year",
        place="ccodealp",
        within=SERIES,
        name=name,
    )


def _edition(name: str) -> str:
    """Return the edition that the publisher writes into the file's name (jan25), as 2025-01; nothing where it is renamed."""
    found = re.search(rf"({'|'.join(MONTHS)})(\d\d)", name.lower())
    return f"20{found[2]}-{MONTHS.index(found[1]) + 1:02}" if found else ""
