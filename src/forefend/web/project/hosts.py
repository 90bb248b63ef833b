"""Names under which the workbench is reached."""

from __future__ import annotations

from urllib.parse import urlsplit

from forefend.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def hosts_of(settings: Settings) -> list[str]:
    """Return the loopback names and those of the settings; any other is refused."""
    named = [name.strip() for name in settings.hosts.split(",") if name.strip()]
    public = urlsplit(settings.public_url).hostname if settings.public_url else None
    return list(dict.fromkeys((*LOOPBACK, *named, *([public] if public else []))))


def trusted_origins(settings: Settings) -> list[str]:
    """Return the origin from which forms may come when a proxy stands before the workbench."""
    parts = urlsplit(settings.public_url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.scheme and parts.netloc else []


def is_on_this_machine_alone(settings: Settings) -> bool:
    """Tell whether nothing but this machine can reach the workbench."""
    return settings.address in ("127.0.0.1", "::1", "localhost")
