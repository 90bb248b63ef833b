"""Letters about rounds: what waits for whom, and where. They never hold an answer."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from forefend.locale import Language, language
from forefend.web.accounts.models import Duty, Institution, Person
from forefend.web.accounts.roles import ANSWER, ROLES
from forefend.web.assessment.models import Contribution, Round
from forefend.web.letters.actions import write
from forefend.web.letters.addresses import whole

ANSWERING = [role.id for role in ROLES.values() if ANSWER in role.permissions]


def tell(kind: str, *, to: Person, about: str, round: Round, period: str = "") -> None:  # noqa: A002 - the field's word
    """Write a letter of a kind: ``returned``, ``request``, ``soon``, ``overdue``."""
    lang = language(to.language)
    subject, sentence = _said(kind, lang, round)
    text = f"{sentence}\n\n{link(lang, round)}\n"
    write(to=to, subject=subject, text=text, about=f"{kind} {about}", period=period)


def digest(*, to: Person, lines: list[tuple[str, Contribution]], day: date) -> bool:
    """Write one letter with all that waits for a person today, instead of many; returns False when it was written before."""
    lang = language(to.language)
    said = "\n\n".join(f"– {_said(kind, lang, part.round, due=part.due_on)[1]}\n  {link(lang, part.round)}" for kind, part in lines)
    subject = lang.ngettext("%(n)s thing waits for you", "%(n)s things wait for you", len(lines), n=lang.number(len(lines)))
    return write(to=to, subject=_plain(subject), text=said + "\n", about="digest", period=day.isoformat()) is not None


def who_answers(institution: Institution) -> list[Person]:
    """Return the people whose duty it is to answer for an institution: nobody else is told of its answers."""
    holding = Duty.objects.filter(role__in=ANSWERING, until__isnull=True).values("person")
    return list(institution.people.filter(is_active=True, pk__in=holding))


def link(lang: Language, asked: Round) -> str:
    """Return the address of a round as it stands in a letter."""
    return whole(reverse("round", args=[lang, asked.pk]))


def _said(kind: str, lang: Language, asked: Round, *, due: date | None = None) -> tuple[str, str]:
    title = asked.title
    day = lang.date(due or asked.due_on)  # an institution may have a day of its own
    text = lang.gettext
    return {
        "returned": (
            _plain(text("%(round)s: answers were returned to you", round=title)),
            _plain(text("Answers of your institution in %(round)s were returned with requests for change.", round=title)),
        ),
        "request": (
            _plain(text("%(round)s: a change is asked for", round=title)),
            _plain(text("A reviewer asks for a change of an answer of your institution in %(round)s.", round=title)),
        ),
        "soon": (
            _plain(text("%(round)s is due on %(day)s", round=title, day=day)),
            _plain(text("Answers of your institution in %(round)s are due on %(day)s.", round=title, day=day)),
        ),
        "overdue": (
            _plain(text("%(round)s was due on %(day)s", round=title, day=day)),
            _plain(text("Answers of your institution in %(round)s were due on %(day)s and are not handed in.", round=title, day=day)),
        ),
    }[kind]


def _plain(text: str) -> str:
    """Return a text on one line, as a subject has to be."""
    return " ".join(str(text).split())
