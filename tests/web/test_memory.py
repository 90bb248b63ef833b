"""Pages kept in the process: made once, bounded, and never shown after the store has changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from forefend.web.project.memory import Kept, KeptPage, PageMemory, kept
from forefend.web.project.remembered import Remembered


def page(size: int) -> KeptPage:
    return KeptPage(body=b"x" * size, headers={})


def test_the_least_recently_read_pages_leave_first() -> None:
    memory = Kept(bytes_at_most=1000)
    for name in "abcd":
        memory.keep(name, page(240))
    assert memory.get("a")
    memory.keep("e", page(240))
    assert [name for name in "abcde" if memory.get(name)] == ["a", "c", "d", "e"]


def test_a_page_too_large_is_not_kept() -> None:
    memory = Kept(bytes_at_most=1000)
    memory.keep("a", page(900))
    assert memory.get("a") is None


def test_keeping_a_page_again_counts_it_once() -> None:
    memory = Kept(bytes_at_most=1000)
    for _ in range(50):
        memory.keep("a", page(200))
    for name in "bcd":
        memory.keep(name, page(200))
    assert memory.get("a")


def test_a_thing_is_made_once_for_all_who_ask_meanwhile() -> None:
    memory, begun, made = Remembered(bytes_at_most=1000, cost_of=lambda _: 1), Event(), []

    def make() -> str:
        begun.wait(5)
        made.append("made")
        return "thing"

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(memory.once, "key", make) for _ in range(8)]
        begun.set()
        assert [one.result(10) for one in asked] == ["thing"] * 8
    assert made == ["made"]
    assert memory.fullness == 0.001


def test_what_could_not_be_made_is_tried_again() -> None:
    memory, tries = Remembered(bytes_at_most=1000, cost_of=lambda _: 1), iter((ValueError("no"), "thing"))

    def make() -> str:
        if isinstance(found := next(tries), ValueError):
            raise found
        return str(found)

    with pytest.raises(ValueError, match="no"):
        memory.once("key", make)
    assert memory.once("key", make) == "thing"


def test_twenty_readers_of_one_page_cost_one_rendering(empty_memory: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forefend.web.project.memory.key_of", lambda request: request.path)  # the key asks the database, threads have none
    made: list[str] = []

    def make(request: HttpRequest) -> HttpResponse:
        made.append(request.path)
        return HttpResponse("page")

    memory = PageMemory(make)

    def ask(_: int) -> bytes:
        request = HttpRequest()
        request.method, request.path = "GET", "/en/library/twenty/"
        return memory(request).content

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, range(20)))
    assert answers == [b"page"] * 20
    assert made == ["/en/library/twenty/"]


def test_a_refusal_and_a_search_are_not_kept(client: Client, empty_memory: None) -> None:
    client.get("/en/search/?q=sudan")
    client.get("/en/country/Atlantis/")
    assert not kept.things()


def test_unknown_parameters_do_not_fill_the_memory(client: Client, empty_memory: None) -> None:
    for number in range(30):
        client.get(f"/en/library/?noise={number}")
    assert len(kept.things()) == 1


def test_a_page_is_made_again_when_the_store_changes(client: Client, empty_memory: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from forefend.store import Store

    client.get("/en/library/")
    monkeypatch.setattr(Store, "version", "another")
    client.get("/en/library/")
    assert len(kept.things()) == 2


@pytest.mark.parametrize("kind", ["text/csv; charset=utf-8", "application/json", "text/html; charset=utf-8"])
def test_a_file_to_save_holds_what_people_wrote_and_nothing_of_its_reader(kind: str) -> None:
    request = HttpRequest()
    request.method, request.path = "GET", "/en/rounds/1/take/"
    written = HttpResponse("a comment: <!--reader--> <!--waiting-->", content_type=kind)
    if kind.startswith("text/html"):
        written["Content-Disposition"] = 'attachment; filename="report.html"'
    assert PageMemory(lambda _: written)(request).content == b"a comment: <!--reader--> <!--waiting-->"
