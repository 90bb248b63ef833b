"""Catalogs as they were when rounds began: kept whole in the database, so that a round can be computed for ever."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

from django.utils import timezone

from forefend.catalog import Catalog
from forefend.catalog.kept import keep, read_kept
from forefend.web.assessment.models import Edition, Round


def keep_edition(catalog: Catalog) -> Edition:
    """Return the edition that holds this catalog, made when it is not there yet."""
    content = keep(catalog)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    found = Edition.objects.filter(digest=digest).first()
    if found is not None:
        return found
    return Edition.objects.create(key=catalog.editions.get("framework", ""), digest=digest, content=content, kept_at=timezone.now())


def catalog_of(asked: Round) -> Catalog:
    """Return the catalog that a round pins."""
    return _catalog(asked.edition_id)


@lru_cache(maxsize=4)  # whole catalogs; rounds of one year share one
def _catalog(edition_id: int) -> Catalog:
    return read_kept(Edition.objects.get(pk=edition_id).content)
