"""A round full of secrets: each is a text nobody else writes, and says who may read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from forefend.options.judgements import Judgement
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.roles import ANSWER, COORDINATE, READ_ANSWERS, READ_RESULTS
from forefend.web.assessment import actions
from forefend.web.assessment.models import Answer
from forefend.web.assessment.reading import may_read_answer
from forefend.web.evidence import actions as evidence_actions
from forefend.web.evidence import files
from forefend.web.evidence.actions import Details, NewFile
from forefend.web.evidence.models import Evidence
from forefend.web.evidence.reading import may_read_piece

from .builders import World, build, kind_of, person
from .doing import OPTION

MARKED = {"M3.2": "AMBER", "M3.3": "AMBER+STRICT", "M3.4": "GREEN", "M3.5": "CLEAR", "M3.6": "RED", "M3.7": "RED"}
NAMED = "M3.7"  # the RED answer whose readers are named


@dataclass(kw_only=True)
class Planted:
    """The world, and who may read which secret; a person is None for a stranger."""

    world: World
    secrets: dict[str, Callable[[Person], bool]] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)

    def closed_to(self, reader: Person | None) -> list[str]:
        """The secrets that a person may not read."""
        return [secret for secret, is_open in self.secrets.items() if reader is None or not is_open(reader)]


def plant() -> Planted:
    """Interior drafts, justice and the coalition handed in, the human rights institution was closed with a draft."""
    planted = Planted(world=build())
    world = planted.world
    world.people["justice/2"] = person("justice/2", "respondent", institution=world.institutions["justice"])
    for key in world.parts:
        for question, marking in MARKED.items():
            _answer(planted, key, question, marking)
    _clash(planted)
    actions.close_part(contribution=world.part("nhri"), reason="zqclosing It was dissolved.", by=world.people["coordinator"])
    nhri = world.institutions["nhri"].pk
    planted.secrets["zqclosing"] = lambda p: may(p, READ_ANSWERS) or may(p, COORDINATE) or (may(p, ANSWER) and p.institution_id == nhri)
    world.hand_in("justice", "coalition")
    _talk(planted)
    return planted


def _answer(planted: Planted, key: str, question: str, marking: str) -> None:
    world, token = planted.world, f"zq{key}{question.replace('.', 'x')}".lower()
    kind, value = kind_of(world.catalog, question, level=1)
    first = world.answer(key, question, kind=kind, value=value, comment=f"{token}old It was so.")
    answer = world.save(key, question, base=1, kind=kind, value=value, comment=f"{token} It is so.", departs_because=f"{token}why").answer
    by = world.people[key]
    readers = [world.people["reviewer"], world.people["auditor"]] if question == NAMED else []
    actions.mark_answer(answer=first, marking=marking, readers=readers, by=by)
    planted.answers[f"{key}/{question}"] = answer
    planted.secrets[token] = lambda reader, pk=answer.pk: may_read_answer(reader, Answer.objects.select_related("contribution").get(pk=pk))
    if question in {"M3.2", "M3.4", "M3.6"}:
        _evidence(planted, key, answer, marking, token)


def _evidence(planted: Planted, key: str, answer: Answer, marking: str, token: str) -> None:
    by = planted.world.people[key]
    file = NewFile(coming=files.receive([f"{token} file".encode()]), filename=f"{token}paper.txt")
    details = Details(title=f"{token}title", letter="B", number=2, marking=marking, note=f"{token}note")
    piece = evidence_actions.add_evidence(by=by, details=details, file=file, answer=answer)
    planted.evidence[f"{key}/{marking}"] = piece
    for what in ("title", "paper", "note"):
        planted.secrets[f"{token}{what}"] = lambda reader, pk=piece.pk: may_read_piece(reader, Evidence.objects.get(pk=pk))
    # The token of the answer begins that of its evidence: a reader of the piece alone would trip over it.
    planted.secrets[f"{token} it is"] = planted.secrets.pop(token)


def _clash(planted: Planted) -> None:
    world = planted.world
    saved = world.save("interior", "M3.2", by="interior/2", base=1, comment="zqclash Otherwise.")
    assert saved.clash is not None
    own = world.institutions["interior"].pk
    planted.secrets["zqclash"] = lambda reader: may(reader, ANSWER) and reader.institution_id == own


def _talk(planted: Planted) -> None:
    """What reviewers and coordinators write: a request on an AMBER answer of justice, a ruling, a condition, a judgement."""
    world = planted.world
    answer = planted.answers["justice/M3.2"]
    request = actions.request_change(answer=answer, text="zqremark Name the law.", by=world.people["reviewer"])
    actions.remark(request=request, text="zqreply It is the act.", by=world.people["justice"])
    for secret in ("zqremark", "zqreply"):
        planted.secrets[secret] = lambda reader: may_read_answer(reader, Answer.objects.select_related("contribution").get(pk=answer.pk))
    actions.rule(round=world.round, question="M3.2", score=3.0, reason="zqruling The act decides.", by=world.people["coordinator"])
    planted.secrets["zqruling"] = lambda reader: may(reader, READ_ANSWERS)
    judgement = Judgement(option=OPTION, acceptability=0.5, reason="zqjudged The cabinet agreed.", mitigation="zqmitigation A desk.")
    actions.judge(round=world.round, judgement=judgement, by=world.people["coordinator"])
    for secret in ("zqjudged", "zqmitigation"):
        planted.secrets[secret] = lambda reader: may(reader, READ_RESULTS) or may(reader, COORDINATE)
