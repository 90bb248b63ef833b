"""Rounds of the self-assessment with answers of every kind, drawn by a seed, for tests over whole reports."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from assess_rounds import EVERYBODY, TODAY, answer, piece, round_of
from forefend.assess.answers import GivenAnswer, RoundAnswers, Ruling
from forefend.catalog import load_catalog

CATALOG = load_catalog()


def made_round(seed: int = 3) -> RoundAnswers:
    """A round over all actions with answers of every kind, evidence of every grade, rulings, and conditions that are not met."""
    draw = random.Random(seed)  # noqa: S311 - a draw for a test, the same each time
    given: list[GivenAnswer] = []
    for question in CATALOG.questions.values():
        for who in draw.sample(EVERYBODY, draw.randint(0, 5)):
            proof = tuple(
                piece(draw.choice(["A1", "B2", "C3", "D4", "E5", "F6"]), id=f"p{draw.randint(0, 300)}") for _ in range(draw.randint(0, 3))
            )
            known: dict[str, Any] = {
                "evidence": proof,
                "checked_on": TODAY - timedelta(days=draw.randint(0, 1500)),
                "is_shared": draw.random() < 0.5,
            }
            if draw.random() < 0.06:
                given.append(answer(question.id, who, "unknown", **known))
            elif question.type == "maturity":
                given.append(answer(question.id, who, draw.randint(0, 4), **known))
            elif question.type == "numeric":
                given.append(answer(question.id, who, "number", value=draw.uniform(0, 60), **known))
            else:
                given.append(answer(question.id, who, draw.choice(["yes", "partly", "no"]), **known))
    rulings = {
        name: Ruling(question=name, score=2.0, reason="The law was changed in May.", by="coordinator", on=TODAY)
        for name in list(CATALOG.questions)[:40:9]
    }
    return round_of(*given, actions=tuple(CATALOG.actions), rulings=rulings, conditions={"federal": False, "is_donor": False})
