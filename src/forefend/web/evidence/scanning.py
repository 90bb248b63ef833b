"""The hook for a virus scanner: a command of the installation that gets the path of each file and ends with 0 when it is clean."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from django.conf import settings
from django.db import transaction

from forefend.locale import N_
from forefend.web.accounts.models import Person
from forefend.web.audit.actions import record
from forefend.web.evidence.files import Coming
from forefend.web.evidence.refusals import EvidenceError

SECONDS_AT_MOST = 300
NOT_SCANNED, CLEAN = "none", "clean"
INFECTED = N_("The virus scanner refused %(name)s. It was not kept.")
TOO_SLOW = N_("The virus scanner did not finish with %(name)s in %(seconds)s seconds. The file was not kept; tell the administrator.")
NO_SCANNER = N_("The virus scanner of this installation cannot be run, so no file is taken in. Tell the administrator.")


def scan(coming: Coming, *, filename: str, by: Person) -> str:
    """Return ``clean``, or ``none`` where there is no scanner. A file that is refused is removed, and the audit log says so."""
    command: str = settings.FOREFEND.scanner
    if not command.strip():
        return NOT_SCANNED
    refusal = _refusal(command, coming.path, filename)
    if refusal is None:
        return CLEAN
    coming.drop()
    with transaction.atomic():
        record(
            "evidence.refused",
            subject=f"file:{coming.sha256}",
            by=by,
            after={"filename": filename, "size": coming.size, "sha256": coming.sha256},
            reason=str(refusal),
        )
    raise refusal


def _refusal(command: str, path: Path, filename: str) -> EvidenceError | None:
    try:
        done = subprocess.run(  # noqa: S603 - the command is the installation's own setting
            [*shlex.split(command), str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS_AT_MOST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return EvidenceError(TOO_SLOW, name=filename, seconds=SECONDS_AT_MOST)
    except (OSError, ValueError):  # no such command, or quotation marks that do not close
        return EvidenceError(NO_SCANNER)
    return None if done.returncode == 0 else EvidenceError(INFECTED, name=filename)
