"""What public data can in principle answer is fixed in the catalog, question by question, apart from what is connected."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from forefend.catalog import check, counts, load_catalog
from forefend.catalog.load import DATA
from forefend.catalog.messages import extract_catalog
from forefend.cli.catalog import app
from forefend.errors import CatalogError

LONGEST = 12  # words of a reason
FLAG = "    measurable: true\n"
WHY = "    measurable_why: legal-framework indices (SDG 5.1.1, WORLD Policy Analysis), V-Dem v2xeg_eqprotec\n"


def raw(name: str, groups: str, entries: str) -> list[dict[str, object]]:
    content = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return [entry for group in content[groups] for entry in group[entries]]


def changed(tmp_path: Path, old: str, new: str) -> Path:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    path = folder / "framework.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "groups", "entries"), [("framework.yaml", "actions", "questions"), ("risk_factors.yaml", "risk_factors", "indicators")]
)
def test_each_entry_is_flagged_with_a_short_reason(name: str, groups: str, entries: str) -> None:
    for entry in raw(name, groups, entries):
        assert isinstance(entry["measurable"], bool), entry["id"]
        why = str(entry["measurable_why"])
        assert 0 < len(why.split()) <= LONGEST, entry["id"]


def test_the_flags_are_counted() -> None:
    found = counts(load_catalog())
    assert (found["measurable_questions"], found["questions"]) == (93, 174)
    assert (found["measurable_risk_indicators"], found["indicators"]) == (91, 138)


def test_the_check_ends_with_the_measurable_entries() -> None:
    last = CliRunner().invoke(app, ["check"], catch_exceptions=False).output.splitlines()[-1]
    assert last.endswith("93 measurable questions, 91 measurable risk indicators")


@pytest.mark.parametrize(("identifier", "says"), [("N6.2", "measurable: yes"), ("B1.1", "measurable: no"), ("RF4.1", "measurable: no")])
def test_the_flag_is_shown_with_its_reason(identifier: str, says: str) -> None:
    text = CliRunner().invoke(app, ["show", identifier], catch_exceptions=False).output
    assert says in text
    assert "measurable why: " in text


def test_an_entry_without_a_flag_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"N1\.1 is not valid: measurable"):
        load_catalog(changed(tmp_path, FLAG, ""))


def test_an_entry_without_a_reason_is_a_fault(tmp_path: Path) -> None:
    assert check(load_catalog(changed(tmp_path, WHY, ""))) == ["N1.1 does not say why it is measurable."]


def test_reasons_are_for_auditors_and_not_translated() -> None:
    texts = {message[2] for message in extract_catalog(io.BytesIO((DATA / "framework.yaml").read_bytes()), (), (), {})}
    assert not texts & {str(entry["measurable_why"]) for entry in raw("framework.yaml", "actions", "questions")}
