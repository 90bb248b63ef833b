"""Reads the catalog's YAML once and hands out one frozen object."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from forefend.catalog.model import (
    Action,
    Catalog,
    DataIndicator,
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

DATA = Path(__file__).parent / "data"
SPHERES = {
    "national": "National",
    "bilateral": "Bilateral cooperation and influencing",
    "regional": "Regional",
    "multilateral": "Multilateral",
}
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load_catalog(folder: Path = DATA) -> Catalog:
    """Return the catalog; raises CatalogError naming the file and entry that cannot be read."""
    framework, risks, options, windows, glossary, indicators, rules = (
        _yaml(folder, name) for name in ("framework", "risk_factors", "options", "windows", "glossary", "indicators", "prefill")
    )
    weights = framework["meta"]["criticality_weights"]
    try:
        return Catalog(
            spheres=_named(SPHERES),
            actions={a["id"]: Action(**(a | {"questions": [q["id"] for q in a["questions"]]})) for a in framework["actions"]},
            questions={
                q["id"]: Question(**q, action=a["id"], weight=weights[q["criticality"]])
                for a in framework["actions"]
                for q in a["questions"]
            },
            bodies=_named(framework["respondent_bodies"]),
            conditions=_named(framework["meta"]["applicability"]["conditions"]),
            risk_factors={f["id"]: RiskFactor(**(f | {"indicators": [i["id"] for i in f["indicators"]]})) for f in risks["risk_factors"]},
            indicators={i["id"]: RiskIndicator(**i, factor=f["id"]) for f in risks["risk_factors"] for i in f["indicators"]},
            options=_by_id(Option, options["options"]),
            leverage_types=_named(options["leverage_types"]),
            windows=_by_id(Window, windows["windows"]),
            terms=_by_id(Term, glossary["terms"]),
            data_indicators=_by_id(DataIndicator, indicators["indicators"]),
            prefill_rules=_by_id(PrefillRule, rules["rules"]),
            maturity_scale=framework["meta"]["maturity_scale"],
            respondent_types={k: tuple(v) for k, v in framework["respondent_types"].items() if k != "note"},
            core_treaties=tuple(framework["core_treaty_list"]),
            evidence_base=options["evidence_base"],
            sources=risks["sources"],
            editions={
                name: str(part["meta"]["version"]) for name, part in zip(FILES, (framework, risks, options, windows, glossary), strict=True)
            },
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise CatalogError(
            f"The catalog in {folder.name} is not valid: {error.title} {where}: {first['msg']}. Correct that entry."
        ) from None


FILES = ("framework", "risk_factors", "options", "windows", "glossary")


def _yaml(folder: Path, name: str) -> dict[str, Any]:
    path = folder / f"{name}.yaml"
    try:
        content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        raise CatalogError(f"The catalog file {path.name} is missing. Install Forefend again.") from None
    except yaml.YAMLError as error:
        raise CatalogError(f"The catalog file {path.name} is not valid YAML: {str(error).splitlines()[0]}. Correct it.") from None
    return content


def _named(entries: dict[str, str]) -> dict[str, Named]:
    return {identifier: Named(id=identifier, title=title) for identifier, title in entries.items()}


def _by_id(kind: Any, entries: list[dict[str, Any]]) -> dict[str, Any]:
    found = {entry["id"]: kind(**entry) for entry in entries}
    if len(found) != len(entries):
        raise CatalogError(f"Two entries of kind {kind.__name__} have the same id. Give each its own.")
    return found
