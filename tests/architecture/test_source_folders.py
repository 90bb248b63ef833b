"""A source can be taken away like a file: none imports another, and what they share knows none of them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "src" / "forefend" / "sources"
FOLDERS = sorted(path.parent.name for path in SOURCES.glob("*/source.yaml"))
SHARED = ("reading", "families")


def imported(folder: str) -> set[str]:
    """Return the parts of ``forefend.sources`` that modules of a folder import."""
    found: set[str] = set()
    for path in (SOURCES / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path.name} of {folder} imports by dots"
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            found |= {name.split(".")[2] for name in names if name.startswith("forefend.sources.")}
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_source_imports_no_other_source(folder: str) -> None:
    assert imported(folder) & set(FOLDERS) <= {folder}


@pytest.mark.parametrize("package", SHARED)
def test_what_sources_share_imports_no_source(package: str) -> None:
    assert not imported(package) & set(FOLDERS)


def test_readers_know_no_family_of_publishers() -> None:
    assert "families" not in imported("reading")


def test_modules_beside_the_sources_are_the_machinery_only() -> None:
    """A reader goes to ``reading``, what sources of a publisher share to ``families``, anything else into one source."""
    beside = {path.stem for path in SOURCES.glob("*.py")} - {"__init__"}
    assert beside == {"calendar", "contract", "intake", "manifest", "registry", "release"}
