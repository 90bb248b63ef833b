"""Feeds a user has chosen, RSS 2.0 or Atom: dated references to items, for situation files.

Addresses come from the environment variable ``FOREFEND_FEEDS``, parted by blanks; ``SDN=https://…`` says that all
items of a feed are about one state. Otherwise an item is about the states its categories name, or about none.
Authors and texts are not read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from forefend.errors import PlaceError, SourceUnavailable, UnexpectedData
from forefend.places import resolve, states
from forefend.sources.contract import Files, Parsed
from forefend.sources.feeds.markup import Item, items
from forefend.store.asking import Asking
from forefend.store.fetch import shown
from forefend.store.tables import FACTS, REJECTED

SETTING = "FOREFEND_FEEDS"
ASSIGNED = re.compile(r"([A-Z]{3})-.+")
TITLE_LETTERS, KEY_LETTERS = 300, 500
FIRST_YEAR = 1990
MOST_FEEDS = 200


def collect(asking: Asking) -> list[Path]:
    """Fetch every feed of the setting; raises SourceUnavailable saying what to set where there is none."""
    environ = os.environ if asking.environ is None else asking.environ
    entries = environ.get(SETTING, "").split()
    if not entries:
        raise SourceUnavailable(f"No feed is set. Set the environment variable {SETTING} to the addresses of feeds, parted by blanks.")
    if len(entries) > MOST_FEEDS:
        raise SourceUnavailable(f"{SETTING} names {len(entries)} feeds, more than {MOST_FEEDS}. Name fewer.")
    return [_fetch(asking, entry) for entry in dict.fromkeys(entries)]


def _fetch(asking: Asking, entry: str) -> Path:
    code, is_assigned, address = entry.partition("=")
    if not (is_assigned and re.fullmatch("[A-Z]{3}", code)):
        code, address = "", entry
    if code and code not in states():
        raise SourceUnavailable(f"{SETTING} assigns a feed to {code}, which is no state's alpha-3 code. Correct it.")
    try:
        host = urlsplit(address).hostname if address.startswith(("https://", "http://")) else None
    except ValueError:
        host = None
    if not host:
        raise SourceUnavailable(f"{SETTING} names {shown(address)[:100]!r}, which is no address of the web. Give it with https://.")
    plain = re.sub(r"[^a-z0-9.]+", "-", host.lower())
    mark = hashlib.sha256(address.encode()).hexdigest()[:8]  # two feeds of one host are two files
    return asking.file(address, name=f"{code + '-' if code else ''}feed-{plain}-{mark}.xml")


def read(files: Files) -> Parsed:
    """Read feeds; a file whose name begins with an alpha-3 code and a dash is about that state. The newest day names the release."""
    found: list[tuple[Any, ...]] = []
    rejected: list[tuple[int, str, str]] = []
    seen: set[str] = set()
    number = 0
    for name, path in sorted(files.items()):
        state = _assigned(name)
        for item in items(path, name=name):
            number += 1
            if reason := _refusal(item, seen=seen):
                rejected.append(
                    (number, reason, json.dumps({"title": item.title[:200], "address": item.address[:300]}, ensure_ascii=False))
                )
                continue
            seen.add(item.identifier)
            about: list[str | None] = [state] if state else [*_named(item)] or [None]
            found += [_fact(item, state=code, row=number) for code in about]
    table = pl.DataFrame(found, schema=dict(FACTS), orient="row").sort("start", "key", "iso3")
    newest = table["start"].max()
    return Parsed(
        tables={"facts": table},
        rejected=pl.DataFrame(rejected, schema=REJECTED, orient="row"),
        vintage=newest.isoformat() if isinstance(newest, date) else "",
    )


def _assigned(name: str) -> str | None:
    found = ASSIGNED.fullmatch(name)
    if not found:
        return None
    if found[1] not in states():
        raise UnexpectedData(f"{name} begins with {found[1]}, which is no state's alpha-3 code. Name the file otherwise.")
    return found[1]


def _refusal(item: Item, *, seen: set[str]) -> str:
    if not item.title or not item.identifier:
        return "no title, or neither address nor identifier"
    if item.day is None or item.day.year < FIRST_YEAR:
        return "the day is missing or no date"
    return "the item came before" if item.identifier in seen else ""


def _named(item: Item) -> list[str]:
    """Return the states that an item's categories name, each once."""
    codes = set()
    for category in item.categories:
        try:
            codes.add(resolve(category))
        except PlaceError:
            continue
    return sorted(codes)


def _fact(item: Item, *, state: str | None, row: int) -> tuple[Any, ...]:
    note = f"{item.title[:TITLE_LETTERS]} ({item.feed[:TITLE_LETTERS] or 'feed without a title'})"
    key, address = item.identifier[:KEY_LETTERS], item.address[:KEY_LETTERS] or "no address given"
    return (state, "feed_item", key, "published", item.day, item.day, item.written[:50], None, address, note, row)
