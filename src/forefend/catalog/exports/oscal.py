"""The catalog as an OSCAL catalog (NIST): spheres are groups, actions controls, questions controls within them.

Ids are ours; uuids are derived from them, so that the same entry has the same uuid in every export. What OSCAL has
no name for (levels, weight, criticality, risk factors) stands under a name space of its own.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from forefend.catalog.model import Action, Catalog, Question

OSCAL_VERSION = "1.1.3"
NAME_SPACE = "urn:forefend:ns:oscal"
ROOT = uuid.uuid5(uuid.NAMESPACE_URL, "urn:forefend:catalog")
DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s;,]*)?", flags=re.IGNORECASE)
Record = dict[str, Any]


def as_oscal(catalog: Catalog, *, modified: datetime) -> str:
    """Return the catalog as OSCAL JSON; ``modified`` is the moment the format asks for."""
    record = {
        "uuid": identifier("catalog", catalog.editions["framework"]),
        "metadata": {
            "title": "Forefend: self-assessment by the Framework for Action for the Responsibility to Protect",
            "last-modified": modified.isoformat(timespec="seconds"),
            "version": catalog.editions["framework"],
            "oscal-version": OSCAL_VERSION,
            "props": [_prop(f"{name.replace('_', '-')}-edition", edition) for name, edition in catalog.editions.items()],
            "remarks": "Questions, levels and measures are Forefend's own words and are no text of the Framework or of the United Nations.",
        },
        "groups": [
            {"id": sphere.id, "class": "sphere", "title": sphere.title, "controls": list(_actions(catalog, sphere.id))}
            for sphere in catalog.spheres.values()
        ],
        "back-matter": {"resources": [_resource(key, source) for key, source in catalog.sources.items()]},
    }
    return json.dumps({"catalog": record}, ensure_ascii=False, indent=1) + "\n"


def identifier(kind: str, name: str) -> str:
    """Return the uuid of an entry."""
    return str(uuid.uuid5(ROOT, f"{kind}:{name}"))


def _actions(catalog: Catalog, sphere: str) -> Iterator[Record]:
    for action in catalog.actions.values():
        if action.sphere == sphere:
            yield {
                "id": action.id,
                "class": "action",
                "title": action.title,
                "props": _action_props(action),
                "parts": [{"id": f"{action.id}_statement", "name": "statement", "prose": action.purpose}],
                "controls": [_question(catalog, catalog.questions[name]) for name in action.questions],
            }


def _action_props(action: Action) -> list[Record]:
    props = [_prop("label", action.id, ns=""), _prop("number", action.number)]
    props += [_prop("official-number", action.official_number)] if action.official_number else []
    return props + [_prop("related-option", option) for option in action.related_options]


def _question(catalog: Catalog, question: Question) -> Record:
    used = dict.fromkeys(entry.source for entry in question.prefill_indicators if entry.source in catalog.sources)
    record: Record = {
        "id": question.id,
        "class": "question",
        "title": question.text,
        "props": [
            _prop("label", question.id, ns=""),
            _prop("answer-type", question.type),
            _prop("weight", question.weight),
            _prop("criticality", question.criticality),
            _prop("measurable", "yes" if question.measurable else "no"),
            *(_prop("mitigates-risk-factor", factor) for factor in question.mitigates),
            *(_prop("applies-if", condition) for condition in question.applies_if),
            *(_prop("usual-respondent", body) for body in question.usual_respondents),
        ],
        "parts": list(_parts(question)),
    }
    if used:
        record["links"] = [{"href": f"#{identifier('source', key)}", "rel": "reference"} for key in used]
    return record


def _parts(question: Question) -> Iterator[Record]:
    name = question.id
    yield {"id": f"{name}_statement", "name": "statement", "prose": question.text}
    for level, text in question.levels.items():
        yield _part(f"{name}_level-{level}", "level", text, title=str(level))
    for answer, text in question.answers.items():
        yield _part(f"{name}_answer-{answer}", "answer", text, title=answer)
    if question.numeric:
        scale = question.numeric
        points = "; ".join(f"{value:g} scores {level}" for level, value in scale.score_at.items())
        yield _part(f"{name}_scale", "scale", f"In {scale.unit}; {scale.better} is better; {points}. Of concern when {scale.concern_when}.")
    yield _part(f"{name}_gap", "gap", question.gap_looks_like)
    for kind, texts in (("evidence", question.typical_evidence), ("measure", question.possible_measures)):
        for place, text in enumerate(texts, start=1):
            yield _part(f"{name}_{kind}-{place}", kind, text)


def _part(name: str, kind: str, prose: str, *, title: str = "") -> Record:
    return {"id": name, "name": kind, "ns": NAME_SPACE, **({"title": title} if title else {}), "prose": prose}


def _prop(name: str, value: object, *, ns: str = NAME_SPACE) -> Record:
    return {"name": name, **({"ns": ns} if ns else {}), "value": str(value)}


def _resource(key: str, source: Any) -> Record:
    links = [{"href": f"https://{found}"} for found in DOMAIN.findall(source["location"])]
    record = {
        "uuid": identifier("source", key),
        "title": source["name"],
        "props": [_prop("source", key), _prop("kind", source["kind"]), _prop("access", source["access"])],
        "citation": {"text": f"{source['name']}. {source['location']}"},
    }
    return record | ({"rlinks": links} if links else {})
