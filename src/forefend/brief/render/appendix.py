"""The appendix of any document: sources with citation and licence, and every figure with how it was made."""

from __future__ import annotations

import math

from forefend.brief.document import Block, Bullets, Cell, Document, English, Heading, Inline, Paragraph, Table
from forefend.brief.words import compose, head, reason, say
from forefend.locale import N_, Language
from forefend.store import Figure
from forefend.store.formulas import FORMULAS

LONGEST_PARAMETER = 60
SIGNIFICANT = 6  # digits of a value that is not whole
MOST_DECIMALS = 8
LEFT_OUT = ("fill_zero", "borders", "panel")  # lists of states, given in full in the JSON form


def appendix(document: Document, lang: Language) -> tuple[Block, ...]:
    """Return the appendix as blocks."""
    leads = N_("Each number in brackets leads here. The JSON form of this brief holds the rows behind every figure.")
    sources = (Heading(say(lang, N_("Sources"))), Bullets(tuple(_source(document, lang)), "small")) if document.snapshots else ()
    return (
        Heading(say(lang, N_("Sources and figures")), 2),
        Paragraph((say(lang, leads),), "note"),
        *sources,
        Heading(say(lang, N_("Figures"))),
        _figures(document, lang),
    )


def _source(document: Document, lang: Language) -> list[tuple[Inline, ...]]:
    message = N_("release %(vintage)s of %(published)s; licence %(licence)s; grade %(grade)s; snapshot %(id)s")
    found: list[tuple[Inline, ...]] = []
    for snapshot in document.snapshots:
        told = compose(
            lang, message, vintage=lang.code_text(snapshot.vintage), published=lang.date(snapshot.published),
            licence=lang.code_text(snapshot.licence), grade=lang.code_text(snapshot.grade), id=lang.code_text(snapshot.id),
        )  # fmt: skip
        found.append((English(f"{snapshot.title}. {snapshot.citation}"), " ", *told))
    return found


def _figures(document: Document, lang: Language) -> Table:
    columns = (N_("No"), N_("Figure"), N_("Value"), N_("Period"), N_("Formula"), N_("Source"))
    rows = tuple(_row(number, figure, lang) for number, figure in enumerate(document.figures, start=1))
    caption = say(lang, N_("Every figure of this brief, with how it was made"))
    style = "xs notes" if document.snapshots else "xs notes made"
    return Table(head=head(lang, *columns, numbers=(0, 2)), rows=rows, caption=caption, style=style)


def _row(number: int, figure: Figure, lang: Language) -> tuple[Cell, ...]:
    formula = FORMULAS[figure.formula].sentence if figure.formula in FORMULAS else ""
    params = ", ".join(f"{name} {_short(entry)}" for name, entry in figure.params.items() if name not in LEFT_OUT)
    revised: tuple[Inline, ...] = (" ", say(lang, N_("revised values"))) if figure.is_revised else ()
    formula += (f" ({params})" if params else "") + _from(figure)
    sources = ", ".join(f"{snapshot.source} {snapshot.vintage}" for snapshot in figure.snapshots)
    return (
        Cell((lang.code_text(str(number)),), is_number=True, anchor=f"n{number}"),
        Cell((say(lang, figure.label), *revised)),
        Cell(value_of(figure, lang), is_number=True),
        Cell((lang.code_text(figure.period),)),
        Cell((English(formula),)),
        Cell((English(f"{sources} · {figure.id}" if sources else figure.id),)),
    )


def value_of(figure: Figure, lang: Language) -> tuple[Inline, ...]:
    """Return a figure's value with as many digits as it needs and its unit, or the reason why there is none."""
    if figure.value is None:
        return (reason(lang, figure.missing),)
    whole = 0 if figure.value == 0 else math.floor(math.log10(abs(figure.value))) + 1
    decimals = 0 if figure.value == int(figure.value) else min(MOST_DECIMALS, max(0, SIGNIFICANT - whole))
    return (lang.number(figure.value, decimals), " ", say(lang, figure.unit))


def _from(figure: Figure) -> str:
    """Name the figures that one was made from where no publisher stands behind it: the answers of institutions."""
    parts = [entry for entry in figure.inputs if isinstance(entry, Figure)]
    if figure.snapshots or not parts:
        return ""
    said = [(*part.label.rpartition(": ")[::2], part.missing if part.value is None else f"{part.value:g}") for part in parts]
    kinds = {what for _, what, _ in said}
    if len(kinds) == 1 and all(whose for whose, _, _ in said):  # one kind of figure of many questions: said once
        return f": {kinds.pop()} " + ", ".join(f"{whose} {value}" for whose, _, value in said)
    return ": " + "; ".join(f"{part.label} {value}" for part, (_, _, value) in zip(parts, said, strict=True))


def _short(value: object) -> str:
    text = ", ".join(_short(entry) for entry in value) if isinstance(value, list | tuple) else _plain(value)
    return text if len(text) <= LONGEST_PARAMETER else text[: LONGEST_PARAMETER - 3] + "…"


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
