"""The columns of each table of a round: the schema that its CSV and JSON follow, also where a table has no row."""

from __future__ import annotations

COLUMNS: dict[str, tuple[str, ...]] = {
    "institutions": (
        "institution", "title", "kind", "is_protected", "stage", "due_on", "handed_in_at", "handed_in_by", "closed_because",
    ),
    "asked": ("institution", "question"),
    "answers": (
        "id", "question", "institution", "kind", "value", "comment", "confidence", "checked_on", "marking", "suggested_level",
        "is_taken_over", "departs_because", "version", "saved_at", "saved_by", "counts", "evidence",
    ),
    "versions": ("answer", "version", "saved_at", "saved_by", "content"),
    "clashes": ("answer", "base_version", "origin", "written_at", "written_by", "settled_as", "content"),
    "requests": ("request", "answer", "is_open", "text", "at", "by"),
    "rulings": ("question", "score", "reason", "at", "by", "stands"),
    "conditions": ("condition", "holds", "reason", "source", "set_at", "set_by", "confirmed_by"),
    "results": (
        "question", "action", "state", "weight", "is_core", "score", "is_ruled", "cautious", "confidence", "agreement", "type_scores",
        "is_blocking", "is_disputed", "is_stale", "failed_conditions",
    ),
    "groups": (
        "kind", "id", "fit", "gap", "unpublished_because", "gap_low", "gap_high", "cautious_gap", "coverage", "confidence", "blocking",
        "disputed", "stale",
    ),
    "evidence": (
        "id", "title", "institution", "grade", "dated", "expires", "marking", "link", "note", "added_at", "added_by",
        "withdrawn_because", "files", "answers",
    ),
    "record": (
        "number", "at", "actor_name", "event", "subject", "marking", "before", "after", "reason", "digest", "is_withheld",
    ),
}  # fmt: skip
