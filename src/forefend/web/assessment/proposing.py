"""What is proposed and waits for people: conditions by public data, and an institution's own answers of an earlier round."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from forefend.errors import NotLoaded
from forefend.places.model import universe
from forefend.store import Query
from forefend.web.accounts.models import Person
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Answer, Contribution
from forefend.web.assessment.reading import answers_for
from forefend.web.project.workbench import Workbench

SERIES = {"hosts_refugees": "unhcr_refugees_hosted"}  # condition → series whose newest value above 0 shows it
TIES = {"contributes_personnel": "un_peacekeepers"}  # condition → ties that begin at the state


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What data suggest of a condition, with the sentence that says why."""

    holds: bool
    value: float
    period: str
    source: str


def proposals(bench: Workbench, state: str) -> dict[str, Proposal]:
    """Return what data can say of the conditions; a condition they are silent on is not in it."""
    member = state in universe("un_members")
    found = {"is_un_member": Proposal(holds=member, value=float(member), period="", source="United Nations")}
    for name, subject in SERIES.items():
        if (proposal := _newest(bench, Query(table="observations", subject=subject, where=(("iso3", state),)))) is not None:
            found[name] = proposal
    for name, subject in TIES.items():
        if (proposal := _newest(bench, Query(table="ties", subject=subject, where=(("from_iso3", state),)))) is not None:
            found[name] = proposal
    return found


def _newest(bench: Workbench, query: Query) -> Proposal | None:
    """Return what the newest period of some rows adds up to; None where they are not loaded or not there."""
    try:
        reading = bench.store.read(query)
    except NotLoaded:
        return None
    if reading.frame.is_empty():
        return None
    last = reading.frame["end"].max()
    value = float(reading.frame.filter(pl.col("end") == last)["value"].sum())
    titles = "; ".join(dict.fromkeys(snapshot.title for snapshot in reading.snapshots))
    return Proposal(holds=value > 0, value=value, period=str(last)[:4], source=titles)


def carried_to(part: Contribution, person: Person) -> dict[str, Answer]:
    """Return the institution's earlier answers that are proposed to it again, by question, as far as the person may read them.

    An answer of another kind than the question takes now is not among them: it cannot be taken over.
    """
    from forefend.web.assessment.actions.answering import problem_with, written_in

    if person.institution_id != part.institution_id:
        return {}
    catalog = catalog_of(part.round)
    rows = list(part.carried.values_list("question", "origin"))
    wanted = {origin for _, origin in rows}
    origins = {answer.pk: answer for answer in answers_for(person, pk__in=wanted).select_related("contribution__round")} if rows else {}
    return {
        question: origins[origin]
        for question, origin in rows
        if origin in origins and problem_with(catalog.questions[question], written_in(origins[origin])) is None
    }
