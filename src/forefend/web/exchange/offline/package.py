"""The file an offline round travels in: a zip with a manifest, the digests of all that is in it, and no surprises.

The manifest names the digest of every part, and the seal names that of the manifest, so that nothing can be altered on the
way without being noticed. What is given back is also signed with a key that only the installation that gave the round can
work out.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forefend.errors import AssessmentError
from forefend.locale import N_

FORMAT, VERSION = "forefend-round", 1
ENDING = "forefend"
GIVEN, BACK = "given", "given back"
MANIFEST, SEAL, CONTENT, CATALOG, README = "manifest.json", "seal.json", "content.json", "catalog.json", "README.txt"
MOST_PARTS, LARGEST_TEXT, LARGEST_FILE = 500, 32 * 1024**2, 16 * 1024**2
MOST_BYTES = 256 * 1024**2  # unpacked
FILE_AT_MOST = 64 * 1024**2
NO_SUCH_FILE = N_("This is no offline round. Choose the file that ends in .forefend.")
ALTERED = N_("The file was altered or damaged on its way: %(part)s is not what was packed. Ask for it again; nothing was changed.")
NEWER = N_("The file was made by a newer version of Forefend. Install that version here first; nothing was changed.")
TOO_LARGE = N_("The file is too large when unpacked. Nothing was changed.")


@dataclass(frozen=True, kw_only=True)
class Package:
    """What a file holds. ``manifest`` says whose it is and of what kind; ``parts`` are its files by name."""

    manifest: Mapping[str, Any]
    parts: Mapping[str, bytes]
    proof: str
    sealed: bytes

    def json(self, name: str) -> Any:
        """Read a part as JSON."""
        try:
            return json.loads(self.parts[name])
        except (KeyError, ValueError):
            raise AssessmentError(ALTERED, part=name) from None

    def is_signed_with(self, key: str) -> bool:
        """Whether whoever packed it knew a key."""
        return hmac.compare_digest(self.proof.encode(), _proof(self.sealed, key).encode())


def pack(manifest: Mapping[str, Any], parts: Mapping[str, bytes], *, key: str = "") -> bytes:
    """Return the file; with a key it is signed."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}
    sealed = as_json({"format": FORMAT, "version": VERSION, **manifest, "parts": digests})
    seal = {"manifest_sha256": hashlib.sha256(sealed).hexdigest(), "proof": _proof(sealed, key) if key else ""}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {MANIFEST: sealed, SEAL: as_json(seal), **parts}.items():
            archive.writestr(name, content)
    return target.getvalue()


def unpack(content: bytes, *, kind: str) -> Package:
    """Read a file of a kind; raises AssessmentError, in one sentence, for one that is none, newer, too large or altered."""
    if len(content) > FILE_AT_MOST:
        raise AssessmentError(TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = _read_all(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
        raise AssessmentError(NO_SUCH_FILE) from None
    if MANIFEST not in found or SEAL not in found:
        raise AssessmentError(NO_SUCH_FILE)
    sealed = found.pop(MANIFEST)
    seal, manifest = _record(found.pop(SEAL)), _record(sealed)
    if manifest.get("format") != FORMAT:
        raise AssessmentError(NO_SUCH_FILE)
    if not isinstance(manifest.get("version"), int) or manifest["version"] > VERSION:
        raise AssessmentError(NEWER)
    _check(found, manifest, sealed, seal)
    if manifest.get("kind") != kind:
        raise AssessmentError(_OTHER_KIND[kind])
    return Package(manifest=manifest, parts=found, proof=str(seal.get("proof", "")), sealed=sealed)


_OTHER_KIND = {
    GIVEN: N_("This file was given back by a machine that took a round. Merge it where the round came from; it cannot be taken."),
    BACK: N_("This file was given to be filled in elsewhere. Take it on the other machine first; there is nothing to merge in it yet."),
}


def as_json(content: Any) -> bytes:
    """Write JSON in one way."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False).encode()


def _check(found: Mapping[str, bytes], manifest: Mapping[str, Any], sealed: bytes, seal: Mapping[str, Any]) -> None:
    if not hmac.compare_digest(hashlib.sha256(sealed).hexdigest().encode(), str(seal.get("manifest_sha256", "")).encode()):
        raise AssessmentError(ALTERED, part=MANIFEST)
    digests = manifest.get("parts")
    if not isinstance(digests, dict) or set(digests) != set(found):
        raise AssessmentError(ALTERED, part=MANIFEST)
    for name, content in found.items():
        if hashlib.sha256(content).hexdigest() != digests[name]:
            raise AssessmentError(ALTERED, part=name)


def _read_all(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Read every part, whatever sizes the file claims: reading stops at the bounds."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len(set(names)) != len(names) or sum(part.file_size for part in parts) > MOST_BYTES:
        raise AssessmentError(TOO_LARGE)
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for part in parts:
        most = min(left, LARGEST_FILE if part.filename.startswith("evidence/") else LARGEST_TEXT)
        with archive.open(part) as opened:
            found[part.filename] = opened.read(most + 1)
        if len(found[part.filename]) > most:
            raise AssessmentError(TOO_LARGE)
        left -= len(found[part.filename])
    return found


def _record(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise AssessmentError(NO_SUCH_FILE) from None
    if not isinstance(found, dict):
        raise AssessmentError(NO_SUCH_FILE)
    return found


def _proof(sealed: bytes, key: str) -> str:
    return hmac.new(key.encode(), sealed, hashlib.sha256).hexdigest()
