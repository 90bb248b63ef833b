"""Who may open what: a stranger is asked to sign in, a person without the right finds nothing there."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from forefend.web.accounts.actions import invite
from forefend.web.accounts.models import Duty, Institution, Invitation, Person
from forefend.web.accounts.roles import ROLES
from forefend.web.accounts.urls import urlpatterns as people_urls
from forefend.web.audit.models import Entry
from forefend.web.audit.urls import urlpatterns as audit_urls
from web.test_pages import read

from .conftest import MakePerson, SignIn

PEOPLE = {"administrator", "focal_point", "coordinator"}
EVERYBODY = set(ROLES)
# Address → who may open it, by role. Everything else is 404.
OPEN = {
    "me": ("me/", EVERYBODY),
    "first-steps": ("me/first-steps/", PEOPLE),
    "people": ("people/", PEOPLE),
    "person": ("people/{other}/", PEOPLE),
    "hand-over": ("people/{other}/hand-over/", PEOPLE),
    "institutions": ("people/institutions/", PEOPLE),
    "institution": ("people/institutions/nhri/", PEOPLE),
    "audit": ("audit/", {"auditor"}),
}
ONLY_SENT = {
    "invitation-withdraw": ("people/invitations/{invitation}/withdraw/", PEOPLE),
    "session-end": ("me/sessions/999999/end/", set()),  # nobody's session
    "audit-export": ("audit/export/csv/", {"auditor"}),
}
OF_EVERYBODY = {"welcome"}


@pytest.fixture
def there(make: MakePerson, nhri: Institution) -> dict[str, int]:
    make("Ama", "administrator")
    other = make("Other", "reader")
    invitation, _ = invite(email="new@example.org", roles=["reader"], by="command line")
    return {"other": other.pk, "invitation": invitation.pk}


def test_every_address_is_listed() -> None:
    named = {pattern.name for pattern in (*people_urls, *audit_urls)}
    assert named == set(OPEN) | set(ONLY_SENT) | OF_EVERYBODY


@pytest.mark.parametrize("role", [*sorted(ROLES), ""])
@pytest.mark.parametrize("name", sorted(OPEN))
def test_a_page_is_there_for_its_roles_alone(
    make: MakePerson, sign_in: SignIn, there: dict[str, int], nhri: Institution, name: str, role: str
) -> None:
    path, roles = OPEN[name]
    client = sign_in(make("Reader", *([role] if role else []), institution=nhri))
    for lang in ("en", "ar"):
        response = client.get(f"/{lang}/{path.format(**there)}")
        assert response.status_code == (200 if role in roles or name == "me" else 404), (lang, path)


@pytest.mark.parametrize("role", [*sorted(ROLES), ""])
@pytest.mark.parametrize("name", sorted(OPEN | ONLY_SENT))
def test_nothing_is_changed_by_who_may_not(
    make: MakePerson, sign_in: SignIn, there: dict[str, int], nhri: Institution, name: str, role: str
) -> None:
    path, roles = (OPEN | ONLY_SENT)[name]
    if role in roles or name in {"me", "first-steps"}:
        return
    client = sign_in(make("Reader", *([role] if role else []), institution=nhri))
    rows = Entry.objects.count()
    sent = {"do": "give", "role": "administrator", "email": "x@example.org", "roles": ["administrator"], "language": "en", "to": "1",
            "title": "X", "kind": "government", "body": ""}  # fmt: skip
    for deed in ("give", "end", "deactivate", "renew", "move"):
        assert client.post(f"/en/{path.format(**there)}", sent | {"do": deed}).status_code == 404
    assert Entry.objects.count() == rows
    assert Invitation.objects.count() == 1
    assert not Duty.objects.filter(role="administrator").exclude(person__name__in=("Ama", "Reader")).exists()


@pytest.mark.parametrize(("name", "path"), [(name, path) for name, (path, _) in (OPEN | ONLY_SENT).items()])
def test_a_stranger_is_asked_to_sign_in(client: Client, there: dict[str, int], name: str, path: str) -> None:
    address = f"/en/{path.format(**there)}"
    asked = client.get(address)
    assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, "/account/login/")
    sent = client.post(address, {"do": "deactivate"})
    assert (sent.status_code, sent["Location"]) == (302, "/account/login/")
    assert Person.objects.filter(is_active=False).count() == 0


def test_what_is_not_there_and_what_is_not_open_are_answered_alike(make: MakePerson, sign_in: SignIn, there: dict[str, int]) -> None:
    client = sign_in(make("Reader", "reader"))
    hidden, missing = client.get(f"/en/people/{there['other']}/"), client.get("/en/people/999999/")

    def without_token(html: bytes) -> str:
        return re.sub(r'value="\w{64}"|people/\d+', "", html.decode())

    assert hidden.status_code == missing.status_code == 404
    assert without_token(hidden.content) == without_token(missing.content)


@pytest.mark.parametrize("path", ["people/999999/", "people/999999/hand-over/", "people/institutions/none/"])
def test_an_administrator_finds_nothing_where_nothing_is(administrator: Person, sign_in: SignIn, path: str) -> None:
    assert sign_in(administrator).get(f"/en/{path}").status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
@pytest.mark.parametrize("path", ["me/", "people/", "people/institutions/", "audit/"])
def test_other_methods_are_refused(make: MakePerson, sign_in: SignIn, method: str, path: str) -> None:
    client = sign_in(make("Ama", "administrator", "auditor"))
    assert getattr(client, method)(f"/en/{path}").status_code == 405


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("name", sorted(OPEN))
def test_a_page_reads_right(make: MakePerson, sign_in: SignIn, there: dict[str, int], nhri: Institution, name: str, lang: str) -> None:
    hostile = "\"><script>alert(1)</script>'{{ 7|add:7 }}"
    reader = make("Ama2", "administrator", "auditor", "focal_point", institution=nhri)
    Person.objects.filter(pk__in=(reader.pk, there["other"])).update(name=hostile)
    Institution.objects.filter(pk=nhri.pk).update(title=hostile)
    response = sign_in(reader).get(f"/{lang}/{OPEN[name][0].format(**there)}")
    html = response.content.decode()
    page = read(html)
    assert response.status_code == 200
    assert page.mistakes == page.unclosed == page.styles == page.handlers == []
    assert page.scripts_inside == 0
    assert len(page.h1) == 1
    assert len(page.ids) == len(set(page.ids))
    assert page.root == {"lang": lang, "dir": "rtl" if lang == "ar" else "ltr"}
    assert "<script>alert" not in html
    assert "7714" not in html
    assert not re.search(r"%\([a-z_]+\)s|\{%|>\s*None\s*<", html)
    assert "default-src 'none'" in response["Content-Security-Policy"]
    labels = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    controls = re.findall(r"<(?:input|select|textarea)\b[^>]*>", html)
    fields = {found.group(1) for control in controls if 'type="hidden"' not in control if (found := re.search(r' id="([^"]+)"', control))}
    assert fields <= labels
