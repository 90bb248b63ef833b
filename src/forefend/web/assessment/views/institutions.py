"""Who is asked in a round, how far each is, and who keeps whom waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from forefend.assess.transitions import ANSWERING, REVIEWED, TITLES, allowed
from forefend.errors import AssessmentError
from forefend.locale import Language
from forefend.web.accounts.models import Institution, Person
from forefend.web.accounts.permissions import require
from forefend.web.accounts.reading import RED
from forefend.web.accounts.roles import COORDINATE, READ_ANSWERS
from forefend.web.assessment import actions
from forefend.web.assessment.actions.rounds import usual_questions
from forefend.web.assessment.counting import by_part
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.forms import AskForm
from forefend.web.assessment.models import Answer, Assignment, Contribution, Request, Round
from forefend.web.assessment.reading import contributions_for, round_for
from forefend.web.design.page import page_of, show
from forefend.web.project.errors import said_by


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one institution is; ``waits_for`` says in a word who has to act."""

    part: Contribution
    n_asked: int
    n_answered: int
    n_requests: int
    days_late: int
    waits_for: str


def index(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """Progress of each institution, and asking more of them."""
    require(request.user, READ_ANSWERS, COORDINATE)
    page = page_of(request)
    asked = round_for(request.user, identifier)
    rows = progress(asked, contributions_for(request.user, asked), today=page.bench.today, person=request.user)
    form = None
    if COORDINATE in page.may and asked.stage not in REVIEWED:
        form = _form(request, asked, lang)
        if request.method == "POST" and form.is_valid():
            _ask(request, asked, form.cleaned_data)
            return HttpResponseRedirect(reverse("round-institutions", args=[lang, asked.pk]))
    context = {"round": asked, "rows": rows, "form": form, "titles": TITLES, "tab": "institutions"}
    return show(request, "assessment/rounds/institutions.html", context, status=422 if form is not None and form.errors else 200)


def part(request: HttpRequest, lang: Language, identifier: int, part: int) -> HttpResponse:
    """One institution's part: its questions, sending it back, marking it as reviewed, going on without it."""
    require(request.user, READ_ANSWERS, COORDINATE)
    asked = round_for(request.user, identifier)
    found = contributions_for(request.user, asked).filter(pk=part).first()
    if found is None:
        require(request.user)
    refused = ""
    if request.method == "POST":
        try:
            _act(request, found)
        except AssessmentError as refusal:
            refused = said_by(refusal, lang)
        else:
            return HttpResponseRedirect(reverse("round-part", args=[lang, asked.pk, found.pk]))
    may = page_of(request).may
    steps = [step for step in allowed("contribution", found.stage) if step.permission in may and step.verb != "submit"]
    catalog = catalog_of(asked)
    is_open = found.stage in ANSWERING and not found.closed_because
    may_ask = COORDINATE in may and asked.stage not in REVIEWED and is_open
    put = list(found.assignments.values_list("question", flat=True))
    answered = set(Contribution.objects.filter(counted_for(request.user), pk=found.pk).values_list("answers__question", flat=True))
    rows = [(catalog.questions[q], q in answered) for q in put]
    more = [catalog.questions[q] for action in asked.actions for q in catalog.actions[action].questions if q not in put]
    context = {
        "round": asked, "part": found, "steps": steps, "rows": rows, "refused": refused, "titles": TITLES, "given": request.POST,
        "may_ask": may_ask, "more": more,
    }  # fmt: skip
    return show(request, "assessment/rounds/part.html", context, status=409 if refused else 200)


def counted_for(person: Person) -> Q:
    """Return which answers are counted as progress: drafts too, but no RED one that the reader could not read."""
    return ~Q(answers__marking=RED) | Q(answers__saved_by=person) | Q(answers__readers=person)


def progress(asked: Round, parts: QuerySet[Contribution], *, today: date, person: Person) -> list[Progress]:
    """Return how far each institution is. Each count is a query of its own: joined, they would multiply."""
    named = Answer.readers.through.objects.filter(person=person).values("answer")
    answers = Answer.objects.filter(contribution__round=asked).filter(~Q(marking=RED) | Q(saved_by=person) | Q(pk__in=named))
    n_asked = by_part(Assignment.objects.filter(contribution__round=asked), "contribution")
    n_answered = by_part(answers, "contribution")
    n_requests = by_part(Request.objects.filter(closed_at__isnull=True, answer__in=answers), "answer__contribution")
    return [
        Progress(
            part=found,
            n_asked=n_asked.get(found.pk, 0),
            n_answered=n_answered.get(found.pk, 0),
            n_requests=n_requests.get(found.pk, 0),
            days_late=max(0, (today - found.due_on).days) if found.stage in ANSWERING else 0,
            waits_for=_waits_for(found),
        )
        for found in parts
    ]


def _waits_for(found: Contribution) -> str:
    if found.closed_because:
        return "nobody"
    return {"draft": "institution", "returned": "institution", "submitted": "reviewer", "reviewed": "nobody"}[found.stage]


def _form(request: HttpRequest, asked: Round, lang: Language) -> AskForm:
    catalog = catalog_of(asked)
    institutions = list(Institution.objects.filter(is_practice=asked.is_practice).exclude(contributions__round=asked))
    usual = {i.pk: len(usual_questions(catalog, asked.actions, i.body)) for i in institutions}
    return AskForm(request.POST or None, lang=lang, institutions=institutions, usual=usual)


def _ask(request: HttpRequest, asked: Round, given: dict[str, object]) -> None:
    catalog = catalog_of(asked)
    everything = [question for action in asked.actions for question in catalog.actions[action].questions]
    for institution in Institution.objects.filter(pk__in=given["institutions"]):
        usual = usual_questions(catalog, asked.actions, institution.body)
        questions = usual if given["which"] == "usual" and usual else everything
        actions.ask(round=asked, institution=institution, questions=questions, by=request.user)


def _act(request: HttpRequest, found: Contribution) -> None:
    given = request.POST
    if given.get("do") == "close":
        actions.close_part(contribution=found, reason=given.get("reason", ""), by=request.user)
    elif given.get("do") == "unask":
        actions.unask(contribution=found, questions=given.getlist("questions"), by=request.user)
    elif given.get("do") == "ask":
        actions.ask(round=found.round, institution=found.institution, questions=given.getlist("questions"), by=request.user)
    else:
        actions.move_contribution(contribution=found, target=given.get("target", ""), by=request.user, reason=given.get("reason", ""))
