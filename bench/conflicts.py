"""1,000 conflicting edits of one answer, eight at once: none may be lost, and none silently overwritten.

Every round of the bench, all writers read the answer as it stands, wait for one another, and save their own text on the
version they read. One is saved, the others are kept as clashes beside it. What was acknowledged is then looked for in the
database. The first round has no answer to begin with.

SQLite in a temporary folder; PostgreSQL with: FOREFEND_TEST_FSYNC=on sh scripts/postgres.sh .venv/bin/python bench/conflicts.py
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from statistics import median
from threading import Barrier

WRITERS = 8
EDITS = 1_000


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One edit that was acknowledged: what was written, on which version, and what became of it."""

    comment: str
    base: int
    version: int
    is_clash: bool
    seconds: float


def set_up() -> str:
    """Open an empty workbench; returns which database it is on."""
    given = os.environ.get("FOREFEND_TEST_DATABASE", "")
    for name in [name for name in os.environ if name.startswith("FOREFEND_")]:
        del os.environ[name]
    os.environ["FOREFEND_DATA_DIR"] = tempfile.mkdtemp(prefix="forefend-conflicts-")
    os.environ["FOREFEND_DATABASE"] = given
    from forefend.web.project.opening import open_database

    open_database()
    return "PostgreSQL" if given else "SQLite"


def asked() -> tuple[int, tuple[int, ...]]:
    """Ask one institution one question; returns its part of the round, and its people."""
    from django.utils import timezone

    from forefend.web.accounts.models import Duty, Institution, Person
    from forefend.web.assessment import actions
    from forefend.web.project.workbench import workbench

    now = timezone.now()
    institution = Institution.objects.create(key="ministry", title="The ministry", kind="government", made_at=now)
    people = [Person.objects.create_user(f"writer{n}@example.org", name=f"Writer {n}", institution=institution) for n in range(WRITERS)]
    lead = Person.objects.create_user("lead@example.org", name="Lead")
    for person, role in [*((person, "respondent") for person in people), (lead, "coordinator")]:
        Duty.objects.create(person=person, role=role, since=now, given_by="bench")
    day = date(2027, 1, 31)
    opened = actions.open_round(
        title="Conflicts", state="GHA", catalog=workbench().catalog, actions=("N5",), opens_on=now.date(), due_on=day, by=lead
    )
    part = actions.ask(round=opened, institution=institution, questions=["N5.5"], by=lead)
    return part.pk, tuple(person.pk for person in people)


def write(part_id: int, person_id: int, barrier: Barrier, times: int) -> list[Edit]:
    """Save as one person, each time on the version that stood before all saved."""
    from django.db import connection

    from forefend.web.accounts.models import Person
    from forefend.web.assessment.actions import save_answer
    from forefend.web.assessment.actions.answering import Content
    from forefend.web.assessment.models import Answer, Contribution

    person, part = Person.objects.get(pk=person_id), Contribution.objects.get(pk=part_id)
    today = datetime.now(UTC).date()
    made = []
    for number in range(times):
        standing = Answer.objects.filter(contribution=part).first()
        base = standing.version if standing else 0
        comment = f"{person.name}, {number}"
        barrier.wait(timeout=60)
        begun = time.perf_counter()
        saved = save_answer(
            contribution=part,
            question="N5.5",
            content=Content(kind="unknown", comment=comment, checked_on=today),
            base_version=base,
            by=person,
        )
        seconds = time.perf_counter() - begun
        made.append(Edit(comment=comment, base=base, version=saved.answer.version, is_clash=saved.clash is not None, seconds=seconds))
        barrier.wait(timeout=60)
    connection.close()
    return made


def main() -> None:
    """Edit, then look for every acknowledged text."""
    database = set_up()
    part_id, people = asked()
    barrier = Barrier(WRITERS)
    with ThreadPoolExecutor(WRITERS) as pool:
        edits = [edit for made in pool.map(lambda who: write(part_id, who, barrier, EDITS // WRITERS), people) for edit in made]

    from forefend.web.assessment.models import Answer, AnswerVersion, Clash
    from forefend.web.audit.chain import verify

    versions = {row.version: row.content["comment"] for row in AnswerVersion.objects.all()}
    clashes = {row.content["comment"] for row in Clash.objects.all()}
    kept = set(versions.values()) | clashes
    lost = [edit for edit in edits if edit.comment not in kept]
    # Who saved had seen the version before theirs, so nothing was replaced that its writer did not know of.
    overwritten = [
        edit for edit in edits if not edit.is_clash and (edit.version != edit.base + 1 or versions.get(edit.version) != edit.comment)
    ]
    seconds = sorted(edit.seconds for edit in edits)
    p95 = seconds[int(0.95 * len(seconds))]
    print(f"{database}: {len(edits)} edits by {WRITERS} writers at once; {len(versions)} versions, {len(clashes)} clashes kept")
    print(f"lost {len(lost)}, silently overwritten {len(overwritten)}")
    print(f"a save took p50 {median(seconds) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms")
    verdict = verify()
    print(f"the record of changes is {'whole' if verdict.is_whole else 'broken'} ({verdict.n_rows} rows)")
    answer = Answer.objects.get()
    is_exact = len(versions) + len(clashes) == len(edits) == EDITS and answer.version == len(versions)
    sys.exit(bool(lost or overwritten or not is_exact or not verdict.is_whole))


if __name__ == "__main__":
    main()
