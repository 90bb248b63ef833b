"""Thresholds that an installation replaces, each with a reason, a name and a day: ``overrides.yaml`` in the data folder.

The catalog's thresholds are proposals. A state may set its own; what it changed, why, who and when stay in the
file, go with every suggestion they touch, and are never silent::

    - rule: prefill.N1.3.power_by_group
      thresholds: [[1.5, 1], [2.5, 2], [3.5, 3]]
      reason: The national mechanism holds level 3 to the standard of the new equality act.
      by: Office of the focal point
      day: 2026-11-25
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from forefend.catalog.load import load_catalog
from forefend.catalog.model import Catalog, PrefillRule
from forefend.errors import CatalogError

NAME = "overrides.yaml"
HIGHEST_FROM_AN_INDEX = 3


class Override(BaseModel):
    """One rule's own thresholds here: pairs of value and level."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    thresholds: tuple[tuple[float, float], ...] = Field(min_length=1)
    reason: str = Field(min_length=10)
    by: str = Field(min_length=2)
    day: date

    @property
    def sentence(self) -> str:
        """What is shown with every suggestion of the rule."""
        return f"{self.by}, {self.day.isoformat()}: {self.reason}"


def installed_catalog(data_dir: Path) -> Catalog:
    """Return the catalog with the thresholds this installation has set; raises CatalogError naming what cannot be followed."""
    path = data_dir / NAME
    return with_overrides(load_catalog(), read_overrides(path), file=path) if path.exists() else load_catalog()


def read_overrides(path: Path) -> tuple[Override, ...]:
    """Read the file; raises CatalogError naming the entry that is wrong."""
    try:
        listed: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return TypeAdapter(tuple[Override, ...]).validate_python(listed or ())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogError(f"{path} cannot be read: {' '.join(str(error).split())}. Correct it, or move it away.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "list"
        raise CatalogError(f"{path}, entry {where}: {first['msg']}. Give rule, thresholds, reason, by and day.") from None


def with_overrides(catalog: Catalog, overrides: tuple[Override, ...], *, file: Path) -> Catalog:
    """Return the catalog with some rules' thresholds replaced; the rules say so."""
    rules = dict(catalog.prefill_rules)
    for override in overrides:
        rules[override.rule] = _replaced(rules.get(override.rule), override, file=file)
    return catalog.model_copy(update={"prefill_rules": rules})


def _replaced(rule: PrefillRule | None, override: Override, *, file: Path) -> PrefillRule:
    if rule is None:
        raise CatalogError(f"{file}: there is no rule {override.rule}. See: forefend catalog export --format json")
    if rule.override:
        raise CatalogError(f"{file} changes {override.rule} twice. Keep the one that holds.")
    if rule.method != "step":
        raise CatalogError(f"{file}: {override.rule} has no thresholds, as it reads a statement. Take the entry out.")
    if max(level for _, level in override.thresholds) > HIGHEST_FROM_AN_INDEX:
        raise CatalogError(f"{file}: {override.rule} would suggest level 4 from an index, which is for people to say. Stop at 3.")
    return rule.model_copy(update={"thresholds": override.thresholds, "silent_from": None, "override": override.sentence})
