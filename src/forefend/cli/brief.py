"""``forefend brief country COUNTRY --for STATE -o FILE``, ``forefend brief gaps STATE -o FILE``: reports as PDF, Word, HTML or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forefend.cli.output import write_file
from forefend.errors import ForefendError

if TYPE_CHECKING:
    from forefend.brief.document import Document

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Write a brief.")
Template = Annotated[Path | None, typer.Option("--template", help="The ministry's own Word template, for .docx.")]
ENDINGS = (".pdf", ".docx", ".html", ".json")


@app.callback()
def brief() -> None:
    """Briefs from the stored data; the ending of the file says the form: .pdf, .docx, .html or .json."""


@app.command()
def country(
    country: Annotated[str, typer.Argument(help="Country the brief is about.")],
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write: .pdf, .docx, .html or .json.")],
    for_state: Annotated[str, typer.Option("--for", help="State whose government reads it; FOREFEND_OUR_STATE unless given.")] = "",
    lang: Annotated[str, typer.Option(help="Language: en, ar.")] = "",
    tlp: Annotated[str, typer.Option(help="TLP 2.0 marking: CLEAR, GREEN, AMBER, AMBER+STRICT, RED.")] = "",
    template: Template = None,
) -> None:
    """Four pages on a country for one government: finding, record and forecast, risk factors, leverage and options."""
    _check_ending(output, template)
    from forefend.brief.briefs.country import country_brief
    from forefend.cli.context import open_workspace
    from forefend.locale import language
    from forefend.store.numbers import remember

    work = open_workspace()
    state = for_state or work.settings.our_state
    if not state:
        raise ForefendError("Whose government is the brief for? Give --for STATE, or set FOREFEND_OUR_STATE.")
    document = country_brief(
        work.store, work.catalog, country, for_state=state, lang=language(lang or work.settings.language),
        marking=(tlp or work.settings.marking).upper().removeprefix("TLP:"), today=work.today, organisation=work.settings.organisation,
    )  # fmt: skip
    remember(work.store, document.figures)
    write_file(output, _render(document, output.suffix.lower(), template=template))


@app.command()
def gaps(
    state: Annotated[str, typer.Argument(help="State whose gaps are drafted.")],
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write: .pdf, .docx, .xlsx, .html or .json.")],
    lang: Annotated[str, typer.Option(help="Language: en, ar.")] = "",
    tlp: Annotated[str, typer.Option(help="TLP 2.0 marking: CLEAR, GREEN, AMBER, AMBER+STRICT, RED.")] = "",
    template: Template = None,
) -> None:
    """The gaps of a state in the 21 actions, drafted from public data alone: ranges, and what is left to be answered."""
    _check_ending(output, template, also=(".xlsx",))
    from forefend.assess.gaps import gaps as draft
    from forefend.brief.briefs.gaps import draft_report
    from forefend.cli.context import open_workspace
    from forefend.locale import language
    from forefend.places import resolve
    from forefend.store.numbers import remember

    work = open_workspace()
    iso3 = resolve(state)
    found = draft(work.store, work.catalog, iso3, today=work.today)
    document = draft_report(
        found, work.catalog, iso3, lang=language(lang or work.settings.language), today=work.today,
        marking=(tlp or work.settings.marking).upper().removeprefix("TLP:"), organisation=work.settings.organisation,
    )  # fmt: skip
    remember(work.store, document.figures)
    if output.suffix.lower() == ".xlsx":
        from forefend.brief.render.gap_book import render_draft

        write_file(output, render_draft(found, work.catalog, document))
        return
    write_file(output, _render(document, output.suffix.lower(), template=template))


@app.command()
def check_template(template: Annotated[Path, typer.Argument(help="Word file with fields.")]) -> None:
    """Say what is wrong with a Word template: each unknown field, with the one that was meant."""
    from forefend.brief.render.template import check

    faults = check(_read(template))
    for fault in faults:
        typer.echo(fault)
    if faults:
        raise ForefendError(f"{template.name} cannot be used yet. Correct what is named above.")
    typer.echo(f"{template.name} can be used.")


def _check_ending(output: Path, template: Path | None, *, also: tuple[str, ...] = ()) -> None:
    endings = (*ENDINGS, *also)
    if output.suffix.lower() not in endings:
        raise ForefendError(f"{output.name} does not end in {', '.join(endings)}. Give a file name with one of these endings.")
    if template is not None and output.suffix.lower() != ".docx":
        raise ForefendError(f"A template gives Word, and {output.name} does not end in .docx. Give a file name that does.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ForefendError(f"{path} cannot be read: {error.strerror}. Name a file that is there.") from error


def _render(document: Document, ending: str, *, template: Path | None = None) -> bytes:
    if template is not None:
        from forefend.brief.render.template import fill

        return fill(_read(template), document)
    if ending == ".pdf":
        from forefend.brief.render.pdf import render_pdf

        return render_pdf(document)
    if ending == ".docx":
        from forefend.brief.render.docx import render_docx

        return render_docx(document)
    if ending == ".html":
        from forefend.brief.render.html import render_html

        return render_html(document).encode()
    from forefend.brief.render.json import render_json

    return render_json(document).encode()
