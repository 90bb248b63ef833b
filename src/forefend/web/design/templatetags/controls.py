"""Tags that show the fields of a form: the label above, the hint under it, what is wrong, then the control."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils.safestring import SafeString

from forefend.locale import Language

register = template.Library()


@register.simple_tag
def control(field: BoundField, has_hint: object = "", kind: str = "") -> SafeString:
    """Show the control of a field, tied to its hint and to what is wrong with it."""
    described = " ".join([f"{field.auto_id}-h"] * bool(has_hint) + [f"{field.auto_id}-e"] * bool(field.errors))
    attributes: dict[str, Any] = {"class": f"input {kind}".strip(), "aria-describedby": described or None}
    if field.errors:
        attributes["aria-invalid"] = "true"
    if isinstance(field.field.widget, CheckboxInput):
        attributes["class"] = None
    field.field.widget.attrs.pop("placeholder", None)  # a label stands above every field; one within it goes when it is needed
    return field.as_widget(attrs={name: value for name, value in attributes.items() if value})


@register.filter
def is_choice(field: BoundField) -> bool:
    """Whether a field is a group of options, each with its own label."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether a field is one box to tick."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def first_id(field: BoundField) -> str:
    """Return where a reader is led who has to correct the field."""
    return f"{field.auto_id}_0" if is_choice(field) else field.auto_id


@register.simple_tag(takes_context=True)
def moment(context: Mapping[str, Any], value: datetime | None) -> str:
    """Write a day and the time of it, to the minute; nothing where there is none."""
    if value is None:
        return ""
    lang: Language = context["lang"]
    at = value.astimezone(UTC)
    return lang.gettext("%(day)s, %(time)s UTC", day=lang.date(at), time=f"{at:%H:%M}")


@register.filter
def browser(user_agent: str) -> str:
    """Name a browser and its system in two words; the whole of what it says where it is not known."""
    program = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return ", ".join(part for part in (program, system) if part) or user_agent[:60] or "–"


BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))
