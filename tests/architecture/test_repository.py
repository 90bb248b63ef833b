"""The repository keeps its own rules: size of modules, what a source must have, versions, and what must never be in it."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

import forefend

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "forefend"
# Changes of tables are written by Django, in one file each.
MODULES = sorted(path for path in SOURCE.rglob("*.py") if path.parent.name != "migrations")
MAX_LINES = 400
MAX_SAMPLE_ROWS = 50
MAX_STARTER_BYTES = 15_000_000
# Not ours to ship: restricted, non-commercial, or without a stated licence at the publisher.
NEVER_SHIPPED = ("ewp", "sipri", "awsd", "epr", "qog", "tjet", "freedom_house", "views", "acled")


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_module_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_every_source_has_code_metadata_and_sample() -> None:
    for described in SOURCE.glob("sources/*/source.yaml"):
        folder = described.parent
        assert (folder / "source.py").is_file(), folder.name
        assert any(folder.glob("sample*")), f"{folder.name} has no sample"
        text = yaml.safe_load(described.read_text(encoding="utf-8"))
        assert text["id"] == folder.name
        assert text["licence"]


def test_samples_hold_at_most_fifty_rows() -> None:
    for sample in SOURCE.glob("sources/*/sample*.csv"):
        lines = sample.read_text(encoding="utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
        assert len(lines) <= MAX_SAMPLE_ROWS + 3, sample


def test_the_starter_is_compact_and_holds_only_what_its_publishers_allow() -> None:
    packed = SOURCE / "starter" / "packed"
    records = sorted(packed.rglob("snapshot.json"))
    assert records, "the embedded starter is missing; run make starter"
    assert sum(path.stat().st_size for path in packed.rglob("*") if path.is_file()) < MAX_STARTER_BYTES
    for record in records:
        snapshot = yaml.safe_load(record.read_text(encoding="utf-8"))
        assert snapshot["may_ship"] is True, snapshot["id"]
        assert not any(name in snapshot["source"] for name in NEVER_SHIPPED), snapshot["id"]


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert forefend.__version__ == project["version"]
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_lock_files_name_hashes_and_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert text.count("--hash=sha256:") >= text.count("==")


def test_no_dependency_is_gpl() -> None:
    """A package under several licences may be used under the one that is not the GPL (Pyphen: MPL 1.1)."""
    from importlib.metadata import PackageNotFoundError, distribution

    names = re.findall(r"^([a-z0-9_.-]+)==", (ROOT / "requirements" / "start.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for name in names:
        try:
            metadata = distribution(name).metadata
        except PackageNotFoundError:  # for another platform or Python version
            continue
        told = [c for c in metadata.get_all("Classifier") or [] if c.startswith("License ::")] + (
            metadata.get("License-Expression") or ""
        ).split(" OR ")
        told = [text for text in told if text]
        assert not told or any(not is_gpl(text) for text in told), f"{name}: {told}"


def is_gpl(licence: str) -> bool:
    return bool(re.search(r"\bA?GPL|General Public License", licence)) and not re.search(r"LGPL|Lesser", licence)


def test_no_path_of_a_machine_and_no_secret_is_in_the_repository() -> None:
    bad = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/[\w.]|BEGIN (?:RSA |EC )?PRIVATE KEY|AKIA[0-9A-Z]{16}")
    for path in tracked_files():
        if path.suffix in {".woff2", ".parquet", ".zip", ".png", ".json"} or path == Path(__file__) or not path.is_file():
            continue
        found = bad.search(path.read_text(encoding="utf-8", errors="replace"))
        assert found is None, f"{path.relative_to(ROOT)}: {found and found.group(0)}"
