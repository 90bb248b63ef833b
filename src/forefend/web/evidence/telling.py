"""The sentences with which pages of evidence begin."""

from __future__ import annotations

from datetime import date

from forefend.locale import N_, Language
from forefend.web.design.marking import Marking
from forefend.web.evidence.models import Evidence

NOTHING = {
    "standing": N_(
        "No evidence is open to you yet. Institutions add it with their answers; others see it once an answer with it was handed in."
    ),
    "own": N_("You have added no evidence yet."),
    "expired": N_("No piece of evidence that is open to you has expired."),
    "withdrawn": N_("No piece of evidence that is open to you was withdrawn."),
}


def found(n: int, *, shown: str, text: str, lang: Language) -> str:
    """Say how many pieces a list holds."""
    if n == 0:
        return lang.gettext("Nothing in this list has these words in its title.") if text else lang.gettext(NOTHING[shown])
    if shown == "standing" and not text:
        return lang.ngettext(
            "%(n)s piece of evidence is open to you.", "%(n)s pieces of evidence are open to you, newest first.", n, n=lang.number(n)
        )
    return lang.ngettext("%(n)s piece of evidence was found.", "%(n)s pieces of evidence were found, newest first.", n, n=lang.number(n))


def stands(evidence: Evidence, *, n_supported: int, today: date, lang: Language) -> str:
    """Say what a piece is worth today."""
    if evidence.withdrawn_at is not None:
        day = lang.date(evidence.withdrawn_at.date())
        return lang.gettext("This piece was withdrawn on %(day)s and supports nothing any more.", day=day)
    if is_expired(evidence, today):
        return lang.gettext("This piece has expired: it counted until %(day)s.", day=lang.date(evidence.expires))
    if n_supported == 0:
        return lang.gettext("It supports no answer that you may read.")
    return lang.ngettext(
        "It supports %(n)s answer that you may read.",
        "It supports %(n)s answers that you may read.",
        n_supported,
        n=lang.number(n_supported),
    )


def label_of(evidence: Evidence) -> Marking:
    """Return the marking of a piece as a label."""
    return Marking(label=evidence.marking, sentence="")


def age_of(evidence: Evidence, today: date) -> int | None:
    """Return how old a piece is by its own date, in days; None where it has none."""
    return None if evidence.dated is None else max(0, (today - evidence.dated).days)


def is_expired(evidence: Evidence, today: date) -> bool:
    """Tell whether a piece no longer counts."""
    return evidence.expires is not None and evidence.expires < today
