"""The appendix of any document: sources with citation and licence, and every figure with how it was made."""

from __future__ import annotations

from forefend.brief.document import Block, Bullets, Cell, Document, English, Heading, Inline, Paragraph, Table
from forefend.locale import Language
from forefend.store import Figure
from forefend.store.formulas import FORMULAS


def appendix(document: Document, lang: Language) -> tuple[Block, ...]:
    """Return the appendix as blocks."""
    return (
        Heading(lang.gettext("Sources and figures"), 2),
        Paragraph(
            (lang.gettext("Each number in brackets leads here. The JSON form of this brief holds the rows behind every figure."),), "note"
        ),
        Heading(lang.gettext("Sources")),
        Bullets(tuple(_source(document, lang)), "small"),
        Heading(lang.gettext("Figures")),
        _figures(document, lang),
    )


def _source(document: Document, lang: Language) -> list[tuple[Inline, ...]]:
    found: list[tuple[Inline, ...]] = []
    for snapshot in document.snapshots:
        told = lang.gettext(
            "release %(vintage)s of %(published)s; licence %(licence)s; grade %(grade)s; snapshot %(id)s",
            vintage=lang.code_text(snapshot.vintage), published=lang.date(snapshot.published), licence=lang.code_text(snapshot.licence),
            grade=lang.code_text(snapshot.grade), id=lang.code_text(snapshot.id),
        )  # fmt: skip
        found.append((English(f"{snapshot.title}. {snapshot.citation}"), " ", told))
    return found


def _figures(document: Document, lang: Language) -> Table:
    titles = (
        lang.gettext("No"),
        lang.gettext("Figure"),
        lang.gettext("Value"),
        lang.gettext("Period"),
        lang.gettext("Formula"),
        lang.gettext("Source"),
    )
    head = tuple(Cell((title,), is_number=n in (0, 2)) for n, title in enumerate(titles))
    rows = tuple(_row(number, figure, lang) for number, figure in enumerate(document.figures, start=1))
    return Table(head=head, rows=rows, caption=lang.gettext("Every figure of this brief, with how it was made"), style="xs notes")


def _row(number: int, figure: Figure, lang: Language) -> tuple[Cell, ...]:
    value = figure.missing if figure.value is None else lang.code_text(f"{figure.value:.6g}")
    formula = FORMULAS[figure.formula].sentence if figure.formula in FORMULAS else ""
    params = ", ".join(f"{name} {_short(entry)}" for name, entry in figure.params.items() if name not in ("fill_zero", "borders"))
    revised = lang.gettext("revised values") if figure.is_revised else ""
    sources = ", ".join(f"{snapshot.source} {snapshot.vintage}" for snapshot in figure.snapshots)
    return (
        Cell((lang.code_text(str(number)),), is_number=True, anchor=f"n{number}"),
        Cell((English(figure.label), " ", revised)),
        Cell(
            (English(value) if figure.value is None else value, " ", English(figure.unit) if figure.value is not None else ""),
            is_number=True,
        ),
        Cell((lang.code_text(figure.period),)),
        Cell((English(formula + (f" ({params})" if params else "")),)),
        Cell((English(f"{sources} · {figure.id}"),)),
    )


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
