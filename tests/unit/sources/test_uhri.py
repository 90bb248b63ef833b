"""The Universal Human Rights Index: counted entry by entry, strictly, in little memory."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source
from forefend.sources.uhri.themes import themes_of


def entry(**changed: Any) -> dict[str, Any]:
    return {
        "AffectedPersons": [], "AnnotationId": "1", "AnnotationType": "- Concerns/Observations", "Body": "- CRC", "Countries": ["Peru"],
        "DocumentId": "d", "PublicationDate": "2025-02-12T00:00:00", "PublicationDateOnUhri": "2025-03-03T10:53:45.827", "Regions": [],
        "Sdgs": [], "Symbol": "CRC/C/PER/CO/6-7", "Text": "A text.", "Themes": [], "UprCycle": None, "UprPositions": [],
        "UprRecommendingCountry": [], "UprRecommendingRegions": [], "UprSession": [],
    } | changed  # fmt: skip


LATER = entry(Countries=["Chad"], PublicationDate="2026-01-05T00:00:00")  # the year before it is over


def read(folder: Path, *entries: Any) -> Parsed:
    path = folder / "export-full-en.json"
    path.write_text(json.dumps([*entries, LATER]))
    return find_source("uhri").read({path.name: path})


def value(parsed: Parsed, indicator: str, iso3: str = "PER") -> float:
    found = parsed.tables["observations"].filter(pl.col("indicator") == indicator, pl.col("iso3") == iso3)
    return float(found["value"].sum())


def test_entries_count_by_kind_mechanism_theme_and_document(tmp_path: Path) -> None:
    parsed = read(
        tmp_path,
        entry(Themes=["Violence against women", "Enforced disappearances", "Sexual & gender-based violence"]),
        entry(AnnotationType="- Recommendations", Body="- SR Torture", DocumentId="e"),
        entry(),
    )
    assert value(parsed, "uhri_concerns") == 2
    assert value(parsed, "uhri_recommendations") == 1
    assert value(parsed, "uhri_treaty_bodies") == 2
    assert value(parsed, "uhri_special_procedures") == 1
    assert value(parsed, "uhri_treaty_body_documents") == 1
    assert value(parsed, "uhri_special_procedure_documents") == 1
    assert value(parsed, "uhri_theme_gender_violence") == 1, "two labels of one theme are one entry"
    assert value(parsed, "uhri_theme_disappearances") == 1
    assert (parsed.vintage, parsed.published) == ("2026-01-05", date(2026, 1, 5))


def test_reviews_give_ties_and_the_share_supported(tmp_path: Path) -> None:
    review: dict[str, Any] = {"Body": "- UPR", "AnnotationType": "- Recommendations"}
    parsed = read(
        tmp_path,
        entry(**review, UprRecommendingCountry=["France", "Nepal", "Peru"], UprPositions=["- Supported"]),
        entry(**review, UprRecommendingCountry=["France"], UprPositions=["- Noted"]),
        entry(**review, UprRecommendingCountry=["France"], UprPositions=[]),
    )
    assert parsed.tables["ties"].select("from_iso3", "to_iso3", "value").rows() == [("FRA", "PER", 3.0), ("NPL", "PER", 1.0)]
    assert value(parsed, "uhri_upr_supported_share") == 0.5
    assert value(parsed, "uhri_upr_made", "FRA") == 3
    assert value(parsed, "uhri_treaty_body_documents") == 0


def test_the_year_that_is_not_over_is_left_out(tmp_path: Path) -> None:
    assert "TCD" not in read(tmp_path, entry()).tables["observations"]["iso3"].to_list()


def test_an_entry_about_two_states_counts_for_each(tmp_path: Path) -> None:
    parsed = read(tmp_path, entry(Countries=["Peru", "Chile"]))
    assert value(parsed, "uhri_concerns") == value(parsed, "uhri_concerns", "CHL") == 1


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"Countries": ["Atlantis"]}, "no state"),
        ({"Countries": []}, "no state"),
        ({"Countries": None}, "no state"),
        ({"AnnotationType": "- Jurisprudence"}, "neither"),
        ({"Body": None}, "of no body"),
        ({"PublicationDate": None}, "no date"),
        ({"PublicationDate": "12.02.2025"}, "no date"),
        ({"PublicationDate": "9999-01-01"}, "no date"),
    ],
)
def test_what_cannot_be_used_is_rejected_without_its_text(tmp_path: Path, changed: dict[str, Any], reason: str) -> None:
    parsed = read(tmp_path, entry(**changed))
    assert reason in parsed.rejected["reason"].item()
    assert "A text." not in parsed.rejected["content"].item()


def test_a_new_or_missing_field_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="brand_new"):
        read(tmp_path, entry(brand_new=1))
    without = entry()
    del without["Body"]
    with pytest.raises(UnexpectedData, match="has no Body"):
        read(tmp_path, without)
    with pytest.raises(UnexpectedData, match="Themes is no list"):
        read(tmp_path, entry(Themes="Torture"))
    with pytest.raises(UnexpectedData, match="is no object"):
        read(tmp_path, "text")


@pytest.mark.parametrize("content", ["[]", "{}", "[{", '[{"AnnotationId": "1"', "[1 2]", '{"a": 1}', "[\x00]"])
def test_a_file_that_is_no_whole_array_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "export.json"
    path.write_text(content)
    with pytest.raises(UnexpectedData, match=r"export\.json"):
        find_source("uhri").read({path.name: path})


def test_a_cut_off_file_is_refused_and_nothing_of_it_kept(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([entry() for _ in range(100)])[:-200])
    with pytest.raises(UnexpectedData, match="cut off or not JSON after entry"):
        find_source("uhri").read({path.name: path})


def test_labels_are_known_by_their_words() -> None:
    assert themes_of("Prohibition of torture & ill-treatment (including cruel, inhuman or degrading treatment)") == ("torture",)
    assert themes_of("Right to health") == ()


def test_the_export_is_asked_of_the_office_itself() -> None:
    (one,) = find_source("uhri").downloads()
    assert one.address.startswith("https://uhri.ohchr.org/")
