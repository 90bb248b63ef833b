"""Writing a letter with the change it tells of, and sending what waits."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from email.errors import MessageError
from pathlib import Path
from threading import Thread
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from forefend.errors import StoreError
from forefend.locale import N_, language
from forefend.web.letters.models import Letter

TRIES_AT_MOST = 12
AGAIN_AFTER = timedelta(minutes=5)  # longer than a mail server may take, so that no letter is sent by two at once
AT_ONCE = 200
FORGOTTEN = N_("(This letter held a one-time link. Its text was not kept.)")


class Addressee(Protocol):
    """Whom a letter can be written to: a person, or an invitation."""

    email: str
    language: str
    is_practice: bool


def write(*, to: Addressee, subject: str, text: str, about: str, period: str = "", is_forgotten_when_sent: bool = False) -> Letter | None:
    """Write a letter in the transaction of the change it tells of; it leaves after the transaction has ended.

    A letter about the same thing in the same ``period`` is written once. Nothing is written to the people of the practice
    space, whose addresses are nobody's. Raises StoreError outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise StoreError("A letter can only be written in the transaction of the change it tells of.")
    if to.is_practice or (period and Letter.objects.filter(to=to.email, about=about, period=period).exists()):
        return None
    letter = Letter.objects.create(
        to=to.email,
        language=to.language,
        subject=" ".join(subject.split())[:200],  # a line break in a subject would begin another header
        text=text,
        about=about,
        period=period,
        made_at=timezone.now(),
        is_forgotten_when_sent=is_forgotten_when_sent,
    )
    transaction.on_commit(_send_soon)
    return letter


def deliver() -> int:
    """Send the letters that wait; returns how many left. What fails is kept with its reason and tried again later."""
    return sum(_send(letter) for letter in _waiting()[:AT_ONCE])


def _waiting() -> list[Letter]:
    free = Q(tried_at__isnull=True) | Q(tried_at__lt=timezone.now() - AGAIN_AFTER)
    return list(Letter.objects.filter(free, sent_at__isnull=True, tries__lt=TRIES_AT_MOST))


def _send(letter: Letter) -> bool:
    # Whoever raises the count first has the letter: no lock is held while a mail server is waited for.
    taken = Letter.objects.filter(pk=letter.pk, tries=letter.tries, sent_at__isnull=True).update(
        tries=F("tries") + 1, tried_at=timezone.now()
    )
    if not taken:
        return False
    try:
        EmailMessage(subject=letter.subject, body=letter.text, to=[letter.to]).send()
    except (OSError, smtplib.SMTPException, MessageError, ValueError) as error:
        Letter.objects.filter(pk=letter.pk).update(last_error=f"{type(error).__name__}: {error}"[:300])
        return False
    changed: dict[str, object] = {"sent_at": timezone.now(), "last_error": ""}
    if letter.is_forgotten_when_sent:
        changed["text"] = language(letter.language).gettext(FORGOTTEN)
    Letter.objects.filter(pk=letter.pk).update(**changed)
    return True


def _send_soon() -> None:
    """Send after the change is kept: into the outbox at once, to a mail server beside the request, which never waits or fails."""
    if settings.FOREFEND.smtp:
        Thread(target=_send_beside, daemon=True).start()
        return
    try:
        prepare_outbox()
        deliver()
    except (OSError, DatabaseError):  # the change is kept, and so is the letter: forefend tick sends it
        return


def _send_beside() -> None:
    try:
        deliver()
    except DatabaseError:  # the next letter, or forefend tick, sends what waits
        pass
    finally:
        connection.close()


def prepare_outbox() -> None:
    """Make the folder letters are put into where there is no mail server, for its owner alone: letters hold one-time links."""
    folder = getattr(settings, "EMAIL_FILE_PATH", "")
    if folder:
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
