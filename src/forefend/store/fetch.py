"""Downloads a publisher's file: tried again when the line is bad, resumed where it broke, checked before it counts.

A download grows in ``<name>.part`` with ``<name>.json`` beside it, which remembers what the server said
the file is. Only a whole file is renamed to ``<name>``.
"""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal

import httpx
import stamina

from forefend.errors import SourceUnavailable
from forefend.store.sniff import check_content

Progress = Callable[[str, int, int | None], None]
SECRET_IN_QUERY = re.compile(r"([?&](?:key|api_?key|token|access_token|client_id|password|appname|email)=)[^&]*", re.IGNORECASE)
RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, kw_only=True)
class Connection:
    """How a publisher is asked. ``patience_seconds`` is the longest pause the publisher may ask for.

    ``wait_seconds`` is the pause before the first new attempt; it doubles each time.
    """

    timeout_seconds: float = 30
    attempts: int = 5
    wait_seconds: float = 1
    patience_seconds: float = 120
    agent: str = "forefend (https://pypi.org/project/forefend)"


@dataclass(frozen=True, kw_only=True)
class Request:
    """How an address is asked: plainly, unless a publisher's interface wants a form, a JSON body or headers.

    Only a plain GET is resumed where it broke; any other is asked again from its beginning.
    """

    method: Literal["GET", "POST"] = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    body: Any = None

    @property
    def is_plain(self) -> bool:
        """Whether a part already there may be continued."""
        return self.method == "GET" and not self.headers


PLAIN = Request()


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A whole file on disk, and the day the publisher says it last changed, where it says so."""

    path: Path
    modified: date | None


class _Interrupted(Exception):
    """An answer worth asking for again; ``pause_seconds`` is what the publisher asked for."""

    def __init__(self, sentence: str, *, pause_seconds: float | None = None) -> None:
        super().__init__(sentence)
        self.pause_seconds = pause_seconds


def download(
    address: str, *, name: str, folder: Path, connection: Connection, progress: Progress | None = None, request: Request = PLAIN
) -> Fetched:
    """Download one file into ``folder``; raises SourceUnavailable, and keeps what came for the next time."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    try:
        for attempt in stamina.retry_context(
            on=lambda error: _pause(error, connection=connection),
            attempts=connection.attempts,
            timeout=None,
            wait_initial=connection.wait_seconds,
            wait_jitter=connection.wait_seconds,
            wait_max=max(connection.wait_seconds, 30 if connection.wait_seconds else 0),
        ):
            with attempt:
                modified = _attempt(address, target=target, connection=connection, progress=progress, request=request)
    except _Interrupted as error:
        raise SourceUnavailable(f"{error} What came is kept; run the same command again later.") from None
    except httpx.InvalidURL:
        raise SourceUnavailable(f"{shown(address)} is not an address that can be asked.") from None
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise SourceUnavailable(
            f"{shown(address)} could not be downloaded: {reason}. Check the network, or import the file from disk."
        ) from None
    check_content(target)
    return Fetched(path=target, modified=modified)


def shown(address: str) -> str:
    """Return an address as it may be shown: without keys that stand in its query."""
    return SECRET_IN_QUERY.sub(r"\1…", address)


def _pause(error: Exception, *, connection: Connection) -> bool | float:
    """Whether, and after how many seconds, to ask again."""
    if isinstance(error, _Interrupted):
        if error.pause_seconds is None:
            return True
        return error.pause_seconds if error.pause_seconds <= connection.patience_seconds else False
    return isinstance(error, httpx.TransportError) and not isinstance(error, httpx.UnsupportedProtocol) and not _is_offline(error)


def _is_offline(error: BaseException) -> bool:
    """Whether the address's name leads nowhere, which asking again at once does not change."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, socket.gaierror):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _attempt(address: str, *, target: Path, connection: Connection, progress: Progress | None, request: Request) -> date | None:
    part, memory = target.with_name(target.name + ".part"), target.with_name(target.name + ".json")
    had, condition = _resumable(part, memory) if request.is_plain else (0, "")
    headers = {"Accept-Encoding": "identity", "User-Agent": connection.agent, **request.headers}
    if had:
        headers |= {"Range": f"bytes={had}-", "If-Range": condition}
    with (
        httpx.Client(follow_redirects=True, timeout=connection.timeout_seconds) as client,
        client.stream(request.method, address, headers=headers, data=request.form, json=request.body) as answer,
    ):
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            _forget(part, memory)
            raise _Interrupted(f"{shown(address)} has changed since the download began.")
        _check_status(answer, address=address)
        had = had if _continues(answer, had=had) else 0
        expected = _expected_size(answer, had=had)
        _remember(answer, memory)
        got = _receive(answer, part=part, had=had, expected=expected, name=target.name, progress=progress)
        modified = _day(answer.headers.get("last-modified"))
    if expected is not None and got != expected:
        raise _Interrupted(f"{shown(address)} sent {got} of {expected} bytes.")
    if got == 0:
        _forget(part, memory)
        raise SourceUnavailable(f"{shown(address)} sent an empty file. Try again later, or import the file from disk.")
    part.replace(target)
    memory.unlink(missing_ok=True)
    return modified


def _receive(answer: httpx.Response, *, part: Path, had: int, expected: int | None, name: str, progress: Progress | None) -> int:
    got = had
    with part.open("ab" if had else "wb") as stream:
        for chunk in answer.iter_bytes():  # as it comes: chunks of a set size would lose the last one when the line breaks
            stream.write(chunk)
            got += len(chunk)
            if progress is not None:
                progress(name, got, expected)
        stream.flush()
        os.fsync(stream.fileno())
    return got


def _check_status(answer: httpx.Response, *, address: str) -> None:
    if answer.is_success:
        return
    said = f"{answer.status_code} ({answer.reason_phrase or 'no reason given'})"
    if answer.status_code in RETRIED:
        pause = _seconds(answer.headers.get("retry-after"))
        asked = f" and asks to wait {pause:.0f} seconds" if pause else ""
        raise _Interrupted(f"{shown(address)} answered {said}{asked}.", pause_seconds=pause)
    raise SourceUnavailable(
        f"{shown(address)} answered {said}. The publisher may have moved the file: import it from disk, or report this."
    )


def _resumable(part: Path, memory: Path) -> tuple[int, str]:
    """How many bytes are there already, and the mark by which the server knows they are still good."""
    try:
        condition = json.loads(memory.read_text(encoding="utf-8"))["mark"]
        return (part.stat().st_size, str(condition)) if condition else (0, "")
    except (FileNotFoundError, json.JSONDecodeError, KeyError, TypeError):
        return 0, ""


def _remember(answer: httpx.Response, memory: Path) -> None:
    tag = answer.headers.get("etag", "")
    # A weak tag promises the same meaning, not the same bytes, so a range cannot rest on it.
    mark = tag if tag and not tag.startswith("W/") else answer.headers.get("last-modified", "")
    if _is_packed(answer):
        mark = ""
    memory.write_text(json.dumps({"mark": mark}), encoding="utf-8")


def _forget(part: Path, memory: Path) -> None:
    part.unlink(missing_ok=True)
    memory.unlink(missing_ok=True)


def _continues(answer: httpx.Response, *, had: int) -> bool:
    if answer.status_code != httpx.codes.PARTIAL_CONTENT:
        return False
    found = re.match(r"bytes (\d+)-", answer.headers.get("content-range", ""))
    return found is not None and int(found[1]) == had


def _expected_size(answer: httpx.Response, *, had: int) -> int | None:
    """Size of the whole file; unknown where the server does not say it or packs the body on the way."""
    length = answer.headers.get("content-length", "")
    return had + int(length) if length.isdigit() and not _is_packed(answer) else None


def _is_packed(answer: httpx.Response) -> bool:
    return bool(answer.headers.get("content-encoding", "identity") != "identity")


def _seconds(text: str | None) -> float | None:
    """Read Retry-After: a number of seconds, or a date."""
    if not text:
        return None
    if text.strip().isdigit():
        return float(text)
    with suppress(ValueError):
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    return None


def _day(text: str | None) -> date | None:
    with suppress(ValueError):
        return parsedate_to_datetime(text).date() if text else None
    return None
