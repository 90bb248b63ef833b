"""UNHCR's flows: who asked for asylum and who was taken in as a group, from anywhere, next door and the rest of the region."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.registry import find_source

SOURCE = find_source("unhcr_flows")
HEAD = "year,coo_name,coo,coo_iso,coa_name,coa,coa_iso,refugees,asylum_seekers,refugee_like,oip\n"


def table(folder: Path, *rows: str) -> dict[str, Path]:
    (folder / "flows.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return {"flows.csv": folder / "flows.csv"}


def flow(
    origin: str, asylum: str, *, refugees: str = "NA", claims: str = "NA", like: str = "NA", oip: str = "NA", year: str = "2024"
) -> str:
    return f"{year},,,{origin},,,{asylum},{refugees},{claims},{like},{oip}"


def values(files: dict[str, Path]) -> dict[str, float]:
    return dict(SOURCE.read(files).tables["observations"].select("indicator", "value").rows())


def test_claims_and_arrivals_as_a_group_are_summed_apart(tmp_path: Path) -> None:
    found = values(
        table(tmp_path, flow("SDN", "TCD", refugees="1000", claims="7", like="50"), flow("SEN", "TCD", refugees="20", claims="3"))
    )
    assert found == {
        "unhcr_new_claims": 10,
        "unhcr_new_claims_from_neighbours": 7,
        "unhcr_group_arrivals": 1070,
        "unhcr_group_arrivals_from_neighbours": 1050,
        "unhcr_group_arrivals_from_region": 20,
    }


def test_another_region_and_no_state_of_origin_are_neither_near_nor_of_the_region(tmp_path: Path) -> None:
    found = values(table(tmp_path, flow("AFG", "TCD", refugees="9", claims="8"), flow("STA", "TCD", claims="5")))
    assert found == {"unhcr_new_claims": 13, "unhcr_group_arrivals": 9}


def test_nothing_reported_is_no_row_and_other_people_are_not_counted(tmp_path: Path) -> None:
    assert not values(table(tmp_path, flow("VEN", "COL", oip="48000"), flow("SDN", "TCD", refugees="0", claims="0")))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (flow("SDN", "TCD", refugees="-5"), "a number of people is none"),
        (flow("SDN", "TCD", claims="2.5"), "a number of people is none"),
        (flow("SDN", "UKN", claims="5"), "no state of asylum"),
        (flow("SDN", "TCD", claims="5", year="soon"), "the year cannot be read"),
    ],
)
def test_rows_that_cannot_be_used_are_kept_with_their_reason(tmp_path: Path, row: str, reason: str) -> None:
    parsed = SOURCE.read(table(tmp_path, row, flow("NGA", "TCD", claims="6")))
    assert parsed.rejected["reason"].to_list() == [reason]
    assert parsed.tables["observations"]["value"].to_list() == [6, 6]


def test_a_second_row_of_the_same_pair_is_not_added(tmp_path: Path) -> None:
    parsed = SOURCE.read(table(tmp_path, flow("SDN", "TCD", claims="5"), flow("SDN", "TCD", claims="5")))
    assert parsed.rejected.height == 1
    assert parsed.tables["observations"]["value"].to_list() == [5, 5]


def test_sums_over_all_states_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="sums over all states"):
        SOURCE.read(table(tmp_path, flow("-", "TCD", claims="5")))


def test_the_publishers_r_file_is_read(data: Path) -> None:
    parsed = SOURCE.read({"flows.rda": data / "structural" / "unhcr_flows.rda"})
    held = parsed.tables["observations"]
    chad = held.filter((pl.col("iso3") == "TCD") & (pl.col("end").dt.year() == 2023)).select("indicator", "value")
    assert dict(chad.rows())["unhcr_group_arrivals"] == 491_320
    assert set(parsed.rejected["reason"]) == {"no state of asylum"}
