"""V-Dem country-year indices: the publisher's full file, and two extracts known by their header.

Known oddity: the extract of the "spaces" study turns public sector corruption round (higher = cleaner);
it is turned back here, so that one name has one direction, V-Dem's own.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import from_code, states
from forefend.sources.contract import Files, Parsed, check_columns, reject
from forefend.store.tables import OBSERVATIONS

HIGH_LEVEL = ("v2x_polyarchy", "v2x_libdem", "v2x_partipdem", "v2x_delibdem", "v2x_egaldem", "v2x_api", "v2x_mpi")
SPACES = ("v2x_veracc_osp", "v2xcs_ccsi", "v2xcl_rol", "v2x_freexp_altinf", "v2x_horacc_osp", "v2x_pubcorr")
TURNED_IN_SPACES = "v2x_pubcorr"
# What is read of the publisher's full file, which has thousands of columns.
INDICES = (
    *HIGH_LEVEL, *SPACES, "v2x_clphy", "v2x_corr", "v2x_jucon", "v2xlg_legcon", "v2xel_frefair", "v2xeg_eqprotec", "v2xpe_exlsocgr",
    "v2clsocgrp_osp", "v2pepwrsoc_osp", "v2smpolhate_osp", "v2smgovshut_osp", "v2cacamps_osp", "v2juhcind_osp", "v2juhccomp_osp",
    "v2clacjstm_osp", "v2stcritrecadm_osp", "v2elembaut_osp", "v2elpeace_osp", "v2elaccept_osp", "v2clkill_osp", "v2cltort_osp",
    "v2meharjrn_osp", "v2csreprss_osp", "v2edcritical_osp",
)  # fmt: skip
# Everything else in the full file, by the prefixes of the publisher's codebook.
OUT_OF_SCOPE_PREFIXES = (
    "v2",
    "v3",
    "e_",
    "codingstart",
    "codingend",
    "gapstart",
    "gapend",
    "gap_index",
    "historical",
    "project",
    "histname",
    "COWcode",
)
FULL_KEYS = ("country_name", "country_text_id", "country_id", "year", "historical_date")
FIRST_YEAR = 1960
NO_STATE_OF_TODAY = "no state of today continues it"


def read(files: Files) -> Parsed:
    """Read the full file or either extract."""
    parts = [_read_one(name, path) for name, path in sorted(files.items())]
    return Parsed(
        tables={"observations": pl.concat([part.tables["observations"] for part in parts])},
        rejected=pl.concat([part.rejected for part in parts]),
    )


def _read_one(name: str, path: Path) -> Parsed:
    content = _csv_of(path)
    header = _header(content)
    if "v2x_polyarchy_codelow" in header and "vdem_country_name" in header:
        check_columns(
            header, read=["country_text_id", "year", *HIGH_LEVEL], optional=[f"{v}_code{e}" for v in HIGH_LEVEL for e in ("low", "high")],
            out_of_scope=["vdem_country_name", "vdem_cowcode"], file=name,
        )  # fmt: skip
        return _long(content, header=header, key="country_text_id", variables=HIGH_LEVEL)
    if header[:3] == ["iso3", "gwcode", "year"]:
        check_columns(header, read=["iso3", "year", *SPACES], out_of_scope=["gwcode"], file=name)
        return _long(content, header=header, key="iso3", variables=SPACES, turned=TURNED_IN_SPACES)
    present = [variable for variable in INDICES if variable in header]
    rest = [c for c in header if c not in FULL_KEYS and not c.startswith(OUT_OF_SCOPE_PREFIXES)]
    check_columns(header, read=["country_text_id", "year", "v2x_polyarchy"], out_of_scope=set(header) - set(rest), file=name)
    return _long(content, header=header, key="country_text_id", variables=present)


def _csv_of(path: Path) -> bytes:
    if path.suffix.lower() != ".zip":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        tables = [entry for entry in archive.namelist() if entry.lower().endswith(".csv")]
        if len(tables) != 1:
            raise UnexpectedData(f"{path.name} holds {len(tables)} csv files instead of one. Get the file from the publisher again.")
        return archive.read(tables[0])


def _header(content: bytes) -> list[str]:
    first = content.split(b"\n", 1)[0].decode("utf-8-sig").strip("\r")
    return [column.strip('"') for column in first.split(",")]


def _long(content: bytes, *, header: Sequence[str], key: str, variables: Sequence[str], turned: str = "") -> Parsed:
    bounds = [f"{v}_code{end}" for v in variables for end in ("low", "high") if f"{v}_code{end}" in header]
    frame = pl.read_csv(
        io.BytesIO(content), columns=[key, "year", *variables, *bounds], infer_schema=False, encoding="utf8"
    ).with_row_index("row", offset=1)
    frame = frame.with_columns(
        pl.col("row").cast(pl.Int64),
        pl.col("year").cast(pl.Float64).cast(pl.Int32),
        pl.col(*variables, *bounds).cast(pl.Float64, strict=True),
    ).filter(pl.col("year") >= FIRST_YEAR)
    keyed = _with_states(frame, key=key)
    unplaced = keyed.filter(pl.col("iso3").is_null()).select("row", key, "year")
    placed = keyed.filter(pl.col("iso3").is_not_null()).unique(["iso3", "year"], keep="first", maintain_order=True)
    return Parsed(
        tables={"observations": pl.concat([_one(placed, v, bounds=bounds, is_turned=v == turned) for v in variables])},
        rejected=reject(unplaced, reason=NO_STATE_OF_TODAY),
    )


def _one(frame: pl.DataFrame, variable: str, *, bounds: Sequence[str], is_turned: bool) -> pl.DataFrame:
    value = 1 - pl.col(variable) if is_turned else pl.col(variable)
    low, high = f"{variable}_codelow", f"{variable}_codehigh"
    return (
        frame.filter(pl.col(variable).is_not_null())
        .select(
            "iso3",
            indicator=pl.lit(f"vdem_{variable}"),
            start=pl.date(pl.col("year"), 1, 1),
            end=pl.date(pl.col("year"), 12, 31),
            value=value,
            low=pl.col(low) if low in bounds else pl.lit(None, dtype=pl.Float64),
            high=pl.col(high) if high in bounds else pl.lit(None, dtype=pl.Float64),
            row=pl.col("row"),
        )
        .cast(OBSERVATIONS)
    )


def _with_states(frame: pl.DataFrame, *, key: str) -> pl.DataFrame:
    pairs = frame.select(key, "year").unique().sort(key, "year")
    found = [_state(code, year) for code, year in pairs.iter_rows()]
    return frame.join(pairs.with_columns(iso3=pl.Series(found, dtype=pl.String)), on=[key, "year"], how="left", maintain_order="left")


# V-Dem codes parts of today's states on their own; only one of them stands for the state.
PARTS = {"PSG", "SML", "ZZB", "VDR", "YMD", "DDR", "BRD"}


def _state(code: str, year: int) -> str | None:
    if code in PARTS:
        return None
    if code == "PSB":
        return "PSE"
    if code in states():
        return code
    try:
        return from_code(code, scheme="alpha3", on=date(year, 7, 1))
    except PlaceError:
        return None
