"""What several people do at the same moment, in a process with a database of its own: run by a test."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from threading import Barrier, Thread

PEOPLE = 6


def main() -> None:
    """Use one link six times at once, let administrators remove each other, hand over the same duties six times."""
    from forefend.web.project.opening import open_database

    open_database()
    from forefend.web.accounts import actions
    from forefend.web.accounts.links import invitation_of
    from forefend.web.accounts.models import Duty, Person
    from forefend.web.audit import chain

    first = invitation_of(actions.make_first_link(by="command line"))

    def set_up(number: int) -> None:
        actions.set_up_installation(
            name=f"First {number}", email=f"first{number}@example.org", password=f"{number} a long sentence", state="GHA", organisation="",
            language="en", is_focal_point=False, by=first,
        )  # fmt: skip

    said: dict[str, list[object]] = {"set_up": at_once(set_up), "people": [Person.objects.count()]}
    invitation, _ = actions.invite(email="kofi@example.org", roles=["reader"], by="command line")

    def accept(number: int) -> None:
        actions.accept_invitation(name=f"Kofi {number}", password=f"{number} a long sentence", language="en", by=invitation)

    said["accept"] = at_once(accept)
    said["people"].append(Person.objects.count())
    first_one = Person.objects.get(email__startswith="first")
    others = [Person.objects.create_user(f"admin{number}@example.org", name=f"Admin {number}") for number in range(1, PEOPLE)]
    for other in others:
        actions.give_duty(person=other, role="administrator", by="command line")
    administrators = [first_one, *others]

    def remove_the_next(number: int) -> None:
        actions.deactivate(person=administrators[(number + 1) % PEOPLE], by="command line")

    said["remove"] = at_once(remove_the_next)
    left = Duty.objects.filter(role="administrator", until__isnull=True, person__is_active=True).count()
    kofi = Person.objects.get(email="kofi@example.org")
    heir = Person.objects.filter(is_active=True).exclude(pk=kofi.pk).get()
    said["hand_over"] = at_once(lambda _: actions.hand_over(person=kofi, to=heir, by="command line"))
    said["left"] = [left, Duty.objects.filter(person=heir, role="reader", until__isnull=True).count()]
    said["whole"] = [chain.verify().is_whole]
    sys.stdout.write(json.dumps(said) + "\n")


def at_once(deed: Callable[[int], object]) -> list[object]:
    """Do something in several threads at the same moment; returns what became of each."""
    from django.db import connection

    from forefend.errors import AccountError

    gate, ends = Barrier(PEOPLE), [""] * PEOPLE

    def do(number: int) -> None:
        gate.wait()
        try:
            deed(number)
            ends[number] = "done"
        except AccountError as refusal:
            ends[number] = refusal.sentence
        except Exception as error:  # noqa: BLE001 - told to the test, which knows none that may come
            ends[number] = repr(error)
        finally:
            connection.close()

    threads = [Thread(target=do, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


main()
