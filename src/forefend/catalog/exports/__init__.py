"""The catalog in forms that other tools read. Each module is one form; Excel is written by the renderers of briefs."""

from forefend.catalog.exports.ciso import as_ciso
from forefend.catalog.exports.oscal import as_oscal
from forefend.catalog.exports.plain import as_csv, as_json

__all__ = ["as_ciso", "as_csv", "as_json", "as_oscal"]
