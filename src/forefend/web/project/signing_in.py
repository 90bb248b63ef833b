"""Single sign-on by OpenID Connect, where the settings name a service."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from forefend.settings import Settings


def single_sign_on(settings: Settings) -> dict[str, Any]:
    """Return allauth's description of the one service; empty where none is named."""
    if not (settings.oidc_server and settings.oidc_client):
        return {}
    return {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": settings.oidc_name or settings.oidc_server,
                    "client_id": settings.oidc_client,
                    "secret": settings.oidc_secret,
                    "settings": {"server_url": settings.oidc_server},
                }
            ],
        }
    }


def sign_on_origins(settings: Settings) -> list[str]:
    """Return where a form may lead beside this installation: a browser follows the policy also where an answer sends it on."""
    parts = urlsplit(settings.oidc_server) if settings.oidc_client else urlsplit("")
    return [f"{parts.scheme}://{parts.netloc}"] if parts.scheme and parts.netloc else []
