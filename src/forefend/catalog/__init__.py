"""The Framework for Action as data: actions, questions, risk factors, options, windows, terms, and the rules of pre-fill."""

from forefend.catalog.check import check, counts
from forefend.catalog.links import find, find_all, links
from forefend.catalog.load import load_catalog
from forefend.catalog.model import Catalog

__all__ = ["Catalog", "check", "counts", "find", "find_all", "links", "load_catalog"]
