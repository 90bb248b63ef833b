"""The country brief: four pages and an appendix, drafted from public data for one state about another."""

from __future__ import annotations

from datetime import date

from forefend.brief.country.ask import Ask
from forefend.brief.country.means import means
from forefend.brief.country.opening import opening
from forefend.brief.country.risks import risks
from forefend.brief.country.violence import violence
from forefend.brief.document import Document, check_marking
from forefend.brief.words import say, translation_note
from forefend.catalog import Catalog
from forefend.locale import N_, Language, strip_isolates
from forefend.places import resolve
from forefend.store import Store

TITLE = N_("Country brief: %(country)s, %(day)s")


def country_brief(
    store: Store, catalog: Catalog, target: str, *, for_state: str, lang: Language, marking: str, today: date, organisation: str = ""
) -> Document:
    """Return the brief on ``target`` for the government of ``for_state``; both may be names or codes.

    Raises PlaceError for a name that is not one state, ForefendError for a marking the inputs do not allow.
    """
    ask = Ask(store, catalog, resolve(target), resolve(for_state), lang, today)
    title = strip_isolates(lang.gettext(TITLE, country=ask.name, day=lang.date(today)))
    reference = f"{ask.target}-{today.isoformat()}"
    document = Document(
        kind="country",
        title=title,
        subject=ask.target,
        language=lang.code,
        direction=lang.direction,
        marking=marking,
        day=today,
        reference=reference,
        organisation=organisation or lang.gettext("Government of %(state)s", state=ask.actor_name),
        pages=(opening(ask), violence(ask), risks(ask), means(ask)),
        translation_note=translation_note(lang),
        labels={
            "running": say(lang, TITLE, country=ask.name, day=lang.date(today)),
            "reference": say(lang, N_("Reference %(reference)s"), reference=lang.code_text(reference)),
        },
    )
    check_marking(marking, document.figures)
    return document
