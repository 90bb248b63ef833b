"""What both ways back have in common: a file is sent, its changes are shown, and only then taken in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from forefend.errors import AssessmentError
from forefend.locale import N_, Language
from forefend.web.exchange.actions.taking_in import Outcome
from forefend.web.exchange.arriving import Compared
from forefend.web.exchange.waiting import Waiting, fetch, keep
from forefend.web.project.errors import said_by

NO_FILE = N_("Choose a file first.")
TOO_LARGE = N_("The file is larger than %(limit)s MB. Send a smaller one.")
STATES = ("clash", "changed", "new")


def received(request: HttpRequest, *, kind: str, about: str, at_most: int) -> tuple[Waiting, bool] | None:
    """Return the file that a form brings, or that its token names, and whether it is to be taken in; None without a form."""
    if request.method != "POST":
        return None
    if token := request.POST.get("token", ""):
        return fetch(token, kind=kind, about=about, by=request.user), True
    given = request.FILES.get("file")
    if given is None:
        raise AssessmentError(NO_FILE)
    if given.size > at_most:
        raise AssessmentError(TOO_LARGE, limit=at_most // 1024**2)
    return keep(given.read(), kind=kind, about=about, by=request.user), False


def shown_of(compared: list[Compared], lang: Language) -> dict[str, Any]:
    """Return what a page shows of a comparison: clashes first, then what changes, what is new, what is refused."""
    return {
        "groups": [(state, [one for one in compared if one.state == state]) for state in STATES],
        "with_evidence": [one for one in compared if (one.pieces or one.marking) and one.state in ("same", "kept")],
        "refused_rows": [(one.arriving, said_by(one.refused, lang)) for one in compared if one.refused is not None],
        "refused_pieces": [(one.arriving, said_by(refusal, lang)) for one in compared for refusal in one.refused_pieces],
        "n_same": sum(one.state in ("same", "kept") and not (one.pieces or one.marking) for one in compared),
        "n_pieces": sum(len(one.pieces) for one in compared if one.state != "refused"),
        "does_something": any(one.does_something for one in compared),
    }


def sentence_of(done: Outcome, lang: Language) -> str:
    """Say what became of a file, a sentence each for answers, evidence and clashes."""
    n_saved, n_clashed = len(done.saved), len(done.clashed)
    said = [lang.ngettext("%(n)s answer was saved.", "%(n)s answers were saved.", n_saved, n=lang.number(n_saved))]
    if done.n_pieces:
        n = lang.number(done.n_pieces)
        said.append(lang.ngettext("%(n)s piece of evidence was added.", "%(n)s pieces of evidence were added.", done.n_pieces, n=n))
    if n_clashed:
        said.append(
            lang.ngettext(
                "%(n)s text clashes with what stands: both are kept, decide which one stands.",
                "%(n)s texts clash with what stands: both are kept, decide which one stands.",
                n_clashed,
                n=lang.number(n_clashed),
            )
        )
    return " ".join(said)
