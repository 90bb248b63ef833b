"""Rules, one file each, found by folder. A file defines ``RULE``; rules do not import each other."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from forefend.signals.model import Rule


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by id, in order of id."""
    found = [import_module(f"{__name__}.{module.name}").RULE for module in iter_modules(__path__)]
    return {rule.id: rule for rule in sorted(found, key=lambda rule: str(rule.id))}
