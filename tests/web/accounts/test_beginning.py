"""The first steps: what they count is there."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from forefend.locale import language
from forefend.web.accounts.actions import add_institution, invite
from forefend.web.accounts.beginning import counts
from forefend.web.accounts.models import Instance, Institution, Person
from forefend.web.design.page import Page
from forefend.web.project.workbench import workbench

from .conftest import MakePerson, SignIn


def page() -> Page:
    return Page(lang=language("en"), path="/en/me/first-steps/")


def test_counts_begin_at_nothing() -> None:
    found = counts(page(), n_suggested=0)
    catalog = workbench().catalog
    assert (found.n_roles, found.n_people, found.n_invited, found.n_institutions, found.n_actions, found.n_rounds) == (0, 0, 0, 0, 0, 0)
    assert (found.n_all_actions, found.n_questions) == (len(catalog.actions), len(catalog.questions))


def test_counts_follow_what_people_do(make: MakePerson, ministry: Institution) -> None:
    ama = make("Ama", "administrator", "focal_point")
    make("Gone", "reviewer", is_active=False)
    make("Play", "coordinator", is_practice=True)
    add_institution(title="Practice body", kind="government", is_practice=True, by="command line")
    invite(email="kofi@example.org", roles=["respondent"], institution=ministry, by=ama)
    found = counts(page(), n_suggested=0)
    assert (found.n_roles, found.n_people, found.n_invited, found.n_institutions) == (2, 1, 1, 1)
    asked = {q.action for q in workbench().catalog.questions.values() if "interior_ministry" in q.usual_respondents}
    assert found.n_actions == len(asked) > 0


def test_the_page_says_the_counts(administrator: Person, sign_in: SignIn) -> None:
    Instance.objects.create(state="GHA", set_up_at=timezone.now())
    client: Client = sign_in(administrator)
    html = client.get("/en/me/first-steps/").content.decode()
    assert "Ghana is set up" in html
    assert "0 of 4 roles" in html
    assert f"0 of {len(workbench().catalog.actions)} actions" in html
    assert "none yet" in html
    assert 'action="/en/rounds/practice/"' not in html  # an administrator leads no round
    assert "Open the practice space" not in html


def test_who_leads_may_try_the_practice_space(make: MakePerson, sign_in: SignIn) -> None:
    Instance.objects.create(state="GHA", set_up_at=timezone.now())
    html = sign_in(make("Kofi", "focal_point")).get("/en/me/first-steps/").content.decode()
    assert 'action="/en/rounds/practice/"' in html
