"""``forefend brief country COUNTRY --for STATE -o FILE``: a brief as PDF, Word, HTML or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forefend.cli.output import write_file
from forefend.errors import ForefendError

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Write a brief.")
ENDINGS = (".pdf", ".docx", ".html", ".json")


@app.callback()
def brief() -> None:
    """Briefs from the stored data; the ending of the file says the form: .pdf, .docx, .html or .json."""


@app.command()
def country(
    country: Annotated[str, typer.Argument(help="Country the brief is about.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write: .pdf, .docx, .html or .json.")],
    for_state: Annotated[str, typer.Option("--for", help="State whose government reads it; FOREFEND_OUR_STATE unless given.")] = "",
    lang: Annotated[str, typer.Option(help="Language: en, ar.")] = "",
    tlp: Annotated[str, typer.Option(help="TLP 2.0 marking: CLEAR, GREEN, AMBER, AMBER+STRICT, RED.")] = "",
) -> None:
    """Four pages on a country for one government: finding, record and forecast, risk factors, leverage and options."""
    if output.suffix.lower() not in ENDINGS:
        raise ForefendError(f"{output.name} does not end in {', '.join(ENDINGS)}. Give a file name with one of these endings.")
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
    write_file(output, _render(document, output.suffix.lower()))


def _render(document: object, ending: str) -> bytes:
    from forefend.brief.document import Document

    if not isinstance(document, Document):
        raise TypeError("a brief is a Document")
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
