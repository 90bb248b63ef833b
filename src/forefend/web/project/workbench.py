"""What every page reads from: the settings, the open store, the catalog, and today's date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from django.conf import settings as django_settings

from forefend.catalog import Catalog
from forefend.catalog.overrides import installed_catalog
from forefend.settings import Settings
from forefend.store import Store, open_store


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """An installation as a page sees it. One per process; the store may be read by many threads."""

    settings: Settings
    store: Store
    catalog: Catalog

    @property
    def today(self) -> date:
        """Today's date in UTC."""
        return datetime.now(UTC).date()


@cache
def workbench() -> Workbench:
    """Open the installation once."""
    settings: Settings = django_settings.FOREFEND
    return Workbench(settings=settings, store=open_store(settings), catalog=installed_catalog(settings.data_dir))
