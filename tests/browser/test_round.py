"""A whole round as six people in four institutions play it, one of them in Arabic: from the first link to a comparison of two rounds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from acting import Actor, accept, add_institution, invite, set_up, somebody
from installations import begun
from looking import violations
from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.loopback, pytest.mark.xdist_group("round")]

ACTION = "N7"
BODIES = (
    ("nhri", "Esi Rights", "esi@example.org", "en"),
    ("civil_society", "ياسر", "yasser@example.org", "ar"),
    ("justice_ministry", "Kofi Justice", "kofi@example.org", "en"),
    ("interior_ministry", "Abena Interior", "abena@example.org", "en"),
)
COMMENT = "<script>alert(1)</script> In practice; 1–2 of 10 cases."


def test_a_whole_round(browser: Browser, axe: str, tmp_path: Path) -> None:
    with begun(tmp_path) as (base, link):
        ama = somebody(browser, "Ama Focal", "ama@example.org")
        set_up(ama, link, state="Ghana", organisation="R2P Focal Point, Ministry of Foreign Affairs")
        looks(ama, axe, f"{base}/en/", f"{base}/en/me/first-steps/", f"{base}/en/people/", f"{base}/en/people/institutions/")
        people = {}
        for body, name, email, lang in BODIES:
            actor = somebody(browser, name, email, lang=lang)
            accept(actor, add_institution(ama, base, body=body, email=email, lang=lang))
            people[body] = actor
        rita = somebody(browser, "Rita Reviewer", "rita@example.org")
        accept(rita, invite(ama, base, email=rita.email, role="reviewer"))

        first = open_round(ama, base, title="Assessment 2026")
        looks(ama, axe, f"{base}/en/rounds/", f"{base}/en/rounds/{first}/institutions/", f"{base}/en/rounds/{first}/conditions/")
        answer_all(people["nhri"], base, first, level=2)
        answer_all(people["civil_society"], base, first, level=0)
        answer_all(people["justice_ministry"], base, first, level=4)
        answer_all(people["interior_ministry"], base, first, level=3)
        looks(people["civil_society"], axe, f"{base}/ar/rounds/{first}/", f"{base}/ar/rounds/{first}/answer/N7.1/")
        strangers_see_nothing(people["nhri"], base, first)

        question = disputed(ama, base, first)
        looks(rita, axe, f"{base}/en/rounds/{first}/questions/{question}/", f"{base}/ar/rounds/{first}/questions/{question}/")
        a_change_is_asked_for_and_made(rita, people["nhri"], base, first, question)
        for part in parts(rita, base, first):
            rita.go(part)
            rita.press("main form:has([name=target][value=reviewed]) button")
        reconcile(ama, base, first, question)
        looks(ama, axe, *(f"{base}/{lang}/rounds/{first}/{page}" for lang in ("en", "ar") for page in PAGES))
        for target in ("submitted", "reviewed", "adopted"):
            ama.go(f"{base}/en/rounds/{first}/stage/")
            ama.press(f"main form:has([name=target][value={target}]) button")
        ama.go(f"{base}/en/rounds/{first}/")
        assert "Adopted" in ama.text()
        the_report_is_right(ama, base, first)
        one_item_is_public(ama, browser, base, first)

        second = open_round(ama, base, title="Assessment 2027", follows=first)
        answer_all(people["nhri"], base, second, level=3)
        answer_all(people["civil_society"], base, second, level=2)
        ama.go(f"{base}/en/rounds/{second}/compare/")
        assert "Assessment 2026" in ama.text()
        assert "Rose" in ama.text()
        looks(ama, axe, f"{base}/en/rounds/{second}/compare/", f"{base}/ar/rounds/{second}/compare/")
        everybody = [ama, rita, *people.values()]
        assert [said for actor in everybody for said in actor.complaints] == []


PAGES = ("", f"actions/{ACTION}/", "opportunities/", "reconcile/", "checks/", "institutions/", "stage/")


def looks(actor: Actor, axe: str, *addresses: str) -> None:
    """Open pages and find nothing that keeps people out, and nothing wider than the window."""
    for address in addresses:
        actor.go(address)
        assert actor.page.locator("h1").count() == 1, address
        assert violations(actor.page, axe) == [], address
        assert actor.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address


def open_round(lead: Actor, base: str, *, title: str, follows: int = 0) -> int:
    """Open a round of one action and ask every institution; returns its number."""
    lead.go(f"{base}/en/rounds/new/?action={ACTION}")
    lead.type("title", title)
    if follows:
        lead.choose("main [name=follows]", str(follows))
    lead.press("main form button[type=submit]")
    found = re.search(r"/rounds/(\d+)/", lead.page.url)
    assert found, lead.text()
    lead.press("main form:has([name=institutions]) button[type=submit]")
    return int(found[1])


def answer_all(actor: Actor, base: str, round_: int, *, level: int) -> None:
    """Answer every question put to the own institution: by what data suggest where they do, else by hand; then hand in."""
    actor.go(f"{base}/{actor.lang}/rounds/{round_}/answer/")
    actor.press("main .mast a.btn")
    for _ in range(40):
        if "/answer/N" not in actor.page.url:
            break
        page = actor.page
        confirm = page.locator("main form:has([name=do][value=take_over]) button")
        if confirm.count() and level == 4:
            actor.press("main form:has([name=do][value=take_over]) button")
            continue
        options = page.locator("main .anchors input[name=answer]")
        if options.count():
            actor.clicks += 1
            options.nth(min(level, options.count() - 1)).check()
        else:
            actor.type("number", "5")
        actor.type("comment", COMMENT)
        actor.press("main form[data-autosave] button[name=next]")
    actor.go(f"{base}/{actor.lang}/rounds/{round_}/answer/")
    actor.press("#hand-in button[type=submit]")
    assert actor.page.locator("#hand-in").count() == 0  # closed from now on


def strangers_see_nothing(actor: Actor, base: str, round_: int) -> None:
    """A respondent finds no answer of another institution, whatever the address."""
    for path in ("questions/N7.1/", "reconcile/", "checks/", "institutions/", "opportunities/", "stage/", "public/"):
        response = actor.context.request.get(f"{base}/en/rounds/{round_}/{path}")
        assert response.status == 404, path
        assert "In practice" not in response.text()


def disputed(lead: Actor, base: str, round_: int) -> str:
    """Return the first question that waits to be reconciled."""
    lead.go(f"{base}/en/rounds/{round_}/reconcile/")
    href = lead.page.locator("main ul.tasks a").first.get_attribute("href")
    assert href, lead.text()
    return href.split("/questions/")[1].split("/")[0]


def a_change_is_asked_for_and_made(reviewer: Actor, answering: Actor, base: str, round_: int, question: str) -> None:
    """A reviewer asks, the institution gets its answers back, changes one and hands in again, the reviewer closes."""
    reviewer.go(f"{base}/en/rounds/{round_}/questions/{question}/")
    card = reviewer.page.locator("main article.vs", has_text="National human rights institution")
    card.locator("summary", has_text="Ask for a change").click()
    card.locator("form:has([name=do][value=request]) textarea").fill("Name the evidence.")
    with reviewer.page.expect_navigation():
        card.locator("form:has([name=do][value=request]) button").click()
    reviewer.go(f"{base}/en/rounds/{round_}/institutions/")
    reviewer.press("main table a:has-text('human rights')")
    reviewer.type("reason", "See the request.")
    reviewer.press("main form:has([name=target][value=returned]) button")
    answering.go(f"{base}/en/rounds/{round_}/answer/{question}/")
    assert "Name the evidence." in answering.text()
    answering.page.locator("main [name=comment]").fill("The report of 2025 is the evidence.")
    answering.press("main form[data-autosave] button:not([name=next])")
    answering.go(f"{base}/en/rounds/{round_}/answer/")
    answering.press("#hand-in button[type=submit]")
    reviewer.go(f"{base}/en/rounds/{round_}/questions/{question}/")
    assert "The report of 2025" in reviewer.text()
    reviewer.press("main form:has([name=do][value=close]) button")


def parts(reviewer: Actor, base: str, round_: int) -> list[str]:
    """Return the addresses of every institution's part."""
    reviewer.go(f"{base}/en/rounds/{round_}/institutions/")
    found = reviewer.page.locator("main table tbody th a").all()
    return [base + (link.get_attribute("href") or "") for link in found]


def reconcile(lead: Actor, base: str, round_: int, question: str) -> None:
    """Give the reconciled level; the answers stay beside it."""
    lead.go(f"{base}/en/rounds/{round_}/questions/{question}/")
    lead.click("#rule input[name=level] >> nth=1")
    lead.page.locator("#rule [name=reason]").fill("The findings of the human rights institution decided.")
    lead.press("#rule button[type=submit]")
    assert "The findings of the human rights institution decided." in lead.text()
    assert lead.page.locator("main article.vs").count() >= 2


def the_report_is_right(lead: Actor, base: str, round_: int) -> None:
    """The report holds the figures of the page, and no markup from a comment."""
    lead.go(f"{base}/en/rounds/{round_}/")
    cautious = lead.page.locator(f"main a[href*='/actions/{ACTION}/#how']").last.inner_text()
    html = lead.context.request.get(f"{base}/en/rounds/{round_}/report.html")
    assert html.status == 200
    assert cautious in html.text()
    assert "<script>alert" not in html.text()
    pdf = lead.context.request.get(f"{base}/en/rounds/{round_}/report.pdf")
    assert pdf.body()[:5] == b"%PDF-"


def one_item_is_public(lead: Actor, browser: Browser, base: str, round_: int) -> None:
    """What is chosen can be read by a stranger, and nothing else."""
    stranger = somebody(browser, "", "")
    assert stranger.context.request.get(f"{base}/en/public/{round_}/").status == 404
    lead.go(f"{base}/en/rounds/{round_}/public/")
    lead.press(f"main form:has([name=item][value='action:{ACTION}']) button")
    stranger.go(f"{base}/en/public/{round_}/")
    assert "Cautious gap" in stranger.text()
    assert "In practice" not in stranger.text()
    stranger.go(f"{base}/en/rounds/{round_}/")
    assert "/account/login/" in stranger.page.url
    assert stranger.complaints == []
    stranger.context.close()
