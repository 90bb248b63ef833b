"""How links in letters begin."""

from __future__ import annotations

from urllib.parse import quote

from forefend.settings import Settings
from forefend.web.project.workbench import workbench


def whole(path: str) -> str:
    """Return the whole address of a page of this installation."""
    return beginning(workbench().settings) + path


def beginning(settings: Settings) -> str:
    """Return how addresses begin: as the settings say others reach the workbench, else this machine."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = settings.address if settings.address not in ("0.0.0.0", "::", "") else "127.0.0.1"  # noqa: S104 - compared, not bound
    return f"http://{f'[{host}]' if ':' in host else quote(host)}:{settings.port}"
