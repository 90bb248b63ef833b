"""One channel of leverage, as it is shown: the figure seen from the target, and who else holds it."""

from __future__ import annotations

from dataclasses import dataclass

from forefend.store import Figure

COUNTED = ("seat", "organisations", "treaty", "border", "lever", "pledges", "cases in force", "agreement")


@dataclass(frozen=True, kw_only=True)
class Lever:
    """One channel: the figure seen from the target, and the three states that hold most of it.

    ``figure`` is a share of the target's total where the channel is a flow, a count where it is a seat or a
    tie, and an amount where only one holder is on record, so that there is no total. ``amount`` is the flow
    itself. ``is_held`` is None where nobody knows.
    """

    channel: str
    title: str
    figure: Figure
    amount: Figure | None = None
    holders: tuple[tuple[str, Figure], ...] = ()

    @property
    def is_held(self) -> bool | None:
        """Whether the actor holds this lever; None when it is not known."""
        return None if self.figure.value is None else self.figure.value > 0

    @property
    def strength(self) -> float | None:
        """Strength of the lever, 0-1: the share, or 1 for a seat or tie that is held; None for an amount without a total."""
        if self.figure.value is None:
            return None
        if self.figure.unit == "share":
            return self.figure.value
        return min(1.0, self.figure.value) if self.figure.unit in COUNTED else None
