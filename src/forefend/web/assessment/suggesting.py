"""What public data suggest for a question of a round: beside the question, never in the answer until a person takes it over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from forefend.assess.gaps import DraftAnswer, gaps
from forefend.assess.prefill import Suggestion
from forefend.locale import Language
from forefend.web.project.workbench import Workbench


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """The level that data suggest and everything they say; ``level`` is None where nothing sets one."""

    draft: DraftAnswer

    @property
    def level(self) -> float | None:
        """Level 0–4, whole: the lower one where the figure lies between two."""
        score = self.draft.score
        return None if score is None or score.value is None else float(int(score.value + 1e-9))

    @property
    def telling(self) -> tuple[Suggestion, ...]:
        """What says anything at all: a value, or a dated statement."""
        return tuple(s for s in self.draft.suggestions if s.figure.value is not None or s.status)

    @property
    def n_silent(self) -> int:
        """How many series are connected to the question and say nothing of this state."""
        return len(self.draft.suggestions) - len(self.telling)

    @property
    def setting(self) -> tuple[Suggestion, ...]:
        """What sets the level."""
        return tuple(s for s in self.draft.suggestions if s.sets_level)

    @property
    def number(self) -> float | None:
        """The figure itself, where it is the very number that the question asks for: one measurement in the question's unit.

        A count over lists is a lower bound and no answer.
        """
        numeric = self.draft.question.numeric
        if numeric is None or len(self.setting) != 1 or self.setting[0].rule.method != "step":
            return None
        figure = self.setting[0].figure
        return figure.value if figure.unit in numeric.unit.replace(";", " ").split() else None

    def record(self, lang: Language) -> dict[str, Any]:
        """Return what is kept with an answer that takes the suggestion over, or departs from it."""
        return {
            "level": self.level,
            "number": self.number,
            "figure": "" if self.draft.score is None else self.draft.score.id,
            "sources": [_of(s) for s in self.setting],
            "sentence": lang.gettext("Taken over from public data: %(sources)s.", sources=self._named(lang)),
        }

    def _named(self, lang: Language) -> str:
        named = [
            f"{lang.isolate(snapshot.title)}{lang.gettext(', ')}{lang.code_text(s.figure.period)}" if s.figure.period else snapshot.title
            for s in self.setting
            for snapshot in s.figure.snapshots[:1]
        ]
        return lang.gettext("; ").join(dict.fromkeys(named)) or lang.gettext("statements of the register")


def _of(suggestion: Suggestion) -> dict[str, Any]:
    figure = suggestion.figure
    return {
        "rule": suggestion.rule.id,
        "figure": figure.id,
        "value": figure.value,
        "unit": figure.unit,
        "period": figure.period,
        "status": suggestion.status,
        "snapshots": [snapshot.id for snapshot in figure.snapshots],
        "level": suggestion.score.value,
    }


def suggested(bench: Workbench, state: str) -> dict[str, Suggested]:
    """Return what data suggest for every question of a state, by question; made once for a store and a day."""
    bench.store.refresh()
    return _made(bench.store.version, state, bench.today.isoformat())


@lru_cache(maxsize=4)
def _made(version: str, state: str, day: str) -> dict[str, Suggested]:
    from forefend.web.project.workbench import workbench

    del version, day
    bench = workbench()
    return {
        answer.question.id: Suggested(draft=answer)
        for gap in gaps(bench.store, bench.catalog, state, today=bench.today)
        for answer in gap.answers
    }
