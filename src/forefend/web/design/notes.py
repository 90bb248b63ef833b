"""The source note of a figure: one step from a number to what it is, from whom, and how it was made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forefend.locale import Language
from forefend.store import Figure, IssuedRows, Query
from forefend.store.formulas import sentence_of
from forefend.web.design.values import interval_text, value_text


@dataclass(frozen=True, kw_only=True)
class Note:
    """What a source note says. Empty texts are left out."""

    id: str
    title: str
    text: str
    exact: str
    interval: str
    period: str
    sources: tuple[str, ...]
    vintages: tuple[str, ...]
    licences: tuple[str, ...]
    formula: str
    is_missing: bool
    is_revised: bool
    issues: tuple[str, ...] = ()


def note_of(figure: Figure, lang: Language, *, decimals: int | None = None, form: str = "") -> Note:
    """Write a figure's note in a language."""
    return Note(
        id=figure.id,
        title=figure.label,
        text=value_text(figure, lang, decimals=decimals, form=form),
        exact="" if figure.value is None else lang.code_text(f"{figure.value:.6g}"),
        interval=interval_text(figure, lang),
        period=lang.code_text(figure.period),
        sources=_each(s.title for s in figure.snapshots),
        vintages=_each(f"{s.vintage} ({s.published.isoformat()})" for s in figure.snapshots),
        licences=_each(s.licence for s in figure.snapshots),
        formula=sentence_of(figure.formula),
        is_missing=figure.value is None,
        is_revised=figure.is_revised,
        issues=_each(lang.code_text(identifier) for identifier in issues_of(figure)),
    )


def issues_of(figure: Figure) -> tuple[str, ...]:
    """Return the ids of the issued forecasts a figure rests on, through other figures too."""
    found: list[str] = []
    for entry in figure.inputs:
        if isinstance(entry, IssuedRows):
            found.append(entry.issue)
        elif isinstance(entry, Figure):
            found += issues_of(entry)
    return _each(found)


def queries_of(figure: Figure) -> tuple[Query, ...]:
    """Return the questions to the store a figure rests on directly."""
    return tuple(entry for entry in figure.inputs if isinstance(entry, Query))


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
