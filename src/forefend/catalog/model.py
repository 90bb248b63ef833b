"""The catalog's types: frozen and validated, in the words of the field.

Ids are ours and stable for ever. ``official_number`` is the number the United Nations publication prints;
it stays empty unless the text was compared with a published copy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field

Strength = Literal["direct", "proxy"]
Kind = Literal["law_and_structure", "institutional_practice", "dynamic", "trigger"]
AnswerAgeing = Literal["law_and_structure", "institutional_practice"]


class Entry(BaseModel):
    """Base of all entries: frozen, and no field that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Named(Entry):
    """Something with an id and a title."""

    id: str
    title: str


class DatasetVariable(Entry):
    """A variable of a source named in the domain files."""

    source: str
    variable: str


class Numeric(Entry):
    """How a number is scored: a straight line between the values that earn 0 and 4."""

    unit: str
    better: Literal["higher", "lower"]
    concern_when: str
    score_at: Mapping[int, float]


class Question(Entry):
    """One question of the self-assessment; ``measurable``: published data can in principle answer it, connected or not.

    ``ageing`` says how fast an answer loses value once nobody checks it; ``replaces`` names questions of earlier
    editions whose answers this one takes over.
    """

    id: str
    action: str
    type: Literal["maturity", "yes_no_partly", "numeric"]
    criticality: Literal["core", "important", "supplementary"]
    measurable: bool
    measurable_why: str = ""
    ageing: AnswerAgeing = "institutional_practice"
    weight: int
    text: str = Field(alias="question")
    typical_evidence: tuple[str, ...]
    usual_respondents: tuple[str, ...]
    gap_looks_like: str
    possible_measures: tuple[str, ...]
    prefill_indicators: tuple[DatasetVariable, ...]
    mitigates: tuple[str, ...] = Field(alias="mitigates_risk_factors")
    levels: Mapping[int, str] = Field(default_factory=dict)
    answers: Mapping[str, str] = Field(default_factory=dict)
    numeric: Numeric | None = None
    applies_if: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()


class Action(Entry):
    """One of the 21 actions of the Framework; ``questions`` are ids."""

    id: str
    sphere: str
    number: int
    title: str
    purpose: str
    related_options: tuple[str, ...]
    questions: tuple[str, ...]
    official_number: str = ""


class RiskIndicator(Entry):
    """One indicator of a risk factor, in our own words; ``measurable`` as for a question."""

    id: str
    factor: str
    text: str
    tempo: Literal["structural", "dynamic", "trigger"]
    measurable: bool
    measurable_why: str = ""
    text_check: Literal["confirmed", "recalled", "reconstructed"]
    text_source: str = ""
    proxies: tuple[DatasetVariable, ...]

    @computed_field  # type: ignore[prop-decorator]  # mypy has no model of a decorated property
    @property
    def official_number(self) -> str:
        """The number printed by the United Nations, only where it was confirmed."""
        return self.id.removeprefix("RF") if self.text_check == "confirmed" else ""


class RiskFactor(Entry):
    """One of the 14 risk factors of the UN Framework of Analysis; ``indicators`` are ids."""

    id: str
    number: int
    kind: str
    crime: str
    title: str
    summary: str
    indicator_count: int
    indicator_count_status: str
    indicators: tuple[str, ...]


class Evidence(Entry):
    """What is known of an option's effect: a grade of this catalog, a note, and the reviews it rests on."""

    grade: Literal["A", "B", "C", "D", "E", "U"]
    note: str
    base: tuple[str, ...]


class Option(Entry):
    """Something a state can do."""

    id: str
    name: str
    sphere: str
    actions: tuple[str, ...]
    phases: tuple[str, ...]
    elements: tuple[str, ...]
    mechanism: str
    preconditions: tuple[str, ...]
    leverage_types: tuple[str, ...]
    legal_basis: str
    lead_in_government: str
    lead_time: str
    effort_level: int
    evidence: Evidence
    risks_and_cautions: tuple[str, ...]
    works_well_with: tuple[str, ...]
    conflicts_with: tuple[str, ...]
    addresses_risk_factors: tuple[str, ...]
    historical_examples: tuple[str, ...]
    lever_datasets: tuple[DatasetVariable, ...]


class Schedule(Entry):
    """When a window opens: a yearly pattern, an offset to another window, or an event."""

    kind: Literal["recurring", "relative", "event"]
    rrule: str = ""
    to: str = ""
    offset: str = ""


class Window(Entry):
    """A moment at which something can be done."""

    id: str
    name: str
    forum: str
    actions: tuple[str, ...]
    schedule: Schedule
    date_confidence: Literal["fixed", "typical", "variable", "event"]
    preparation_weeks: int
    what_can_be_done: tuple[str, ...]
    options: tuple[str, ...]
    note: str


class Term(Entry):
    """A term of the field in our own words."""

    id: str
    term: str
    definition: str
    source: str


class Serves(Entry):
    """What a public series says something about: a question or a risk indicator, directly or as a stand-in."""

    id: str
    strength: Strength


class DataIndicator(Entry):
    """A declared public series: what it is, where it comes from, which way is worse, how old it may be.

    A monthly one is shown for whole years: ``of_months`` says whether its months are summed or averaged, as shares are. A
    derived one names a ``formula`` and its ``inputs``, other declared series, each taken in the newest year and those before
    it, as many as ``years`` says, newest first; its source is that of the first.
    """

    id: str
    title: str
    unit: str
    table: Literal["observations", "facts", "ties"] = "observations"
    direction: Literal["higher_is_worse", "higher_is_better", "none"]
    source: str
    transformation: str = ""
    period: Literal["month", "year"] = "year"
    of_months: Literal["sum", "mean"] = "sum"
    universe: str = ""
    decimals: int = 2
    max_age_years: int | None = None
    formula: str = ""
    inputs: tuple[str, ...] = ()
    years: int = 1
    serves: tuple[Serves, ...] = ()


class PrefillRule(Entry):
    """How a series or a dated statement suggests a level for a question, and why.

    ``method``: ``step`` (highest level whose threshold the value reaches), ``status`` (level by the words of
    one statement), ``count`` (statements in force, on a line between two points), ``share`` (share of
    support in roll calls, on a line between two points). A value as good as ``silent_from``, or better, suggests
    nothing: it shows that the worst is not so, and no more. ``override`` says who replaced the thresholds of this
    installation, when and why; empty in the catalog itself.
    """

    id: str
    question: str
    subject: str
    method: Literal["step", "status", "count", "share"]
    strength: Strength
    half_life_kind: Kind
    reason: str
    max_age_years: int | None = None
    keys: tuple[str, ...] = ()
    thresholds: tuple[tuple[float, float], ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    status_scores: Mapping[str, float] = Field(default_factory=dict)
    higher_is_better: bool = True
    silent_from: float | None = None
    override: str = ""


class Catalog(Entry):
    """The whole catalog by kind and id; see ``get`` and ``links``."""

    spheres: Mapping[str, Named]
    actions: Mapping[str, Action]
    questions: Mapping[str, Question]
    bodies: Mapping[str, Named]
    conditions: Mapping[str, Named]
    risk_factors: Mapping[str, RiskFactor]
    indicators: Mapping[str, RiskIndicator]
    options: Mapping[str, Option]
    leverage_types: Mapping[str, Named]
    regional_bodies: tuple[str, ...]
    windows: Mapping[str, Window]
    terms: Mapping[str, Term]
    data_indicators: Mapping[str, DataIndicator]
    prefill_rules: Mapping[str, PrefillRule]
    maturity_scale: Mapping[int, str]
    respondent_types: Mapping[str, tuple[str, ...]]
    core_treaties: tuple[str, ...]
    evidence_base: Mapping[str, Any]
    sources: Mapping[str, Mapping[str, str]]
    editions: Mapping[str, str]

    def of_kind(self, kind: str) -> Mapping[str, Entry]:
        """Return the entries of one of ``KINDS`` by id."""
        entries: Mapping[str, Entry] = getattr(self, kind)
        return entries

    def get(self, identifier: str) -> Entry:
        """Return any entry by its id; raises CatalogError with near matches."""
        from forefend.catalog.links import find  # links stand above the model

        return find(self, identifier)[1]

    def links(self, identifier: str) -> Mapping[str, tuple[str, ...]]:
        """Return what the entries of this id are linked to, in both directions, by kind and in the order of the catalog."""
        merged: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for kind in KINDS:
            for other, ids in self.links_of(kind, identifier).items():
                merged[other] = tuple(dict.fromkeys((*merged[other], *ids)))
        return dict(merged)

    def links_of(self, kind: str, identifier: str) -> Mapping[str, tuple[str, ...]]:
        """Return the links of one entry, where its id also names an entry of another kind."""
        return self._links.get((kind, identifier), {})

    @cached_property
    def _links(self) -> Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]]:
        from forefend.catalog.links import link_all  # links stand above the model

        return link_all(self)


KINDS = (
    "spheres", "actions", "questions", "bodies", "conditions", "risk_factors", "indicators", "options",
    "leverage_types", "windows", "terms", "data_indicators", "prefill_rules",
)  # fmt: skip
