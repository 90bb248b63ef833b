"""Every named address of the project, with arguments that lead to what the planted round holds."""

from __future__ import annotations

import re

from django.urls import URLPattern, URLResolver, get_resolver

from forefend.web.exchange.tables import TABLES

from .planted import Planted

ALLAUTH = "account/"


def routes() -> dict[str, str]:
    """The routes of our own named addresses; those of the sign-in show nothing of rounds."""
    return dict(_within(get_resolver().url_patterns, ""))


def _within(patterns: list[URLPattern | URLResolver], before: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if route == ALLAUTH:
            continue
        if isinstance(pattern, URLResolver):
            found += _within(pattern.url_patterns, route)
        elif pattern.name:
            found.append((pattern.name, route))
    return found


def addresses(planted: Planted, lang: str = "en") -> list[tuple[str, str]]:
    """Every address by its name, as often as its arguments can be filled. An argument nobody knows is an error."""
    found = []
    for name, route in routes().items():
        for arguments in _arguments(planted, name, route):
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match, given=arguments: str(given[match[1]]), route)  # type: ignore[misc]
            found.append((name, "/" + path.replace("<lang>", lang)))
    return found


def _arguments(planted: Planted, name: str, route: str) -> list[dict[str, object]]:
    world = planted.world
    base = {"lang": "en"}
    wanted = {match[1] for match in re.finditer(r"<(?:\w+:)?(\w+)>", route)} - {"lang"}
    if "/evidence/" in route:
        return [
            base | {"identifier": piece.pk, "number": 1, "token": "none", "answer": planted.answers[key.replace(*swap)].pk}
            for key, piece in planted.evidence.items()
            for swap in [(key, f"{key.partition('/')[0]}/M3.2")]
        ][: None if wanted else 1]
    if "/rounds/" in route or "/public/" in route:
        round_ = base | {"identifier": world.round.pk, "action": "M3", "option": "national.focal_point"}
        each: dict[str, list[dict[str, object]]] = {
            "part": [{"part": part.pk} for part in world.parts.values()],
            "question": [{"question": question} for question in world.questions],
            "table": [{"table": table, "ending": ending} for table in TABLES for ending in ("csv", "json")],
            "ending": [{"ending": ending} for ending in ("html", "json", "xlsx", "docx")],
        }
        return [round_ | more for more in next((many for name, many in each.items() if name in wanted), [{}])]
    return [base | _elsewhere(planted, name, wanted)]


IDENTIFIERS = {
    "assessment-action": "M3", "action": "M3", "factor": "RF8", "option": "national.focal_point", "coverage-of": "M3",
    "card": "pool-yearly", "number": "n1", "number-json": "n1",
}  # fmt: skip


def _elsewhere(planted: Planted, name: str, wanted: set[str]) -> dict[str, object]:
    known: dict[str, object] = {
        "pk": planted.world.people["justice"].pk,
        "key": "justice",
        "token": "none",
        "name": "SDN",
        "form": "html",
        "kind": "csv",
        "identifier": IDENTIFIERS.get(name, ""),
    }
    unknown = wanted - set(known)
    assert not unknown, f"{name} has arguments that this test does not know: {unknown}"
    return known
