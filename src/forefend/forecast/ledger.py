"""Every forecast that was issued, kept as it was: one folder each, chained by digests, never edited.

``ledger/<issue id>/`` in the store folder holds ``record.json``, ``forecasts.parquet`` and, where they were made with it, files
that explain the forecasts. An issue's id is the digest of its record, which names the digests of its files and the id of the
issue before: nothing can be changed, added or taken out of the middle unseen. That the newest issues were taken away can be
seen only by whoever noted the newest id elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from forefend.errors import ForecastError, StoreError
from forefend.forecast.target import Period, find_target
from forefend.store import Store
from forefend.store.issued import FORECASTS, RECORD, issued_frame
from forefend.store.issued import LEDGER as FOLDER

ASIDE = "incoming-ledger"
FIRST = ""  # what the first issue names as the one before
KEYS: dict[Period, tuple[str, ...]] = {"month": ("iso3", "origin", "month", "horizon"), "year": ("iso3", "base_year", "probability")}
ID_LENGTH = 16


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One issued forecast. ``origin`` is the last month known (2024-12) or the base year (2024).

    ``as_of`` is the day up to which data were used. ``is_hindsight``: outcomes of its first month or year were already
    stored when it was issued, so it is no forecast of the future. ``previous`` is the id of the issue before. ``beside`` are the
    names and digests of the files that came with it.
    """

    id: str
    number: int
    target: str
    period: Period
    model: str
    origin: str
    as_of: str
    issued_at: str
    is_hindsight: bool
    snapshots: tuple[str, ...]
    code_version: str
    seed: int
    rows: int
    forecasts_sha256: str
    previous: str
    beside: tuple[tuple[str, str], ...] = ()

    def digest_of(self, file: str) -> str:
        """Return the digest of one of its files; empty where it has none of that name."""
        return self.forecasts_sha256 if file == FORECASTS else dict(self.beside).get(file, "")

    def to_json(self) -> str:
        """Return the record as stable JSON."""
        return json.dumps(_plain(asdict(self)), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Issue:
        """Read a record; raises KeyError, TypeError or ValueError when it is not one."""
        data = json.loads(text)
        data["snapshots"] = tuple(data["snapshots"])
        data["beside"] = tuple(sorted((str(name), str(sha256)) for name, sha256 in data.get("beside", {}).items()))
        return cls(**data)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check of the ledger found: how many issues, the id of the newest, and every fault in a sentence."""

    issues: int
    head: str
    faults: tuple[str, ...]


def issue(  # one call names all that a record holds
    store: Store,
    forecasts: pl.DataFrame,
    *,
    target: str,
    period: Period,
    model: str,
    as_of: date,
    issued_at: datetime,
    snapshots: Sequence[str],
    seed: int,
    is_hindsight: bool,
    beside: Mapping[str, pl.DataFrame] | None = None,
) -> Issue:
    """Append a forecast, with files that explain it (``beside``, by name).

    The same forecast from the same data and code is not issued twice: the first issue is returned. Raises ForecastError for a
    frame without the columns, with gaps or doubled rows, StoreError where nothing can be written or the ledger is damaged, and
    StoreBusy.
    """
    find_target(target, period=period)
    _check(forecasts, period=period)
    content = _parquet(forecasts)
    files = {name: _parquet(frame) for name, frame in sorted((beside or {}).items())}
    with store.writing():
        verdict = verify(store)
        if verdict.faults:
            raise StoreError(f"The ledger is damaged, so nothing is added to it: {verdict.faults[0]}")
        known = issues(store)
        given: dict[str, Any] = {
            "target": target,
            "period": period,
            "model": model,
            "origin": _origin(forecasts, period=period),
            "as_of": as_of.isoformat(),
            "snapshots": tuple(snapshots),
            "code_version": code_version(),
            "seed": seed,
            "forecasts_sha256": hashlib.sha256(content).hexdigest(),
        }
        for earlier in known:
            if all(getattr(earlier, name) == value for name, value in given.items() if name != "as_of"):
                return earlier
        made = _named(
            given
            | {
                "number": len(known) + 1,
                "issued_at": issued_at.isoformat(timespec="seconds"),
                "is_hindsight": is_hindsight,
                "rows": forecasts.height,
                "previous": known[-1].id if known else FIRST,
                "beside": tuple((name, hashlib.sha256(file).hexdigest()) for name, file in files.items()),
            }
        )
        _write(store.root, made, {FORECASTS: content} | files)
    return made


def issues(store: Store) -> tuple[Issue, ...]:
    """Return every issue in the order issued; raises StoreError naming a record that cannot be read."""
    folder = store.root / FOLDER
    found = [_read(path) for path in sorted(folder.iterdir())] if folder.is_dir() else []
    return tuple(sorted(found, key=lambda entry: (entry.number, entry.id)))


def forecasts_of(store: Store, entry: Issue) -> pl.DataFrame:
    """Return what was issued; raises StoreError where it is not what the record says."""
    return issued_frame(store.root / FOLDER / entry.id / FORECASTS, entry.forecasts_sha256)


def beside(store: Store, entry: Issue, file: str) -> pl.DataFrame | None:
    """Return a file that was issued with a forecast, None where there is none of that name; raises StoreError where it was changed."""
    sha256 = entry.digest_of(file)
    return issued_frame(store.root / FOLDER / entry.id / file, sha256) if sha256 else None


def verify(store: Store, *, head: str = "") -> Verdict:
    """Check that every record and forecast is as issued and that none is missing; ``head`` is a newest id noted earlier."""
    faults: list[str] = []
    found: list[Issue] = []
    folder = store.root / FOLDER
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        try:
            entry = _read(path)
            found.append(entry)
            faults += _changed(path, entry)
        except StoreError as fault:
            faults.append(str(fault))
    found.sort(key=lambda entry: (entry.number, entry.id))
    before = FIRST
    for place, entry in enumerate(found, start=1):
        if entry.previous != before or entry.number != place:
            faults.append(
                f"Issue {entry.id} is number {entry.number} and follows {entry.previous or 'none'}: an issue before it is missing."
            )
        before = entry.id
    if head and head not in {entry.id for entry in found}:
        faults.append(f"Issue {head} is missing.")
    return Verdict(issues=len(found), head=before, faults=tuple(faults))


@cache
def code_version() -> str:
    """Return the version and a digest of the code that forecasts."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{version('forefend')}+{digest.hexdigest()[:10]}"


def _changed(path: Path, entry: Issue) -> list[str]:
    """Return a sentence for each file of an issue that is gone, changed or was not issued with it."""
    wanted = {FORECASTS: entry.forecasts_sha256, **dict(entry.beside)}
    faults = []
    for name, sha256 in wanted.items():
        try:
            is_same = hashlib.sha256((path / name).read_bytes()).hexdigest() == sha256
        except OSError as error:
            faults.append(f"{path / name} cannot be read: {error.strerror}. Restore it from a backup.")
            continue
        if not is_same:
            faults.append(f"{path / name} was changed after it was issued. Restore it from a backup.")
    others = sorted(file.name for file in path.iterdir() if file.name not in {*wanted, RECORD})
    return [*faults, *(f"{path / name} was not issued with the forecast. Take it away." for name in others)]


def _named(given: dict[str, Any]) -> Issue:
    return Issue(id=_digest(given), **given)


def _digest(given: dict[str, Any]) -> str:
    plain = _plain({name: value for name, value in given.items() if name != "id"})
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:ID_LENGTH]


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record in JSON types; one without files beside reads as those written before there were any."""
    found = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items() if name != "beside"}
    return found | ({"beside": dict(given["beside"])} if given.get("beside") else {})


def _read(path: Path) -> Issue:
    try:
        entry = Issue.from_json((path / RECORD).read_text(encoding="utf-8"))
    except (OSError, KeyError, TypeError, ValueError):
        raise StoreError(f"{path / RECORD} is not the record of an issued forecast. Restore it from a backup.") from None
    if entry.id != path.name or _digest(asdict(entry)) != entry.id:
        raise StoreError(f"{path / RECORD} was changed after it was issued. Restore it from a backup.")
    return entry


def _write(root: Path, made: Issue, files: Mapping[str, bytes]) -> None:
    """Write aside, then rename, so that an issue is there whole or not at all; the caller holds the store's lock."""
    incoming, target = root / ASIDE, root / FOLDER / made.id
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(parents=True)
    try:
        aside = Path(tempfile.mkdtemp(dir=incoming))
        for name, content in files.items():
            (aside / name).write_bytes(content)
        (aside / RECORD).write_text(made.to_json(), encoding="utf-8")
        target.parent.mkdir(exist_ok=True)
        aside.chmod(0o755)
        aside.rename(target)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def _parquet(forecasts: pl.DataFrame) -> bytes:
    import io

    buffer = io.BytesIO()
    forecasts.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def _origin(forecasts: pl.DataFrame, *, period: Period) -> str:
    column = "origin" if period == "month" else "base_year"
    found = forecasts[column].unique()
    if found.len() != 1:
        raise ForecastError(f"An issue has one {column}, this frame has {found.len()}. Issue each by itself.")
    return f"{found[0]:%Y-%m}" if period == "month" else str(found[0])


def _check(forecasts: pl.DataFrame, *, period: Period) -> None:
    missing = [name for name in KEYS[period] if name not in forecasts.columns]
    if missing:
        raise ForecastError(f"A forecast to be issued needs the column {missing[0]}.")
    if forecasts.is_empty():
        raise ForecastError("There is no row to issue.")
    key = [name for name in KEYS[period] if name != "probability"]
    if forecasts.select(pl.struct(key).is_duplicated().any()).item():
        raise ForecastError(f"A row is given twice. Give one for each of {', '.join(key)}.")
    quantiles = [name for name in forecasts.columns if name.startswith("q0")]
    numbers = forecasts.select(quantiles) if period == "month" else forecasts.select("probability")
    if period == "month" and not quantiles:
        raise ForecastError("A monthly forecast to be issued needs quantiles, as q0.05, q0.5, q0.95.")
    if period == "month" and (
        numbers.null_count().sum_horizontal().item() or not numbers.select(pl.all_horizontal((pl.all() >= 0).all())).item()
    ):
        raise ForecastError("A quantile is missing or below 0. Every state and month is forecast, or none is issued.")
    if period == "year" and not numbers.select(pl.col("probability").drop_nulls().is_between(0, 1).all()).item():
        raise ForecastError("A probability lies outside 0 to 1.")
