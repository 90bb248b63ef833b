"""Recording a change: called by every action, in the transaction of the change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from forefend.errors import AuditError
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
    moves: chain.Moves | None = None,
) -> None:
    """Add a row to the audit log. ``by`` is a person, or what acted without one: the command line, the system.

    ``moves`` are the keys of the rounds whose results may differ after it; where it is not given, all may.
    Where they depend on more than was locked, they are given as a function.
    """
    actor, name = (by, by) if isinstance(by, str) else (by.key, by.name)
    chain.add(
        event,
        subject=subject,
        actor=actor,
        actor_name=name,
        before=before,
        after=after,
        reason=reason,
        marking=marking,
        moves=moves,
    )


def remove_before(*, upto: int, file: bytes, by: str) -> int:
    """Remove the rows up to a number from the front, once ``file`` holds them line by line; returns how many went.

    Raises AuditError when the file is not the rows as they stand: only what can be read elsewhere may go.
    """
    lines = file.decode().splitlines()
    kept = 0
    for line, row in zip(lines, chain.export_rows(upto=upto), strict=False):
        if json.loads(line) != row:
            break
        kept += 1
    if kept != len(lines) or kept != chain.count_upto(upto):
        raise AuditError("The file does not hold the rows that would be removed. Nothing was removed; export them again.")
    return chain.remove_front(upto=upto, file_sha256=hashlib.sha256(file).hexdigest(), actor=by, actor_name=by)
