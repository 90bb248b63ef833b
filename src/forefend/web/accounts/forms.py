"""Forms of the pages about people: each says in the page's language what it asks, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from babel import Locale
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from forefend.errors import AccountError, ForefendError
from forefend.locale import Language
from forefend.places import resolve
from forefend.web.accounts.models import Institution, Person
from forefend.web.accounts.permissions import gives
from forefend.web.accounts.roles import ANSWER, ROLES
from forefend.web.project.errors import said_by
from forefend.web.project.offered import OFFERED

PASSWORD_AT_LEAST = 12


class Choice(str):
    """The label of an option, with a hint under it."""

    __slots__ = ("hint",)

    def __new__(cls, label: str, hint: str = "") -> Choice:
        """Make a label that carries its hint."""
        made = super().__new__(cls, label)
        made.hint = hint
        return made


class PageForm(forms.Form):
    """A form in the language of its page. Fields are made by ``build``, which has the texts."""

    def __init__(self, lang: Language, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        self.lang = lang
        self.build()
        for name, field in self.fields.items():
            field.error_messages |= {
                "required": field.error_messages.get("said", lang.gettext("Fill in this field")),
                "invalid_choice": lang.gettext("Choose one of the options"),
            }
            field.widget.attrs.setdefault("autocomplete", AUTOCOMPLETE.get(name, "off"))

    def build(self) -> None:
        """Add the fields."""

    def text(
        self, label: str, *, hint: str = "", empty: str = "", at_most: int = 200, is_required: bool = True, **widget: Any
    ) -> forms.CharField:
        """Return a field of one line; ``empty`` is the sentence when nothing was entered."""
        field = forms.CharField(label=label, help_text=hint, max_length=at_most, required=is_required, widget=forms.TextInput(attrs=widget))
        field.error_messages |= {
            "said": empty or self.lang.gettext("Fill in this field"),
            "max_length": self.lang.gettext("Write at most %(n)s characters", n=self.lang.number(at_most)),
            "null_characters_not_allowed": self.lang.gettext("Write letters, digits and signs only"),
        }
        return field

    def choice(
        self, label: str, options: Iterable[tuple[str, str]], *, hint: str = "", is_list: bool = False, is_required: bool = True
    ) -> forms.ChoiceField:
        """Return a choice of one, shown as options or as a list."""
        field = forms.ChoiceField(
            label=label,
            help_text=hint,
            choices=list(options),
            required=is_required,
            widget=forms.Select() if is_list else forms.RadioSelect(),
        )
        field.error_messages["said"] = self.lang.gettext("Choose one of the options")
        return field

    def email(self, label: str, *, hint: str = "") -> forms.EmailField:
        """Return a field for an address."""
        field = forms.EmailField(label=label, help_text=hint, max_length=254)
        said = self.lang.gettext("Enter an address such as name@ministry.example")
        field.error_messages |= {"invalid": said, "said": said, "max_length": said}
        return field

    def tick(self, label: str, *, hint: str = "") -> forms.BooleanField:
        """Return a box to tick or leave."""
        return forms.BooleanField(label=label, help_text=hint, required=False)

    def refuse(self, refusal: ForefendError, *, field: str | None = None) -> None:
        """Show the sentence of a refused action as what is wrong with the form."""
        said = said_by(refusal, self.lang) if isinstance(refusal, AccountError) else str(refusal)
        self.add_error(field if field in self.fields else None, said)


AUTOCOMPLETE = {"name": "name", "email": "email", "password": "new-password", "organisation": "organization"}


def languages() -> list[tuple[str, str]]:
    """Return the languages offered, each in its own name."""
    return [(code, str(Locale.parse(code).get_display_name(code)).capitalize()) for code in OFFERED]


def wrong_with_password(error: ValidationError, lang: Language) -> str:
    """Return in the page's language why a new password is refused."""
    text = lang.gettext
    return {
        "password_too_short": text("Use at least %(n)s characters", n=lang.number(PASSWORD_AT_LEAST)),
        "password_too_similar": text("Choose a password that is not like your name or address"),
    }.get(error.code or "", text("Choose a password that is harder to guess"))


class PasswordForm(PageForm):
    """Asks for a new password."""

    def add_password(self) -> None:
        """Add the field; it is shown as typed on request by the browser alone, and asked once."""
        text = self.lang.gettext
        self.fields["password"] = forms.CharField(
            label=text("Password"),
            help_text=text(
                "At least %(n)s characters. A short sentence is easier to keep than a word with signs.",
                n=self.lang.number(PASSWORD_AT_LEAST),
            ),
            max_length=200,
            strip=False,
            widget=forms.PasswordInput(),
        )
        self.fields["password"].error_messages["said"] = text(
            "Enter a password of at least %(n)s characters", n=self.lang.number(PASSWORD_AT_LEAST)
        )

    def clean_password(self) -> str:
        """Refuse what is too short, too common, or like the name or address."""
        given: str = self.cleaned_data["password"]
        person = Person(email=self.data.get("email", ""), name=self.data.get("name", ""))
        try:
            validate_password(given, person)
        except ValidationError as refusal:
            raise ValidationError([wrong_with_password(error, self.lang) for error in refusal.error_list]) from None
        return given


class FirstForm(PasswordForm):
    """What the first administrator says of themself and of the installation."""

    def build(self) -> None:
        """Add the fields."""
        text = self.lang.gettext
        self.fields["name"] = self.text(text("Your name"), empty=text("Enter your name"), at_most=120)
        self.fields["email"] = self.email(text("Your address for mail"), hint=text("You sign in with it."))
        self.add_password()
        self.fields["state"] = self.text(
            text("Our state"),
            hint=text("Its name in any language offered, or its three-letter code."),
            empty=text("Enter our state"),
            list="all-states",
        )
        self.fields["organisation"] = self.text(
            text("Organisation"), hint=text("For example: R2P Focal Point, Ministry of Foreign Affairs"), is_required=False
        )
        self.fields["language"] = self.choice(text("Language of letters to you"), languages())
        leads = ROLES["focal_point"].sentence
        self.fields["is_focal_point"] = self.tick(text("I am also the R2P Focal Point"), hint=text(leads))
        self.order_fields(["name", "email", "password", "state", "organisation", "is_focal_point", "language"])

    def clean_state(self) -> str:
        """Return the code of the state."""
        try:
            return resolve(self.cleaned_data["state"])
        except ForefendError as refusal:
            raise ValidationError(str(refusal)) from None


class AcceptForm(PasswordForm):
    """What somebody who was invited says; ``has_account``: only a new password is asked."""

    def __init__(self, lang: Language, data: Any = None, *, has_account: bool = False, **given: Any) -> None:
        self.has_account = has_account
        super().__init__(lang, data, **given)

    def build(self) -> None:
        """Add the fields."""
        text = self.lang.gettext
        if not self.has_account:
            self.fields["name"] = self.text(text("Your name"), empty=text("Enter your name"), at_most=120)
        self.add_password()
        self.fields["language"] = self.choice(text("Language of letters to you"), languages())


class OwnForm(PageForm):
    """The own settings."""

    def build(self) -> None:
        """Add the fields."""
        text = self.lang.gettext
        self.fields["name"] = self.text(text("Your name"), empty=text("Enter your name"), at_most=120)
        self.fields["language"] = self.choice(
            text("Language"), languages(), hint=text("Of pages after you sign in, and of letters to you.")
        )
        self.fields["wants_digest"] = self.tick(
            text("Reminders in one letter a day"), hint=text("Otherwise each reminder is a letter of its own.")
        )


def roles_to_give(reader: Person, lang: Language) -> list[tuple[str, Choice]]:
    """Return the roles a reader may give, each with its sentence."""
    return [(role, Choice(lang.gettext(ROLES[role].title), lang.gettext(ROLES[role].sentence))) for role in gives(reader)]


def institutions_to_choose(lang: Language) -> list[tuple[str, str]]:
    """Return the institutions as options, the first of them none."""
    return [("", lang.gettext("No institution")), *((one.key, one.title) for one in Institution.objects.filter(is_practice=False))]


class InviteForm(PageForm):
    """An invitation."""

    def __init__(self, lang: Language, data: Any = None, *, reader: Person, **given: Any) -> None:
        self.reader = reader
        super().__init__(lang, data, **given)

    def build(self) -> None:
        """Add the fields."""
        text = self.lang.gettext
        self.fields["email"] = self.email(text("Address"))
        self.fields["name"] = self.text(text("Name"), is_required=False, at_most=120)
        self.fields["roles"] = forms.MultipleChoiceField(
            label=text("Roles"), choices=roles_to_give(self.reader, self.lang), widget=forms.CheckboxSelectMultiple()
        )
        self.fields["roles"].error_messages["said"] = text("Choose at least one role")
        self.fields["institution"] = self.choice(
            text("Institution"),
            institutions_to_choose(self.lang),
            hint=text("A respondent answers for one institution."),
            is_list=True,
            is_required=False,
        )
        self.fields["language"] = self.choice(text("Language of the invitation"), languages())

    def clean(self) -> dict[str, Any]:
        """Ask for the institution where somebody is to answer for one."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("institution") and any(ANSWER in ROLES[role].permissions for role in given.get("roles", ())):
            self.add_error("institution", self.lang.gettext("Choose the institution this person answers for"))
        return given


class DutyForm(PageForm):
    """A duty for a person; ``left`` are the roles that can be given."""

    def __init__(self, lang: Language, data: Any = None, *, left: list[tuple[str, Choice]], **given: Any) -> None:
        self.left = left
        super().__init__(lang, data, **given)

    def build(self) -> None:
        """Add the fields."""
        self.fields["role"] = self.choice(self.lang.gettext("Role"), self.left)


class MoveForm(PageForm):
    """To which institution somebody belongs."""

    def build(self) -> None:
        """Add the fields."""
        self.fields["institution"] = self.choice(
            self.lang.gettext("Institution"), institutions_to_choose(self.lang), is_list=True, is_required=False
        )


class HandOverForm(PageForm):
    """To whom duties go; ``heirs`` are those who could take them."""

    def __init__(self, lang: Language, data: Any = None, *, heirs: Iterable[Person], **given: Any) -> None:
        self.heirs = list(heirs)
        super().__init__(lang, data, **given)

    def build(self) -> None:
        """Add the fields."""
        text = self.lang.gettext
        options = [("", text("Choose a person")), *((str(one.pk), f"{one.name} ({one.email})") for one in self.heirs)]
        self.fields["to"] = self.choice(text("Who takes over"), options, is_list=True)
        self.fields["to"].error_messages["said"] = text("Choose who takes over")
        self.fields["reason"] = self.text(
            text("Reason"), hint=text("For example: new posting. It is kept on record."), is_required=False, at_most=500
        )


class InstitutionForm(PageForm):
    """A new institution: a body of the catalog, or another one."""

    def __init__(
        self, lang: Language, data: Any = None, *, bodies: list[tuple[str, str]], kinds: list[tuple[str, str]], **given: Any
    ) -> None:
        self.bodies, self.kinds = bodies, kinds
        super().__init__(lang, data, **given)

    def build(self) -> None:
        """Add the fields."""
        text = self.lang.gettext
        self.fields["body"] = self.choice(
            text("Body of the catalog"),
            [("", text("Another one, which the catalog does not name")), *self.bodies],
            hint=text("The catalog knows which questions each body usually answers, and what kind of respondent it is."),
            is_list=True,
            is_required=False,
        )
        self.fields["title"] = self.text(
            text("Name"), hint=text("As it is called in our state. Left empty, it has the name the catalog gives it."), is_required=False
        )
        self.fields["kind"] = self.choice(
            text("Kind of respondent"),
            [("", text("As the catalog says")), *self.kinds],
            hint=text("Needed only where the catalog does not name the body."),
            is_list=True,
            is_required=False,
        )

        self.fields["email"] = self.email(
            text("Address of who answers for it"), hint=text("Invites this person as its respondent. May be left empty and done later.")
        )
        self.fields["email"].required = False
        self.fields["language"] = self.choice(text("Language of the invitation"), languages())
        self.fields["language"].initial = self.lang.code

    def clean(self) -> dict[str, Any]:
        """Ask for name and kind where the catalog gives neither."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("body"):
            if not given.get("title"):
                self.add_error("title", self.lang.gettext("Enter the name of the institution"))
            if not given.get("kind"):
                self.add_error("kind", self.lang.gettext("Choose what kind of respondent it is"))
        return given


class ChangeInstitutionForm(PageForm):
    """What is said of an institution."""

    def __init__(self, lang: Language, data: Any = None, *, kinds: list[tuple[str, str]], **given: Any) -> None:
        self.kinds = kinds
        super().__init__(lang, data, **given)

    def build(self) -> None:
        """Add the fields."""
        text = self.lang.gettext
        self.fields["title"] = self.text(text("Name"), empty=text("Enter the name of the institution"))
        self.fields["kind"] = self.choice(text("Kind of respondent"), self.kinds)
        self.fields["is_protected"] = self.tick(
            text("Protected"), hint=text("Its own scores are shown only among three or more of its kind, or with its consent.")
        )
        self.fields["reason"] = self.text(
            text("Reason"),
            hint=text("Needed when the kind changes: for example, that a body is not independent in practice."),
            is_required=False,
            at_most=500,
        )
