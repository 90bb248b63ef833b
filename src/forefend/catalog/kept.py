"""A catalog kept as JSON beside what was answered on it, and read back by this version or a later one."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from forefend.catalog.model import Catalog
from forefend.errors import CatalogError


def keep(catalog: Catalog) -> dict[str, Any]:
    """Return the whole catalog in JSON types."""
    return catalog.model_dump(mode="json", by_alias=False, exclude_computed_fields=True)


def read_kept(content: Mapping[str, Any]) -> Catalog:
    """Read a kept catalog; what an older or newer version knew of an entry and this one does not is left aside.

    Raises CatalogError when something is missing that this version cannot do without.
    """
    try:
        return Catalog.model_validate(content)
    except ValidationError as error:
        unknown = [problem["loc"] for problem in error.errors() if problem["type"] == "extra_forbidden"]
    if not unknown:
        raise CatalogError("A catalog that a round was answered on cannot be read by this version. Install the version that wrote it.")
    known = copy.deepcopy(dict(content))
    for place in unknown:
        _drop(known, place)
    return read_kept(known)


def _drop(content: Any, place: tuple[int | str, ...]) -> None:
    for step in place[:-1]:
        content = content[step]
    content.pop(place[-1], None)
