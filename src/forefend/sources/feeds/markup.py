"""Reads RSS 2.0 and Atom with the standard library; a file that declares a document type is refused, so no entity can expand."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.parsers import expat

from forefend.errors import UnexpectedData

ATOM = "{http://www.w3.org/2005/Atom}"
LARGEST = 20_000_000  # bytes; a feed holds the latest items, not an archive
DEEPEST = 100  # elements within one another


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of a feed. ``written`` is its day as the feed writes it, ``day`` that day in universal time."""

    feed: str
    title: str
    address: str
    identifier: str
    written: str
    day: date | None
    categories: tuple[str, ...]


def items(path: Path, *, name: str) -> Iterator[Item]:
    """Return the items of a feed; raises UnexpectedData for a file that is no feed, cut off, or declares a document type."""
    if path.stat().st_size > LARGEST:
        raise UnexpectedData(f"{name} has more than {LARGEST:,} bytes, far more than a feed. Check its address.")
    content = path.read_bytes()
    _check(content, name=name)
    root = ET.fromstring(content)  # noqa: S314 - a document type, and so every entity, is refused above
    channel = root.find("channel")
    if root.tag == "rss" and channel is not None:
        return _rss(channel)
    if root.tag == f"{ATOM}feed":
        return _atom(root)
    raise UnexpectedData(f"{name} is XML, but neither an RSS 2.0 nor an Atom feed. Check its address.")


def _check(content: bytes, *, name: str) -> None:
    """Parse once without building anything, as only the parser itself sees a document type in any encoding."""
    parser = expat.ParserCreate()
    depth = 0

    def refuse(*_: object) -> None:
        raise UnexpectedData(f"{name} declares a document type, which no feed needs and which could expand without end. It is not read.")

    def enter(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise UnexpectedData(f"{name} has elements {DEEPEST} deep, which no feed has. It is not read.")

    def leave(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = refuse, refuse
    parser.StartElementHandler, parser.EndElementHandler = enter, leave
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnexpectedData(f"{name} is cut off or not XML: {error}. Fetch it again.") from None


def _rss(channel: ET.Element) -> Iterator[Item]:
    feed = _text(channel, "title")
    for entry in channel.iter("item"):
        address, identifier, written = _text(entry, "link"), _text(entry, "guid"), _text(entry, "pubDate")
        yield Item(
            feed=feed,
            title=_text(entry, "title"),
            address=address,
            identifier=identifier or address,
            written=written,
            day=_mail_day(written),
            categories=tuple(_plain(category.text) for category in entry.iter("category")),
        )


def _atom(root: ET.Element) -> Iterator[Item]:
    feed = _text(root, f"{ATOM}title")
    for entry in root.iter(f"{ATOM}entry"):
        links = [link for link in entry.iter(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
        address = (links[0].get("href") or "") if links else ""
        written = _text(entry, f"{ATOM}published") or _text(entry, f"{ATOM}updated")
        yield Item(
            feed=feed,
            title=_text(entry, f"{ATOM}title"),
            address=address,
            identifier=_text(entry, f"{ATOM}id") or address,
            written=written,
            day=_iso_day(written),
            categories=tuple(_plain(category.get("label") or category.get("term")) for category in entry.iter(f"{ATOM}category")),
        )


def _text(element: ET.Element, tag: str) -> str:
    found = element.find(tag)
    return _plain("".join(found.itertext())) if found is not None else ""


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def _mail_day(written: str) -> date | None:
    try:
        return _in_universal_time(parsedate_to_datetime(written))
    except (ValueError, TypeError, IndexError, OverflowError):
        return _iso_day(written)


def _iso_day(written: str) -> date | None:
    try:
        return _in_universal_time(datetime.fromisoformat(written))
    except (ValueError, OverflowError):
        return None


def _in_universal_time(moment: datetime) -> date:
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
