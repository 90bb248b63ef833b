"""Issues the product's own forecasts into the ledger, with the data they were made from."""

from __future__ import annotations

from datetime import date, datetime

from forefend.errors import ForecastError, NotLoaded
from forefend.forecast.actors import TARGET as BY_ACTOR
from forefend.forecast.ewp_panel import imported
from forefend.forecast.explain.files import files_beside
from forefend.forecast.ledger import Issue, issue
from forefend.forecast.pooled import annual_outlook, monthly_outlook
from forefend.forecast.target import Period
from forefend.forecast.year_outcomes import CODED
from forefend.panel.deaths import CIVILIANS, KINDS, newest_month, series, window_query
from forefend.store import Query, Store


def issue_forecast(
    store: Store, *, period: Period, target: str, now: datetime, as_of: date | None = None, horizon: int = 12, model: str = ""
) -> Issue:
    """Make the forecast the product shows, or of another model, and append it; raises what making and issuing raise."""
    day = as_of or now.date()
    if period == "month":
        found = monthly_outlook(store, target, as_of=day, horizon=horizon, model=model)
        first = found.table["month"].min()
        seed = int(f"{found.table['origin'][0]:%Y%m}")
    else:
        found = annual_outlook(store, target, as_of=day, model=model)
        seed = int(str(found.table["base_year"][0]))
        first = date(seed + 1, 1, 1)
    assert isinstance(first, date)  # noqa: S101 - a column of days holds days
    return issue(
        store,
        found.table,
        target=target,
        period=period,
        model=found.model,
        as_of=day,
        issued_at=now,
        snapshots=data_of(store, target, as_of=day),
        seed=seed,
        is_hindsight=_is_known(store, target, first),
        beside=files_beside(found),
    )


def data_of(store: Store, target: str, *, as_of: date) -> tuple[str, ...]:
    """Return the snapshots a forecast is made from: all three kinds of violence, events where it counts by them, imported files."""
    kinds = [target] if target in KINDS else ["os"]
    kinds += [kind for kind in KINDS if kind not in kinds and store.holding("observations", series(kind))]
    kinds += [CIVILIANS] if target in {CIVILIANS, BY_ACTOR} else []
    day = date(1989, 1, 1)
    pinned = [window_query(store, kind=kind, start=day, end=day, as_of=as_of).snapshot_id for kind in kinds]
    found = {identifier for entry in pinned for identifier in ((entry,) if isinstance(entry, str) else entry)}
    return tuple(sorted(found | ({imported(store)[0].id} if target == "ewp" else set())))


def _is_known(store: Store, target: str, month: date) -> bool:
    """Whether what tells of a month, or of a year by its first month, is already stored."""
    try:
        if target == "ewp":
            newest = store.read(Query(table="observations", subject=CODED)).frame["end"].max()
            return isinstance(newest, date) and newest >= month
        return newest_month(store, target if target in KINDS else "os") >= month
    except (NotLoaded, ForecastError):
        return False
