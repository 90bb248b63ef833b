"""A process that saves answers and evidence without end, and says of each what was saved only when it was: killed by a test."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from itertools import count


def main(key: str, run: str) -> None:
    """Save for one institution until killed."""
    from forefend.web.project.opening import set_up

    set_up()
    from forefend.web.accounts.models import Person
    from forefend.web.assessment.actions import save_answer
    from forefend.web.assessment.actions.answering import Content
    from forefend.web.assessment.models import Answer, Contribution
    from forefend.web.evidence.actions import Details, NewFile, add_evidence
    from forefend.web.evidence.files import receive

    person = Person.objects.get(email=f"{key}@example.org")
    contribution = Contribution.objects.get(institution__key=key)
    questions = list(contribution.assignments.order_by("pk").values_list("question", flat=True))
    versions = dict(Answer.objects.filter(contribution=contribution).values_list("question", "version"))
    today = datetime.now(UTC).date()
    for number in count(1):
        question = questions[number % len(questions)]
        comment = f"{run}, {key}, {number}"
        content = Content(kind="unknown", comment=comment, checked_on=today)
        saved = save_answer(
            contribution=contribution, question=question, content=content, base_version=versions.get(question, 0), by=person
        )
        versions[question] = saved.answer.version
        tell({"answer": saved.answer.pk, "version": saved.answer.version, "comment": comment})
        if number % 4 == 0:
            file = NewFile(coming=receive([comment.encode() * 5_000]), filename="report.txt")
            piece = add_evidence(by=person, details=Details(title=comment, letter="B", number=2), file=file, answer=saved.answer)
            tell({"evidence": piece.pk, "sha256": piece.versions.get().sha256})


def tell(saved: dict[str, object]) -> None:
    """Acknowledge one save."""
    sys.stdout.write(json.dumps(saved) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
