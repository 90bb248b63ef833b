"""``forefend user``: people, their invitations and duties, from the machine itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forefend.cli.output import Format, emit
from forefend.errors import AccountError

if TYPE_CHECKING:
    from forefend.web.accounts.models import Institution, Person

app = typer.Typer(add_completion=False, no_args_is_help=True, help="People of the workbench: invitations, duties, hand-over.")

COLUMNS = ("address", "name", "institution", "duties", "is_active", "language", "joined_on")
Chosen = Annotated[Format | None, typer.Option("--format", help="csv, json or table.")]
File = Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")]
Who = Annotated[str, typer.Argument(metavar="ADDRESS", help="Address the person signs in with.")]
Reason = Annotated[str, typer.Option(help="Why; it stays on record.")]


@app.command("list")
def list_people(
    format: Chosen = None,  # noqa: A002 - the option is called --format
    output: File = None,
) -> None:
    """Everybody with an account, and the duties they hold."""
    _open()
    from forefend.web.accounts.queries import people

    found: list[Any] = list(people())  # each with the duties it holds, which the query adds
    rows = [
        {
            "address": one.email,
            "name": one.name,
            "institution": one.institution.key if one.institution else None,
            "duties": " ".join(duty.role for duty in one.held),
            "is_active": one.is_active,
            "language": one.language,
            "joined_on": one.joined_at.date().isoformat(),
        }
        for one in found
    ]
    emit(rows, columns=COLUMNS, format=format, output=output)


@app.command("first-link")
def first_link(language: Annotated[str, typer.Option(help="Language of the page it opens.")] = "en") -> None:
    """Print the one-time link by which the first administrator comes; earlier ones end."""
    by = _open()
    from forefend.web.accounts.actions import make_first_link
    from forefend.web.accounts.links import path_of

    _say_link(path_of(make_first_link(by=by), language=language))


@app.command()
def invite(
    address: Who,
    role: Annotated[
        list[str], typer.Option("--role", help="focal_point, coordinator, respondent, reviewer, reader, auditor, administrator.")
    ],
    institution: Annotated[str, typer.Option(help="Key of the institution the person answers for.")] = "",
    name: Annotated[str, typer.Option(help="Name; the person may correct it.")] = "",
    language: Annotated[str, typer.Option(help="Language of the letter and of the page.")] = "en",
) -> None:
    """Invite somebody, and print the one-time link."""
    by = _open()
    from forefend.web.accounts import actions

    body = _institution(institution) if institution else None
    _, path = actions.invite(email=address, name=name, roles=role, institution=body, language=language, by=by)
    _say_link(path)


@app.command()
def renew(address: Who) -> None:
    """Take password, second factors and sessions from somebody who lost them, and print a new one-time link."""
    by = _open()
    from forefend.web.accounts import actions

    _say_link(actions.renew_sign_in(person=_person(address), by=by))


@app.command()
def duty(
    address: Who,
    role: Annotated[str, typer.Argument(help="The role.")],
    end: Annotated[bool, typer.Option("--end", help="End the duty instead of giving it.")] = False,
    reason: Reason = "",
) -> None:
    """Give somebody a role from now on, or end it."""
    by = _open()
    from forefend.web.accounts import actions
    from forefend.web.accounts.models import Duty

    person = _person(address)
    if not end:
        actions.give_duty(person=person, role=role, by=by)
        typer.echo(f"{person.name} is {role} from now on.")
        return
    held = Duty.objects.filter(person=person, role=role, until__isnull=True).first()
    if held is None:
        raise AccountError("%(name)s does not hold the duty %(role)s. See forefend user list.", name=person.name, role=role)
    actions.end_duty(duty=held, by=by, reason=reason)
    typer.echo(f"{person.name} is {role} no more.")


@app.command("hand-over")
def hand_over(
    address: Who,
    to: Annotated[str, typer.Option("--to", metavar="ADDRESS", help="Address of the person who takes over.")],
    reason: Reason = "",
) -> None:
    """Hand all duties of one person to another in one step. What is marked RED for its named readers is not handed over."""
    by = _open()
    from forefend.web.accounts import actions

    person, heir = _person(address), _person(to)
    given = actions.hand_over(person=person, to=heir, reason=reason, by=by)
    typer.echo(f"{heir.name} takes over from {person.name}: {', '.join(duty.role for duty in given)}. Both get a letter.")


@app.command()
def deactivate(address: Who, reason: Reason = "") -> None:
    """Close an account and end its sessions; what the person wrote stays."""
    by = _open()
    from forefend.web.accounts import actions

    person = _person(address)
    actions.deactivate(person=person, by=by, reason=reason)
    typer.echo(f"The account of {person.name} is closed.")


@app.command()
def reactivate(address: Who, reason: Reason = "") -> None:
    """Open a closed account again."""
    by = _open()
    from forefend.web.accounts import actions

    person = _person(address)
    actions.reactivate(person=person, by=by, reason=reason)
    typer.echo(f"The account of {person.name} is open again.")


def _open() -> str:
    """Open the workbench's database; returns as whom the command line acts."""
    from forefend.web.project.opening import open_database

    open_database()
    from forefend.web.audit.chain import COMMAND_LINE

    return COMMAND_LINE


def _person(address: str) -> Person:
    from forefend.web.accounts.models import Person

    found: Person | None = Person.objects.select_related("institution").filter(email=address.strip().lower()).first()
    if found is None:
        raise AccountError("Nobody has the address %(address)s. See forefend user list.", address=address)
    return found


def _institution(key: str) -> Institution:
    from forefend.web.accounts.models import Institution

    found = Institution.objects.filter(key=key).first()
    if found is None:
        raise AccountError("There is no institution %(key)s. See forefend institution list.", key=key)
    return found


def _say_link(path: str) -> None:
    from forefend.web.letters.addresses import whole

    typer.echo(f"{whole(path)}  (valid for 7 days, once)")
