"""``python -m forefend.starter.credits``: bring the data section of NOTICE.md up to date with what is packed."""

from __future__ import annotations

import sys
from pathlib import Path

from forefend.sources.registry import find_source
from forefend.store import Snapshot, Store
from forefend.store.opening import EMBEDDED

BEGIN, END = "<!-- data: written by make starter -->", "<!-- end of data -->"


def credits_text() -> str:
    """Return the data section: one entry for each snapshot packed."""
    store = Store(EMBEDDED / "none", embedded=EMBEDDED)
    return "\n".join([BEGIN, "", *[_entry(snapshot) for snapshot in sorted(store.snapshots, key=lambda s: s.id)], END])


def _entry(snapshot: Snapshot) -> str:
    metadata = find_source(snapshot.source).metadata
    tables = ", ".join(f"{count:,} {name}" for name, count in sorted(snapshot.rows.items()))
    where = f" ({metadata.licence_address})" if metadata.licence_address else ""
    shared = " This folder is under that licence, apart from the rest of the package." if metadata.is_share_alike else ""
    return (
        f"### {snapshot.title}, release {snapshot.vintage}\n\n"
        f"{snapshot.publisher}. Licence: {snapshot.licence}{where}.{shared}\n"
        f"{metadata.may_ship_reason}\n"
        f"Cite: {snapshot.citation.strip()}\n"
        f"Taken: {tables}, computed from the publisher's figures by `make starter`; changed in form only.\n"
    )


def with_credits(text: str) -> str:
    """Return the notice with its data section replaced."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{credits_text()}{after}"


def main() -> None:
    """Rewrite the notice at the path given, NOTICE.md of the running folder unless named."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "NOTICE.md")
    path.write_text(with_credits(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
