"""Where a round came from that was taken from another installation."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from forefend.web.accounts.models import Institution
from forefend.web.assessment.models import Round


class TakenRound(models.Model):
    """A round that another installation gave, with what is needed to give its answers back.

    ``nonce`` and ``key`` come from the installation that gave it: what is given back proves with them that it belongs
    there. ``bases`` holds version and marking of each answer as it came, ``pieces`` the home's number of each piece of evidence.
    """

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="taken")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    home = models.CharField(max_length=64)
    home_name = models.CharField(max_length=200, blank=True, default="")
    home_round = models.BigIntegerField()
    nonce = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    bases = models.JSONField(default=dict)
    pieces = models.JSONField(default=dict)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=120)
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["-taken_at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["home", "nonce"], name="round_is_taken_once")]

    def __str__(self) -> str:
        """Return which round."""
        return f"{self.round}"
