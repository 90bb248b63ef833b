"""What every page reads from: the settings, the open store, the catalog, and today's date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings as django_settings

from forefend.catalog import Catalog
from forefend.catalog.overrides import installed_catalog
from forefend.settings import Settings
from forefend.store import Store, open_store

if TYPE_CHECKING:
    from forefend.web.accounts.models import Instance


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """An installation as a page sees it. One per process; the store may be read by many threads."""

    settings: Settings
    store: Store
    catalog: Catalog

    @property
    def whose(self) -> tuple[str, str]:
        """The state and the organisation that use this installation, asked of the database once."""
        said = _said()
        return self.settings.our_state or said.state, self.settings.organisation or said.organisation

    @property
    def our_state(self) -> str:
        """The state that uses this installation: by its settings, else as its first administrator said; empty while nobody did."""
        return self.settings.our_state or _said().state

    @property
    def organisation(self) -> str:
        """Who uses this installation."""
        return self.settings.organisation or _said().organisation

    @property
    def today(self) -> date:
        """Today's date in UTC."""
        return datetime.now(UTC).date()


def _said() -> Instance:
    """Return what the first administrator said; asked of the database each time, as another process may have written it."""
    from forefend.web.accounts.models import Instance

    return Instance.objects.filter(pk=1).first() or Instance()


@cache
def workbench() -> Workbench:
    """Open the installation once."""
    settings: Settings = django_settings.FOREFEND
    return Workbench(settings=settings, store=open_store(settings), catalog=installed_catalog(settings.data_dir))
