"""Roles: a sentence a manager understands, and the permissions it stands for."""

from __future__ import annotations

from dataclasses import dataclass

from forefend.locale import N_

ANSWER = "answer"  # answer for the own institution
REVIEW = "review"  # ask for changes, mark contributions as reviewed
COORDINATE = "coordinate"  # open rounds, ask institutions, reconcile, hand over duties
ADOPT = "adopt"
PUBLISH = "publish"  # choose what of an adopted round everybody may read
READ_ANSWERS = "read_answers"  # of every institution, as far as their marking allows
READ_RESULTS = "read_results"
EXPORT = "export"
INVITE = "invite"
MANAGE_PEOPLE = "manage_people"
READ_AUDIT = "read_audit"

PERMISSIONS = (
    ANSWER, REVIEW, COORDINATE, ADOPT, PUBLISH, READ_ANSWERS, READ_RESULTS, EXPORT, INVITE, MANAGE_PEOPLE, READ_AUDIT,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role; ``permissions`` is all it allows. Nothing is allowed that no role names."""

    id: str
    title: str
    sentence: str
    permissions: frozenset[str]


def _role(identifier: str, title: str, sentence: str, *permissions: str) -> Role:
    return Role(id=identifier, title=title, sentence=sentence, permissions=frozenset(permissions))


ROLES: dict[str, Role] = {
    role.id: role
    for role in (
        _role(
            "focal_point",
            N_("R2P Focal Point"),
            N_("Leads the assessment: opens rounds, sees all institutions' answers, adopts the result and decides what is made public."),
            COORDINATE, REVIEW, ADOPT, PUBLISH, READ_ANSWERS, READ_RESULTS, EXPORT, INVITE,
        ),
        _role(
            "coordinator",
            N_("Coordinator"),
            N_("Runs a round from day to day: invites people, asks institutions, sees their answers, reconciles them with a reason."),
            COORDINATE, READ_ANSWERS, READ_RESULTS, EXPORT, INVITE,
        ),
        _role(
            "respondent",
            N_("Respondent"),
            N_("Answers for one institution, and sees that institution's answers and evidence only."),
            ANSWER,
        ),
        _role(
            "reviewer",
            N_("Reviewer"),
            N_("Reads what institutions handed in, asks for changes, and marks contributions as reviewed."),
            REVIEW, READ_ANSWERS, READ_RESULTS,
        ),
        _role(
            "reader",
            N_("Reader"),
            N_("Reads results as far as their marking allows, and no single answer that is not marked for a wider circle."),
            READ_RESULTS,
        ),
        _role(
            "auditor",
            N_("Auditor"),
            N_("Reads the record of changes and checks that nothing in it was altered."),
            READ_AUDIT, READ_RESULTS,
        ),
        _role(
            "administrator",
            N_("Administrator"),
            N_("Keeps people, institutions and the installation in order; sees no answers by this role alone."),
            MANAGE_PEOPLE, INVITE,
        ),
    )
}  # fmt: skip

# Which roles somebody may give, take and hand over: who keeps people in order gives all; who leads or runs an assessment gives
# those below their own, so that nobody rises by an invitation of their own.
GIVES: dict[str, tuple[str, ...]] = {
    "administrator": tuple(ROLES),
    "focal_point": ("coordinator", "respondent", "reviewer", "reader"),
    "coordinator": ("respondent", "reviewer", "reader"),
}
