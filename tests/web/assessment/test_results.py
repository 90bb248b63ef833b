"""From answers to what is public: rulings, adoption, publication, consent, judgements."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.db import transaction

from forefend.errors import AssessmentError, NotAllowed
from forefend.options.judgements import Judgement
from forefend.options.opportunities import opportunities_of
from forefend.web.assessment import actions
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Adoption, Answer, AnswerVersion, Judged, PublicItem, Ruling
from forefend.web.assessment.records import judgements_of
from forefend.web.assessment.showing import compared, shown
from forefend.web.evidence import actions as evidence_actions
from forefend.web.evidence.actions import Details
from forefend.web.project.workbench import workbench

from .builders import World, browser, build, events, everything, open_round
from .doing import OPTION


def disputed(world: World) -> None:
    """Government says 4, the others 0."""
    for key in world.parts:
        world.answer(key, "M3.2", value=4.0 if key in {"interior", "justice"} else 0.0, comment=f"{key} says so.")
    world.hand_in()


def test_a_ruling_stands_beside_the_answers_and_never_in_their_place(world: World) -> None:
    disputed(world)
    before = list(Answer.objects.order_by("pk").values()), list(AnswerVersion.objects.order_by("pk").values())
    first = actions.rule(round=world.round, question="M3.2", score=3.0, reason="The act decides.", by=world.people["coordinator"])
    actions.rule(round=world.round, question="M3.2", score=None, reason="It cannot be known.", by=world.people["focal_point"])
    assert (list(Answer.objects.order_by("pk").values()), list(AnswerVersion.objects.order_by("pk").values())) == before
    assert [(r.score, r.reason) for r in Ruling.objects.order_by("pk")] == [(3.0, "The act decides."), (None, "It cannot be known.")]
    first.refresh_from_db()
    found = shown(world.round, world.people["reviewer"]).results.questions["M3.2"]
    assert found.ruling is not None
    assert (found.ruling.score, found.ruling.by, found.score) == (None, "Focal_Point", None)
    assert dict(found.type_scores) == {"government": 4.0, "independent_bodies": 0.0, "civil_society": 0.0}


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "}, {"reason": "a\x00b"}, {"reason": "x" * 10_001}, {"score": 4.5}, {"score": -1.0}, {"score": float("nan")},
        {"question": "N5.5"}, {"question": "M9.9"}, {"question": ""},
    ],
)  # fmt: skip
def test_a_ruling_that_is_none_is_refused(world: World, wrong: dict[str, Any]) -> None:
    disputed(world)
    before = everything()
    given = {"round": world.round, "question": "M3.2", "score": 3.0, "reason": "So.", "by": world.people["coordinator"]}
    with pytest.raises(AssessmentError), transaction.atomic():
        actions.rule(**(given | wrong))
    assert everything() == before


def test_what_was_adopted_stays_what_it_was(world: World) -> None:
    world.adopted()
    adoption = Adoption.objects.get(round=world.round)
    kept, digest = adoption.result, adoption.digest
    assert digest == hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
    seen = shown(world.round, world.people["focal_point"]).results
    assert kept["actions"]["M3"]["figures"]["cautious_gap"] == seen.actions["M3"].figures.cautious_gap
    assert set(kept["questions"]) == set(seen.questions)
    assert "As it is." not in json.dumps(kept)  # figures, no texts
    answer = Answer.objects.filter(contribution=world.part("interior"), question="M3.2").get()
    Answer.objects.filter(pk=answer.pk).update(value=0.0, kind="level")  # whoever changes it beside the actions
    evidence_actions.add_evidence(
        by=world.people["interior"], details=Details(title="Later", letter="A", number=1, url="https://example.org/")
    )
    for call in (
        lambda: world.save("interior", "M3.2", base=1, comment="Later."),
        lambda: actions.rule(round=world.round, question="M3.2", score=0.0, reason="Later.", by=world.people["coordinator"]),
        lambda: actions.request_change(answer=answer, text="Later.", by=world.people["reviewer"]),
        lambda: actions.set_condition(round=world.round, name="federal", holds=True, reason="Later.", by=world.people["coordinator"]),
        lambda: actions.ask(
            round=world.round, institution=world.institutions["interior"], questions=["M3.2"], by=world.people["coordinator"]
        ),
        lambda: actions.share_scores(contribution=world.part("coalition"), shares=True, by=world.people["coalition"]),
        lambda: actions.move_round(round=world.round, target="reviewed", by=world.people["reviewer"], reason="Later."),
    ):
        with pytest.raises(AssessmentError), transaction.atomic():
            call()
    again = Adoption.objects.get(round=world.round)
    assert (again.result, again.digest) == (kept, digest)
    actions.publish(round=world.round, kind="action", key="M3", by=world.people["focal_point"])
    page = browser(None).get(f"/en/public/{world.round.pk}/").content.decode()
    assert f"{kept['actions']['M3']['figures']['cautious_gap']:.2f}" in page


def test_nothing_is_public_but_what_was_chosen_of_an_adopted_round(world: World) -> None:
    lead, stranger = world.people["focal_point"], browser(None)
    world.answered()
    with pytest.raises(AssessmentError, match="Only an adopted round"):
        actions.publish(round=world.round, kind="action", key="M3", by=lead)
    world.hand_in()
    world.move("submitted", "reviewed", "adopted")
    address = f"/en/public/{world.round.pk}/"
    assert stranger.get(address).status_code == 404
    assert address not in stranger.get("/en/public/").content.decode()
    for kind, key in (("action", "N5"), ("action", ""), ("secret", "M3"), ("strength", "M3"), ("answer", "1")):
        with pytest.raises(AssessmentError, match="no item of this round"):
            actions.publish(round=world.round, kind=kind, key=key, by=lead)
    actions.publish(round=world.round, kind="action", key="M3", by=lead)
    actions.publish(round=world.round, kind="action", key="M3", by=lead)
    assert events().count("item.published") == 1
    page = stranger.get(address)
    assert page.status_code == 200
    assert "As it is." not in page.content.decode()
    assert "The interior" not in page.content.decode()
    assert stranger.get(f"/en/rounds/{world.round.pk}/").status_code == 302
    actions.withdraw(round=world.round, kind="action", key="M3", by=lead)
    assert stranger.get(address).status_code == 404
    n_events = len(events())
    actions.withdraw(round=world.round, kind="action", key="M3", by=lead)
    assert len(events()) == n_events


def test_a_practice_round_is_never_public(world: World) -> None:
    type(world.round).objects.filter(pk=world.round.pk).update(is_practice=True)
    world.adopted()
    with pytest.raises(AssessmentError, match="practice"):
        actions.publish(round=world.round, kind="action", key="M3", by=world.people["focal_point"])
    PublicItem.objects.create(round=world.round, kind="action", key="M3", at=world.round.made_at, by=world.people["focal_point"])
    assert browser(None).get(f"/en/public/{world.round.pk}/").status_code == 404


def test_a_result_is_made_anew_when_anything_it_rests_on_changed(world: World) -> None:
    """Results are kept in memory: a change of evidence, readers or consent must be seen at once."""
    lead, interior = world.people["coordinator"], world.people["interior"]
    answer = world.answer("interior", "M3.2", value=3.0)
    piece = evidence_actions.add_evidence(
        by=interior, details=Details(title="A list", letter="B", number=2, url="https://example.org/"), answer=answer
    )
    world.hand_in("interior")

    def seen() -> Any:
        return shown(world.again(), lead).results.questions["M3.2"]

    graded = seen().reliability
    evidence_actions.grade(evidence=piece, letter="E", number=4, by=interior)
    assert seen().reliability < graded
    evidence_actions.grade(evidence=piece, letter="B", number=2, by=interior)
    assert seen().reliability == graded
    evidence_actions.mark(evidence=piece, marking="RED", by=interior)
    assert seen().answers[0].evidence == ()
    evidence_actions.mark(evidence=piece, marking="RED", by=interior, readers=[lead])
    assert len(seen().answers[0].evidence) == 1
    evidence_actions.withdraw(evidence=piece, reason="It names a witness.", by=interior)
    assert seen().answers[0].evidence == ()
    actions.move_contribution(contribution=world.part("interior"), target="returned", by=world.people["reviewer"], reason="See.")
    actions.mark_answer(answer=answer, marking="RED", readers=[lead], by=interior)
    assert len(seen().answers) == 1
    actions.mark_answer(answer=answer, marking="RED", readers=[world.people["reviewer"]], by=interior)
    assert seen().answers == ()


def test_a_protected_institution_agrees_that_its_scores_are_shown() -> None:
    world = build()
    disputed(world)
    reviewer, coalition = world.people["reviewer"], world.people["coalition"]
    assert dict(shown(world.round, reviewer).results.questions["M3.2"].shown_type_scores) == {}
    client = browser(coalition)
    page = client.get(f"/en/rounds/{world.round.pk}/answer/")
    assert "We agree that our scores are shown" in page.content.decode()
    assert client.post(f"/en/rounds/{world.round.pk}/answer/", {"do": "share", "shares": "yes"}).status_code == 302
    assert world.part("coalition").shares_scores
    assert shown(world.round, reviewer).results.questions["M3.2"].shown_type_scores["civil_society"] == 0.0
    client.post(f"/en/rounds/{world.round.pk}/answer/", {"do": "share", "shares": "no"})
    assert not world.part("coalition").shares_scores
    assert events()[-2:] == ["contribution.scores_shared", "contribution.scores_withheld"]
    other = browser(world.people["interior"])
    assert "We agree" not in other.get(f"/en/rounds/{world.round.pk}/answer/").content.decode()
    assert other.post(f"/en/rounds/{world.round.pk}/answer/", {"do": "share", "shares": "yes"}).status_code == 409
    assert not world.part("interior").shares_scores


def form(**changes: object) -> dict[str, object]:
    return {"acceptability": "0.8", "effort": "2", "time_fit": "in_time", "harm": "0.4", "harm_left": "0.2", "mitigation": "A desk.",
            "owner": "The interior", "is_funded": "on", "is_lawful": "yes", "lawful_basis": "Act 1 of 2020",
            "reason": "The cabinet agreed."} | changes  # fmt: skip


def test_what_people_judge_of_an_option_enters_its_rank_with_author_and_history(world: World) -> None:
    world.answered(level=0)
    world.hand_in()
    bench, lead = workbench(), browser(world.people["coordinator"])
    address = f"/en/rounds/{world.round.pk}/opportunities/{OPTION}/"

    def entry() -> Any:
        seen = shown(world.round, world.people["reader"])
        found = opportunities_of(
            bench.store, catalog_of(world.round), seen.results, today=bench.today, judgements=judgements_of(world.round)
        )
        every = [*found.duties, *found.ranked, *found.gated]
        return next(one for one in every if one.id == OPTION), found

    before, _ = entry()
    assert not before.part("feasibility").is_known
    assert lead.post(address, form()).status_code == 302
    after, _ = entry()
    assert after.part("feasibility").is_known
    assert after.harm.is_known
    assert (after.harm.before, after.harm.left) == (0.4, 0.2)
    assert (after.judgement.by, after.judgement.reason) == ("Coordinator", "The cabinet agreed.")
    assert lead.post(address, form(is_lawful="no", reason="The adviser objects.")).status_code == 302
    gated, found = entry()
    assert gated in found.gated
    page = lead.get(f"/en/rounds/{world.round.pk}/opportunities/").content.decode()
    assert "The legal adviser finds no lawful basis." in page
    assert lead.post(address, form(is_duty="on", reason="The treaty binds.")).status_code == 302
    duty, found = entry()
    assert duty in found.duties
    assert [said.reason for said in Judged.objects.order_by("pk")] == ["The cabinet agreed.", "The adviser objects.", "The treaty binds."]
    history = browser(world.people["reader"]).get(address).content.decode()
    assert all(reason in history for reason in ("The cabinet agreed.", "The adviser objects.", "The treaty binds."))
    assert "<form" not in history.partition("<main")[2].partition("</main")[0]
    assert browser(world.people["reader"]).post(address, form()).status_code == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"reason": ""}, 422), ({"acceptability": "1.2"}, 422), ({"acceptability": "nan"}, 422), ({"harm": "a lot"}, 422),
        ({"effort": "9"}, 422), ({"time_fit": "soon"}, 422), ({"owner": "x" * 301}, 422), ({"reason": "a\x00b"}, 422),
        ({"lawful_basis": ""}, 409), ({"harm": ""}, 409), ({"reason": "x" * 10_001}, 409),
    ],
)  # fmt: skip
def test_a_judgement_that_is_none_is_refused(world: World, changes: dict[str, str], status: int) -> None:
    lead = browser(world.people["coordinator"])
    response = lead.post(f"/en/rounds/{world.round.pk}/opportunities/{OPTION}/", form(**changes))
    assert response.status_code == status
    assert not Judged.objects.exists()
    assert lead.get(f"/en/rounds/{world.round.pk}/opportunities/none/").status_code == 404


def test_a_lever_that_the_option_does_not_list_is_refused(world: World) -> None:
    wrong = Judgement(option=OPTION, levers={"army": 1.0}, reason="So.")
    with pytest.raises(AssessmentError, match="does not list"):
        actions.judge(round=world.round, judgement=wrong, by=world.people["coordinator"])
    with pytest.raises(NotAllowed):
        actions.judge(round=world.round, judgement=Judgement(option="none", reason="So."), by=world.people["coordinator"])


def test_a_practice_round_is_whole_and_apart(world: World) -> None:
    from forefend.locale import language
    from forefend.web.assessment.practice import make_practice_round

    made = make_practice_round(state="GHA", catalog=workbench().catalog, lang=language("en"), by=world.people["coordinator"])
    assert made.is_practice
    assert {part.stage for part in made.contributions.all()} == {"submitted"}
    assert all(part.institution.is_practice for part in made.contributions.select_related("institution"))
    assert Answer.objects.filter(contribution__round=made).count() == 3 * len(workbench().catalog.actions["N10"].questions)
    assert AnswerVersion.objects.filter(answer__contribution__round=made).count() == Answer.objects.filter(contribution__round=made).count()
    seen = shown(made, world.people["coordinator"]).results
    assert seen.disputed
    with pytest.raises(NotAllowed):
        make_practice_round(state="GHA", catalog=workbench().catalog, lang=language("en"), by=world.people["interior"])
    client = browser(world.people["coordinator"])
    page = client.get(f"/en/rounds/{world.round.pk}/compare/").content.decode()
    assert made.title not in page
    assert made.title not in client.get("/en/rounds/new/").content.decode()
    again = make_practice_round(state="GHA", catalog=workbench().catalog, lang=language("en"), by=world.people["coordinator"])
    assert again.contributions.count() == 3


def test_a_round_is_compared_with_the_one_it_follows_else_with_the_newest_before_it(world: World) -> None:
    lead = world.people["coordinator"]
    second = open_round(lead, title="Second")
    third = open_round(lead, title="Third", follows=world.round)
    client = browser(lead)

    def beside(round_: Any, query: str = "") -> str:
        page = client.get(f"/en/rounds/{round_.pk}/compare/{query}")
        assert page.status_code == 200
        return page.context["chosen"].title if page.context["chosen"] else ""

    assert beside(world.round) == ""
    assert beside(second) == "Assessment"
    assert beside(third) == "Assessment"
    assert beside(third, f"?with={second.pk}") == "Second"
    for wrong in ("999999", "²", "x", str(third.pk), "9" * 40):
        assert client.get(f"/en/rounds/{third.pk}/compare/", {"with": wrong}).status_code == 404


def test_what_an_earlier_round_holds_for_named_readers_is_in_nobody_elses_comparison(world: World) -> None:
    world.answered(questions=("M3.3",))
    world.answer("interior", "M3.2", value=0.0)
    red = Answer.objects.get(contribution=world.part("interior"), question="M3.2")
    actions.mark_answer(answer=red, marking="RED", by=world.people["interior"], readers=[world.people["coordinator"]])
    world.hand_in()
    following = open_round(world.people["coordinator"], title="Second", follows=world.round)
    seen = [compared(world.round, following, world.people[who]).questions["M3.2"].before for who in ("coordinator", "focal_point")]
    assert [result and result.score for result in seen] == [0.0, None]


def test_a_reader_of_results_is_not_told_the_agreement_that_would_tell_a_protected_answer() -> None:
    world = build(marking="GREEN")
    disputed(world)
    reader, address = browser(world.people["reader"]), f"/en/rounds/{world.round.pk}/actions/M3/"
    result = shown(world.round, world.people["reader"]).results.questions["M3.2"]
    assert result.withheld == ("civil_society",)
    parts = {"Agreement": result.agreement, "Evidence": result.reliability, "Freshness": result.freshness}  # confidence is their product
    cells = [f'data-l="{name}">{value:.2f}<' for name, value in parts.items()]
    assert not [cell for cell in cells if cell in reader.get(address).content.decode()]
    actions.share_scores(contribution=world.part("coalition"), shares=True, by=world.people["coalition"])
    assert [cell for cell in cells if cell not in reader.get(address).content.decode()] == []


def test_what_is_for_named_readers_alone_is_in_no_adopted_result(world: World) -> None:
    lead = world.people["focal_point"]
    world.answered()
    answer = Answer.objects.get(contribution=world.part("interior"), question="M3.2")
    actions.mark_answer(answer=answer, marking="RED", readers=[lead], by=world.people["interior"])
    world.hand_in()
    world.move("submitted", "reviewed", "adopted")
    seen = shown(world.round, lead).results.questions["M3.2"]
    kept = Adoption.objects.get(round=world.round)
    assert kept.result["questions"]["M3.2"]["n_answers"] == len(seen.answers) - 1
    assert kept.marking != "RED"


def test_a_score_that_is_a_protected_respondents_alone_is_withheld_from_readers() -> None:
    world = build(marking="GREEN", asked=("coalition",))
    world.answered(level=3, questions=("M3.2",))
    world.hand_in()
    reader, address = browser(world.people["reader"]), f"/en/rounds/{world.round.pk}/actions/M3/"
    assert shown(world.round, world.people["reader"]).results.questions["M3.2"].is_withheld
    score = 'data-l="Score">3.00<'
    assert score not in reader.get(address).content.decode()
    actions.share_scores(contribution=world.part("coalition"), shares=True, by=world.people["coalition"])
    assert score in reader.get(address).content.decode()


@pytest.mark.parametrize(
    ("scores", "rows"),
    [
        ({"government": 0.0, "civil_society": 4.0}, [0, 0]),
        ({"government": 1.5, "independent_bodies": 2.0, "civil_society": 2.0}, [0, 1]),
        ({"government": 2.0, "independent_bodies": 2.1, "civil_society": 2.2}, [0, 1, 2]),
    ],
)
def test_names_on_the_scale_never_touch(scores: dict[str, float], rows: list[int]) -> None:
    from forefend.web.assessment.drawing import LETTER, WIDTH, _labels

    named: dict[float, str] = {}
    for kind, score in sorted(scores.items(), key=lambda pair: pair[1]):
        named[score] = f"{named[score]}, {kind}" if score in named else kind
    placed = _labels(named)
    assert [row for *_, row in placed] == rows
    for _, name, at, row in placed:
        half = len(name) * LETTER / 2
        assert half <= at <= WIDTH - half, "a name leaves the drawing"
        others = [(a, len(n) * LETTER / 2) for _, n, a, r in placed if r == row and n != name]
        assert all(abs(a - at) > half + h for a, h in others)
