"""From the first start to a first gap report, following only the screens: minutes and clicks.

One action, three institutions, each suggestion of public data confirmed by itself, no bulk accept. Typing is not counted as
clicks; its time is counted at 3 characters a second, and 4 seconds of looking are added for each click. Reach: 15 minutes,
40 clicks. Needs Chromium and the packages of the tests.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

from acting import Actor, accept, set_up, somebody
from installations import begun
from playwright.sync_api import sync_playwright

STATE, ACTION = "Ghana", "N7"
BODIES = (("nhri", "nhri@example.org"), ("civil_society", "society@example.org"), ("justice_ministry", "justice@example.org"))
CHROMIUM, QUIET = "/usr/bin/chromium", ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"]
SECONDS_TO_LOOK, CHARACTERS_A_SECOND = 4.0, 3.0
typed: list[int] = []  # lengths of what was typed


def count_typing(actor: Actor) -> Actor:
    """Count what is typed."""
    before = actor.type

    def type_(name: str, text: str) -> None:
        typed.append(len(text))
        before(name, text)

    actor.type = type_  # type: ignore[method-assign]
    return actor


def answer(actor: Actor) -> int:
    """Confirm what data suggest, question by question; where they suggest nothing at all, answer one by hand; hand in."""
    confirmed = 0
    actor.press("main a.btn:has-text('Begin')")
    confirm = "main form:has([name=do][value=take_over]) button"
    while actor.page.locator(confirm).count():
        actor.press(confirm)
        confirmed += 1
    if not confirmed:
        actor.click("main .anchors input[name=answer] >> nth=2")
        actor.press("main form[data-autosave] button[name=next]")
    if "/answer/N" in actor.page.url:
        actor.press("nav.crumbs a >> nth=-1")
    actor.press("#hand-in button")
    return confirmed


def main() -> None:
    """Play it and print what it took."""
    began = perf_counter()
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder, begun(Path(folder)) as (base, link):
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        lead = count_typing(somebody(browser, "Ama Focal", "ama@example.org"))
        set_up(lead, link, state=STATE)
        lead.press("main a.btn, main button.btn")  # the recovery codes are kept
        lead.press("main ul.tasks a[href*='/institutions/']")
        people = []
        for body, email in BODIES:
            lead.choose("main [name=body]", body)
            lead.type("email", email)
            lead.press("#add button[type=submit]")
            people.append((email, lead.page.locator("#made-link").input_value()))
        lead.press("nav.nav a:has-text('Assessment')")
        lead.press(f"main a[href*='/assessment/{ACTION}/']")
        lead.press("main a:has-text('Open a round on this action')")
        lead.press("main form button[type=submit]")
        lead.press("main form:has([name=institutions]) button[type=submit]")
        confirmed = 0
        actors = [lead]
        for email, invitation in people:
            actor = count_typing(somebody(browser, email.partition("@")[0], email))
            accept(actor, invitation)
            actor.press("main a.btn, main button.btn")
            confirmed += answer(actor)
            actors.append(actor)
        lead.press("main nav.filters a:has-text('Gaps')")
        href = lead.page.locator("main a[href$='report.pdf']").get_attribute("href")
        lead.clicks += 1
        report = lead.context.request.get(base + str(href))
        is_right = report.status == 200 and report.body()[:5] == b"%PDF-"
        clicks = sum(actor.clicks for actor in actors)
        machine = perf_counter() - began
        print(f"clicks                 {clicks}  (reach 40)")
        print(f"suggestions confirmed  {confirmed}, each by itself")
        print(f"machine                {machine:.0f} s, start of the workbench and the report included")
        minutes = (machine + clicks * SECONDS_TO_LOOK + sum(typed) / CHARACTERS_A_SECOND) / 60
        print(f"with a person          {minutes:.1f} min (reach 15): {sum(typed)} characters typed, {SECONDS_TO_LOOK:g} s for each click")
        print(f"report                 {'a PDF' if is_right else 'FAILED'}; {re.sub(r'^.*/', '', str(href))}")
        browser.close()
        sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
