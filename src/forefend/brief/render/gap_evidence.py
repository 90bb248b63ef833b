"""The sheets of a gap report as Excel on which others rest: the constants of the method, and the evidence with its weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from forefend.assess.answers import EvidencePiece
from forefend.assess.evidence import are_independent, counting, is_expired, weight_of
from forefend.assess.question_results import QuestionResult, score_of
from forefend.assess.scoring import AGEING, C3, CREDIBILITY, RELIABILITY, WITHOUT_EVIDENCE, evidence_reliability
from forefend.brief.render.sheets import Sheet, name_of
from forefend.catalog import Catalog
from forefend.locale import N_, Language, strip_isolates

COLUMNS = (
    N_("Question"), N_("Evidence"), N_("Source grade"), N_("Content grade"), N_("Expires on"), N_("Counts (1) or not (0)"), N_("Weight"),
    N_("Joined as independent"),
)  # fmt: skip
QUESTION, TITLE, LETTER, NUMBER, EXPIRES, COUNTS, WEIGHT, JOINED = range(len(COLUMNS))
MOST_CARRIED = 0.95  # by the rules, however much is joined
MOST_TRIED = 24  # solid pieces among which the best independent three are sought


@dataclass(frozen=True)
class Method:
    """Where the constants of the method stand."""

    today: str
    letters: str
    numbers: str
    ageing: str


def write_method(sheet: Sheet, lang: Language, *, today: date) -> Method:
    """Write the constants that formulas look up."""

    def told(text: str) -> str:
        return strip_isolates(lang.gettext(text))

    sheet.put(0, 0, told(N_("As of")), "strong")
    sheet.put(0, 1, today)
    sheet.put(2, 0, told(N_("Source grade")), "strong")
    sheet.put(2, 1, told(N_("Weight")), "strong")
    row = 3
    for letter, value in RELIABILITY.items():
        sheet.put(row, 0, letter)
        sheet.put(row, 1, value)
        row += 1
    letters = sheet.area(3, 0, row - 1, 1)
    first = row + 2
    sheet.put(first - 1, 0, told(N_("Content grade")), "strong")
    sheet.put(first - 1, 1, told(N_("Weight")), "strong")
    row = first
    for number, value in sorted({**CREDIBILITY, 5: 0.0}.items()):
        sheet.put(row, 0, number)
        sheet.put(row, 1, value)
        row += 1
    numbers = sheet.area(first, 0, row - 1, 1)
    first = row + 2
    titles = (N_("Kind of fact"), N_("Days of grace"), N_("Half-life in days"), N_("Least freshness"))
    for column, title in enumerate(titles):
        sheet.put(first - 1, column, told(title), "strong")
    row = first
    for kind, ageing in AGEING.items():
        for column, entry in enumerate((kind, ageing.grace_days, ageing.half_life_days, ageing.floor)):
            sheet.put(row, column, entry)
        row += 1
    sheet.fit()
    return Method(sheet.area(0, 1, 0, 1).partition(":")[0], letters, numbers, sheet.area(first, 0, row - 1, 3))


def write_evidence(
    sheet: Sheet, lang: Language, catalog: Catalog, asked: Sequence[QuestionResult], *, method: Method, today: date
) -> Mapping[str, str]:
    """Write the evidence of each question that may be shown; returns the formula of what it carries."""
    sheet.head(0, [strip_isolates(lang.gettext(title)) for title in COLUMNS])
    found: dict[str, str] = {}
    row = 1
    for question in asked:
        pieces = _pieces(catalog, question)
        if pieces is None:
            continue
        chosen = chosen_pieces(pieces, today=today)
        first, joined = row, []
        for piece in pieces:
            _piece(sheet, row, question.id, piece, is_chosen=piece in chosen, method=method, today=today)
            joined += [name_of(row, WEIGHT, absolute=True)] if piece in chosen else []
            row += 1
        found[question.id] = _formula(sheet, first, row - 1, joined)
    sheet.fit({TITLE: 50})
    return found


def chosen_pieces(pieces: Sequence[EvidencePiece], *, today: date) -> tuple[EvidencePiece, ...]:
    """Return the two or three independent pieces that carry most together; empty where none joined carry more than the best alone."""
    weighed = [(weight_of(piece) or 0.0, piece) for piece in counting(pieces, today=today)]
    solid = sorted((pair for pair in weighed if pair[0] >= C3 - 1e-9), key=lambda pair: -pair[0])[:MOST_TRIED]
    best = max((weight for weight, _ in weighed), default=0.0)
    chosen: tuple[EvidencePiece, ...] = ()
    for several in _independent([piece for _, piece in solid]):
        carried = evidence_reliability([weight_of(piece) or 0.0 for piece in several])
        if carried > best + 1e-12:
            best, chosen = carried, several
        if best >= MOST_CARRIED - 1e-12:
            break
    return chosen


def _independent(pieces: Sequence[EvidencePiece]) -> Iterator[tuple[EvidencePiece, ...]]:
    for size in (2, 3):
        for several in combinations(pieces, size):
            if all(are_independent(one, other) for one, other in combinations(several, 2)):
                yield several


def _pieces(catalog: Catalog, question: QuestionResult) -> list[EvidencePiece] | None:
    """Return the evidence of the scored answers, each piece once; None where it may not be shown."""
    scored = [answer for answer in question.answers if score_of(catalog.questions[question.id], answer) is not None]
    is_closed = any(answer.respondent.is_protected and not answer.is_shared for answer in scored)
    if not question.applies or question.withheld or not scored or is_closed:
        return None
    return list({piece.id: piece for answer in scored for piece in answer.evidence}.values())


def _piece(sheet: Sheet, row: int, question: str, piece: EvidencePiece, *, is_chosen: bool, method: Method, today: date) -> None:
    weight = weight_of(piece)
    does_count = not is_expired(piece, today=today) and weight is not None
    sheet.put(row, QUESTION, question)
    sheet.put(row, TITLE, piece.title)
    sheet.put(row, LETTER, piece.letter)
    sheet.put(row, NUMBER, piece.number)
    sheet.put(row, EXPIRES, piece.expires)
    expires, number = name_of(row, EXPIRES), name_of(row, NUMBER)
    counts = f"=IF(OR({number}=5,AND(ISNUMBER({expires}),{expires}<{method.today})),0,1)"
    sheet.formula(row, COUNTS, counts, int(does_count), "number")
    looked = f"VLOOKUP({name_of(row, LETTER)},{method.letters},2,FALSE)*VLOOKUP({number},{method.numbers},2,FALSE)"
    sheet.formula(row, WEIGHT, f"=IF({name_of(row, COUNTS)}=1,{looked},0)", weight if does_count else 0.0)
    sheet.put(row, JOINED, int(is_chosen))


def _formula(sheet: Sheet, first: int, last: int, joined: Sequence[str]) -> str:
    """Return the formula of what the evidence of a question carries."""
    if last < first:
        return f"={WITHOUT_EVIDENCE}"
    quoted = sheet.area(first, WEIGHT, last, WEIGHT)
    name = quoted.partition("!")[0]
    together = "*".join(f"(1-{name}!{cell})" for cell in joined)
    return f"=MAX({WITHOUT_EVIDENCE},{quoted}" + (f",MIN(0.95,1-{together}))" if joined else ")")
