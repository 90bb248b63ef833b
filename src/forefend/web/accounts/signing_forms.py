"""Forms of signing in: allauth's own, which say in the page's words what is missing, and lead nowhere that is closed."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as app
from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from forefend.locale import N_, Language, language
from forefend.web.accounts.forms import wrong_with_password
from forefend.web.project.offered import OFFERED

MISSING = {
    "login": N_("Enter your address"),
    "password": N_("Enter your password"),
    "oldpassword": N_("Enter the password you have had until now"),
    "password1": N_("Enter a new password"),
    "password2": N_("Enter the new password once more"),
    "code": N_("Enter the code"),
}


class InOurWords:
    """Says what is missing, field by field; hints stand on the page."""

    fields: dict[str, Any]
    lang: Language

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = (get_language() or "en").partition("-")[0]
        self.lang = language(code if code in OFFERED else "en")
        for name, said in MISSING.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = self.lang.gettext(said)
                self.fields[name].help_text = ""


class SignIn(InOurWords, account.LoginForm):
    """Address and password."""


class ChangePassword(InOurWords, account.ChangePasswordForm):
    """The password until now, and the new one twice."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Say what a new password lacks in the page's words: Django's own are not in every language offered."""
        if field == "password1" and any((one.code or "").startswith("password_") for one in getattr(error, "error_list", ())):
            error = ValidationError([wrong_with_password(one, self.lang) for one in error.error_list])
        super().add_error(field, error)


class Again(InOurWords, account.ReauthenticateForm):
    """The password once more."""


class Code(InOurWords, factor.AuthenticateForm):
    """A code, to sign in."""


class CodeAgain(InOurWords, factor.ReauthenticateForm):
    """A code, to confirm who it is."""


class FirstCode(InOurWords, app.ActivateTOTPForm):
    """The first code of an app."""
