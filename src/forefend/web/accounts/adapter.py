"""What allauth asks of the workbench: nobody signs up by themselves, and every sign-in is on record."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from forefend.web.accounts.models import Person


class Accounts(DefaultAccountAdapter):
    """Accounts are made from invitations alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse to let strangers make accounts."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead to the home page in the language of the person."""
        return f"/{request.user.language}/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Lead to the sign-in page."""
        return reverse("account_login")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing beside the page: pages say themselves what happened."""


class SingleSignOn(DefaultSocialAccountAdapter):
    """Single sign-on lets in people who have an account here, found by their verified address; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Refuse to make accounts."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join the sign-on to the person of the same verified address; refuse everybody else."""
        if not sociallogin.is_existing:
            verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
            person = Person.objects.filter(email__in=verified, is_active=True).first()
            if person is None:
                raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login") + "?refused=sso"))
            sociallogin.connect(request, person)
        request.session["came_by_single_sign_on"] = sociallogin.user.pk  # of nobody else who signs in at the same browser


class SecondFactor(DefaultMFAAdapter):
    """The second factor of a person."""

    def get_totp_label(self, user: Person) -> str:
        """Name the account in the authenticator by its address."""
        return user.email
