"""Recording a change: called by every action, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from forefend.web.audit import chain

if TYPE_CHECKING:
    from forefend.web.accounts.models import Person


def record(
    event: str,
    *,
    subject: str,
    by: Person | str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    marking: str = "AMBER",
) -> None:
    """Add a row to the audit log. ``by`` is a person, or what acted without one: the command line, the system."""
    actor, name = (by, by) if isinstance(by, str) else (by.key, by.name)
    chain.add(event, subject=subject, actor=actor, actor_name=name, before=before, after=after, reason=reason, marking=marking)
