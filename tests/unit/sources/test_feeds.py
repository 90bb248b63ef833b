"""Feeds: RSS 2.0 and Atom, states by assignment or category, and nothing that could expand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.feeds.source import collect
from forefend.sources.registry import find_source
from forefend.store.asking import Asking
from forefend.store.fetch import Connection

ITEM = "<item><title>A title</title><link>https://example.org/1</link><pubDate>Thu, 02 Nov 2023 23:30:00 -0500</pubDate>{more}</item>"
BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def rss(*items: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<rss version="2.0"><channel><title>Feed</title>{"".join(items)}</channel></rss>'


def read(folder: Path, text: str | bytes, name: str = "feed.xml") -> Parsed:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return find_source("feeds").read({name: path})


def test_an_item_is_about_the_states_its_categories_name(tmp_path: Path) -> None:
    more = "<category>Nepal</category><category>Sudan</category><category>Health</category><author>someone@example.org</author>"
    facts = read(tmp_path, rss(ITEM.format(more=more))).tables["facts"]
    assert facts["iso3"].to_list() == ["NPL", "SDN"]
    one = facts.row(0, named=True)
    assert one["start"] == date(2023, 11, 3), "a day is read in universal time"
    assert (one["kind"], one["note"], one["cited"]) == ("feed_item", "A title (Feed)", "https://example.org/1")
    assert "someone" not in str(facts.rows())


def test_an_item_about_nobody_is_kept_without_a_state(tmp_path: Path) -> None:
    assert read(tmp_path, rss(ITEM.format(more=""))).tables["facts"]["iso3"].to_list() == [None]


def test_a_file_may_be_assigned_to_a_state(tmp_path: Path) -> None:
    assert read(tmp_path, rss(ITEM.format(more="<category>Nepal</category>")), "SDN-feed.xml").tables["facts"]["iso3"].to_list() == ["SDN"]
    with pytest.raises(UnexpectedData, match="ZZZ"):
        read(tmp_path, rss(), "ZZZ-feed.xml")


def test_atom_is_read(tmp_path: Path) -> None:
    entry = (
        '<entry><title type="html">T <b>x</b></title><id>tag:1</id><link rel="self" href="https://example.org/self"/>'
        '<link href="https://example.org/2"/><published>2023-11-04T00:00:00Z</published><category term="Peru"/></entry>'
    )
    fact = read(tmp_path, f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{entry}</feed>').tables["facts"].row(0, named=True)
    assert (fact["iso3"], fact["key"], fact["cited"], fact["note"]) == ("PER", "tag:1", "https://example.org/2", "T x (F)")


def test_undated_untitled_and_repeated_items_are_rejected(tmp_path: Path) -> None:
    items = [ITEM.format(more="")] * 2 + ["<item><title>T</title><link>x</link></item>", "<item><link>y</link></item>"]
    parsed = read(tmp_path, rss(*items))
    assert parsed.rejected["reason"].to_list() == [
        "the item came before", "the day is missing or no date", "no title, or neither address nor identifier",
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = rss("<item><title>&b;</title></item>", before=BOMB).replace('version="1.0"?', f'version="1.0" encoding="{encoding}"?')
    with pytest.raises(UnexpectedData, match="document type"):
        read(tmp_path, text.encode(encoding))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("<rss><channel>", "cut off"),
        ("", "cut off"),
        ('<?xml version="1.0" encoding="made-up"?><rss/>', "not XML"),
        ("<html><body>Log in</body></html>", "neither an RSS"),
        ("<rss version='2.0'/>", "neither an RSS"),
        ("<a>" * 200 + "</a>" * 200, "deep"),
        ("<rss><channel>&undefined;</channel></rss>", "not XML"),
    ],
)
def test_what_is_no_feed_is_refused(tmp_path: Path, text: str, match: str) -> None:
    with pytest.raises(UnexpectedData, match=match):
        read(tmp_path, text)


def test_a_file_far_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forefend.sources.feeds.markup.LARGEST", 10)
    with pytest.raises(UnexpectedData, match="more than 10 bytes"):
        read(tmp_path, rss())


def asking(folder: Path, feeds: str) -> Asking:
    environ = {"FOREFEND_FEEDS": feeds}
    return Asking(source="feeds", folder=folder / "incoming", connection=Connection(attempts=1, wait_seconds=0), environ=environ)


@pytest.mark.loopback
def test_every_feed_of_the_setting_is_fetched_once(tmp_path: Path, publisher: Any) -> None:
    publisher.file(rss(ITEM.format(more="")).encode())
    address = f"{publisher.root}/a.xml"
    paths = collect(asking(tmp_path, f"{address} SDN={publisher.root}/b.xml {address}"))
    assert len(paths) == len({path.name for path in paths}) == 2
    assert paths[1].name.startswith("SDN-feed-127.0.0.1-")
    assert find_source("feeds").read({path.name: path for path in paths}).tables["facts"].height == 1, "both feeds carry the same item"


@pytest.mark.parametrize(
    ("feeds", "match"),
    [
        ("", "No feed is set"),
        ("file:///etc/passwd", "no address of the web"),
        ("https://", "no address of the web"),
        ("https://[x/feed", "no address of the web"),
        ("ZZZ=https://example.org/a.xml", "no state"),
        (" ".join(f"https://example.org/{n}" for n in range(201)), "more than 200"),
    ],
)
def test_a_setting_that_cannot_be_followed_is_said(tmp_path: Path, feeds: str, match: str) -> None:
    with pytest.raises(SourceUnavailable, match=match):
        collect(asking(tmp_path, feeds))
