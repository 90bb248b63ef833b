"""Pages in a browser: WCAG 2.0 to 2.2 A and AA, no error, nothing asked of another server, nothing wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from looking import violations
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.loopback, pytest.mark.xdist_group("browser")]

PATHS = [
    "", "?for=GHA", "state/", "outlook/", "outlook/record/", "outlook/signals/", "country/SDN/", "country/GHA/?for=GHA", "country/TUV/",
    "assessment/", "assessment/?for=GHA",
    "assessment/N7/?for=GHA", "options/", "options/SDN/", "options/SDN/?for=GHA", "library/", "library/framework/",
    "library/framework/N5/", "library/risk-factors/", "library/risk-factors/RF8/", "library/options/",
    "library/options/multi.universal_jurisdiction/", "library/windows/", "library/glossary/", "library/sources/", "library/methods/",
    "library/methods/pool-yearly/", "library/coverage/?for=GHA", "library/coverage/RF11/?for=SDN",
    "search/?q=sudan", "search/?q=zzzz", "country/Congo/", "nothing/",
]  # fmt: skip
PAGES = [(lang, path) for lang in ("en", "ar") for path in PATHS]
ISSUED = [(lang, path) for lang in ("en", "ar") for path in ("?for=GHA", "outlook/", "outlook/record/", "country/NGA/", "country/SDN/")]
REFUSED = {"country/Congo/", "nothing/"}
WIDTHS = (1440, 390)
WATCH = "addEventListener('securitypolicyviolation', e => (window.broken ??= []).push(e.violatedDirective + ' ' + e.blockedURI))"
# Ranges and per cents as drawn: the lower end stands left of the upper one, and the number left of its sign.
ORDER = """() => {
  const wrong = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const left = (node, at) => {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  let seen = 0;
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    for (const found of node.data.matchAll(/(\\d[\\d.,]*)(\\s?[–]\\s?)(\\d[\\d.,]*)|(\\d[\\d.,]*)([\\u202f\\u00a0 ]?)(%)/g)) {
      const second = found[3] ? found[1].length + found[2].length : found[4].length + found[5].length;
      const a = left(node, found.index), b = left(node, found.index + second);
      if (!a.width || !b.width || Math.abs(a.top - b.top) > 4) continue;
      seen += 1;
      if (a.left >= b.left) wrong.push(found[0] + ' in ' + node.data.slice(0, 60));
    }
  }
  return [seen, wrong];
}"""


@contextmanager
def opened(browser: Browser, address: str, *, width: int) -> Iterator[tuple[Page, list[str]]]:
    """Open a page and note every complaint of the browser and every address it asks."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    complaints: list[str] = []
    host = address.split("/")[2]
    page.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(f"asked {request.url}") if request.url.split("/")[2] != host else None)
    page.add_init_script(WATCH)
    try:
        page.goto(address, wait_until="load")
        yield page, complaints
    finally:
        page.close()


@pytest.mark.parametrize(("lang", "path"), PAGES, ids=lambda part: part or "home")
def test_a_page_is_accessible_quiet_and_fits(browser: Browser, workbench: str, axe: str, lang: str, path: str) -> None:
    for width in WIDTHS:
        with opened(browser, f"{workbench}/{lang}/{path}", width=width) as (page, complaints):
            said = [c for c in complaints if not (path in REFUSED and "404" in c)]
            assert said == [], width
            assert page.evaluate("window.broken ?? []") == []
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, width
            assert violations(page, axe) == [], width


@pytest.mark.parametrize(("lang", "path"), ISSUED, ids=lambda part: part or "home")
def test_a_page_of_issued_forecasts_is_accessible_quiet_and_fits(browser: Browser, issued: str, axe: str, lang: str, path: str) -> None:
    for width in WIDTHS:
        with opened(browser, f"{issued}/{lang}/{path}", width=width) as (page, complaints):
            assert complaints == [], width
            assert page.evaluate("window.broken ?? []") == []
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, width
            assert violations(page, axe) == [], width
            page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
            assert page.evaluate(ORDER)[1] == []


@pytest.mark.parametrize(
    "path", ["?for=GHA", "outlook/", "country/SDN/?for=GHA", "assessment/N7/?for=GHA", "options/SDN/?for=GHA", "library/methods/"]
)
def test_ranges_and_per_cents_keep_their_order_in_arabic(browser: Browser, workbench: str, path: str) -> None:
    with opened(browser, f"{workbench}/ar/{path}", width=1440) as (page, _):
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        _, wrong = page.evaluate(ORDER)
        assert wrong == []


def test_a_range_is_really_measured(browser: Browser, workbench: str) -> None:
    """The measurement sees a reversed range, and the isolated one in the product is right."""
    with opened(browser, f"{workbench}/ar/assessment/?for=GHA", width=1440) as (page, _):
        page.evaluate("document.querySelector('h1').textContent = 'المدى 0.22–0.55 هنا'")
        assert page.evaluate(ORDER)[1] != []
        page.evaluate("document.querySelector('h1').textContent = 'المدى \\u20680.22–0.55\\u2069 هنا'")
        seen, wrong = page.evaluate(ORDER)
        assert seen > 0
        assert wrong == []


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_source_note_opens_closes_and_stays_on_the_screen(browser: Browser, workbench: str, axe: str, lang: str, width: int) -> None:
    with opened(browser, f"{workbench}/{lang}/options/SDN/?for=GHA", width=width) as (page, complaints):
        notes = page.locator("details.src:visible")
        assert notes.count() > 5
        for place in (0, 3, notes.count() - 1):
            note = notes.nth(place)
            note.locator("summary").click()
            box = note.locator(".pop").bounding_box()
            assert box is not None
            assert box["x"] >= -1
            assert box["x"] + box["width"] <= width + 1
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
            if place == 0:
                assert violations(page, axe) == []
            page.keyboard.press("Escape")
            assert note.get_attribute("open") is None
        assert complaints == []


def test_a_number_leads_to_its_rows_in_two_steps(browser: Browser, workbench: str) -> None:
    with opened(browser, f"{workbench}/en/options/SDN/?for=GHA", width=1440) as (page, _):
        note = page.locator("details.src").nth(1)
        note.locator("summary").click()
        note.locator("a").click()
        page.wait_for_load_state()
        assert "/en/number/n" in page.url
        assert page.locator("h1").count() == 1


def test_the_menu_of_a_phone_opens_without_script(browser: Browser, workbench: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{workbench}/ar/library/")
    assert not page.locator("nav.nav ul").is_visible()
    page.locator("nav.nav summary").click()
    assert page.locator("nav.nav ul").is_visible()
    context.close()


def test_the_keyboard_reaches_the_content_first(browser: Browser, workbench: str) -> None:
    with opened(browser, f"{workbench}/en/library/", width=1440) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.url.endswith("#main")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_holds_in_both_schemes(browser: Browser, workbench: str, axe: str, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{workbench}/en/options/SDN/?for=GHA")
    assert violations(page, axe) == []
    context.close()
