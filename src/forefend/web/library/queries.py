"""What the pages of the library show, read from the catalog and the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404

from forefend.catalog import Catalog
from forefend.catalog.model import Action, Entry, Option, RiskFactor, Window
from forefend.locale import Language
from forefend.web.library import words


def shelves(catalog: Catalog, lang: Language) -> list[dict[str, Any]]:
    """Return the lists of the library with how many entries each holds."""
    text = lang.gettext
    return [
        {"name": "framework", "title": text("Framework for Action"), "count": len(catalog.actions),
         "says": text("Four spheres, 21 actions, and the questions that assess each.")},
        {"name": "factors", "title": text("Risk factors"), "count": len(catalog.risk_factors),
         "says": text("The 14 factors of the UN Framework of Analysis and their indicators.")},
        {"name": "options", "title": text("Options"), "count": len(catalog.options),
         "says": text("What a state can do: mechanism, conditions, evidence, cautions.")},
        {"name": "windows", "title": text("Windows"), "count": len(catalog.windows),
         "says": text("When something can be done, and how long to prepare.")},
        {"name": "glossary", "title": text("Glossary"), "count": len(catalog.terms), "says": text("Terms of the field in plain words.")},
        {"name": "sources", "title": text("Sources"), "count": None,
         "says": text("Publisher, licence, grade and age of everything loaded.")},
        {"name": "coverage", "title": text("Coverage"), "count": None,
         "says": text("Which questions and risk indicators public data can speak to, from whom, and how old they are.")},
        {"name": "methods", "title": text("Methods"), "count": None,
         "says": text("How numbers are made, and how well the forecasts did when tested on the past.")},
    ]  # fmt: skip


def spheres(catalog: Catalog) -> list[tuple[str, list[Action]]]:
    """Return the actions by sphere, spheres by their titles."""
    return [
        (sphere.title, [action for action in catalog.actions.values() if action.sphere == identifier])
        for identifier, sphere in catalog.spheres.items()
    ]


def action_page(catalog: Catalog, identifier: str, lang: Language) -> dict[str, Any]:
    """Return one action, its questions, and what it is linked to."""
    action: Action = one_of(catalog.actions, identifier, lang)
    linked = catalog.links(action.id)
    return {
        "action": action,
        "sphere": catalog.spheres[action.sphere].title,
        "questions": [catalog.questions[q] for q in action.questions],
        "catalog": catalog,
        "factors": [catalog.risk_factors[f] for f in linked.get("risk_factors", ())],
        "options": [catalog.options[o] for o in linked.get("options", ())],
        "windows": [catalog.windows[w] for w in linked.get("windows", ())],
        "words": words,
    }


def factor_groups(catalog: Catalog, lang: Language) -> list[tuple[str, list[RiskFactor]]]:
    """Return the risk factors by the crimes they belong to."""
    return [
        (lang.gettext(title), [factor for factor in catalog.risk_factors.values() if factor.crime == crime])
        for crime, title in words.CRIMES.items()
    ]


def factor_page(catalog: Catalog, identifier: str, lang: Language) -> dict[str, Any]:
    """Return one risk factor, its indicators with the public series about them, and what it is linked to."""
    factor: RiskFactor = one_of(catalog.risk_factors, identifier, lang)
    linked = catalog.links(factor.id)
    rows = [(catalog.indicators[i], _series(catalog, i)) for i in factor.indicators]
    return {
        "factor": factor,
        "crime": lang.gettext(words.CRIMES[factor.crime]),
        "rows": rows,
        "series": _series(catalog, factor.id),
        "actions": [catalog.actions[a] for a in linked.get("actions", ())],
        "options": [catalog.options[o] for o in linked.get("options", ())],
        "words": words,
    }


def option_groups(catalog: Catalog, lang: Language) -> list[tuple[str, list[Option]]]:
    """Return the options by sphere."""
    del lang
    return [
        (sphere.title, [option for option in catalog.options.values() if option.sphere == identifier])
        for identifier, sphere in catalog.spheres.items()
    ]


def option_page(catalog: Catalog, identifier: str, lang: Language) -> dict[str, Any]:
    """Return one option with what it needs, what reviews found, and what it is linked to."""
    option: Option = one_of(catalog.options, identifier, lang)
    return {
        "option": option,
        "sphere": catalog.spheres[option.sphere].title,
        "lead": catalog.bodies[option.lead_in_government].title,
        "levers": [catalog.leverage_types[lever].title for lever in option.leverage_types],
        "reviews": [_review(name, catalog.evidence_base[name]) for name in option.evidence.base],
        "risks": [_risk(catalog, risk) for risk in option.addresses_risk_factors],
        "actions": [catalog.actions[a] for a in option.actions],
        "works_with": [catalog.options[o] for o in option.works_well_with],
        "conflicts": [catalog.options[o] for o in option.conflicts_with],
        "windows": [catalog.windows[w] for w in catalog.links(option.id).get("windows", ())],
        "words": words,
    }


def window_groups(catalog: Catalog, lang: Language) -> list[tuple[str, list[Window]]]:
    """Return the windows by forum."""
    return [
        (lang.gettext(title), [window for window in catalog.windows.values() if window.forum == forum])
        for forum, title in words.FORUMS.items()
    ]


def one_of(entries: Mapping[str, Entry], identifier: str, lang: Language) -> Any:
    """Return an entry by id in any case of letters; raises Http404 with a sentence."""
    folded = {known.casefold(): known for known in entries}
    found = folded.get(identifier.casefold())
    if found is None:
        raise Http404(lang.gettext("The catalog has no entry %(id)s here. Choose one from the list.", id=lang.code_text(identifier[:60])))
    return entries[found]


def _series(catalog: Catalog, identifier: str) -> list[tuple[str, str]]:
    return [
        (series.title, served.strength)
        for series in catalog.data_indicators.values()
        for served in series.serves
        if served.id == identifier
    ]


def _risk(catalog: Catalog, identifier: str) -> dict[str, str]:
    factor, _, indicator = identifier.partition(".")
    text = catalog.indicators[identifier].text if indicator else catalog.risk_factors[identifier].title
    return {"id": identifier, "factor": factor, "text": text}


def _review(name: str, review: Mapping[str, Any]) -> dict[str, Any]:
    total = max(1, review["findings"])
    parts: Sequence[tuple[str, str]] = (("reduce", "known"), ("no_or_mixed", "rng"), ("increase", "pos"))
    bars, at = [], 0.0
    for key, kind in parts:
        width = 600 * review[key] / total
        bars.append({"kind": kind, "x": f"{at:.1f}", "width": f"{max(0.0, width - 2):.1f}"})
        at += width
    return {
        "title": name.removeprefix("tfap_").replace("_", " "),
        "review": review,
        "bars": bars,
        "stronger": [f for f in review.get("success_factors", ()) if f["research_strength"] == "stronger"],
        "moderate": [f for f in review.get("success_factors", ()) if f["research_strength"] != "stronger"],
    }
