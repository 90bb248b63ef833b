"""A process in which many people write on the same answers at once, each on the version they saw; says what became of each text."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime


def main(run: str, n_people: int, n_edits: int) -> None:
    """Let people of one ministry write, all at once."""
    from forefend.web.project.opening import set_up

    set_up()
    from django.db import connection

    from forefend.errors import AssessmentError
    from forefend.web.accounts.models import Person
    from forefend.web.assessment.actions import save_answer
    from forefend.web.assessment.actions.answering import Content
    from forefend.web.assessment.models import Answer, Contribution

    contribution = Contribution.objects.get(institution__key="interior")
    people = list(Person.objects.filter(email__startswith="interior"))
    questions = list(contribution.assignments.order_by("pk").values_list("question", flat=True))[:2]
    today = datetime.now(UTC).date()

    def write(number: int) -> list[dict[str, object]]:
        done: list[dict[str, object]] = []
        for edit in range(n_edits):
            question = questions[(number + edit) % len(questions)]
            base = Answer.objects.filter(contribution=contribution, question=question).values_list("version", flat=True).first() or 0
            text = f"{run}, person {number}, edit {edit}"
            content = Content(kind="unknown", comment=text, checked_on=today)
            try:
                saved = save_answer(
                    contribution=contribution, question=question, content=content, base_version=base, by=people[number % len(people)]
                )
            except AssessmentError:
                done.append({"text": text, "state": "refused"})
                continue
            state = "clash" if saved.clash else "saved"
            done.append({"text": text, "state": state, "base": base, "version": saved.answer.version, "question": question})
        connection.close()
        return done

    with ThreadPoolExecutor(n_people) as together:
        found = [one for person in together.map(write, range(n_people)) for one in person]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
