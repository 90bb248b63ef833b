"""Every named address with arguments that lead to a page, and with the state whose view is taken where the page has one."""

from __future__ import annotations

PAGES: dict[str, list[str]] = {
    "home": ["", "?for=GHA", "?for=FRA"],
    "states": ["state/"],
    "outlook": ["outlook/", "outlook/?for=GHA", "outlook/?sort=deaths", "outlook/?sort=country&order=down", "outlook/?sort=change"],
    "record": ["outlook/record/", "outlook/record/?for=GHA"],
    "signals": ["outlook/signals/", "outlook/signals/?for=GHA"],
    "country": ["country/SDN/", "country/SDN/?for=GHA", "country/MMR/", "country/GHA/?for=GHA", "country/FRA/", "country/TUV/"],
    "assessment": ["assessment/", "assessment/?for=GHA", "assessment/?for=TUV"],
    "assessment-action": ["assessment/N5/", "assessment/N7/?for=GHA", "assessment/M3/?for=FRA"],
    "targets": ["options/", "options/?for=GHA"],
    "toward": ["options/SDN/", "options/SDN/?for=GHA", "options/GHA/?for=GHA", "options/TUV/?for=FRA"],
    "library": ["library/"],
    "framework": ["library/framework/"],
    "action": ["library/framework/N5/", "library/framework/M3/"],
    "factors": ["library/risk-factors/"],
    "factor": ["library/risk-factors/RF8/", "library/risk-factors/RF11/"],
    "options": ["library/options/"],
    "option": ["library/options/multi.universal_jurisdiction/", "library/options/national.focal_point/"],
    "windows": ["library/windows/"],
    "glossary": ["library/glossary/"],
    "sources": ["library/sources/"],
    "coverage": ["library/coverage/", "library/coverage/?for=GHA"],
    "coverage-of": ["library/coverage/N5/", "library/coverage/RF11/?for=SDN", "library/coverage/M3/?for=FRA"],
    "methods": ["library/methods/"],
    "card": ["library/methods/pool-yearly/", "library/methods/hurdle_trees/"],
    "search": ["search/", "search/?q=sudan", "search/?q=N5.5", "search/?q=zzzz"],
}
# Addresses that answer with something other than a page, or only after another page; each has its own test.
NOT_PAGES = {"state", "brief", "catalog", "number", "number-json", "outlook-csv"}
LANGUAGES = ("en", "ar")
EVERY = [(lang, path) for lang in LANGUAGES for paths in PAGES.values() for path in paths]
ONE_OF_EACH = [
    (lang, paths[-1] if name in {"home", "assessment"} else paths[min(1, len(paths) - 1)])
    for lang in LANGUAGES
    for name, paths in PAGES.items()
]
