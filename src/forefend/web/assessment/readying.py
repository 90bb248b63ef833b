"""Results made before anybody asks for them: after a start, after midnight and after a change, beside the requests.

A result is made of thousands of answers. Who opens a page should not wait for that, and nobody else either.
"""

from __future__ import annotations

import gc
import logging
from threading import Thread
from time import monotonic, sleep

from django.db import DatabaseError, connection

from forefend.locale import language
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.roles import ANSWER, COORDINATE, READ_ANSWERS, READ_RESULTS, ROLES
from forefend.web.assessment import showing
from forefend.web.assessment.models import Round
from forefend.web.audit.chain import all_moved
from forefend.web.project.offered import OFFERED
from forefend.web.project.workbench import workbench

FIRST_SECONDS = 1.0  # the first page comes first
EVERY_SECONDS = 3.0
AGAIN_SECONDS = 60.0  # after a failure
SHARE = 10  # at most one part in ten of the time is spent on this
MUCH_SECONDS = 1.0
FULL = 0.9  # of the memory for results; what is older is made when it is asked for


def keep_ready() -> None:
    """Go on making results in a thread of its own for as long as the process lives."""
    Thread(target=_go_on, name="readying", daemon=True).start()


def ready() -> None:
    """Make what pages show of each round, the newest first, as one person of each role sees it."""
    people, rounds = _one_of_each_role(), list(Round.objects.order_by("-pk"))
    showing.forget_what_changed(rounds)
    for asked in rounds:
        try:
            _make(asked, people)
        except DatabaseError:  # is there for all rounds, or for none
            raise
        except Exception:  # whatever is wrong with one round, the others are made; whoever opens that one is told
            logging.getLogger(__name__).warning("results of %s were not made beforehand", asked.key, exc_info=True)


def _make(asked: Round, people: list[Person]) -> None:
    for person in people:
        if showing.kept.fullness > FULL:
            return
        showing.shown(asked, person)
        showing.opportunities(asked, person)
        if may(person, READ_ANSWERS) or may(person, COORDINATE):
            showing.found_by_checks(asked, person)


def _one_of_each_role() -> list[Person]:
    """Return who stands for the readers of results; respondents see what their own institution said beside it, each its own."""
    wanted = [role.id for role in ROLES.values() if READ_RESULTS in role.permissions and ANSWER not in role.permissions]
    found = (Person.objects.filter(is_active=True, duties__role=role, duties__until__isnull=True).order_by("pk").first() for role in wanted)
    return list({person.pk: person for person in found if person is not None}.values())


def _leave_alone() -> None:
    """Take what was made out of the search for garbage, which would stop every page for as long as it looks through it."""
    gc.collect()
    gc.freeze()


def _go_on() -> None:
    made, wait = None, FIRST_SECONDS
    for code in OFFERED:
        language(code)  # its texts are compiled at first use, which takes as long as a result
    while True:
        sleep(wait)
        begun, least = monotonic(), EVERY_SECONDS
        try:
            stands = (all_moved(), workbench().today, workbench().store.version)
            if stands != made:
                ready()
                made = stands
            if monotonic() - begun > MUCH_SECONDS:
                _leave_alone()
        except Exception:  # whoever asks for the result is told; here there is nobody to tell, and tomorrow it may go well
            logging.getLogger(__name__).warning("results were not made beforehand", exc_info=True)
            least = AGAIN_SECONDS
        finally:
            connection.close()
        wait = max(least, SHARE * (monotonic() - begun))
