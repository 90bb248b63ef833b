"""The places of a page that belong to its reader: left open in pages that are kept, filled for each who reads them."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from forefend.web.accounts.roles import COORDINATE
from forefend.web.assessment.waiting import waiting
from forefend.web.design.page import page_of

NAME = b"<!--reader-->"
WAITING = b"<!--waiting-->"
BEGIN = re.compile(rb"<!--begin:([A-Z][0-9]+)-->")  # where a round on one action can be begun, by those who may


def for_reader(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Fill the open places of a page; answers without any, and files to save, pass as they are: people may write the same signs."""
    if response.streaming or not _is_page(response) or NAME not in response.content:
        return response
    body = response.content.replace(NAME, render_to_string("design/corner.html", {}, request=request).strip().encode())
    if WAITING in body:
        tasks = waiting(page_of(request))
        body = body.replace(WAITING, render_to_string("assessment/waiting.html", {"tasks": tasks}, request=request).strip().encode())
    response.content = BEGIN.sub(lambda found: _begin(request, found[1].decode()), body)
    return response


def _is_page(response: HttpResponse) -> bool:
    return "Content-Disposition" not in response and response.get("Content-Type", "").startswith("text/html")


def _begin(request: HttpRequest, action: str) -> bytes:
    """Return the link that opens a round on an action; nothing for those who may not."""
    if COORDINATE not in page_of(request).may:
        return b""
    return render_to_string("assessment/begin.html", {"action": action}, request=request).strip().encode()
