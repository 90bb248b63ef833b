"""A small source from an outside package, and a publisher's server on the loopback address."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from forefend.sources.contract import Metadata
from forefend.sources.registry import Source
from forefend.store import Store

METADATA = {
    "id": "tiny",
    "title": "A small source",
    "publisher": "Publisher",
    "address": "https://example.org/tiny.csv",
    "format": "csv",
    "licence": "CC BY 4.0",
    "may_ship": True,
    "may_ship_reason": "The publisher says so.",
    "grade": "B",
    "grade_reason": "Usually right.",
    "cadence": "yearly",
    "citation": "Publisher (2026)",
    "format_basis": "seen",
    "expect": {"rows_at_least": 2, "states_at_least": 2, "rejected_share_at_most": 0.25, "shrink_share_at_most": 0.1},
    "indicators": {"tiny": "Something small"},
}
CODE = '''
"""Reads iso3,year,value; waits in the middle when a file named wait says so."""
import sys
import polars as pl
from forefend.sources.contract import Parsed, check_columns, reject

def read(files):
    ((name, path),) = files.items()
    if name.startswith("wait"):
        print("reading", flush=True)
        sys.stdin.readline()
    frame = pl.read_csv(path, infer_schema=False).with_row_index("row", offset=1)
    check_columns([c for c in frame.columns if c != "row"], read=["iso3", "year", "value"], file=name)
    value = pl.col("value").cast(pl.Float64, strict=False)
    rows = frame.with_columns(pl.col("row").cast(pl.Int64), value=value, year=pl.col("year").cast(pl.Int32))
    bad = frame.filter(value.is_null()).with_columns(pl.col("row").cast(pl.Int64))
    good = rows.filter(pl.col("value").is_not_null()).select(
        "iso3", "value", "row", indicator=pl.lit("tiny"), start=pl.date("year", 1, 1), end=pl.date("year", 12, 31))
    return Parsed(tables={"observations": good}, rejected=reject(bad, reason="no number"))
'''


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder with an installed package that brings the source ``tiny``, as a ministry would keep its own."""
    folder = tmp_path / "site"
    package = folder / "tiny_connector"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "source.py").write_text(CODE)
    (package / "source.yaml").write_text(yaml.safe_dump(METADATA))
    info = folder / "tiny_connector-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny_connector\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[forefend.sources]\ntiny = tiny_connector\n")
    return folder


@pytest.fixture
def tiny(outside: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    """The small source, in this process."""
    monkeypatch.syspath_prepend(outside)
    yield Source(metadata=Metadata.model_validate(METADATA), folder=outside / "tiny_connector", module_name="tiny_connector.source")
    for name in [name for name in sys.modules if name.startswith("tiny_connector")]:
        del sys.modules[name]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store")


@pytest.fixture
def release(tmp_path: Path) -> Callable[..., Path]:
    """Write a release of the small source: so many states, one value each."""

    def write(name: str = "tiny.csv", *, states: int = 10, value: str = "1", header: str = "iso3,year,value") -> Path:
        path = tmp_path / name
        path.write_text(header + "\n" + "".join(f"A{n:02},2024,{value}\n" for n in range(states)))
        return path

    return write


Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Publisher:
    """A server that gives the answers it was told to, in order, the last one again and again."""

    address: str
    answers: list[Answer] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)  # method, path with query, body
    by_path: dict[str, Answer] = field(default_factory=dict)  # answers to the beginning of a path, before ``answers``

    @property
    def root(self) -> str:
        """The server without a path."""
        return self.address.removesuffix("/tiny.csv")

    def json(self, path: str, content: object) -> None:
        """Always answer JSON to addresses that begin with this path."""
        body = json.dumps(content).encode()

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.by_path[path] = answer

    def status(self, code: int, **headers: str) -> None:
        """Next, answer with a status and nothing else."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(code)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        self.answers.append(answer)

    def file(self, content: bytes, *, tag: str = '"1"', cut_after: int | None = None, modified: str = "") -> None:
        """Next, send a file, from where it is asked; ``cut_after`` breaks the line after so many bytes."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            body, start = content, 0
            asked = handler.headers.get("Range")
            if asked and handler.headers.get("If-Range") == tag:
                start = int(asked.removeprefix("bytes=").removesuffix("-"))
                body = content[start:]
                handler.send_response(206)
                handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            else:
                handler.send_response(200)
            if tag:
                handler.send_header("ETag", tag)
            if modified:
                handler.send_header("Last-Modified", modified)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body if cut_after is None else body[:cut_after])
            handler.close_connection = True

        self.answers.append(answer)


@pytest.fixture
def publisher(socket_enabled: None) -> Iterator[Publisher]:
    """Start the server."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server_says.requests.append(dict(self.headers))
            server_says.asked.append((self.command, self.path, body))
            paths = sorted((path for path in server_says.by_path if self.path.startswith(path)), key=len)
            if paths:
                server_says.by_path[paths[-1]](self)
                return
            said = server_says.answers
            (said.pop(0) if len(said) > 1 else said[0])(self)

        do_POST = do_GET  # noqa: N815 - the base class looks for this name

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - as the base class names it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server_says = Publisher(address=f"http://127.0.0.1:{server.server_port}/tiny.csv")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server_says
    server.shutdown()
    thread.join()
    server.server_close()
