"""The catalog as a file, in any of the forms it is exported in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from forefend.brief.render.catalog_book import render_catalog
from forefend.catalog import Catalog, exports


def catalog_file(form: str, catalog: Catalog) -> bytes:
    """Return the catalog as json, csv, xlsx, oscal or ciso."""
    if form == "xlsx":
        return render_catalog(catalog)
    writers: dict[str, Callable[[], str]] = {
        "json": lambda: exports.as_json(catalog),
        "csv": lambda: exports.as_csv(catalog),
        "oscal": lambda: exports.as_oscal(catalog, modified=datetime.now(UTC)),
        "ciso": lambda: exports.as_ciso(catalog),
    }
    return writers[form]().encode()
