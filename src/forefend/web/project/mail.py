"""How mail leaves: by the SMTP server of the settings, else into files that somebody carries on."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from forefend.errors import SettingsError
from forefend.settings import Settings

OUTBOX = "outbox"
SECONDS = 20


def mail_of(settings: Settings) -> dict[str, Any]:
    """Return Django's settings of mail; raises SettingsError when the address of the server cannot be followed."""
    sender = settings.mail_from or "forefend@localhost"
    if not settings.smtp:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(settings.data_dir / OUTBOX),
            "DEFAULT_FROM_EMAIL": sender,
        }
    parts = urlsplit(settings.smtp)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingsError("Setting smtp is not the address of a mail server. Give one such as smtp://user@mail.example:587.")
    is_wrapped = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if is_wrapped else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": settings.smtp_password or unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_wrapped,
        "EMAIL_USE_TLS": not is_wrapped and parts.hostname not in ("localhost", "127.0.0.1"),
        "EMAIL_TIMEOUT": SECONDS,
        "DEFAULT_FROM_EMAIL": sender,
    }
