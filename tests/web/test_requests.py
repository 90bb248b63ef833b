"""What is asked and how it is refused: methods, hosts, languages, names that lead nowhere, hostile text."""

from __future__ import annotations

import pytest
from django.test import Client

from .addresses import EVERY
from .test_pages import read

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'{{ 7|add:7 }}{% debug %}"


@pytest.mark.parametrize(("header", "to"), [
    ("ar", "/ar/"), ("ar-EG,ar;q=0.9,en;q=0.1", "/ar/"), ("en-GB,en;q=0.9,ar;q=0.8", "/en/"), ("de", "/en/"), ("", "/en/"),
    ("ar;q=0", "/en/"), ("ar;q=nonsense", "/en/"), (",;,;;q=,", "/en/"), ("x" * 5000, "/en/"),
])  # fmt: skip
def test_the_bare_address_leads_to_the_readers_language(client: Client, header: str, to: str) -> None:
    response = client.get("/", headers={"accept-language": header})
    assert (response.status_code, response["Location"]) == (302, to)
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_only_reading_is_allowed_where_pages_show_data(client: Client, method: str) -> None:
    response = getattr(client, method)("/en/library/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(("lang", "path"), EVERY[::5], ids=lambda part: part or "home")
def test_head_answers_as_get_without_a_body(client: Client, lang: str, path: str) -> None:
    head, get = client.head(f"/{lang}/{path}"), client.get(f"/{lang}/{path}")
    assert head.status_code == get.status_code == 200
    assert head.content == b""


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.5"])
def test_a_foreign_host_is_refused(client: Client, host: str) -> None:
    response = client.get("/en/", headers={"host": host})
    assert response.status_code == 400
    assert b"Sudan" not in response.content


@pytest.mark.parametrize("path", ["/xx/", "/en/nothing/", "/ar/nothing/here/", "/en/library/framework/Z9/", "/en/library/options/none/"])
def test_an_address_that_leads_nowhere(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    page = read(response.content.decode())
    assert len(page.h1) == 1
    assert page.mistakes == []
    assert "urlpatterns" not in response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_an_unknown_country_is_said_in_one_sentence(client: Client) -> None:
    response = client.get("/en/country/Atlantis/")
    assert response.status_code == 404
    assert "Atlantis" in response.content.decode()


def test_an_ambiguous_country_lists_the_candidates(client: Client) -> None:
    response = client.get("/en/country/Congo/")
    assert response.status_code == 404
    links = read(response.content.decode()).addresses
    assert {"/en/country/COD/", "/en/country/COG/"} <= set(links)


def test_a_state_that_is_no_more_leads_to_its_successors(client: Client) -> None:
    response = client.get("/en/country/Czechoslovakia/")
    assert response.status_code == 404
    assert {"/en/country/CZE/", "/en/country/SVK/"} <= set(read(response.content.decode()).addresses)


@pytest.mark.parametrize("name", ["sudan", "SD", "sdn", "السودان"])
def test_another_name_of_a_country_leads_to_its_code(client: Client, name: str) -> None:
    response = client.get(f"/en/country/{name}/?for=GHA")
    assert (response.status_code, response["Location"]) == (302, "/en/country/SDN/?for=GHA")


def test_an_unknown_state_in_the_query_is_refused_on_every_page(client: Client) -> None:
    for path in ("", "outlook/", "country/SDN/", "assessment/", "options/SDN/", "library/"):
        response = client.get(f"/en/{path}?for=Atlantis")
        assert response.status_code == 404, path
        assert "Atlantis" in response.content.decode()


def test_the_view_of_a_state_stays_in_every_link_of_the_navigation(client: Client) -> None:
    html = client.get("/en/library/?for=GHA").content.decode()
    assert 'href="/en/assessment/?for=GHA"' in html
    assert 'href="/ar/library/?for=GHA"' in html
    assert client.get("/en/state/Ghana/")["Location"] == "/en/?for=GHA"


@pytest.mark.parametrize(
    "path", ["search/?q={}", "country/{}/", "library/framework/{}/", "?for={}", "outlook/?sort={}", "number/n1/?of={}"]
)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_hostile_text_is_shown_as_text(client: Client, lang: str, path: str) -> None:
    from urllib.parse import quote

    response = client.get(f"/{lang}/{path.format(quote(HOSTILE, safe=''))}")
    html = response.content.decode()
    assert response.status_code in {200, 404}
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    page = read(html)
    assert page.handlers == []
    assert page.scripts_inside == 0


def test_a_very_long_search_is_cut(client: Client) -> None:
    assert client.get("/en/search/?q=" + "a" * 20000).status_code == 200


@pytest.mark.parametrize(("text", "wanted"), [
    ("Sudan", "/en/country/SDN/"), ("burkina", "/en/country/BFA/"), ("N5.5", "/en/library/framework/N5/#N5.5"),
    ("hate speech", "/en/library/framework/N2/"), ("RF8", "/en/library/risk-factors/RF8/"), ("genocide", "/en/library/glossary/#genocide"),
])  # fmt: skip
def test_search_finds(client: Client, text: str, wanted: str) -> None:
    response = client.get("/en/search/", {"q": text})
    assert wanted in read(response.content.decode()).addresses


def test_search_says_what_a_name_means(client: Client) -> None:
    html = client.get("/en/search/", {"q": "Congo"}).content.decode()
    assert {"/en/country/COD/", "/en/country/COG/"} <= set(read(html).addresses)


@pytest.mark.parametrize(("form", "begins"), [
    ("xlsx", b"PK"), ("oscal", b"{"), ("ciso", b"urn: "), ("json", b"{"), ("csv", b"kind,id,field,value"),
])  # fmt: skip
def test_the_catalog_is_taken_as_a_file(client: Client, form: str, begins: bytes) -> None:
    response = client.get(f"/en/library/catalog.{form}")
    assert response.status_code == 200
    assert begins in response.content[:400]
    assert response["Content-Disposition"].startswith("attachment; filename=")


def test_a_form_of_the_catalog_that_does_not_exist(client: Client) -> None:
    assert client.get("/en/library/catalog.exe").status_code == 404
