"""Which forecasts pages show: the newest issues of the ledger, else today's simple outlook, and what says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from forefend.forecast.explain.files import BEFORE, TOTALS
from forefend.forecast.issued import OnShow, explained, on_show
from forefend.forecast.ledger import Issue, beside, forecasts_of
from forefend.forecast.models import models
from forefend.forecast.target import Period
from forefend.store import Store
from forefend.web.design.page import Page

YEARLY, MONTHLY = "ucdp", "os"


@dataclass(frozen=True, kw_only=True)
class Said:
    """An issue as a page names it. ``is_old``: newer deaths are stored than it was made from."""

    entry: Issue
    title: str
    issued: date
    is_old: bool


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The issues on show. ``refusal`` says what is wrong with the ledger, where something is."""

    yearly: OnShow
    monthly: OnShow

    @property
    def refusal(self) -> str:
        """What is wrong with the ledger."""
        return self.yearly.refusal or self.monthly.refusal


def shown(store: Store) -> Shown:
    """Return the issues whose numbers pages show."""
    return Shown(yearly=on_show(store, period="year", target=YEARLY), monthly=on_show(store, period="month", target=MONTHLY))


def said(entry: Issue | None, page: Page, *, newest: date) -> Said | None:
    """Name an issue for people; ``newest`` is the newest month whose deaths are stored."""
    if entry is None:
        return None
    return Said(
        entry=entry,
        title=page.lang.gettext(title_of(entry.model, entry.period)),
        issued=datetime.fromisoformat(entry.issued_at).date(),
        is_old=entry.origin < (f"{newest:%Y-%m}" if entry.period == "month" else _base_year(newest)),
    )


def title_of(model: str, period: Period) -> str:
    """Return a model's phrase; its name where it is not of this version."""
    found = models(period).get(model)
    return model if found is None else str(found.title)


def totals_of(store: Store, entry: Issue | None) -> dict[str, tuple[float, float, float]]:
    """Return by state the low, median and high of all months together; none where the issue has no file of them."""
    frame = None if entry is None else beside(store, entry, TOTALS)
    return {} if frame is None else {iso3: (a, b, c) for iso3, a, b, c in frame.select("iso3", "q0.05", "q0.5", "q0.95").iter_rows()}


def chances_of(store: Store, entry: Issue) -> dict[str, tuple[float | None, float | None, float | None]]:
    """Return by state the chance issued, with its interval; None where no new one can begin."""
    return {iso3: (a, b, c) for iso3, a, b, c in forecasts_of(store, entry).select("iso3", "probability", "lower", "upper").iter_rows()}


def chances_before(store: Store, on: OnShow) -> dict[str, float]:
    """Return by state the chance of the issue before that said something else, or by the same model of the year before."""
    if on.entry is None:
        return {}
    if on.before is not None:
        known = forecasts_of(store, on.before).filter(pl.col("probability").is_not_null())
        return dict(known.select("iso3", "probability").iter_rows())
    frame = explained(store, on.entry, against=BEFORE)
    return {} if frame is None else dict(frame.select("iso3", "chance_base").iter_rows())


def _base_year(newest: date) -> str:
    return str(newest.year if newest.month == 12 else newest.year - 1)
