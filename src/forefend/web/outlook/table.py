"""The outlook's table as a file: one line for each state, with everything that page shows."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from forefend.web.design.page import Page
from forefend.web.outlook.queries import Row, class_of_map, outlook
from forefend.web.outlook.shown import Said

COLUMNS = (
    *("iso3", "country", "status", "chance", "chance_low", "chance_high", "base_rate", "multiple", "map_class", "chance_before", "change"),
    *("reference_class", "reference_class_chance", "deaths_12_months", "forecast_12_months_q05", "forecast_12_months_q50"),
    *("forecast_12_months_q95", "chance_issue", "chance_model", "deaths_issue", "deaths_model"),
)


def table_csv(page: Page) -> str:
    """Write the table, sorted by code; raises nothing where the deaths are not loaded: the header stands alone."""
    found = outlook(page, sort="country", is_all=True, is_open=False)
    out = StringIO()
    writer = csv.DictWriter(out, fieldnames=COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in sorted(found.get("rows", []), key=lambda row: str(row.iso3)):
        writer.writerow(_line(row, found))
    return out.getvalue()


def _line(row: Row, found: dict[str, Any]) -> dict[str, Any]:
    yearly: Said | None = found["yearly"]
    monthly: Said | None = found["monthly"]
    class_chance = row.class_chance if yearly else row.chance
    return {
        "iso3": row.iso3,
        "country": row.name,
        "status": "under way" if row.is_under_way else row.missing or "forecast",
        "chance": row.chance,
        "chance_low": row.chance_low,
        "chance_high": row.chance_high,
        "base_rate": found["world"].base_rate.value,
        "multiple": row.multiple,
        "map_class": class_of_map(row),
        "chance_before": row.before,
        "change": row.change,
        "reference_class": row.class_id,
        "reference_class_chance": class_chance,
        "deaths_12_months": row.deaths,
        "forecast_12_months_q05": row.low,
        "forecast_12_months_q50": row.median,
        "forecast_12_months_q95": row.high,
        "chance_issue": yearly.entry.id if yearly else "",
        "chance_model": yearly.entry.model if yearly else "reference_class",
        "deaths_issue": monthly.entry.id if monthly else "",
        "deaths_model": monthly.entry.model if monthly else "next_span_quantile",
    }
