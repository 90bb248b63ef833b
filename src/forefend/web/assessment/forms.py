"""Forms of the assessment."""

from __future__ import annotations

from collections.abc import Mapping
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


class DatesForm(forms.Form):
    """When a round opens and is due."""

    def __init__(self, *args: Any, lang: Language, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = lang.gettext
        for name, label in (("opens_on", text("Opens on")), ("due_on", text("Due on"))):
            self.fields[name] = forms.DateField(
                label=label,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                error_messages={"required": text("Enter a day"), "invalid": text("Enter a day such as 2027-03-31")},
            )


class CarryForm(forms.Form):
    """The round that follows an adopted one."""

    def __init__(self, *args: Any, lang: Language, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = lang.gettext
        self.fields["title"] = forms.CharField(
            max_length=120, label=text("What is the round called?"), error_messages={"required": text("Enter a title")}
        )
        self.fields["due_on"] = forms.DateField(
            label=text("Due on"),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "required": text("Enter the day by which institutions answer"),
                "invalid": text("Enter a day such as 2027-03-31"),
            },
        )
        self.fields["marking"] = forms.ChoiceField(
            label=text("Marking of answers, until they are marked otherwise"), choices=[(name, f"TLP:{name}") for name in MARKINGS[1:4]]
        )


class JudgementForm(forms.Form):
    """What a person judges of an option; what is left empty nobody has judged."""

    def __init__(self, *args: Any, lang: Language, levers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = lang.gettext
        self.levers = tuple(levers)
        self.fields["acceptability"] = _share(lang, text("Political acceptability, from 0 to 1"))
        self.fields["effort"] = forms.TypedChoiceField(
            label=text("Effort"), required=False, coerce=int, empty_value=None, choices=_choices(
                lang, {"1": text("1: a letter"), "2": text("2"), "3": text("3: a programme"), "4": text("4"), "5": text("5: a reform")},
            ),
        )  # fmt: skip
        self.fields["time_fit"] = forms.ChoiceField(
            label=text("Can it take effect before the next window?"), required=False, choices=_choices(
                lang, {"in_time": text("in time"), "just": text("just"), "first_step": text("a first step only"),
                       "too_late": text("too late: plan it for the next window")},
            ),
        )  # fmt: skip
        for name, title in levers.items():
            label = text("Hold of the lever %(lever)s, from 0 to 1", lever=text(title))
            self.fields[f"lever_{name}"] = _share(lang, label)
        self.fields["partner"] = _line(text("Partner who holds a listed lever and agrees"))
        self.fields["harm"] = _share(lang, text("Possible harm before mitigation, from 0 to 1"))
        self.fields["harm_left"] = _share(lang, text("Harm after mitigation, from 0 to 1"))
        self.fields["mitigation"] = forms.CharField(label=text("Mitigation"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
        self.fields["owner"] = _line(text("Who carries the mitigation out"))
        self.fields["is_funded"] = forms.BooleanField(label=text("The mitigation is funded"), required=False)
        self.fields["signed_by"] = _line(text("Officer who signs for harm above 0.7"))
        self.fields["is_lawful"] = forms.ChoiceField(
            label=text("Does the legal adviser find a lawful basis?"), required=False,
            choices=_choices(lang, {"yes": text("yes"), "no": text("no: it is held back")}),
        )  # fmt: skip
        self.fields["lawful_basis"] = _line(text("Lawful basis: treaty, statute or mandate"))
        self.fields["is_duty"] = forms.BooleanField(label=text("It is a legal duty: it stands above the ranking"), required=False)
        self.fields["reason"] = forms.CharField(
            label=text("Reason"), widget=forms.Textarea(attrs={"rows": 4}), error_messages={"required": text("Write what it rests on")}
        )

    def judged(self) -> dict[str, Any]:
        """Return the fields of a judgement."""
        given = dict(self.cleaned_data)
        held = {name: given.pop(f"lever_{name}") for name in self.levers}
        given["levers"] = {name: strength for name, strength in held.items() if strength is not None}
        given["time_fit"] = given["time_fit"] or None
        given["is_lawful"] = {"yes": True, "no": False}.get(given["is_lawful"])
        return given


def _share(lang: Language, label: str) -> forms.FloatField:
    wrong = lang.gettext("Enter a number from 0 to 1, or leave it empty")
    return forms.FloatField(
        label=label, required=False, min_value=0, max_value=1, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
    )  # fmt: skip


def _line(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=300)


def _choices(lang: Language, given: dict[str, str]) -> list[tuple[str, str]]:
    return [("", lang.gettext("not judged")), *given.items()]
