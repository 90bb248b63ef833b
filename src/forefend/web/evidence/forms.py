"""Forms of evidence; what they refuse beyond the shape of a field is said by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from forefend.locale import Language
from forefend.settings import MARKINGS
from forefend.web.accounts.models import Institution, Person
from forefend.web.evidence.actions import TEXT_AT_MOST, TITLE_AT_MOST, Details
from forefend.web.evidence.models import Evidence
from forefend.web.evidence.words import CONTENT, MARKING, SOURCE

YEAR_MONTH_DAY = "%Y-%m-%d"


class Marked(str):
    """A choice with a hint under it."""

    hint: str

    def __new__(cls, label: str, hint: str) -> Marked:
        """Make the label, and keep the hint beside it."""
        made = super().__new__(cls, label)
        made.hint = hint
        return made


class DetailsForm(forms.Form):
    """What is said about a piece: title, date of its own, grade, marking, expiry, note."""

    title = forms.CharField(max_length=TITLE_AT_MOST)
    dated = forms.DateField(required=False, input_formats=[YEAR_MONTH_DAY], widget=forms.DateInput({"type": "date"}, YEAR_MONTH_DAY))
    letter = forms.ChoiceField()
    number = forms.TypedChoiceField(coerce=int)
    marking = forms.ChoiceField(widget=forms.RadioSelect)
    readers = forms.ModelMultipleChoiceField(queryset=Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple)
    expires = forms.DateField(required=False, input_formats=[YEAR_MONTH_DAY], widget=forms.DateInput({"type": "date"}, YEAR_MONTH_DAY))
    note = forms.CharField(required=False, max_length=TEXT_AT_MOST, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, lang: Language, readers: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lang = lang
        text = lang.gettext
        self.fields["readers"].queryset = readers
        self.fields["letter"].choices = [("", text("Choose a letter"))] + [(k, f"{k} – {text(word)}") for k, word in SOURCE.items()]
        self.fields["number"].choices = [("", text("Choose a number"))] + [(k, f"{k} – {text(word)}") for k, word in CONTENT.items()]
        self.fields["marking"].choices = [(name, Marked(f"TLP:{name}", text(MARKING[name]))) for name in MARKINGS]
        self._say(
            title=text("Give the evidence a title."),
            dated=text("Enter the date as year, month and day, such as 2026-03-31."),
            expires=text("Enter the date as year, month and day, such as 2026-03-31."),
            letter=text("Choose how reliable the source is."),
            number=text("Choose how credible the content is."),
            marking=text("Choose who may read the evidence."),
            readers=text("Choose readers from the list."),
            note=text("The text is too long. Shorten it, or attach it as a file."),
        )

    def _say(self, **sentences: str) -> None:
        """Say one sentence about a field, whatever is wrong with it."""
        for name, sentence in sentences.items():
            field = self.fields[name]
            field.error_messages = dict.fromkeys(field.error_messages, sentence)
            for validator in field.validators:
                validator.message = sentence  # type: ignore[attr-defined]

    @property
    def details(self) -> Details:
        """What was entered."""
        given = self.cleaned_data
        return Details(
            title=given["title"], letter=given["letter"], number=given["number"], dated=given["dated"], expires=given["expires"],
            marking=given["marking"], readers=tuple(given["readers"]), note=given["note"], url=given.get("url", ""),
        )  # fmt: skip


class ChangeForm(DetailsForm):
    """What is said about a piece that is there, and from which other pieces it was drawn."""

    drawn_from = forms.ModelMultipleChoiceField(queryset=Evidence.objects.none(), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, lang: Language, readers: QuerySet[Person], others: QuerySet[Evidence], **kwargs: Any) -> None:
        super().__init__(*args, lang=lang, readers=readers, **kwargs)
        self.fields["drawn_from"].queryset = others
        self._say(drawn_from=lang.gettext("Choose pieces from the list."))
        if not others.exists():
            del self.fields["drawn_from"]


class FileForm(forms.Form):
    """A file: sent with the form, or in pieces before it (``upload`` is then its token)."""

    file = forms.FileField(required=False, allow_empty_file=True, max_length=10_000)
    upload = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lang: Language, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lang = lang
        sentence = lang.gettext("The file did not arrive. Choose it again.")
        self.fields["file"].error_messages = dict.fromkeys(self.fields["file"].error_messages, sentence)

    @property
    def has_file(self) -> bool:
        """Whether a file came with the form or before it."""
        return bool(self.cleaned_data.get("file") or self.cleaned_data.get("upload"))


class VersionForm(FileForm):
    """A newer file of a piece."""

    def clean(self) -> dict[str, Any]:
        """Ask for the file."""
        if not self.errors and not self.has_file:
            self.add_error("file", self.lang.gettext("Choose a file."))
        return self.cleaned_data


class AddForm(FileForm, DetailsForm):
    """A new piece: a file or a link, and what is said about it."""

    url = forms.CharField(required=False, max_length=1000, widget=forms.URLInput)
    institution = forms.ModelChoiceField(queryset=Institution.objects.none(), required=False)
    field_order = ("file", "upload", "url", "title", "dated", "letter", "number", "marking", "readers", "expires", "note", "institution")

    def __init__(self, *args: Any, lang: Language, readers: QuerySet[Person], institutions: QuerySet[Institution], **kwargs: Any) -> None:
        DetailsForm.__init__(self, *args, lang=lang, readers=readers, **kwargs)
        self.fields["institution"].queryset = institutions
        self.fields["institution"].empty_label = lang.gettext("Choose an institution")
        self._say(
            url=lang.gettext("The link is not an address of the web. Give one that begins with https://."),
            institution=lang.gettext("Choose the institution whose evidence this is."),
            file=lang.gettext("The file did not arrive. Choose it again."),
        )
        if institutions.count() == 1:
            del self.fields["institution"]

    def clean(self) -> dict[str, Any]:
        """Ask for a file or a link, and for readers of RED."""
        if not self.errors and not self.has_file and not self.cleaned_data["url"]:
            self.add_error("file", self.lang.gettext("Choose a file, or give a link."))
        return self.cleaned_data


class WithdrawForm(forms.Form):
    """Why a piece is withdrawn."""

    reason = forms.CharField(max_length=TEXT_AT_MOST, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, lang: Language, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sentence = lang.gettext("Write why this piece is withdrawn.")
        self.fields["reason"].error_messages = dict.fromkeys(self.fields["reason"].error_messages, sentence)


def said_before(evidence: Evidence) -> dict[str, Any]:
    """Return what a form about a piece begins with."""
    return {
        "title": evidence.title, "dated": evidence.dated, "letter": evidence.letter, "number": evidence.number,
        "marking": evidence.marking, "readers": evidence.readers.all(), "expires": evidence.expires, "note": evidence.note,
        "drawn_from": evidence.drawn_from.all(),
    }  # fmt: skip
