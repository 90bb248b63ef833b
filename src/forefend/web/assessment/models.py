"""Rounds of the self-assessment: who was asked what, what each institution answered, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from forefend.assess.answers import ANSWER_KINDS
from forefend.settings import MARKINGS
from forefend.web.accounts.models import Institution, Person

ROUND_STAGES = ("draft", "submitted", "returned", "reviewed", "adopted", "archived")
CONTRIBUTION_STAGES = ("draft", "submitted", "returned", "reviewed")
SURE = ("", "low", "moderate", "high")
TOP = 4.0


class Edition(models.Model):
    """A catalog as it was when a round began, whole, so that the round can be computed for ever."""

    key = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-kept_at", "pk"]

    def __str__(self) -> str:
        """Return the name of the edition."""
        return self.key


def key_of_round(identifier: int) -> str:
    """Return how the audit log names a round."""
    return f"round:{identifier}"


class Round(models.Model):
    """One assessment of the state: an edition of the catalog, a scope, dates. ``actions`` are ids, never empty."""

    title = models.CharField(max_length=120)
    state = models.CharField(max_length=3)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    actions = models.JSONField()
    stage = models.CharField(max_length=12, default="draft")
    opens_on = models.DateField()
    due_on = models.DateField()
    marking = models.CharField(max_length=12, default="AMBER")
    is_practice = models.BooleanField(default=False)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-made_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stage__in=ROUND_STAGES), name="round_stage_exists"),
            models.CheckConstraint(condition=Q(marking__in=MARKINGS), name="round_marking_exists"),
            models.CheckConstraint(condition=Q(due_on__gte=models.F("opens_on")), name="round_is_due_after_it_opens"),
            models.CheckConstraint(condition=~Q(title=""), name="round_has_a_title"),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def key(self) -> str:
        """How the audit log names the round."""
        return key_of_round(self.pk)


class Contribution(models.Model):
    """What one institution does in a round, and how far it is."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="contributions")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="contributions")
    stage = models.CharField(max_length=12, default="draft")
    due_on = models.DateField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_because = models.TextField(blank=True, default="")  # the coordinator goes on without this institution
    shares_scores = models.BooleanField(default=False)  # a protected respondent agrees that its own score is shown

    class Meta:
        ordering: ClassVar = ["institution__title", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "institution"], name="institution_contributes_once"),
            models.CheckConstraint(condition=Q(stage__in=CONTRIBUTION_STAGES), name="contribution_stage_exists"),
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True, handed_in_by__isnull=True)
                | Q(handed_in_at__isnull=False, handed_in_by__isnull=False),
                name="handed_in_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        """Return which institution in which round."""
        return f"{self.institution}, {self.round}"

    @property
    def key(self) -> str:
        """How the audit log names the contribution."""
        return f"contribution:{self.pk}"


class Assignment(models.Model):
    """A question asked of an institution."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="assignments")
    question = models.CharField(max_length=12)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["contribution", "question"], name="question_is_asked_once")]

    def __str__(self) -> str:
        """Return which question."""
        return self.question


class Answer(models.Model):
    """What one institution answers to one question, as it stands. Every version that was ever saved is kept beside it.

    ``suggestion`` holds what public data said when it was taken over or departed from: level, figure, source, year, rule.
    """

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=12)
    kind = models.CharField(max_length=15)
    value = models.FloatField(null=True, blank=True)
    comment = models.TextField(blank=True, default="")
    sure = models.CharField(max_length=10, blank=True, default="")
    marking = models.CharField(max_length=12, default="AMBER")
    readers = models.ManyToManyField(Person, blank=True, related_name="+")
    checked_on = models.DateField()
    suggestion = models.JSONField(null=True, blank=True)
    is_taken_over = models.BooleanField(default=False)
    departs_because = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["contribution", "saved_at"], name="answer_newest")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contribution", "question"], name="institution_answers_once"),
            models.CheckConstraint(condition=Q(kind__in=ANSWER_KINDS), name="answer_kind_exists"),
            models.CheckConstraint(condition=Q(sure__in=SURE), name="answer_confidence_exists"),
            models.CheckConstraint(condition=Q(marking__in=MARKINGS), name="answer_marking_exists"),
            models.CheckConstraint(
                condition=Q(kind="level", value__gte=0, value__lte=TOP)
                | Q(kind="number", value__isnull=False)
                | (~Q(kind__in=("level", "number")) & Q(value__isnull=True)),
                name="answer_value_fits_its_kind",
            ),
            models.CheckConstraint(condition=~Q(kind="not_applicable", comment=""), name="not_applicable_has_a_reason"),
        ]

    def __str__(self) -> str:
        """Return which question of which institution."""
        return f"{self.question}, {self.contribution}"

    @property
    def key(self) -> str:
        """How the audit log names the answer."""
        return f"answer:{self.pk}"


class AnswerVersion(models.Model):
    """An answer as it was once saved; never changed, never removed."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["answer", "version"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["answer", "version"], name="answer_version_is_one")]

    def __str__(self) -> str:
        """Return which version."""
        return f"{self.answer_id} v{self.version}"


class Clash(models.Model):
    """What somebody wrote on an older version than the one that stands: kept until a person has decided between both."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="clashes")
    base_version = models.PositiveIntegerField()
    content = models.JSONField()
    origin = models.CharField(max_length=20, default="page")  # page, workbook or offline round
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_as = models.CharField(max_length=10, blank=True, default="")  # kept, replaced or joined

    class Meta:
        ordering: ClassVar = ["written_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_as="")
                | Q(settled_at__isnull=False, settled_as__in=("kept", "replaced", "joined")),
                name="clash_is_settled_somehow",
            )
        ]

    def __str__(self) -> str:
        """Return on which answer."""
        return f"{self.answer_id} from v{self.base_version}"


class Request(models.Model):
    """A reviewer's request for change on an answer: a thread of remarks, open until it is closed."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="requests")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["opened_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="request_close_says_when_and_by_whom",
            )
        ]

    def __str__(self) -> str:
        """Return on which answer."""
        return f"request {self.pk} on {self.answer_id}"


class Remark(models.Model):
    """One message of a request."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="remarks")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="remark_says_something")]

    def __str__(self) -> str:
        """Return the text."""
        return self.text


class Ruling(models.Model):
    """The level a coordinator gives where institutions differ. The newest counts, older ones stay; so do the answers."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="rulings")
    question = models.CharField(max_length=12)
    score = models.FloatField(null=True, blank=True)  # empty: it cannot be known
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [models.Index(fields=["round", "question"], name="ruling_of_question")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="ruling_has_a_reason"),
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=TOP), name="ruling_is_a_level"),
        ]

    def __str__(self) -> str:
        """Return on which question."""
        return f"{self.question}: {self.score}"


class Condition(models.Model):
    """What the state profile says of one condition for questions, with its source; counts when two people confirmed it."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="conditions")
    name = models.CharField(max_length=60)
    holds = models.BooleanField()
    reason = models.TextField()
    source = models.CharField(max_length=300, blank=True, default="")
    proposed_by_data = models.BooleanField(default=False)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_by_lead = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_outside = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "name"], name="condition_is_set_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="condition_has_a_reason"),
        ]

    def __str__(self) -> str:
        """Return the condition."""
        return f"{self.name}: {self.holds}"


class Adoption(models.Model):
    """The result of a round on the day it was adopted, whole: what was adopted stays what it was."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="adoption")
    result = models.JSONField()
    digest = models.CharField(max_length=64)
    marking = models.CharField(max_length=12)
    note = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(marking__in=MARKINGS), name="adoption_marking_exists")]

    def __str__(self) -> str:
        """Return which round."""
        return f"{self.round}"


class PublicItem(models.Model):
    """One item of an adopted round that everybody may read: an action's figures, the list of blocking gaps, an opportunity."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="public_items")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=60)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["kind", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "kind", "key"], name="public_item_is_one"),
            models.CheckConstraint(
                condition=Q(kind__in=("sphere", "action", "blocking", "strength", "opportunity")), name="public_item_kind_exists"
            ),
        ]

    def __str__(self) -> str:
        """Return what is public."""
        return f"{self.kind} {self.key}"


class Judged(models.Model):
    """What a person judged of one option for the state's own use. The newest counts, older ones stay with their authors."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="judged")
    option = models.CharField(max_length=60)
    content = models.JSONField()  # the fields of ``options.judgements.Judgement`` that were given
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [models.Index(fields=["round", "option"], name="judged_option")]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="judged_has_a_reason")]

    def __str__(self) -> str:
        """Return which option."""
        return self.option


class Carrying(models.Model):
    """That a round goes on from an earlier one, and which of its questions need a fresh look in the newer catalog."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="carrying")
    source = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    looks = models.JSONField()  # question, reason, earlier ids
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        """Return from which round to which."""
        return f"{self.source}, {self.round}"


class Carried(models.Model):
    """An earlier answer of an institution that is proposed to it again. It stays where it is, and who may read it is its own marking."""

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="carried")
    question = models.CharField(max_length=12)
    origin = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["contribution", "question"], name="carried_once")]

    def __str__(self) -> str:
        """Return for which question."""
        return f"{self.question} from {self.origin_id}"
