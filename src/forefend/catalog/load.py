"""Reads the catalog's YAML once and hands out one frozen object."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from forefend.catalog.model import (
    Action,
    Catalog,
    DataIndicator,
    Entry,
    Named,
    Option,
    PrefillRule,
    Question,
    RiskFactor,
    RiskIndicator,
    Term,
    Window,
)
from forefend.errors import CatalogError
from forefend.locale import N_

E = TypeVar("E", bound=Entry)

DATA = Path(__file__).parent / "data"
SPHERES = {
    "national": N_("National"),
    "bilateral": N_("Bilateral cooperation and influencing"),
    "regional": N_("Regional"),
    "multilateral": N_("Multilateral"),
}
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


FILES = ("framework", "risk_factors", "options", "windows", "glossary")
FOLDERS = {"indicators": "indicators", "prefill": "rules"}  # a folder of files → the part each file lists its entries under


@cache
def load_catalog(folder: Path = DATA) -> Catalog:
    """Return the catalog; raises CatalogError naming the file and entry that cannot be read."""
    files = {name: _yaml(folder, f"{name}.yaml") for name in FILES}
    try:
        return _build(files | {name: _joined(folder, name, part=part) for name, part in FOLDERS.items()})
    except KeyError as error:
        raise CatalogError(f"The catalog in {folder.name} is not valid: {error.args[0]!r} is missing. Add it.") from None
    except (TypeError, AttributeError, ValidationError) as error:
        raise CatalogError(f"The catalog in {folder.name} is not valid: {str(error).splitlines()[0]}. Correct it.") from None


def _build(files: dict[str, dict[str, Any]]) -> Catalog:
    framework, options = files["framework"], files["options"]
    factors = files["risk_factors"]["risk_factors"]
    weights = framework["meta"]["criticality_weights"]
    # A criticality that does not exist is named with its question, when that is validated.
    questions = [
        q | {"action": a["id"], "weight": weights.get(q.get("criticality"), 0)} for a in framework["actions"] for q in a["questions"]
    ]
    return Catalog(
        spheres=_named(SPHERES),
        actions=_by_id(Action, [a | {"questions": [q["id"] for q in a["questions"]]} for a in framework["actions"]]),
        questions=_by_id(Question, questions),
        bodies=_named(framework["respondent_bodies"]),
        conditions=_named(framework["meta"]["applicability"]["conditions"]),
        risk_factors=_by_id(RiskFactor, [f | {"indicators": [i["id"] for i in f["indicators"]]} for f in factors]),
        indicators=_by_id(RiskIndicator, [i | {"factor": f["id"]} for f in factors for i in f["indicators"]]),
        options=_by_id(Option, options["options"]),
        leverage_types=_named(options["leverage_types"]),
        regional_bodies=tuple(options["regional_bodies"]),
        windows=_by_id(Window, files["windows"]["windows"]),
        terms=_by_id(Term, files["glossary"]["terms"]),
        data_indicators=_by_id(DataIndicator, files["indicators"]["indicators"]),
        prefill_rules=_by_id(PrefillRule, files["prefill"]["rules"]),
        maturity_scale=framework["meta"]["maturity_scale"],
        respondent_types={k: tuple(v) for k, v in framework["respondent_types"].items() if k != "note"},
        core_treaties=tuple(framework["core_treaty_list"]),
        evidence_base=options["evidence_base"],
        sources=files["risk_factors"]["sources"],
        editions={name: str(content["meta"]["version"]) for name, content in files.items()},
    )


def _joined(folder: Path, name: str, *, part: str) -> dict[str, Any]:
    """Read every file of a folder as one; all say the same edition, so that an edition names one whole."""
    read = [_yaml(folder, f"{name}/{path.name}") for path in sorted((folder / name).glob("*.yaml"))]
    if not read:
        raise CatalogError(f"The catalog folder {name} is missing or empty. Install Forefend again.")
    if len({str(content["meta"]["version"]) for content in read}) > 1:
        raise CatalogError(f"The catalog files of {name} do not say the same version. Correct it.")
    return {"meta": read[0]["meta"], part: [entry for content in read for entry in content[part]]}


def _yaml(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    try:
        content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        raise CatalogError(f"The catalog file {path.name} is missing. Install Forefend again.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CatalogError(f"The catalog file {path.name} is not valid YAML: {str(error).splitlines()[0]}. Correct it.") from None
    if not isinstance(content, dict):
        raise CatalogError(f"The catalog file {path.name} is not valid: it is empty or not a mapping. Correct it.")
    return content


def _named(entries: dict[str, str]) -> dict[str, Named]:
    return {identifier: Named(id=identifier, title=title) for identifier, title in entries.items()}


def _by_id(kind: type[E], entries: list[dict[str, Any]]) -> dict[str, E]:
    found: dict[str, E] = {}
    for entry in entries:
        identifier = entry["id"]
        if identifier in found:
            raise CatalogError(f"Two entries have the id {identifier}. Give each its own.")
        try:
            found[identifier] = kind(**entry)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(step) for step in first["loc"])
            raise CatalogError(f"The catalog entry {identifier} is not valid: {where}: {first['msg']}. Correct it.") from None
    return found
