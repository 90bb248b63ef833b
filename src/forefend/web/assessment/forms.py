"""Forms of the assessment."""

from __future__ import annotations

from typing import Any

from django import forms

from forefend.catalog import Catalog
from forefend.locale import Language
from forefend.settings import MARKINGS
from forefend.web.accounts.models import Institution
from forefend.web.library.words import SPHERES


class RoundForm(forms.Form):
    """A new round: what it is called, what it covers, when it is due."""

    def __init__(self, *args: Any, catalog: Catalog, lang: Language, earlier: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = lang.gettext
        self.fields["title"] = forms.CharField(
            max_length=120, label=text("What is the round called?"), error_messages={"required": text("Enter a title")}
        )
        self.fields["scope"] = forms.ChoiceField(
            label=text("What does it cover?"),
            widget=forms.RadioSelect,
            choices=[
                ("all", text("All 21 actions")),
                *((sphere, text(SPHERES[sphere])) for sphere in catalog.spheres),
                ("chosen", text("Chosen actions only")),
            ],
            error_messages={"required": text("Choose what the round covers")},
        )
        self.fields["actions"] = forms.MultipleChoiceField(
            label=text("Which actions?"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(action.id, f"{action.id} {lang.gettext(action.title)}") for action in catalog.actions.values()],
        )
        self.fields["due_on"] = forms.DateField(
            label=text("Due on"),
            widget=forms.DateInput(attrs={"type": "date"}),
            error_messages={
                "required": text("Enter the day by which institutions answer"),
                "invalid": text("Enter a day such as 2027-03-31"),
            },
        )
        self.fields["marking"] = forms.ChoiceField(
            label=text("Marking of answers, until they are marked otherwise"), choices=[(name, f"TLP:{name}") for name in MARKINGS[1:4]],
            initial="AMBER",
        )  # fmt: skip
        if earlier:
            self.fields["follows"] = forms.ChoiceField(
                label=text("Which round does it follow?"), required=False, choices=[("", text("none")), *earlier]
            )
        self.catalog, self.lang = catalog, lang

    def clean(self) -> dict[str, Any]:
        """Turn the scope into actions."""
        given = super().clean() or {}
        scope = given.get("scope")
        if scope == "chosen":
            if not given.get("actions"):
                self.add_error("actions", self.lang.gettext("Choose at least one action"))
        elif scope == "all":
            given["actions"] = list(self.catalog.actions)
        elif scope:
            given["actions"] = [action.id for action in self.catalog.actions.values() if action.sphere == scope]
        return given


class AskForm(forms.Form):
    """Which institutions are asked, each what the catalog usually asks of it."""

    def __init__(self, *args: Any, lang: Language, institutions: list[Institution], usual: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = lang.gettext
        self.fields["institutions"] = forms.MultipleChoiceField(
            label=text("Who is asked?"),
            widget=forms.CheckboxSelectMultiple,
            choices=[
                (str(i.pk), text("%(institution)s: %(n)s questions usually put to it", institution=i.title, n=lang.number(usual[i.pk])))
                for i in institutions
            ],
            initial=[str(i.pk) for i in institutions],
            error_messages={"required": text("Choose at least one institution")},
        )
        self.fields["which"] = forms.ChoiceField(
            label=text("What are they asked?"),
            widget=forms.RadioSelect,
            choices=[
                ("usual", text("What the catalog usually puts to each; everything where it puts nothing")),
                ("all", text("Every question of the round, to each")),
            ],
            initial="usual",
        )
