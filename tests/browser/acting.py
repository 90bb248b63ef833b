"""People at work in a browser: each with an own browser context, a password and an authenticator app; clicks are counted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page

PASSWORD = "seven quiet herons by the river"  # noqa: S105 - of invented people in a test
STEP = 30


def code_of(secret: str, at: float | None = None) -> str:
    """Return the six digits an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int((time.time() if at is None else at) // STEP)), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@dataclass
class Actor:
    """One person; ``clicks`` counts buttons, links, boxes and lists used, not keys typed."""

    name: str
    email: str
    context: BrowserContext
    page: Page
    lang: str = "en"
    clicks: int = 0
    complaints: list[str] = field(default_factory=list)

    def click(self, selector: str) -> None:
        """Click one thing."""
        self.clicks += 1
        self.page.locator(selector).first.click()

    def press(self, selector: str) -> None:
        """Click what leads to another page, and wait for it."""
        with self.page.expect_navigation(wait_until="load"):
            self.click(selector)

    def choose(self, selector: str, value: str) -> None:
        """Choose from a list."""
        self.clicks += 1
        self.page.locator(selector).first.select_option(value)

    def type(self, name: str, text: str) -> None:
        """Type into a field by its name."""
        self.page.locator(f"main [name={name}]").first.fill(text)

    def go(self, address: str) -> None:
        """Open an address: a link from a letter, or what was noted."""
        self.page.goto(address, wait_until="load")

    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def set_up_second_factor(self) -> None:
        """Read the key from the page, and type the code the app shows."""
        secret = self.page.locator("code.key").inner_text().strip()
        self.type("code", code_of(secret))
        self.press("main button[type=submit]")


def somebody(browser: Browser, name: str, email: str, *, lang: str = "en", width: int = 1280) -> Actor:
    """Open a browser for a person."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="ar" if lang == "ar" else "en-GB")
    page = context.new_page()
    actor = Actor(name=name, email=email, context=context, page=page, lang=lang)
    page.on("console", lambda said: actor.complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: actor.complaints.append(f"{page.url}: {error}"))
    return actor


def set_up(actor: Actor, link: str, *, state: str, organisation: str = "") -> None:
    """Follow the one-time link of the first start: account, state, second factor."""
    actor.go(link)
    actor.type("name", actor.name)
    actor.type("email", actor.email)
    actor.type("password", PASSWORD)
    actor.type("state", state)
    actor.type("organisation", organisation)
    actor.press("main button[type=submit]")
    actor.set_up_second_factor()


def accept(actor: Actor, link: str) -> None:
    """Accept an invitation: name, password, second factor."""
    actor.go(link)
    actor.type("name", actor.name)
    actor.type("password", PASSWORD)
    if actor.lang != "en":
        actor.click(f"main [name=language][value={actor.lang}]")
    actor.press("main button[type=submit]")
    actor.set_up_second_factor()


def add_institution(lead: Actor, base: str, *, body: str, email: str, lang: str = "en", title: str = "") -> str:
    """Add an institution with who answers for it; returns the link of the invitation."""
    lead.go(f"{base}/en/people/institutions/")
    lead.choose("main [name=body]", body)
    lead.type("title", title)
    lead.type("email", email)
    if lang != "en":
        lead.click(f"main [name=language][value={lang}]")
    lead.press("#add button[type=submit]")
    return lead.page.locator("#made-link").input_value()


def invite(lead: Actor, base: str, *, email: str, role: str) -> str:
    """Invite somebody to a role; returns the link."""
    lead.go(f"{base}/en/people/")
    lead.type("email", email)
    lead.click(f"main [name=roles][value={role}]")
    lead.press("main form:has([name=roles]) button[type=submit]")
    return lead.page.locator("#made-link").input_value()
