"""Standing checks of a round: small rules, each with a sentence, that point at what a careful reader would ask about."""

from __future__ import annotations

from forefend.assess.checks import agreement, answers, data, evidence, process, text  # noqa: F401 - each registers its checks
from forefend.assess.checks.registry import CHECKS, SEVERITIES, Check, Finding, Severity, standing

__all__ = ["CHECKS", "SEVERITIES", "Check", "Finding", "Severity", "standing"]
