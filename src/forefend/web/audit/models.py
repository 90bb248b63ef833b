"""The audit log: rows are only ever added, and each carries a hash over itself and the row before.

Who and what are text keys, not references, so that the log neither blocks nor follows a deletion.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """One change: who did what to which thing, the thing before and after, why, and the chain."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=120)
    event = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, db_index=True)
    marking = models.CharField(max_length=12, default="AMBER")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True, default="")
    clock_behind_seconds = models.FloatField(default=0.0)  # how far the machine's clock stood behind the row before
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(actor="") & ~Q(event="") & ~Q(subject=""), name="entry_is_whole")]

    def __str__(self) -> str:
        """Return what was done."""
        return f"{self.number} {self.event}"


class Head(models.Model):
    """Where the chain ends: one row, locked by whoever adds to it, so that a cut-off end is noticed."""

    only = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")
    at = models.DateTimeField(null=True)
    moved = models.CharField(max_length=64, blank=True, default="")  # hash of the last row after which any result may differ

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(only=1), name="head_is_one")]

    def __str__(self) -> str:
        """Return the last number."""
        return str(self.number)


class Moved(models.Model):
    """The hash of the last row after which the results of one round may differ, by the round's key."""

    about = models.CharField(max_length=80, primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        """Return which round."""
        return self.about


class Seal(models.Model):
    """What was removed from the front of the log after it had been exported: the chain goes on from ``digest``."""

    upto = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    file_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["upto"]

    def __str__(self) -> str:
        """Return how far the log was removed."""
        return str(self.upto)
