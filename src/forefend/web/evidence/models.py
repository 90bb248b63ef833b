"""Evidence: files and links with their own date, grade and marking; one piece supports many answers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from forefend.settings import MARKINGS
from forefend.web.accounts.models import Institution, Person
from forefend.web.assessment.models import Answer

LETTERS = ("A", "B", "C", "D", "E", "F")
NUMBERS = (1, 2, 3, 4, 5, 6)
SCANS = ("none", "clean", "refused")


class Evidence(models.Model):
    """One piece of evidence. ``letter`` and ``number`` are its Admiralty grade; ``dated`` is its own date, not the upload's."""

    title = models.CharField(max_length=200)
    url = models.URLField(max_length=1000, blank=True, default="")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="evidence")
    letter = models.CharField(max_length=1)
    number = models.PositiveSmallIntegerField()
    dated = models.DateField(null=True, blank=True)
    expires = models.DateField(null=True, blank=True)
    marking = models.CharField(max_length=12, default="AMBER")
    readers = models.ManyToManyField(Person, blank=True, related_name="+")
    drawn_from = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="+")
    note = models.TextField(blank=True, default="")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True, default="")
    supports = models.ManyToManyField(Answer, through="Support", related_name="evidence")

    class Meta:
        ordering: ClassVar = ["-added_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["-added_at", "-id"], name="evidence_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(letter__in=LETTERS) & Q(number__in=NUMBERS), name="evidence_grade_exists"),
            models.CheckConstraint(condition=Q(marking__in=MARKINGS), name="evidence_marking_exists"),
            models.CheckConstraint(condition=~Q(title=""), name="evidence_has_a_title"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_because="") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="evidence_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def key(self) -> str:
        """How the audit log names it."""
        return f"evidence:{self.pk}"


class Version(models.Model):
    """A file of a piece of evidence; a newer one never replaces the bytes of an older."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    filename = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=10, default="none")
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["evidence", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evidence", "number"], name="evidence_version_is_one"),
            models.CheckConstraint(condition=Q(size__gte=0), name="evidence_size_is_a_size"),
            models.CheckConstraint(condition=Q(scan__in=SCANS), name="evidence_scan_result_exists"),
        ]

    def __str__(self) -> str:
        """Return the name of the file."""
        return self.filename


class Support(models.Model):
    """That a piece of evidence supports an answer."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT)
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["evidence", "answer"], name="evidence_supports_once")]

    def __str__(self) -> str:
        """Return what supports what."""
        return f"{self.evidence_id} for {self.answer_id}"


class Upload(models.Model):
    """A file that is still coming in, in pieces; ``received`` is where it goes on after a broken line.

    ``fingerprint`` is how the sender knows the same file again: its name, size and date. What the file is evidence of is
    said when it is whole.
    """

    token = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=200, blank=True, default="")
    filename = models.CharField(max_length=255)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering: ClassVar = ["begun_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(received__gte=0, received__lte=models.F("size")), name="upload_is_within_its_size")
        ]

    def __str__(self) -> str:
        """Return the name of the file."""
        return self.filename
