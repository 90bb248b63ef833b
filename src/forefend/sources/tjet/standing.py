"""Policies of transitional justice as dated statements: what a state has, the strongest first, under one key a kind.

A state can have several commissions or programmes. The one that went furthest stands under the plain key; the
others are kept under the key with ``_further``, so that a reader of the plain key reads one statement.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

from forefend.sources.contract import reject
from forefend.sources.reading.placing import place_by_code
from forefend.sources.tjet.tables import AMNESTIES, COMMISSIONS, INVESTIGATIONS, REPARATIONS, VETTINGS, Table
from forefend.store.tables import FACTS

KIND = "transitional_justice"
NO_STATE_OF_TODAY = "no state of today continues it"
Row = dict[str, Any]
# Words of each status, the strongest first.
REPORTED = "report published"
REPORTED_DEPENDENT = "report published, commission not independent"
REPORT_KEPT = "report issued, not public"
AT_WORK = "at work"
ENDED = "ended without a report"
PAID = "programme has paid"
UNPAID = "programme without known payment"
INCLUDED = "human rights crimes were included in amnesty"
EXCLUDED = "human rights crimes were excluded from amnesty"
IRRELEVANT = "human rights crimes are not relevant to this amnesty"
UNKNOWN = "don't know"
BY_CONDUCT = "vetting by conduct, security forces among those vetted"
OTHER_VETTING = "vetting of others, or by membership"
MANDATED = "mandated"
ORDER = (
    *(REPORTED, REPORTED_DEPENDENT, REPORT_KEPT, AT_WORK, ENDED, PAID, UNPAID),
    *(INCLUDED, EXCLUDED, IRRELEVANT, UNKNOWN, BY_CONDUCT, OTHER_VETTING, MANDATED),
)
FORCES = ("security", "military", "police", "armed forces")


def _commission(row: Row) -> tuple[str, str | None, str | None, str]:
    independent = row["formallyIndependent"] != "not independent"
    if row["finalReportIssued"] == "Yes":
        public = row["reportPubliclyAvailable"] == "Yes"
        status = (REPORTED if independent else REPORTED_DEPENDENT) if public else REPORT_KEPT
    else:
        status = AT_WORK if row["status"] == "ongoing" else ENDED
    return status, row["yearBeginOperation"] or row["yearPassed"], row["yearCompleteOperation"], row["officialName_en"]


def _reparation(row: Row) -> tuple[str, str | None, str | None, str]:
    return (PAID if row["rep_paid"] == "1" else UNPAID), row["yearCreated"], row["yearEnd"], row["officialName_en"]


def _amnesty(row: Row) -> tuple[str, str | None, str | None, str]:
    return row["hrCrimes"] or UNKNOWN, row["amnestyYear"], None, f"amnesty {row['amnestyID']}"


def _vetting(row: Row) -> tuple[str, str | None, str | None, str]:
    vetted, why = (row["targetingPositionSought"] or "").lower(), row["targetingWhy"] or ""
    is_conduct = "specific individual conduct" in why and any(word in vetted for word in FORCES)
    return (BY_CONDUCT if is_conduct else OTHER_VETTING), row["yearStart"], row["yearEnd"], row["policyName"]


def _investigation(row: Row) -> tuple[str, str | None, str | None, str]:
    return MANDATED, row["beg"], row["end"], row["mandate_en"]


KEYS: dict[str, tuple[str, Callable[[Row], tuple[str, str | None, str | None, str]]]] = {
    COMMISSIONS.mark: ("truth_commission", _commission),
    REPARATIONS.mark: ("reparation_programme", _reparation),
    AMNESTIES.mark: ("amnesty", _amnesty),
    VETTINGS.mark: ("vetting", _vetting),
    INVESTIGATIONS.mark: ("un_investigation", _investigation),
}


def statements(frame: pl.DataFrame, *, table: Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Turn one table of policies into facts and rejected rows."""
    key, describe = KEYS[table.mark]
    described = [describe(row) for row in frame.iter_rows(named=True)]
    columns = ("status", "from_year", "to_year", "named")
    told = frame.with_columns(
        pl.Series(name, [entry[place] or None for entry in described], dtype=pl.String) for place, name in enumerate(columns)
    )
    placed = place_by_code(told, column="ccode_cow", scheme="cow")
    left = placed.filter(pl.col("iso3").is_null()).select("row", "ccode_cow", "named")
    good = placed.filter(pl.col("iso3").is_not_null()).with_columns(
        start=pl.Series([_day(year, last=False) for year in placed.filter(pl.col("iso3").is_not_null())["from_year"]], dtype=pl.Date),
        end=pl.Series([_day(year, last=True) for year in placed.filter(pl.col("iso3").is_not_null())["to_year"]], dtype=pl.Date),
        rank=pl.col("status").replace_strict({word: place for place, word in enumerate(ORDER)}, default=len(ORDER), return_dtype=pl.Int64),
    )
    ordered = good.sort("iso3", "rank", "start", "row", descending=[False, False, True, False], nulls_last=True)
    strongest = ordered.select(pl.col("iso3").is_first_distinct()).to_series() if ordered.height else pl.Series([], dtype=pl.Boolean)
    backwards = pl.col("start").is_not_null() & pl.col("end").is_not_null() & (pl.col("end") < pl.col("start"))
    facts = ordered.select(
        "iso3",
        kind=pl.lit(KIND),
        key=pl.when(strongest).then(pl.lit(key)).otherwise(pl.lit(f"{key}_further")),
        status=pl.col("status"),
        start=pl.col("start"),
        end=pl.when(backwards).then(None).otherwise(pl.col("end")),
        date_text=pl.col("from_year"),
        checked=pl.lit(None, dtype=pl.String),
        cited=pl.lit(f"Transitional Justice Evaluation Tools, {key.replace('_', ' ')}"),
        note=pl.col("named"),
        row=pl.col("row"),
    )
    return facts.cast(FACTS).sort("row"), reject(left, reason=NO_STATE_OF_TODAY)


def _day(year: str | None, *, last: bool) -> date | None:
    try:
        number = int(float(year or ""))
    except (ValueError, OverflowError):
        return None
    if not 1900 <= number <= 2100:
        return None
    return date(number, 12, 31) if last else date(number, 1, 1)
