"""Every number opens to its rows in two steps, and is the same when computed again."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from .test_pages import read

pytestmark = pytest.mark.data_alone
LINK = re.compile(r'href="(/(?:en|ar)/number/(n[0-9a-f]{12})/[^"]*)"')


def numbers_on(client: Client, address: str) -> list[tuple[str, str]]:
    return [(link.replace("&amp;", "&"), identifier) for link, identifier in LINK.findall(client.get(address).content.decode())]


SHOWN = {
    "/en/assessment/?for=GHA": 20, "/ar/assessment/N7/?for=GHA": 10, "/en/options/SDN/?for=GHA": 20, "/en/country/SDN/": 50,
    "/ar/country/MMR/?for=FRA": 50, "/en/outlook/": 15,
    "/ar/library/methods/": 9,  # three figures of each of two tests, and three of the base rate
}  # fmt: skip


@pytest.mark.parametrize(("address", "at_least"), SHOWN.items())
def test_numbers_of_a_page_open_and_compute_again(client: Client, address: str, at_least: int) -> None:
    found = list(dict.fromkeys(numbers_on(client, address)))
    assert len(found) >= at_least
    for link, identifier in found[:: max(1, len(found) // 25)]:
        response = client.get(link)
        assert response.status_code == 200, link
        html = response.content.decode()
        page = read(html)
        assert page.mistakes == []
        assert len(page.h1) == 1
        assert identifier in html
        assert "a different value" not in html


@pytest.mark.parametrize(
    ("chance", "said"),
    [(0.0019, (2, 1_000)), (0.0069, (7, 1_000)), (0.012, (12, 1_000)), (0.12, (12, 100)), (0.0, (0, 100)), (0.00001, (0, 10_000))],
)
def test_a_rare_chance_is_not_told_as_never(chance: float, said: tuple[int, int]) -> None:
    from forefend.web.countries.queries import frequency

    assert frequency(chance) == said


def test_a_page_says_how_rare(client: Client) -> None:
    html = re.sub(r"<[^>]+>|[\u2066-\u2069]", "", client.get("/en/country/NOR/").content.decode())
    assert re.search(r"in about \d+ of every 1[0,]*000", html), "fewer than five in a hundred are told by the thousand"


def test_a_number_opens_after_a_restart(client: Client, empty_memory: None) -> None:
    from forefend.web.project.memory import kept

    link, _ = numbers_on(client, "/en/country/SDN/?for=GHA")[3]
    kept.clear()
    assert client.get(link).status_code == 200


def test_the_record_is_given_as_json(client: Client) -> None:
    link, identifier = numbers_on(client, "/en/country/SDN/")[3]
    record = json.loads(client.get(link.replace(f"{identifier}/", f"{identifier}.json")).content)
    assert record["id"] == identifier
    assert {"label", "unit", "value", "formula", "params", "inputs", "snapshots", "licences"} <= record.keys()


@pytest.mark.parametrize("of", ["", "//evil.example/", "/en/number/n000000000000/", "/en/search/", "/xx/", "/en/country/Atlantis/", "/ar/"])
def test_a_number_no_page_shows(client: Client, of: str) -> None:
    response = client.get("/en/number/n000000000000/", {"of": of})
    assert response.status_code == 404
    assert "n000000000000" in response.content.decode()


def test_a_number_of_a_page_that_needs_a_person_is_opened_for_that_person_alone(client: Client, empty_memory: None) -> None:
    from forefend.web.project.memory import kept

    response = client.get("/en/number/n000000000000/?of=/en/rounds/1/answer/N7.1/")
    assert response.status_code == 404
    assert not kept.things()
