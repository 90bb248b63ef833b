"""What people do on the workbench: each reads, thinks, and reads on; those who answer also save while they write."""

from __future__ import annotations

import http.client
import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = "forefendbenchforefendbenchforefe"  # noqa: S105 - the secret of a form's cookie, made up
SAVING = "autosave"
SLOW_SECONDS = 60
Page = tuple[str, str]  # what the page is called in the result, and its address


@dataclass(kw_only=True)
class User:
    """Somebody who has signed in: the key of their session, the pages they walk through, and what they still answer."""

    session: str
    pages: Callable[[random.Random], Page]
    answer: tuple[int, dict[str, tuple[str, int]]] | None = None  # round; question → kind of answer, version that stands
    seconds: list[tuple[str, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def live(user: User, port: int, *, until: float, think: float, seed: int, share_of_saves: float = 0.3) -> User:
    """Use the workbench until a moment. Between two requests a person thinks, ``think`` seconds on average."""
    chance = random.Random(seed)  # noqa: S311 - a load, not a secret
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SLOW_SECONDS)
    time.sleep(chance.uniform(0, think))
    while time.monotonic() < until:
        if user.answer and chance.random() < share_of_saves:
            _save(user, connection, chance)
        else:
            name, address = user.pages(chance)
            _get(user, connection, name, address)
        time.sleep(chance.uniform(0.5, 1.5) * think)
    connection.close()
    return user


def walk(user: User, port: int, pages: Sequence[Page]) -> None:
    """Read some pages once."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SLOW_SECONDS)
    for name, address in pages:
        _get(user, connection, name, address)
    connection.close()


def _get(user: User, connection: http.client.HTTPConnection, name: str, address: str) -> bytes:
    begun = time.perf_counter()
    connection.request("GET", address, headers={"Cookie": f"sessionid={user.session}", "Accept": "text/html"})
    answer = connection.getresponse()
    body = answer.read()
    user.seconds.append((name, time.perf_counter() - begun))
    if answer.status != 200:
        user.wrong.append(f"{address} answered {answer.status}")
    return body


def _save(user: User, connection: http.client.HTTPConnection, chance: random.Random) -> None:
    if user.answer is None:
        return
    asked, questions = user.answer
    question = chance.choice(list(questions))
    kind, version = questions[question]
    form = urlencode({"answer": kind, "number": "3", "comment": f"Written {chance.random()}", "sure": "moderate", "version": version})
    headers = {
        "Cookie": f"sessionid={user.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    begun = time.perf_counter()
    connection.request("POST", f"/en/rounds/{asked}/answer/{question}/save/", form, headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    user.seconds.append((SAVING, time.perf_counter() - begun))
    found = re.search(r'"version": (\d+)', body)
    if answer.status != 200 or '"saved"' not in body or found is None:
        user.wrong.append(f"saving {question} answered {answer.status}: {body[:120]}")
        return
    questions[question] = (kind, int(found.group(1)))
