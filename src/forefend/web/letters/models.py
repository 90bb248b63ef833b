"""Letters to people: kept from the change that causes them until they are sent, and after."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Letter(models.Model):
    """One mail. ``about`` names what it is about and ``period`` the day it belongs to: together they are sent once.

    The text never holds what is marked above GREEN: it says that something waits, and where. A text that holds a one-time
    link is forgotten when it is sent (``is_forgotten_when_sent``), as only a digest of such a link may be kept.
    """

    to = models.EmailField(max_length=254)
    language = models.CharField(max_length=10, default="en")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    about = models.CharField(max_length=80)
    period = models.CharField(max_length=20, blank=True, default="")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    is_forgotten_when_sent = models.BooleanField(default=False)
    last_error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["made_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["made_at"], condition=Q(sent_at__isnull=True), name="letter_to_send")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["to", "about", "period"], condition=~Q(period=""), name="letter_is_sent_once"),
        ]

    def __str__(self) -> str:
        """Return the subject."""
        return self.subject
