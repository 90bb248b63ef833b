"""The whole of an installation in one file, and back: database, evidence, stored data, issued forecasts, own thresholds.

The file is a zip with a manifest that names every other entry with its size and hash. The database in it is always SQLite, so
that what was kept on one engine can be restored on another, and a later version brings its tables forward. What signs sessions
is not in it, nor are letters in the outbox. The file is as confidential as the installation.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from forefend import __version__
from forefend.errors import StoreError
from forefend.web.project.database import FILE, sqlite
from forefend.web.project.secret import FILE as SIGNING

FORMAT = 1
MANIFEST = "manifest.json"
KEPT = ("evidence", "ledger", "snapshots")  # folders
KEPT_FILES = ("store.json", "overrides.yaml", "numbers.sqlite", "forefend.toml")
PIECE = 1 << 20
PRIVATE, PRIVATE_FOLDER = 0o600, 0o700  # a backup, and what comes out of it, is for its owner alone
STORED = {".parquet", ".zip", ".gz", ".pdf", ".png", ".jpg"}  # already compressed


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a backup holds."""

    made_at: str
    version: str
    n_files: int
    n_bytes: int
    n_rows: int


def back_up(folder: Path, output: Path) -> Kept:
    """Write the installation in ``folder`` to one file; the database must be open. Nothing is there until it is whole."""
    from forefend.web.audit.chain import verify
    from forefend.web.project.moving import database_as, move

    with TemporaryDirectory(dir=output.parent, prefix=".backup-") as temporary:
        copy = Path(temporary) / FILE
        with database_as("backup", sqlite(str(copy))):
            moved = move(source="default", target="backup", verify=verify)
        unfinished = Path(temporary) / output.name
        files = [(FILE, copy), *_files(folder)]
        listed = []
        unfinished.touch(mode=PRIVATE)
        with zipfile.ZipFile(unfinished, "w", allowZip64=True) as archive:
            for name, path in files:
                listed.append(_add(archive, name, path))
            kept = {
                "format": FORMAT,
                "version": __version__,
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "tables": [{"table": row.table, "rows": row.n_rows, "digest": row.digest} for row in moved],
                "files": listed,
            }
            archive.writestr(MANIFEST, json.dumps(kept, indent=1), zipfile.ZIP_DEFLATED)
        unfinished.replace(output)
    return _told(kept)


def check(path: Path) -> Kept:
    """Prove that a backup is whole: every entry by its hash, and the record of changes in its database."""
    with _opened(path) as archive, TemporaryDirectory() as temporary:
        manifest = _manifest(archive, path)
        for entry in manifest["files"]:
            _extract(archive, entry, Path(temporary) if entry["name"] == FILE else None)
        _prove(Path(temporary) / FILE)
    return _told(manifest)


def restore(path: Path, folder: Path) -> tuple[Kept, Path | None]:
    """Put a backup into a data folder; what is there is moved beside it, never removed. Returns where it went."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _opened(path) as archive, TemporaryDirectory(dir=folder.parent, prefix=".restore-") as temporary:
        manifest = _manifest(archive, path)
        made = Path(temporary) / "data"
        made.mkdir(mode=PRIVATE_FOLDER)
        for entry in manifest["files"]:
            _extract(archive, entry, made)
        _prove(made / FILE)
        aside = _move_aside(folder)
        made.rename(folder)
    return _told(manifest), aside


def is_empty(folder: Path) -> bool:
    """Tell whether a data folder holds nothing but the key that setting up has made."""
    return not folder.exists() or all(path.name == SIGNING for path in folder.iterdir())


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for name in KEPT_FILES:
        if (folder / name).is_file():
            yield name, folder / name
    for name in KEPT:
        for path in sorted((folder / name).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(folder).as_posix(), path


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_STORED if path.suffix in STORED else zipfile.ZIP_DEFLATED
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while piece := source.read(PIECE):
            digest.update(piece)
            size += len(piece)
            target.write(piece)
    return {"name": name, "size": size, "sha256": digest.hexdigest()}


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError):
        raise StoreError(f"{path.name} is no backup, or was cut off. Take another copy of it.") from None


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if int(manifest["format"]) > FORMAT:
            raise StoreError(f"{path.name} was made by a newer version of Forefend ({manifest['version']}). Install that version.")
        names = {entry["name"] for entry in manifest["files"]}
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile):
        raise StoreError(f"{path.name} is no backup of Forefend. Choose a file that forefend backup wrote.") from None
    if FILE not in names or names != set(archive.namelist()) - {MANIFEST}:
        raise StoreError(f"{path.name} does not hold what its manifest names. Take another copy of it.")
    return manifest


def _extract(archive: zipfile.ZipFile, entry: dict[str, Any], folder: Path | None) -> None:
    """Read one entry whole, compare it with the manifest, and write it below ``folder`` where one is given."""
    name = PurePosixPath(entry["name"])
    if name.is_absolute() or ".." in name.parts or "\\" in entry["name"]:
        raise StoreError(f"The backup names a file outside its folder ({entry['name']}). It was altered; nothing was restored.")
    target = None if folder is None else folder / Path(*name.parts)
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(entry["name"]) as source:
            if target is not None:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.touch(mode=PRIVATE)
            with target.open("wb") if target is not None else _nowhere() as written:
                while (piece := source.read(PIECE)) and size <= entry["size"]:
                    digest.update(piece)
                    size += len(piece)
                    written.write(piece)
    except (zipfile.BadZipFile, EOFError):
        size = -1
    if size != entry["size"] or digest.hexdigest() != entry["sha256"]:
        raise StoreError(f"{entry['name']} in the backup is damaged. Take another copy of the file; nothing was restored.")


class _nowhere:  # noqa: N801 - stands where a file would
    def __enter__(self) -> BinaryIO:
        return self  # type: ignore[return-value]

    def __exit__(self, *_: object) -> None:
        return

    def write(self, piece: bytes) -> int:
        return len(piece)


def _prove(database: Path) -> None:
    """Bring the restored tables to this version and prove the record of changes in them."""
    from django.core.management import call_command

    from forefend.web.audit.chain import verify
    from forefend.web.project.moving import database_as, looking_at
    from forefend.web.project.opening import refuse_newer

    with database_as("restored", sqlite(str(database))), looking_at("restored"):
        refuse_newer("restored")
        call_command("migrate", database="restored", interactive=False, verbosity=0)
        verdict = verify()
    if not verdict.is_whole:
        raise StoreError(f"The record of changes in the backup is not whole: {verdict.sentence % verdict.values}")


def _move_aside(folder: Path) -> Path | None:
    if is_empty(folder):
        if folder.exists():
            shutil.rmtree(folder)
        return None
    aside = folder.with_name(f"{folder.name}.before-{datetime.now(UTC).strftime('%Y%m%dT%H%M%S')}")
    shutil.move(folder, aside)
    return aside


def _told(manifest: dict[str, Any]) -> Kept:
    return Kept(
        made_at=str(manifest["made_at"]),
        version=str(manifest["version"]),
        n_files=len(manifest["files"]),
        n_bytes=sum(entry["size"] for entry in manifest["files"]),
        n_rows=sum(row["rows"] for row in manifest["tables"]),
    )
