"""One-time links: the token goes to one person, the database keeps a digest of it alone."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from forefend.errors import AccountError
from forefend.locale import N_
from forefend.web.accounts.models import Invitation
from forefend.web.project.offered import OFFERED

VALID = timedelta(days=7)
UNKNOWN = N_("This link leads nowhere. Check that the whole of it was copied, or ask for a new invitation.")
USED = N_("This invitation was used already. Sign in with the address and password that were set then.")
WITHDRAWN = N_("This invitation was withdrawn. Ask whoever invited you for a new one.")
EXPIRED = N_("This invitation has expired. Ask whoever invited you for a new one.")


def new_token() -> tuple[str, str]:
    """Return a token nobody can guess, and its digest."""
    token = secrets.token_urlsafe(32)
    return token, digest_of(token)


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_of(token: str) -> Invitation:
    """Return the invitation a link stands for; raises AccountError with a sentence when it cannot be used."""
    found = Invitation.objects.select_related("institution", "invited_by").filter(digest=digest_of(token)).first()
    if found is None:
        raise AccountError(UNKNOWN)
    refuse_unusable(found)
    return found


def refuse_unusable(invitation: Invitation) -> None:
    """Raise AccountError when an invitation was used or withdrawn, or has expired."""
    if invitation.used_at is not None:
        raise AccountError(USED)
    if invitation.withdrawn_at is not None:
        raise AccountError(WITHDRAWN)
    if invitation.expires_at <= timezone.now():
        raise AccountError(EXPIRED)


def usable() -> QuerySet[Invitation]:
    """Return the invitations that ``refuse_unusable`` lets pass."""
    return Invitation.objects.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now())


def path_of(token: str, *, language: str) -> str:
    """Return the address under which a token is used, in a language that is spoken.

    Written out, as looking it up would load every page before the server starts.
    """
    return f"/{language if language in OFFERED else 'en'}/welcome/{token}/"
