"""``forefend round``: rounds of the self-assessment: reports and data out of them, and rounds for machines without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forefend.cli.output import Format, emit, write_file
from forefend.errors import ForefendError

if TYPE_CHECKING:
    from forefend.locale import Language
    from forefend.web.accounts.models import Person
    from forefend.web.assessment.models import Round
    from forefend.web.exchange.arriving import Compared
    from forefend.web.exchange.handed import Handed

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Rounds of the self-assessment: list, report, export, take, give, merge."
)

COLUMNS = ("id", "title", "state", "stage", "opens_on", "due_on", "institutions", "taken_from")
Number = Annotated[int, typer.Argument(metavar="ROUND", help="Id of the round, as forefend round list shows it.")]
Output = Annotated[Path, typer.Option("-o", "--output", help="File to write.")]
Whose = Annotated[
    str, typer.Option("--as", metavar="ADDRESS", help="For whom: what that person may read is in the file. Needed where there are several.")
]
Spoken = Annotated[str, typer.Option("--lang", help="Language: en, ar.")]


@app.command("list")
def list_rounds(
    format: Annotated[Format | None, typer.Option("--format", help="csv, json or table.")] = None,  # noqa: A002 - the option's name
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
) -> None:
    """Every round of this installation."""
    _open()
    from forefend.web.exchange.queries import rounds

    emit(rounds(), columns=COLUMNS, format=format, output=output)


@app.command()
def report(
    identifier: Number,
    *,
    output: Output,
    who: Whose = "",
    lang: Spoken = "",
    template: Annotated[Path | None, typer.Option("--template", help="The ministry's own Word template, for .docx.")] = None,
) -> None:
    """The gap report of a round: .pdf, .docx, .xlsx, .html or .json, by the ending of the file."""
    _open()
    from forefend.web.exchange.reports import FORMS, report_file

    ending = output.suffix.lower().removeprefix(".")
    if ending not in FORMS or (template is not None and ending != "docx"):
        endings = ".docx" if template is not None else ", ".join(f".{form}" for form in FORMS)
        raise ForefendError(f"{output.name} does not end in {endings}. Give a file name that does.")
    asked, person = _round(identifier), _person(who)
    filled = _read(template) if template is not None else None
    _write(output, report_file(_for(person, asked), person, ending, lang=_language(lang, person), template=filled))


@app.command()
def export(identifier: Number, *, output: Output, who: Whose = "", lang: Spoken = "") -> None:
    """Everything of a round that a person may read: CSV, JSON and the catalog, as .zip."""
    _open()
    from forefend.web.exchange.archive import everything

    if output.suffix.lower() != ".zip":
        raise ForefendError(f"{output.name} does not end in .zip. Give a file name that does.")
    person = _person(who)
    _write(output, everything(_for(person, _round(identifier)), person, lang=_language(lang, person)))


@app.command()
def give(
    identifier: Number,
    *,
    output: Output,
    institution: Annotated[
        str, typer.Option("--institution", metavar="KEY", help="Whose part; not needed for a round that was taken.")
    ] = "",
    who: Whose = "",
    lang: Spoken = "",
) -> None:
    """Write one institution's round into a file for a machine without a network; of a round that was taken, what goes back."""
    _open()
    from forefend.web.exchange.offline.giving import give as give_away
    from forefend.web.exchange.offline.giving_back import give_back
    from forefend.web.exchange.queries import part_of, taken_of

    asked, person = _round(identifier), _person(who)
    taken = taken_of(asked)
    if taken is not None:
        _write(output, give_back(taken, person))
        return
    _write(output, give_away(part_of(asked, institution), person, lang=_language(lang, person)))


@app.command()
def take(file: Annotated[Path, typer.Argument(help="The .forefend file of a round.")]) -> None:
    """Take a round that another installation gave; it is answered here with the ordinary pages."""
    by = _open()
    from forefend.web.exchange.offline.taking import take as take_here

    taken = take_here(_read(file), by=by)
    typer.echo(f"Round {taken.round.pk} is here: {taken.round.title}, for {taken.institution.title}.")
    typer.echo(f"Who answers it: forefend user invite ADDRESS --role respondent --institution {taken.institution.key}")
    typer.echo(f"When it is filled in: forefend round give {taken.round.pk} -o back.forefend")


@app.command()
def merge(
    file: Annotated[Path, typer.Argument(help="The .forefend file that came back.")],
    *,
    who: Whose = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would change, and change nothing.")] = False,
) -> None:
    """Merge a round that was given back. Where an answer was changed here too, both texts are kept and nothing is overwritten."""
    _open()
    from forefend.web.exchange.actions.taking_in import take_in
    from forefend.web.exchange.arriving import compare
    from forefend.web.exchange.offline.merging import ORIGIN, read_back

    back = read_back(_read(file))
    person = _person(who)
    for one in compare(back.part, back.arriving, person):
        if one.does_something or one.refused is not None:
            typer.echo(_line(one))
    if dry_run:
        typer.echo("Nothing was changed.")
        return
    done = take_in(part=back.part, arriving=back.arriving, by=person, origin=ORIGIN, files=back.file_of)
    typer.echo(f"Saved: {len(done.saved)}. Clashes, kept beside what stands: {len(done.clashed)}. Evidence added: {done.n_pieces}.")


def _line(one: Compared) -> str:
    told = f"{one.arriving.question}: {one.state}"
    if one.refused is not None:
        return f"{told}. {one.refused}"
    return f"{told}, evidence: {len(one.pieces)}" if one.pieces else told


def _open() -> str:
    """Open the workbench's database; returns as whom the command line acts."""
    from forefend.web.project.opening import open_database

    open_database()
    from forefend.web.audit.chain import COMMAND_LINE

    return COMMAND_LINE


def _person(address: str) -> Person:
    from forefend.web.exchange.queries import person_of

    found: Person = person_of(address)
    return found


def _round(identifier: int) -> Round:
    from forefend.web.exchange.queries import round_of

    found: Round = round_of(identifier)
    return found


def _for(person: Person, asked: Round) -> Round:
    """Return the round as one the person may know of."""
    from forefend.web.assessment.reading import round_for

    return round_for(person, asked.pk)


def _language(given: str, person: Person) -> Language:
    from forefend.locale import language

    return language(given or person.language)


def _write(output: Path, file: Handed) -> None:
    write_file(output, file.content)
    typer.echo(f"{output}: TLP:{file.marking}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ForefendError(f"{path} cannot be read: {error.strerror}. Name a file that is there.") from error
