"""Tags of the pages of signing in."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from django import template

from forefend.web.accounts.beginning import is_for
from forefend.web.assessment.waiting import waiting
from forefend.web.design.page import Page

register = template.Library()


@register.simple_tag(takes_context=True)
def passkeys_work(context: Mapping[str, Any]) -> bool:
    """Whether browsers allow passkeys at this address: it needs a name, and to be encrypted or this machine's own."""
    request = context["request"]
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return bool(request.is_secure()) or host == "localhost"
    return False


@register.simple_tag(takes_context=True)
def onward(context: Mapping[str, Any]) -> str:
    """Where somebody goes who has just set up signing in."""
    page: Page = context["page"]
    if page.person and is_for(page.person):
        return page.link("first-steps")
    tasks = waiting(page)
    return tasks[0].address if len(tasks) == 1 else page.link("home")
