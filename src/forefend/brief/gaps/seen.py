"""What the parts of a gap report look at: the results of a round with their figures, or a draft from public data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from forefend.assess.results import RoundResults
from forefend.assess.round_figures import GroupFigures, QuestionFigures
from forefend.brief.document import Inline, Words
from forefend.brief.words import catalog_text, say
from forefend.catalog import Catalog
from forefend.locale import N_, Language
from forefend.store import Figure

TYPES = {
    "government": N_("Government"),
    "independent_bodies": N_("Independent bodies"),
    "civil_society": N_("Civil society"),
    "external": N_("External bodies"),
}


class ActionNumbers(Protocol):
    """The figures of one action, from a round or from a draft."""

    @property
    def action(self) -> str: ...
    @property
    def coverage(self) -> Figure: ...
    @property
    def gap(self) -> Figure: ...
    @property
    def gap_low(self) -> Figure: ...
    @property
    def gap_high(self) -> Figure: ...
    @property
    def cautious_gap(self) -> Figure: ...
    @property
    def confidence(self) -> Figure: ...


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A round as the report shows it: ``groups`` are the figures of actions and spheres, ``questions`` those of questions."""

    results: RoundResults
    catalog: Catalog
    lang: Language
    state: str
    groups: Mapping[str, GroupFigures]
    questions: Mapping[str, QuestionFigures]

    def question_text(self, identifier: str) -> tuple[Inline, ...]:
        """Name a question by its id and its text."""
        return numbered(self.lang, identifier, self.catalog.questions[identifier].text)

    def action_text(self, identifier: str) -> tuple[Inline, ...]:
        """Name an action by its id and its title."""
        return numbered(self.lang, identifier, self.catalog.actions[identifier].title)

    def type_name(self, kind: str) -> Words:
        """Name a type of respondent."""
        return say(self.lang, TYPES.get(kind, kind))


def numbered(lang: Language, identifier: str, text: str) -> tuple[Inline, ...]:
    """Return an id and a text of the catalog."""
    return (lang.code_text(identifier), " ", catalog_text(lang, text))


def ids(lang: Language, identifiers: Sequence[str]) -> str:
    """Return ids in a row."""
    return ", ".join(lang.code_text(identifier) for identifier in identifiers)
