"""Ids of the catalog are stable for ever: assessments, evidence and translations point to them.

``catalog_ids.txt`` lists every id there has been, a kind and an id on a line, in the order in which they came.
An id is never removed or renamed. A new one is appended at the end, with:
``python tests/architecture/test_catalog_ids.py``
"""

from __future__ import annotations

from pathlib import Path

from forefend.catalog import load_catalog
from forefend.catalog.model import KINDS

COMMITTED = Path(__file__).with_name("catalog_ids.txt")


def listed() -> list[str]:
    return COMMITTED.read_text(encoding="utf-8").splitlines()


def present() -> list[str]:
    catalog = load_catalog()
    return [f"{kind} {identifier}" for kind in KINDS for identifier in catalog.of_kind(kind)]


def test_no_id_is_gone() -> None:
    gone = sorted(set(listed()) - set(present()))
    assert not gone, f"These ids were removed or renamed; put them back: {', '.join(gone)}"


def test_every_new_id_is_appended_to_the_list() -> None:
    new = sorted(set(present()) - set(listed()))
    assert not new, f"Append these ids by running {Path(__file__).name} as a program: {', '.join(new)}"


def test_an_id_is_listed_once() -> None:
    assert len(listed()) == len(set(listed()))


def test_no_id_is_used_twice_within_its_kind() -> None:
    assert len(present()) == len(set(present()))


if __name__ == "__main__":
    known = listed() if COMMITTED.exists() else []
    added = [line for line in present() if line not in set(known)]
    COMMITTED.write_text("".join(f"{line}\n" for line in [*known, *added]), encoding="utf-8")
