"""Excel round trip of a full round: every question of the Framework, asked of three institutions, out to workbooks and back.

First as it stands (nothing may differ), then filled in anew in every cell (all of it must arrive as it was typed). What is
timed is writing, reading, comparing and saving; typing is not.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

LIMIT_SECONDS = 10.0
INSTITUTIONS = {"interior": "government", "commission": "independent_bodies", "coalition": "civil_society"}
HOSTILE = ("=1+1", "@SUM(A1)", "-2", "+2", "'quoted'", "_x0041_", "two\nlines", "نص عربي مع ٣ أرقام", "<b>&amp;</b>", "😀 {{ x }}", "00123")
KINDS = {"maturity": ("level", 3.0), "yes_no_partly": ("partly", None), "numeric": ("number", 12.25)}
AGAIN: dict[str, tuple[Any, str, float | None]] = {
    "maturity": (1, "level", 1.0), "yes_no_partly": ("no", "no", None), "numeric": (0.5, "number", 0.5),
}  # fmt: skip
CHECKED, CHECKED_AGAIN = date(2026, 1, 15), date(2026, 2, 28)


def open_installation(folder: str) -> None:
    """Open an installation of its own."""
    for name in [name for name in os.environ if name.startswith("FOREFEND_")]:
        del os.environ[name]
    os.environ["FOREFEND_DATA_DIR"] = folder
    from forefend.web.project.opening import open_database

    open_database()


def make_round() -> list[tuple[Any, Any]]:
    """Make the round with every answer and a link for each; returns the parts with who answers them."""
    from django.utils import timezone

    from forefend.web.accounts.models import Duty, Institution, Person
    from forefend.web.assessment import actions
    from forefend.web.assessment.actions.answering import Content
    from forefend.web.evidence.actions import Details, add_evidence, attach
    from forefend.web.project.workbench import workbench

    def person(name: str, role: str, institution: Institution | None = None) -> Person:
        made = Person.objects.create_user(f"{name}@example.org", name=name, institution=institution)
        Duty.objects.create(person=made, role=role, since=timezone.now(), given_by="bench")
        return made

    catalog, focal = workbench().catalog, person("focal", "focal_point")
    today = workbench().today
    asked = actions.open_round(
        title="Full round", state="GHA", catalog=catalog, actions=list(catalog.actions), opens_on=today,
        due_on=today + timedelta(days=30), by=focal,
    )  # fmt: skip
    parts = []
    for key, kind in INSTITUTIONS.items():
        institution = Institution.objects.create(key=key, title=key.title(), kind=kind, made_at=timezone.now())
        who = person(key, "respondent", institution)
        part = actions.ask(round=asked, institution=institution, questions=list(catalog.questions), by=focal)
        law = None
        for place, question in enumerate(catalog.questions.values()):
            chosen, value = KINDS[question.type]
            text = f"{HOSTILE[place % len(HOSTILE)]} {question.id}"
            content = Content(kind=chosen, value=value, comment=text, sure="moderate", checked_on=CHECKED)
            saved = actions.save_answer(contribution=part, question=question.id, content=content, base_version=0, by=who)
            details = Details(title=f"Law of {key}", letter="B", number=2, url=f"https://example.org/{key}?a=1&b=2#c")
            law = law or add_evidence(by=who, details=details)
            attach(evidence=law, answer=saved.answer, by=who)
        parts.append((part, who))
    return parts


def filled(content: bytes, catalog: Any) -> tuple[bytes, dict[str, tuple[Any, ...]]]:
    """Type another answer into every row, as a person would in Excel; returns the file and what must arrive."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content))
    sheet = next(sheet for sheet in book.worksheets if sheet["A2"].value == "question")
    columns = {cell.value: cell.column for cell in sheet[2]}
    wanted = {}
    for row in range(3, sheet.max_row + 1):
        identifier = sheet.cell(row, columns["question"]).value
        typed, kind, value = AGAIN[catalog.questions[identifier].type]
        comment = f"Typed offline: {HOSTILE[row % len(HOSTILE)]}"
        for name, entered in (("answer", typed), ("comment", comment), ("sure", "high"), ("checked_on", CHECKED_AGAIN)):
            sheet.cell(row, columns[name]).value = as_excel_writes(entered)
        wanted[identifier] = (kind, value, comment, "high", CHECKED_AGAIN)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue(), wanted


def as_excel_writes(entered: Any) -> Any:
    """Write what looks like an escaped character as Excel does; the library that types here does not."""
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", entered) if isinstance(entered, str) else entered


@contextmanager
def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Add what passes by the clock, and what the processor spends, which other programs on the machine do not lengthen."""
    clock, processor = time.perf_counter(), time.process_time()
    yield
    seconds[name] += time.perf_counter() - clock
    seconds["processor"] += time.process_time() - processor


def main() -> None:
    """Measure and print; exit status 1 when something differs or it took too long."""
    with tempfile.TemporaryDirectory() as folder:
        open_installation(folder)
        from forefend.locale import language
        from forefend.web.assessment.models import Answer, Clash
        from forefend.web.exchange.actions.taking_in import take_in
        from forefend.web.exchange.arriving import compare
        from forefend.web.exchange.workbooks import ORIGIN, read_workbook, workbook_file
        from forefend.web.project.workbench import workbench

        parts, differences, catalog = make_round(), 0, workbench().catalog
        seconds = {"write": 0.0, "read": 0.0, "save": 0.0, "processor": 0.0}
        n_questions = len(catalog.questions)
        for lang, (part, who) in zip(("en", "ar", "en"), parts, strict=True):
            with timed(seconds, "write"):
                content = workbook_file(part, who, lang=language(lang)).content
            unchanged, problems = read_workbook(part, who, content)
            differences += len(unchanged) + len(problems)
            typed, wanted = filled(content, catalog)
            with timed(seconds, "read"):
                arriving, problems = read_workbook(part, who, typed)
                compare(part, arriving, who)  # what a person is shown before
            with timed(seconds, "save"):
                take_in(part=part, arriving=arriving, by=who, origin=ORIGIN)
            kept = {a.question: (a.kind, a.value, a.comment, a.sure, a.checked_on) for a in Answer.objects.filter(contribution=part)}
            differences += len(problems) + sum(kept[question] != wanted[question] for question in wanted) + abs(len(wanted) - n_questions)
        differences += Clash.objects.count()
    processor = seconds.pop("processor")
    whole = sum(seconds.values())
    print(f"{n_questions} questions, {len(parts)} institutions: " + ", ".join(f"{name} {spent:.1f} s" for name, spent in seconds.items()))
    print(f"Excel round trip of a full round: {whole:.1f} s  limit {LIMIT_SECONDS:.0f} s; differences: {differences}  limit 0")
    print(f"of which the processor worked {processor:.1f} s")
    sys.exit(bool(differences) or whole > LIMIT_SECONDS)


if __name__ == "__main__":
    main()
