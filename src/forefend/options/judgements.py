"""What people judge of an option before it can be ranked, and the gates that no score passes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from forefend.errors import AssessmentError
from forefend.locale import N_
from forefend.options.priority import MISSING_HARM, Part, known, missing, residual_harm

HARM_TO_SIGN_FOR = 0.7

TimeFit = Literal["in_time", "just", "first_step", "too_late"]
TIME_FITS: Mapping[TimeFit, float] = {"in_time": 1.0, "just": 0.5, "first_step": 0.2, "too_late": 0.0}
Gate = Literal["unlawful", "harm_not_signed_for", "too_late"]
GATES: Mapping[Gate, str] = {
    "unlawful": N_("The legal adviser finds no lawful basis."),
    "harm_not_signed_for": N_("Possible harm is above 0.7 and no named officer has signed for it."),
    "too_late": N_("No part of it can take effect in time. Plan it for the next window."),
}


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A person's view of one option; what is None nobody has judged yet.

    ``acceptability``, ``harm`` (before mitigation) and ``harm_left`` (after it) run from 0 to 1. Mitigation
    counts when it is funded and ``owner`` names who carries it out. ``levers`` states what the state holds of
    the option's leverage types, by strength 0-1, over what public data say. ``partner`` names one that holds a
    listed lever and agrees. ``is_duty``: a legal duty stands above every ranking.
    """

    option: str
    acceptability: float | None = None
    effort: int | None = None
    time_fit: TimeFit | None = None
    levers: Mapping[str, float] = field(default_factory=dict)
    partner: str = ""
    harm: float | None = None
    harm_left: float | None = None
    mitigation: str = ""
    is_funded: bool = False
    owner: str = ""
    signed_by: str = ""
    is_lawful: bool | None = None
    lawful_basis: str = ""
    is_duty: bool = False
    by: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse values that no scale has, so that a slip of the pen cannot lift a rank."""
        shares = (self.acceptability, self.harm, self.harm_left, *self.levers.values())
        if any(value is not None and not 0 <= value <= 1 for value in shares):
            raise AssessmentError(f"The judgement of {self.option} has a value outside 0 to 1. Correct it.")
        if self.effort is not None and not 1 <= self.effort <= 5:
            raise AssessmentError(f"The judgement of {self.option} has an effort outside 1 to 5. Correct it.")


@dataclass(frozen=True, kw_only=True)
class Harm:
    """Harm before mitigation (0.5 where nobody has judged it) and what is left of it."""

    before: float
    left: float
    is_known: bool
    why: str = ""


def gates_of(judgement: Judgement) -> tuple[Gate, ...]:
    """Return why an option may not be ranked, whatever its values."""
    found: list[Gate] = []
    if judgement.is_lawful is False:
        found.append("unlawful")
    if judgement.harm is not None and judgement.harm > HARM_TO_SIGN_FOR and not judgement.signed_by.strip():
        found.append("harm_not_signed_for")
    if judgement.time_fit == "too_late":
        found.append("too_late")
    return tuple(found)


def harm_of(judgement: Judgement) -> Harm:
    """Return the harm as it counts."""
    is_mitigated = judgement.is_funded and bool(judgement.owner.strip())
    left = residual_harm(judgement.harm, after=judgement.harm_left, is_mitigated=is_mitigated)
    if judgement.harm is None:
        return Harm(before=MISSING_HARM, left=left, is_known=False, why=N_("Nobody has judged the possible harm; it counts as 0.5."))
    why = ""
    if judgement.harm_left is not None and not is_mitigated:
        why = N_("Mitigation that is not funded or has no owner does not count.")
    return Harm(before=judgement.harm, left=left, is_known=True, why=why)


def acceptability_of(judgement: Judgement) -> Part:
    """Return political acceptability, or that it waits for a judgement."""
    if judgement.acceptability is None:
        return missing("acceptability", why=N_("Nobody has judged the political acceptability."))
    return known("acceptability", judgement.acceptability)
