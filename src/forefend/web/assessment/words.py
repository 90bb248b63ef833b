"""Words of the rules' codes, as they are shown; marked here, translated where they are shown."""

from __future__ import annotations

from forefend.locale import N_
from forefend.web.assessment.drawing import TYPES

__all__ = ["COMPONENTS", "KINDS", "SEVERITIES", "SURE", "TYPES", "UNPUBLISHED", "WAITS_FOR"]

UNPUBLISHED = {
    "below_coverage": N_("under 60 % coverage"),
    "core_open": N_("a core question is open"),
    "limited_fit": N_("limited fit"),
    "not_applicable": N_("not applicable"),
}
SEVERITIES = {
    "stops": N_("Stops the adoption"),
    "warns": N_("Should be settled before adoption"),
    "asks": N_("Worth a second look"),
}
COMPONENTS = {
    "gap": N_("own gap"),
    "relevance": N_("risk relevance"),
    "feasibility": N_("feasibility"),
    "leverage": N_("leverage"),
    "evidence": N_("evidence"),
}
KINDS = {
    "yes": N_("yes"),
    "partly": N_("partly"),
    "no": N_("no"),
    "unknown": N_("unknown"),
    "not_applicable": N_("not applicable"),
}
SURE = {"low": N_("low"), "moderate": N_("moderate"), "high": N_("high")}
WAITS_FOR = {"institution": N_("the institution"), "reviewer": N_("a reviewer"), "nobody": N_("nobody")}
