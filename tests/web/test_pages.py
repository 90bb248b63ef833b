"""Every page in both languages: it answers, reads right, and keeps the strict policy."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from .addresses import EVERY, NOT_PAGES, PAGES

DIRECTIONS = {"en": "ltr", "ar": "rtl"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Elements in which a details element (a source note) must not stand: HTML would close them.
PHRASING_PARENTS = {"p", "h1", "h2", "h3", "h4", "summary", "a", "button"}


class Reading(HTMLParser):
    """What a page says about itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.h1: list[str] = []
        self.ids: list[str] = []
        self.styles: list[str] = []
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.unclosed: list[str] = []
        self.mistakes: list[str] = []
        self.scripts_inside = 0
        self.root: dict[str, str | None] = {}
        self.title = ""
        self._in_svg = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.root = given
        if tag == "h1":
            self.h1.append("")
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.scripts_inside += 1
        if tag == "details" and PHRASING_PARENTS & set(self.unclosed):
            self.mistakes.append(f"details inside {self.unclosed}")
        if tag in {"p", "div", "ul", "table", "dl", "figure", "section"} and "p" in self.unclosed:
            self.mistakes.append(f"{tag} inside p: {self.unclosed[-4:]}")
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.styles += [f"{tag} {value}" for name, value in attrs if name == "style"]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "action", "data", "poster", "srcset"}]
        if tag not in VOID:
            self.unclosed.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.unclosed or self.unclosed[-1] != tag:
            self.mistakes.append(f"</{tag}> closes {self.unclosed[-3:]}")
        if tag in self.unclosed:
            while self.unclosed and self.unclosed.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "h1" in self.unclosed:
            self.h1[-1] += data
        if "title" in self.unclosed and "svg" not in self.unclosed:
            self.title += data


def read(html: str) -> Reading:
    reading = Reading()
    reading.feed(html)
    reading.close()
    return reading


NEED_A_PERSON = ("account/", "audit/", "evidence/", "me/", "people/", "public/", "rounds/", "welcome/")


def names(patterns: list[URLPattern | URLResolver]) -> set[str]:
    """Names of the addresses that show data; those that need a person are walked through for every role elsewhere."""
    found: set[str] = set()
    for pattern in patterns:
        if str(pattern.pattern).startswith(NEED_A_PERSON):
            continue
        if isinstance(pattern, URLResolver):
            found |= names(pattern.url_patterns)
        elif pattern.name:
            found.add(pattern.name)
    return found


def test_every_named_address_is_tested() -> None:
    assert names(get_resolver().url_patterns) == set(PAGES) | NOT_PAGES


@pytest.mark.parametrize(("lang", "path"), EVERY, ids=lambda part: part or "home")
def test_a_page(client: Client, lang: str, path: str) -> None:
    response = client.get(f"/{lang}/{path}")
    assert response.status_code == 200
    html = response.content.decode()
    page = read(html)
    assert page.mistakes == []
    assert page.unclosed == []
    assert len(page.h1) == 1
    assert page.h1[0].strip()
    assert page.title.strip()
    assert page.root == {"lang": lang, "dir": DIRECTIONS[lang]}
    assert page.styles == []
    assert page.handlers == []
    assert page.scripts_inside == 0
    assert len(page.ids) == len(set(page.ids)), sorted(i for i in page.ids if page.ids.count(i) > 1)
    assert [a for a in page.addresses if not a.startswith(("/", "#"))] == []
    assert [a for a in page.addresses if a.startswith("//")] == []
    # "None" is the text of an anchor in the catalog; anywhere else it is a value that got away.
    assert not re.search(r">\s*None\s*<", re.sub(r"<dd>(<span[^>]*>)?None<", "", html))
    assert not re.search(r"%\([a-z_]+\)s|\{\{|\{%|[\ue000-\uf8ff]", html)


@pytest.mark.parametrize(("lang", "path"), EVERY, ids=lambda part: part or "home")
def test_a_page_keeps_the_strict_policy(client: Client, lang: str, path: str) -> None:
    response = client.get(f"/{lang}/{path}")
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["font-src"] == policy["form-action"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Content-Language"] == lang
    assert not response.cookies


@pytest.mark.data_alone
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_internal_link_of_the_main_pages_leads_somewhere(client: Client, lang: str) -> None:
    addresses: set[str] = set()
    for path in ("?for=GHA", "library/", "library/framework/N5/", "library/risk-factors/RF8/", "library/options/national.focal_point/"):
        addresses |= set(read(client.get(f"/{lang}/{path}").content.decode()).addresses)
    wanted = sorted(a.partition("#")[0] for a in addresses if a.startswith(f"/{lang}/"))
    assert len(wanted) > 40
    broken = [a for a in dict.fromkeys(wanted) if client.get(a).status_code not in {200, 302}]
    assert broken == []


def test_fragments_within_the_library_exist(client: Client) -> None:
    page = read(client.get("/en/library/options/national.focal_point/").content.decode())
    for address in [a for a in page.addresses if "#" in a and not a.startswith("#")]:
        path, _, fragment = address.partition("#")
        assert fragment in read(client.get(path).content.decode()).ids, address
