"""Opens the store an installation is set up with: the user's folder, and the embedded starter beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from forefend.settings import Settings
from forefend.store.store import Store

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PACKAGE = Path(__file__).parents[1]
EMBEDDED = PACKAGE / "starter" / "packed"


def open_store(settings: Settings, *, embedded: Path = EMBEDDED) -> Store:
    """Open the store in ``settings.data_dir``, with the embedded figures unless the settings say otherwise."""
    return Store(
        settings.data_dir,
        embedded=embedded if settings.embedded and embedded.is_dir() else None,
        providers=declared_providers,
        engine=settings.engine,
    )


@cache
def declared_providers() -> Mapping[str, str]:
    """Return which source gives a subject, as the sources' ``source.yaml`` declare it.

    Read as data, since the store knows no connector; where several give it, the one of highest priority.
    """
    found: dict[str, tuple[int, str]] = {}
    for path in sorted((PACKAGE / "sources").glob("*/source.yaml")):
        described = yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
        for subject in described.get("indicators", {}):
            found[subject] = max(found.get(subject, (-1, "")), (described.get("priority", 0), described["id"]))
    return {subject: source for subject, (_, source) in found.items()}
