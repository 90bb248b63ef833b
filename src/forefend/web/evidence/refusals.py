"""What is refused about evidence."""

from __future__ import annotations

from forefend.errors import AssessmentError


class EvidenceError(AssessmentError):
    """A piece of evidence cannot be taken in, or changed, as it was asked."""
