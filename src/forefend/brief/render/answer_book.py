"""The workbook of an institution: its questions, to be filled in without a network and read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from forefend.brief.answer_rows import (
    COLUMNS,
    EVIDENCE_LINK,
    EVIDENCE_TITLE,
    FEWEST_EVIDENCE,
    KEY_SHEET,
    OFFERED,
    SCHEMA,
    SURE,
    VERSION,
    WORDS,
    Handout,
    Link,
    Standing,
    digest,
    plain,
)
from forefend.brief.render.sheets import LONGEST_LINK, Book, Sheet, clean
from forefend.catalog import Catalog
from forefend.catalog.model import Question
from forefend.locale import N_, Language, strip_isolates

HEAD, IDS, FIRST = 0, 1, 2  # rows: titles, hidden ids of the columns, first question
WIDTHS = {"question": 9, "action": 22, "text": 44, "anchors": 44, "answer": 15, "comment": 44, "sure": 12, "checked_on": 13}
EVIDENCE_WIDTH = 26
EARLIEST = date(1990, 1, 1)  # a day before is more likely a slip
INSTRUCTIONS = (
    N_("Fill in the coloured cells of the sheet of answers. The other cells are locked, as they tell which question is meant."),
    N_("Answer: choose from the list, or write a number where one is asked for. Leave it empty where you do not answer."),
    N_("Level 0 is absent, 2 partial, 4 in place, used and reviewed; 1 and 3 lie between. What each means stands beside the question."),
    N_("Unknown is an answer too: it says that nobody can tell. Not applicable needs its reason in the comment."),
    N_("How sure: low, moderate or high. Checked on: the day somebody last looked, as 2027-03-31."),
    N_("Evidence: a title, and a link that begins with https:// where there is one. Files are added in the workbench."),
    N_("Do not add formulas or macros. You may sort the rows, move columns, and use LibreOffice or another program."),
    N_("When you send it back, every change is shown first. Where somebody else changed the same answer meanwhile, both are shown."),
)


def render_answer_book(handout: Handout, catalog: Catalog, standing: Mapping[str, Standing], *, lang: Language, today: date) -> bytes:
    """Return the Excel file with the answers as they stand."""

    def told(text: str, **params: object) -> str:
        return strip_isolates(lang.gettext(text, **params))

    book = Book(
        f"{handout.round_title}: {handout.institution_title}", today, is_rtl=lang.is_rtl, keywords=f"TLP:{handout.marking}",
        marking=f"TLP:{handout.marking}",
    )  # fmt: skip
    pairs = max([FEWEST_EVIDENCE, *(len(answer.evidence) for answer in standing.values())])
    _instructions(book.sheet(told(N_("Instructions"))), handout, lang)
    answers = book.sheet(told(N_("Answers")))
    form = _Form(answers, _head(answers, lang, pairs=pairs), lang)
    for row, identifier in enumerate(handout.questions, start=FIRST):
        question = catalog.questions[identifier]
        form.ask(row, question, action=catalog.actions[question.action].title)
        form.fill(row, question, standing.get(identifier, Standing()))
    _finish(answers, form.columns)
    _key(book.sheet(KEY_SHEET), handout, standing, lang, today=today)
    answers.raw.activate()
    return book.save()


def _instructions(sheet: Sheet, handout: Handout, lang: Language) -> None:
    sheet.put(0, 0, handout.round_title, "title")
    sheet.put(1, 0, f"TLP:{handout.marking}", "marking")
    sheet.put(2, 0, handout.institution_title, "strong")
    if handout.due_on:
        sheet.put(3, 0, strip_isolates(lang.gettext(N_("Due on %(day)s"), day=lang.date(handout.due_on))))
    for row, text in enumerate(INSTRUCTIONS, start=5):
        sheet.put(row, 0, strip_isolates(lang.gettext(text)))
    sheet.fit({0: 100})
    sheet.raw.protect()


def _head(sheet: Sheet, lang: Language, *, pairs: int) -> Mapping[str, int]:
    titles = {name: lang.gettext(title) for name, title in COLUMNS.items()}
    for number in range(1, pairs + 1):
        titles[f"evidence_{number}"] = lang.gettext(EVIDENCE_TITLE, number=lang.number(number))
        titles[f"link_{number}"] = lang.gettext(EVIDENCE_LINK, number=lang.number(number))
    sheet.head(HEAD, [strip_isolates(title) for title in titles.values()])
    columns = {name: column for column, name in enumerate(titles)}
    for name, column in columns.items():
        sheet.raw.write_string(IDS, column, name)
    return columns


@dataclass(frozen=True)
class _Form:
    """The sheet of answers with its columns."""

    sheet: Sheet
    columns: Mapping[str, int]
    lang: Language

    def told(self, text: str, **params: object) -> str:
        """Return a text as a cell holds it."""
        return strip_isolates(self.lang.gettext(text, **params))

    def ask(self, row: int, question: Question, *, action: str) -> None:
        """Write what is asked, and what the answers mean."""
        self.sheet.put(row, self.columns["question"], question.id, "strong")
        self.sheet.put(row, self.columns["action"], self.told(action))
        self.sheet.put(row, self.columns["text"], self.told(question.text))
        self.sheet.put(row, self.columns["anchors"], "\n".join(self._anchors(question)))

    def fill(self, row: int, question: Question, answer: Standing) -> None:
        """Write the answer as it stands, and what may be chosen."""
        at = self.columns
        self.sheet.put(row, at["answer"], self._shown(answer), "entry")
        self.sheet.put(row, at["comment"], plain(answer.comment), "entry")
        self.sheet.put(row, at["sure"], self.told(SURE[answer.sure]) if answer.sure else "", "entry")
        self.sheet.put(row, at["checked_on"], answer.checked_on, "entry_day")
        self._offer(row, question)
        self._offer_words(row, "sure", [self.told(word) for word in SURE.values()])
        is_day = {"validate": "date", "criteria": ">=", "value": EARLIEST, "ignore_blank": True, "error_type": "warning"}
        self.sheet.raw.data_validation(row, at["checked_on"], row, at["checked_on"], is_day)
        pairs = sum(name.startswith("link_") for name in at)
        for number in range(1, pairs + 1):
            piece = answer.evidence[number - 1] if number <= len(answer.evidence) else Link("")
            self.sheet.put(row, at[f"evidence_{number}"], plain(piece.title), "entry")
            self._link(row, at[f"link_{number}"], piece.link)

    def _anchors(self, question: Question) -> Iterator[str]:
        for level, text in question.levels.items():
            yield f"{level}: {self.told(text)}"
        for word, text in question.answers.items():
            yield f"{self.told(WORDS[word])}: {self.told(text)}"
        if question.numeric:
            yield self.told(N_("Number in %(unit)s"), unit=self.told(question.numeric.unit))

    def _shown(self, answer: Standing) -> object:
        if answer.kind in WORDS:
            return self.told(WORDS[answer.kind])
        if answer.value is None:
            return ""
        return int(answer.value) if answer.value == int(answer.value) else answer.value

    def _offer(self, row: int, question: Question) -> None:
        words = [self.told(WORDS[word]) if word in WORDS else word for word in OFFERED[question.type]]
        if question.type != "numeric":
            self._offer_words(row, "answer", words)
            return
        # A list cannot be joined with numbers; the words are told, and what is written is checked when it is read.
        message = self.told(N_("A number, or: %(words)s"), words=", ".join(words))
        column = self.columns["answer"]
        self.sheet.raw.data_validation(row, column, row, column, {"validate": "any", "input_message": message[:255]})

    def _offer_words(self, row: int, name: str, words: list[str]) -> None:
        column = self.columns[name]
        self.sheet.raw.data_validation(row, column, row, column, {"validate": "list", "source": words})

    def _link(self, row: int, column: int, link: str) -> None:
        if link.startswith(("https://", "http://")) and len(link) <= LONGEST_LINK:
            self.sheet.raw.write_url(row, column, clean(link), self.sheet.book.formats["entry_link"], clean(link))
        else:
            self.sheet.put(row, column, link, "entry")


def _finish(sheet: Sheet, columns: Mapping[str, int]) -> None:
    sheet.fit({column: WIDTHS.get(name, EVIDENCE_WIDTH) for name, column in columns.items()})
    sheet.raw.set_row(IDS, None, None, {"hidden": True})
    sheet.raw.freeze_panes(FIRST, 1)
    sheet.raw.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True, "insert_hyperlinks": True})


def _key(sheet: Sheet, handout: Handout, standing: Mapping[str, Standing], lang: Language, *, today: date) -> None:
    """Write what tells whose workbook it is, and what each answer was when it was written."""
    known = {
        "schema": SCHEMA, "version": str(VERSION), "round": handout.round, "institution": handout.institution, "edition": handout.edition,
        "language": lang.code, "written": today.isoformat(),
    }  # fmt: skip
    for row, (name, value) in enumerate(known.items()):
        sheet.raw.write_string(row, 0, name)
        sheet.raw.write_string(row, 1, value)
    for row, identifier in enumerate(handout.questions, start=len(known) + 1):
        answer = standing.get(identifier, Standing())
        sheet.raw.write_string(row, 0, f"question {identifier}")
        sheet.raw.write_string(row, 1, str(answer.version))
        sheet.raw.write_string(row, 2, digest_of(answer))
    sheet.raw.very_hidden()


def digest_of(answer: Standing) -> str:
    """Return the digest of an answer as a workbook can hold it."""
    return digest(
        kind=answer.kind, value=answer.value, comment=clean(plain(answer.comment)), sure=answer.sure, checked_on=answer.checked_on,
        evidence=tuple(Link(clean(plain(piece.title)), clean(plain(piece.link))) for piece in answer.evidence),
    )  # fmt: skip
