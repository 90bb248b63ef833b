"""The pages of a round: forms, replayed and broken requests, hostile text, and a clock that was moved back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from forefend.web.assessment import actions
from forefend.web.assessment.actions.answering import COMMENT_AT_MOST
from forefend.web.assessment.models import Answer, AnswerVersion, Clash, Remark, Round
from forefend.web.audit import chain
from forefend.web.audit.models import Entry
from web.test_pages import DIRECTIONS, read

from .addresses import addresses
from .builders import World, asked_to_change, browser, build, condition, day, everything
from .doing import clash_of
from .planted import plant

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'{{ 7|add:7 }}{% debug %}"
LEAD_PAGES = (
    "", "stage/", "actions/M3/", "opportunities/", "opportunities/national.focal_point/", "reconcile/", "checks/", "compare/",
    "institutions/", "conditions/", "questions/M3.2/", "public/", "dates/", "carry/",
)  # fmt: skip


def at(world: World, rest: str = "", lang: str = "en") -> str:
    return f"/{lang}/rounds/{world.round.pk}/{rest}"


def form(**changes: Any) -> dict[str, Any]:
    return {"answer": "level:2", "comment": "As it is.", "version": "0", "checked_on": day().isoformat()} | changes


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_page_reads_right(world: World, lang: str) -> None:
    planted = plant_within(world)
    asked = [(planted.people["focal_point"], at(planted, rest, lang)) for rest in LEAD_PAGES]
    asked += [(planted.people["focal_point"], at(planted, f"institutions/{part.pk}/", lang)) for part in planted.parts.values()]
    asked += [(planted.people["interior"], at(planted, rest, lang)) for rest in ("answer/", "answer/M3.2/", "answer/M3.1/")]
    asked += [(planted.people["coalition"], at(planted, rest, lang)) for rest in ("answer/", "conditions/")]
    asked += [(planted.people["coordinator"], f"/{lang}/rounds/{rest}") for rest in ("", "new/")]
    for who, path in asked:
        response = browser(who).get(path)
        assert response.status_code == 200, path
        page = read(response.content.decode())
        assert page.mistakes == [], path
        assert page.unclosed == [], path
        assert len(page.h1) == 1, path
        assert page.h1[0].strip(), path
        assert page.title.strip(), path
        assert page.root == {"lang": lang, "dir": DIRECTIONS[lang]}
        assert (page.styles, page.handlers, page.scripts_inside) == ([], [], 0), path
        assert len(page.ids) == len(set(page.ids)), (path, sorted(i for i in page.ids if page.ids.count(i) > 1))


def plant_within(world: World) -> World:
    """A round in the middle of its way: drafts, a clash, a dispute, a request, a ruling, a judgement, a condition."""
    clash_of(world)
    for key, level in (("justice", 4), ("nhri", 1), ("coalition", 0)):
        world.answer(key, "M3.2", value=float(level))
    world.hand_in("justice", "nhri", "coalition")
    actions.request_change(answer=Answer.objects.get(contribution=world.part("nhri")), text="Name it.", by=world.people["reviewer"])
    actions.rule(round=world.round, question="M3.2", score=2.0, reason="Between both.", by=world.people["coordinator"])
    condition(world)
    return world


def hostile_round() -> World:
    """Script in everything that a person can write."""
    world = build()
    world.save("interior", "M3.2", comment=HOSTILE, departs_because=HOSTILE)
    world.save("interior", "M3.2", base=1, comment=HOSTILE + "2")
    world.save("interior", "M3.2", by="interior/2", base=1, comment=HOSTILE + "3")
    world.answer("justice", "M3.2", comment=HOSTILE, value=0.0)
    world.hand_in("justice")
    asked_to_change(world, "justice", text=HOSTILE)
    actions.rule(round=world.round, question="M3.2", score=2.0, reason=HOSTILE, by=world.people["coordinator"])
    actions.set_condition(
        round=world.round, name="is_un_member", holds=False, reason=HOSTILE, source=HOSTILE, by=world.people["coordinator"]
    )
    actions.close_part(contribution=world.part("nhri"), reason=HOSTILE, by=world.people["coordinator"])
    Round.objects.filter(pk=world.round.pk).update(title=HOSTILE[:120])
    return world


def test_script_is_shown_as_text_on_every_page() -> None:
    world = hostile_round()
    from .planted import Planted

    planted = Planted(world=world)
    seen = 0
    for name in ("focal_point", "interior", "interior/2", "justice", "nhri", "auditor"):
        client = browser(world.people[name])
        for address_name, path in addresses(planted):
            if not address_name.startswith(("round", "answer", "audit", "me", "home")) or "." in path.rpartition("/")[2]:
                continue
            response = client.get(path)
            html = response.content.decode()
            assert "<script>alert" not in html, path
            assert "<img src=x" not in html, path
            page = read(html) if html.startswith("<!doctype") else None
            if page is not None:
                assert (page.handlers, page.scripts_inside) == ([], 0), path
            seen += "&lt;script&gt;alert" in html
    assert seen > 12


def test_a_comment_as_long_as_it_may_be_is_saved_and_a_longer_one_is_not(world: World) -> None:
    client, address = browser(world.people["interior"]), at(world, "answer/M3.2/")
    assert client.post(address, form(comment="x" * COMMENT_AT_MOST)).status_code == 302
    page = client.post(address, form(comment="y" * (COMMENT_AT_MOST + 1), version="1"))
    assert page.status_code == 409
    assert "y" * 1_000 in page.content.decode()  # what was written is still in the form
    assert Answer.objects.get().comment == "x" * COMMENT_AT_MOST
    saved = client.post(at(world, "answer/M3.2/save/"), form(comment="z" * 300_000, version="1"))
    assert saved.status_code == 409
    assert saved.json()["state"] == "refused"
    huge = client.post(at(world, "answer/M3.2/save/"), form(comment="z" * 6_000_000, version="1"))
    assert huge.status_code in {400, 413}
    assert AnswerVersion.objects.count() == 1


@pytest.mark.parametrize("rest", ["answer/M3.2/", "answer/M3.2/save/"])
@pytest.mark.parametrize("stages", [(), ("submitted", "reviewed", "adopted")])
def test_a_closed_round_refuses_a_replayed_form(world: World, rest: str, stages: tuple[str, ...]) -> None:
    client = browser(world.people["interior"])
    assert client.post(at(world, rest), form()).status_code in {200, 302}
    world.hand_in()
    world.move(*stages)
    before = everything()
    for _ in range(2):
        for sent in (form(), form(version="1", comment="Later."), form(do="take_over"), form(do="mark", marking="CLEAR")):
            assert client.post(at(world, rest), sent).status_code == 409
    assert client.post(at(world, "answer/"), {}).status_code == 409
    assert everything() == before


def test_a_form_sent_twice_is_one_version(world: World) -> None:
    client = browser(world.people["interior"])
    for _ in range(3):
        assert client.post(at(world, "answer/M3.2/"), form()).status_code == 302
    assert AnswerVersion.objects.count() == 1
    assert not Clash.objects.exists()


def test_two_who_write_at_once_see_both_texts(world: World) -> None:
    one, two = browser(world.people["interior"]), browser(world.people["interior/2"])
    address = at(world, "answer/M3.2/save/")
    assert one.post(address, form(comment="Mine.")).json()["state"] == "saved"
    told = two.post(address, form(comment="Yours.")).json()
    assert (told["state"], told["version"]) == ("clash", 1)
    assert "Mine." in told["clashes"]
    assert "Yours." in told["clashes"]
    page = two.get(at(world, "answer/M3.2/")).content.decode()
    assert "Mine." in page
    assert "Yours." in page
    assert one.post(at(world, "answer/")).status_code == 409
    clash = Clash.objects.get()
    assert one.post(at(world, "answer/M3.2/"), {"do": "settle", "clash": clash.pk, "as": "replaced"}).status_code == 302
    assert Answer.objects.get().comment == "Yours."
    assert one.post(at(world, "answer/M3.2/"), {"do": "settle", "clash": clash.pk, "as": "kept"}).status_code == 409


def test_the_clash_of_a_red_answer_is_shown_to_its_readers_alone(world: World) -> None:
    one, two = browser(world.people["interior"]), browser(world.people["interior/2"])
    one.post(at(world, "answer/M3.2/"), form(comment="A secret."))
    assert one.post(at(world, "answer/M3.2/"), {"do": "mark", "marking": "RED"}).status_code == 302
    for rest in ("answer/M3.2/save/", "answer/M3.2/"):
        refused = two.post(at(world, rest), form(comment="Mine."))
        assert refused.status_code == 409
        assert "A secret." not in refused.content.decode()
    assert two.post(at(world, "answer/M3.2/"), {"do": "mark", "marking": "CLEAR"}).status_code == 404
    assert "marked it for others" in two.get(at(world, "answer/M3.2/")).content.decode()
    assert Answer.objects.get().marking == "RED"
    assert not Clash.objects.exists()


WRONG = (
    "rounds/999999/", "rounds/999999999999999999999999/", "rounds/{round}/actions/N99/", "rounds/{round}/actions/N5/",
    "rounds/{round}/questions/M3.99/", "rounds/{round}/questions/N5.5/", "rounds/{round}/questions/%00/",
    "rounds/{round}/institutions/999999/", "rounds/{round}/opportunities/none/", "rounds/{round}/fresh/", "public/{round}/",
    "public/999999/", "rounds/{round}/nothing/",
)  # fmt: skip


@pytest.mark.parametrize("path", WRONG)
def test_what_is_not_there_is_404(world: World, path: str) -> None:
    client = browser(world.people["focal_point"])
    response = client.get("/en/" + path.format(round=world.round.pk))
    assert response.status_code == 404
    assert len(read(response.content.decode()).h1) == 1


@pytest.mark.parametrize("question", ["M3.99", "N5.5", "%00", "x" * 300])
def test_a_question_that_was_not_put_is_404(world: World, question: str) -> None:
    client = browser(world.people["interior"])
    assert client.get(at(world, f"answer/{question}/")).status_code == 404
    before = everything()
    for do in ("save", "take_over", "take_carried", "mark", "settle", "remark"):
        assert client.post(at(world, f"answer/{question}/"), form(do=do)).status_code in {404, 409}, do
    assert client.post(at(world, f"answer/{question}/save/"), form()).status_code in {404, 409}
    assert everything() == before


NONSENSE = ("", "0", "-1", "999999", "²", "٣", "1e3", "x", "9" * 40, "1\x00")


@pytest.mark.parametrize("key", NONSENSE)
def test_keys_that_no_form_of_ours_sends_break_nothing(world: World, key: str) -> None:
    world.answer("interior", "M3.2")
    world.answer("justice", "M3.2")
    world.hand_in("justice")
    own, lead = browser(world.people["interior"]), browser(world.people["focal_point"])
    before = everything()
    for sent in ({"do": "settle", "clash": key, "as": "kept"}, {"do": "remark", "request": key, "text": "So."}):
        assert own.post(at(world, "answer/M3.2/"), sent).status_code in {404, 409}
    for sent in (
        {"do": "request", "answer": key, "text": "So."},
        {"do": "remark", "request": key, "text": "So."},
        {"do": "close", "request": key},
        {"do": key},
        {"do": "rule", "level": key or "x", "reason": ""},
    ):
        assert lead.post(at(world, "questions/M3.2/"), sent).status_code in {404, 409}
    assert lead.post(at(world, "stage/"), {"target": key}).status_code == 409
    part = world.part("justice").pk
    assert lead.post(at(world, f"institutions/{part}/"), {"target": key}).status_code == 409
    assert lead.post(at(world, "conditions/"), {"name": key, "holds": "yes", "reason": "So."}).status_code == 409
    assert lead.post(at(world, "public/"), {"item": key}).status_code == 409
    assert everything() == before
    marked = own.post(at(world, "answer/M3.2/"), {"do": "mark", "marking": "RED", "readers": [key]})
    assert marked.status_code == 302
    assert set(Answer.objects.get(contribution=world.part("interior")).readers.all()) == {world.people["interior"]}
    assert own.post(at(world, "answer/M3.3/"), form(version=key)).status_code == 302


def test_an_answer_written_on_a_version_that_never_was_is_kept_beside(world: World) -> None:
    client = browser(world.people["interior"])
    client.post(at(world, "answer/M3.2/"), form())
    assert client.post(at(world, "answer/M3.2/"), form(version="999999999", comment="Other.")).status_code == 200
    assert Clash.objects.get().content["comment"] == "Other."


@pytest.mark.parametrize("path", ["rounds/practice/", "rounds/{round}/answer/M3.2/save/"])
@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_addresses_that_only_take_forms(world: World, path: str, method: str) -> None:
    client = browser(world.people["interior" if "answer" in path else "coordinator"])
    response = getattr(client, method)("/en/" + path.format(round=world.round.pk))
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert Round.objects.count() == 1


def test_a_form_without_its_token_is_refused_in_one_sentence(world: World) -> None:
    client = browser(world.people["interior"], enforce_csrf_checks=True)
    for rest in ("answer/M3.2/", "answer/M3.2/save/", "answer/"):
        for lang in ("en", "ar"):
            response = client.post(at(world, rest, lang), form())
            assert response.status_code == 403
            assert len(read(response.content.decode()).h1) == 1
    assert not Answer.objects.exists()


def test_a_clock_that_was_moved_back_breaks_no_order(world: World) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        world.answer("interior", "M3.2", comment="In two days.")
    world.save("interior", "M3.2", base=1, comment="Today.", value=3.0)
    with time_machine.travel(timezone.now() - timedelta(days=400), tick=False):
        saved = world.save("interior", "M3.2", base=2, comment="Long ago.", value=4.0)
        world.hand_in("interior")
        actions.rule(round=world.round, question="M3.2", score=1.0, reason="First.", by=world.people["coordinator"])
    assert saved.answer.version == 3
    assert Answer.objects.get().comment == "Long ago."
    assert list(AnswerVersion.objects.order_by("version").values_list("version", flat=True)) == [1, 2, 3]
    rows = list(Entry.objects.order_by("number"))
    assert [row.at for row in rows] == sorted(row.at for row in rows)
    assert any(row.clock_behind_seconds > 0 for row in rows)
    assert chain.verify().is_whole
    lead = browser(world.people["focal_point"])
    for rest in LEAD_PAGES:
        assert lead.get(at(world, rest)).status_code == 200, rest


def test_the_newest_ruling_counts_whatever_the_clock_says(world: World) -> None:
    from forefend.web.assessment.records import rulings_of

    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        actions.rule(round=world.round, question="M3.2", score=1.0, reason="First.", by=world.people["coordinator"])
    actions.rule(round=world.round, question="M3.2", score=3.0, reason="Second.", by=world.people["coordinator"])
    assert rulings_of(world.round)["M3.2"].score == 3.0


def test_a_day_after_today_is_not_the_day_of_a_check(world: World) -> None:
    client = browser(world.people["interior"])
    client.post(at(world, "answer/M3.2/"), form(checked_on=day(400).isoformat()))
    assert Answer.objects.get().checked_on == day()
    for version, text in enumerate(("x", "2026-13-45", "", "0000-00-00"), start=1):
        client.post(at(world, "answer/M3.2/"), form(checked_on=text, comment=text + "!", version=str(version)))
    assert Answer.objects.get().version == 5


def test_questions_are_taken_back_and_put_one_by_one(world: World) -> None:
    world.answer("interior", "M3.2")
    lead, part = browser(world.people["coordinator"]), world.part("interior")
    address = at(world, f"institutions/{part.pk}/")
    page = lead.get(address).content.decode()
    assert 'value="M3.3"' in page
    assert 'value="M3.2"' not in page  # answered: it stays
    assert lead.post(address, {"do": "unask", "questions": ["M3.3", "M3.4", "M3.2"]}).status_code == 302
    assert set(part.assignments.values_list("question", flat=True)) == set(world.questions) - {"M3.3", "M3.4"}
    assert "Ask more of it" in lead.get(address).content.decode()
    assert lead.post(address, {"do": "ask", "questions": ["M3.4"]}).status_code == 302
    assert lead.post(address, {"do": "ask", "questions": ["N5.5"]}).status_code == 409
    assert set(part.assignments.values_list("question", flat=True)) == set(world.questions) - {"M3.3"}
    reader = browser(world.people["reviewer"])
    assert 'name="questions"' not in reader.get(address).content.decode()
    assert reader.post(address, {"do": "ask", "questions": ["M3.3"]}).status_code == 404
    world.hand_in("interior")
    assert 'name="questions"' not in lead.get(address).content.decode()


def test_the_dates_of_a_round_are_moved(world: World) -> None:
    lead, address = browser(world.people["coordinator"]), at(world, "dates/")
    assert lead.post(address, {"opens_on": day().isoformat(), "due_on": day(60).isoformat()}).status_code == 302
    assert world.again().due_on == world.part("interior").due_on == day(60)
    assert lead.post(address, {"opens_on": day(60).isoformat(), "due_on": day().isoformat()}).status_code == 409
    assert lead.post(address, {"opens_on": "", "due_on": "x"}).status_code == 422
    assert world.again().due_on == day(60)
    world.adopted()
    assert 'name="due_on"' not in lead.get(address).content.decode()
    assert lead.post(address, {"opens_on": day().isoformat(), "due_on": day(90).isoformat()}).status_code == 409


def test_a_whole_round_through_the_pages(world: World) -> None:
    """From the first answer to what a stranger reads, by the forms of the pages alone."""
    people = world.people
    for key in world.parts:
        client = browser(people[key])
        for question in world.questions:
            chosen = {"M3.1": "partly"}.get(question, "level:2")
            assert client.post(at(world, f"answer/{question}/"), form(answer=chosen, comment=f"{key} {question}")).status_code == 302
        assert client.post(at(world, "answer/")).status_code == 302
    lead, reviewer = browser(people["focal_point"]), browser(people["reviewer"])
    answer = Answer.objects.get(contribution=world.part("interior"), question="M3.2")
    asked = reviewer.post(at(world, "questions/M3.2/"), {"do": "request", "answer": answer.pk, "text": "Name the law."})
    assert asked.status_code == 302
    part = world.part("interior")
    assert reviewer.post(at(world, f"institutions/{part.pk}/"), {"target": "returned", "reason": "See M3.2."}).status_code == 302
    request = answer.requests.get()
    own = browser(people["interior"])
    assert own.post(at(world, "answer/M3.2/"), {"do": "remark", "request": request.pk, "text": "Act 1."}).status_code == 302
    assert own.post(at(world, "answer/M3.2/"), form(comment="Act 1.", version="1")).status_code == 302
    assert own.post(at(world, "answer/")).status_code == 302
    assert reviewer.post(at(world, "questions/M3.2/"), {"do": "close", "request": request.pk}).status_code == 302
    assert Remark.objects.count() == 2
    for target in ("submitted", "reviewed", "adopted"):
        response = lead.post(at(world, "stage/"), {"target": target, "note": "The cabinet, in May."})
        assert response.status_code == 302, response.content.decode()
    assert lead.post(at(world, "public/"), {"item": "action:M3"}).status_code == 302
    assert Client(headers={"host": "127.0.0.1"}).get(f"/en/public/{world.round.pk}/").status_code == 200
    assert chain.verify().is_whole


def test_the_search_knows_nothing_of_rounds() -> None:
    planted = plant()
    client = browser(planted.world.people["focal_point"])
    for text in ("zqjusticem3x2", "Assessment", "The interior", "zqruling"):
        html = client.get("/en/search/", {"q": text}).content.decode()
        assert "/rounds/" not in html.partition("<main")[2].partition("</main")[0]
        assert html.count("zq") == html.count(text) if text.startswith("zq") else "zq" not in html
