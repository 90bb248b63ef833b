"""The catalog as a library of CISO Assistant, by its documented format (urns, requirement nodes by depth, scores, groups).

Spheres and actions are headings, questions the requirements that are assessed; the answers' scores are ours, 0 to 4.
Criticality and sphere are implementation groups, risk factors threats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from forefend.catalog.model import Catalog, Question

PACKAGER = "forefend"
NAME = "r2p-framework-for-action"
BASE = f"urn:{PACKAGER}:risk"
NODE = f"{BASE}:req_node:{NAME}"
THREAT = f"{BASE}:threat:{NAME}"
TITLE = "Framework for Action for the Responsibility to Protect: self-assessment"
ABOUT = (
    "Questions by which a state assesses its own gaps against the 21 actions of the Framework for Action for the Responsibility to Protect."
)
COPYRIGHT = (
    "Forefend, Apache License 2.0. Titles of the 21 actions follow the Framework for Action (Global Centre for the Responsibility to "
    "Protect and Asia-Pacific Centre for the Responsibility to Protect, 2023); questions, levels and measures are Forefend's own words."
)
CRITICALITY = {"core": "Core", "important": "Important", "supplementary": "Supplementary"}
ANSWER_SCORES = {"yes": 4, "partly": 2, "no": 0}
TOP = 4
Record = dict[str, Any]


def as_ciso(catalog: Catalog) -> str:
    """Return the library as YAML."""
    edition = catalog.editions["framework"]
    library = {
        "urn": f"{BASE}:library:{NAME}",
        "locale": "en",
        "ref_id": NAME,
        "name": TITLE,
        "description": ABOUT,
        "copyright": COPYRIGHT,
        "version": version(edition),
        "provider": "Forefend",
        "packager": PACKAGER,
        "objects": {
            "framework": {
                "urn": f"{BASE}:framework:{NAME}",
                "ref_id": NAME,
                "name": TITLE,
                "description": f"{ABOUT} Edition {edition}.",
                "min_score": 0,
                "max_score": TOP,
                "scores_definition": [_score(level, text) for level, text in catalog.maturity_scale.items()],
                "implementation_groups_definition": list(_groups(catalog)),
                "requirement_nodes": list(_nodes(catalog)),
            },
            "threats": [
                {"urn": _urn(THREAT, factor.id), "ref_id": factor.id, "name": factor.title, "description": factor.summary}
                for factor in catalog.risk_factors.values()
            ],
        },
    }
    text: str = yaml.dump(library, Dumper=_Whole, sort_keys=False, allow_unicode=True, width=140)
    return text


def version(edition: str) -> int:
    """Return an edition as the whole number that the format counts by: 1.2 is 102."""
    major, _, minor = edition.partition(".")
    return 100 * int(major) + int(minor or 0)


class _Whole(yaml.SafeDumper):
    """Writes each record out where it stands, without references from one to another."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _urn(base: str, name: str) -> str:
    return f"{base}:{re.sub('[^a-z0-9._-]', '-', name.lower())}"


def _score(level: int, text: str) -> Record:
    return {"score": level, "name": text.partition(",")[0], "description": text}


def _groups(catalog: Catalog) -> Iterator[Record]:
    weights: dict[str, int] = {question.criticality: question.weight for question in catalog.questions.values()}
    for name, title in CRITICALITY.items():
        yield {"ref_id": name, "name": title, "description": f"Questions of weight {weights.get(name, 0)}"}
    for sphere in catalog.spheres.values():
        yield {"ref_id": sphere.id, "name": sphere.title, "description": f"Questions of the sphere {sphere.title}"}


def _nodes(catalog: Catalog) -> Iterator[Record]:
    for sphere in catalog.spheres.values():
        yield {"urn": _urn(NODE, sphere.id), "assessable": False, "depth": 1, "ref_id": sphere.id, "name": sphere.title}
        for action in catalog.actions.values():
            if action.sphere != sphere.id:
                continue
            yield {
                "urn": _urn(NODE, action.id),
                "parent_urn": _urn(NODE, sphere.id),
                "assessable": False,
                "depth": 2,
                "ref_id": action.id,
                "name": action.title,
                "description": action.purpose,
            }
            for name in action.questions:
                yield _requirement(catalog, catalog.questions[name], sphere=sphere.id)


def _requirement(catalog: Catalog, question: Question, *, sphere: str) -> Record:
    urn = _urn(NODE, question.id)
    factors = dict.fromkeys(catalog.indicators[name].factor if name in catalog.indicators else name for name in question.mitigates)
    record = {
        "urn": urn,
        "parent_urn": _urn(NODE, question.action),
        "assessable": True,
        "depth": 3,
        "ref_id": question.id,
        "description": question.text,
        "annotation": _annotation(catalog, question),
        "typical_evidence": "\n".join(question.typical_evidence),
        "weight": question.weight,
        "implementation_groups": [question.criticality, sphere],
        "questions": {f"{urn}:question:1": _asked(question, f"{urn}:question:1", catalog.maturity_scale)},
    }
    return record | ({"threats": [_urn(THREAT, factor) for factor in factors]} if factors else {})


def _annotation(catalog: Catalog, question: Question) -> str:
    lines = [f"A gap looks like: {question.gap_looks_like}"]
    if question.numeric:
        points = "; ".join(f"{value:g} scores {level}" for level, value in question.numeric.score_at.items())
        lines.append(f"Number in {question.numeric.unit}; {points}, on a straight line between.")
    if question.applies_if:
        lines.append("Applies if: " + "; ".join(catalog.conditions[name].title for name in question.applies_if))
    return "\n".join([*lines, *(f"Possible measure: {measure}" for measure in question.possible_measures)])


def _asked(question: Question, urn: str, scale: Mapping[int, str]) -> Record:
    if question.type == "numeric":
        return {"type": "text", "text": question.text}
    if question.type == "maturity":
        offered = {str(level): (f"{level}: {question.levels.get(level, scale[level])}", level) for level in scale}
    else:
        offered = {name: (f"{name.capitalize()}: {question.answers[name]}", score) for name, score in ANSWER_SCORES.items()}
    choices = [{"urn": f"{urn}:choice:{name}", "value": value, "add_score": score} for name, (value, score) in offered.items()]
    return {"type": "unique_choice", "text": question.text, "choices": choices}
