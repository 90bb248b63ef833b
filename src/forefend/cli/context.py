"""What most commands begin with: the settings, the open store, the catalog and today's date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from forefend.catalog import Catalog
from forefend.catalog.overrides import installed_catalog
from forefend.settings import Settings, read_settings
from forefend.store import Store, open_store


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """An installation as a command sees it."""

    settings: Settings
    store: Store
    catalog: Catalog
    today: date


def open_workspace() -> Workspace:
    """Open the installation that the environment points to."""
    settings = read_settings()
    return Workspace(
        settings=settings, store=open_store(settings), catalog=installed_catalog(settings.data_dir), today=datetime.now(UTC).date()
    )
