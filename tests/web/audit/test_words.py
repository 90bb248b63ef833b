"""Every event that is recorded has words of its own on the page of the record."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import forefend.web
from forefend.assess.transitions import TRANSITIONS
from forefend.web.audit.words import EVENTS

WEB = Path(forefend.web.__file__).parent
ON_WHAT = ("answer", "audit", "condition", "contribution", "duties", "duty", "evidence", "installation", "institution",
           "invitation", "item", "option", "person", "question", "request", "round", "second_factor", "session")  # fmt: skip


def recorded() -> Iterator[str]:
    """Yield the events that calls of ``record`` name, directly or by a stage."""
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and "record" in getattr(node.func, "id", "") and node.args:
                yield from (part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant) and isinstance(part.value, str))
    yield from (f"{step.kind}.{step.target}" for step in TRANSITIONS)


def test_each_recorded_event_has_words() -> None:
    events = {event for event in recorded() if event.partition(".")[0] in ON_WHAT and event.partition(".")[2]}
    assert {"answer.given", "contribution.submitted", "contribution.scores_withheld", "round.adopted", "question.ruled"} <= events
    assert sorted(events - set(EVENTS)) == []
