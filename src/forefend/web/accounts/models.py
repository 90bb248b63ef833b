"""Institutions, people, the duties people hold, and the invitations by which they come."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from forefend.web.accounts.roles import ROLES

KINDS = ("government", "independent_bodies", "civil_society", "external")  # respondent types of the catalog
ROLE_IDS = tuple(ROLES)


class Institution(models.Model):
    """A body that answers, or that people belong to. ``body`` is its entry in the catalog, empty where it has none.

    ``is_protected``: its own scores are shown only among three or more of its kind, or with its consent.
    """

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    body = models.CharField(max_length=60, blank=True, default="")
    is_protected = models.BooleanField(default=False)
    is_practice = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["title", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="institution_kind_is_a_respondent_type"),
            models.CheckConstraint(condition=~Q(title=""), name="institution_has_a_title"),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class PersonManager(BaseUserManager):
    """Makes people; the address is kept in lower case, as one person has one account."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> Person:
        """Make a person; without a password they can only come by a link or by single sign-on."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        """Find a person by address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


def key_of_person(identifier: int) -> str:
    """Return how the audit log names a person: the name stays when the person goes."""
    return f"person:{identifier}"


class Person(AbstractBaseUser):
    """Somebody with an account. What they may do is in their duties, never here."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="en")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    is_active = models.BooleanField(default=True)
    is_practice = models.BooleanField(default=False)
    wants_digest = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="person_email_is_lower_case"),
            models.CheckConstraint(condition=~Q(name=""), name="person_has_a_name"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def key(self) -> str:
        """How the audit log names the person."""
        return key_of_person(self.pk)


class Duty(models.Model):
    """A role somebody holds, from a day and until one; ended duties stay, so that it can be said who was who when."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="duties")
    role = models.CharField(max_length=30)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    given_by = models.CharField(max_length=60)
    ended_by = models.CharField(max_length=60, blank=True, default="")
    handed_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_from")

    class Meta:
        ordering: ClassVar = ["since", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=ROLE_IDS), name="duty_role_exists"),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended_by="") | (Q(until__isnull=False) & ~Q(ended_by="")), name="duty_end_says_by_whom"
            ),
            models.UniqueConstraint(fields=["person", "role"], condition=Q(until__isnull=True), name="duty_is_held_once"),
        ]

    def __str__(self) -> str:
        """Return who holds which role."""
        return f"{self.person}: {self.role}"


class Invitation(models.Model):
    """A one-time link for one address; only a digest of it is kept."""

    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True, default="")
    language = models.CharField(max_length=10, default="en")
    roles = models.JSONField(default=list)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, blank=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_first = models.BooleanField(default=False)  # the link printed at the first start, which makes the first administrator
    is_practice = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True), name="invitation_ends_once"),
        ]

    def __str__(self) -> str:
        """Return whom it is for."""
        return self.email


class Instance(models.Model):
    """What the first administrator said of this installation, and how far its daily work is; one row."""

    only = models.PositiveSmallIntegerField(primary_key=True, default=1)
    state = models.CharField(max_length=3, blank=True, default="")
    organisation = models.CharField(max_length=200, blank=True, default="")
    set_up_at = models.DateTimeField()
    reminded_on = models.DateField(null=True, blank=True)  # the last day whose reminders were written

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(only=1), name="instance_is_one")]

    def __str__(self) -> str:
        """Return the state."""
        return self.state
