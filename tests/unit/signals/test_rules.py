"""Each rule fires on what it watches, stays silent otherwise, and shows the numbers that fired it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from deaths_release import _write
from forefend.locale import language, strip_isolates
from forefend.panel import treaties
from forefend.panel.deaths import months_before
from forefend.signals.listing import all_signals, figures, standing
from forefend.signals.model import ALARM, WARNING, Hit
from forefend.signals.rules import (
    anomaly,
    contested_election,
    coup,
    displacement_jump,
    escalation_in_sight,
    forecast_jump,
    new_violence,
    peer_jump,
    rules,
    threshold,
    treaty_withdrawal,
    triggers_ahead,
)
from forefend.signals.seen import Seen, earlier, look
from forefend.signals.treaties import TITLES
from forefend.store import Snapshot, Store, recompute

Made = Callable[..., Seen]
Release = Callable[..., Snapshot]
TODAY = date(2026, 11, 20)


def fired(hits: Any) -> list[tuple[str, str]]:
    return [(h.iso3, f"{h.month:%Y-%m}") for h in hits]


def write(store: Store, tmp_path: Path, table: str, rows: list[dict[str, Any]], *, source: str, published: date = date(2026, 9, 1)) -> None:
    file = tmp_path / f"{source}-{published}.csv"
    file.write_text(str(rows))
    _write(store, file, {table: pl.DataFrame(rows, infer_schema_length=None)}, source=source, vintage=str(published), published=published)  # type: ignore[dict-item]


def fact(iso3: str, kind: str, key: str, status: str, start: date | None, end: date | None = None, text: str = "") -> dict[str, Any]:
    return {
        "iso3": iso3,
        "kind": kind,
        "key": key,
        "status": status,
        "start": start,
        "end": end or start,
        "date_text": text,
        "checked": "",
        "row": 1,
    }


def measured(iso3: str, series: str, start: date, end: date, value: float) -> dict[str, Any]:
    return {"iso3": iso3, "indicator": series, "start": start, "end": end, "value": value, "row": 1}


def test_rules_are_found_by_folder_and_declare_what_they_are() -> None:
    found = rules()
    assert len(found) == 11
    assert {name for name, rule in found.items() if rule.is_tested} == {
        "anomaly",
        "coup",
        "escalation_in_sight",
        "new_violence",
        "threshold",
    }
    for name, rule in found.items():
        assert rule.id == name
        assert rule.watches
        assert rule.threshold
        assert 0 < rule.budget <= 40
    assert sum(rule.budget for rule in found.values() if rule.is_tested) <= 36


def test_escalation_in_sight_needs_a_calm_state_with_a_past(made: Made) -> None:
    seen = made(MLI=[*[30, 40, 2] * 12, 21, 0, 3], NER=[60] * 24, FRA=[0])
    found = [h for h in escalation_in_sight.hits(seen) if h.month == date(2020, 12, 1)]
    assert [h.iso3 for h in found] == ["MLI"]
    assert found[0].level >= escalation_in_sight.CHANCE
    assert found[0].sentence.startswith("A chance of ")
    assert " % that 25 or more" in found[0].sentence


def test_new_violence_follows_five_quiet_years(made: Made) -> None:
    assert fired(new_violence.hits(made(MLI=[4, 6, 0], NER=[3, *[0] * 40, 20], FRA=[9]))) == [("MLI", "2020-11"), ("MLI", "2020-12")]


def test_an_anomaly_is_one_by_the_states_own_past(made: Made) -> None:
    steady = [100.0, 140.0, 60.0] * 30
    assert fired(anomaly.hits(made(MLI=[*steady, 120], FRA=[130]))) == [("FRA", "2020-12")]


def test_a_line_is_told_once_and_at_its_highest(made: Made) -> None:
    found = list(threshold.hits(made(MLI=[0, 120, 0, 0, 950, 0], NER=[1200], FRA=[99])))
    assert [(h.iso3, h.level, h.severity) for h in found] == [("MLI", 100, WARNING), ("MLI", 1000, ALARM), ("NER", 1000, ALARM)]
    assert found[1].sentence == "1,070 killed in one-sided violence in twelve months, the first time in three years that 1,000 was passed"


def test_a_coup_fires_by_month_and_not_by_year(made: Made, store: Store, tmp_path: Path) -> None:
    assert list(coup.hits(made(MLI=[0]))) == []
    month = (date(2020, 8, 1), date(2020, 8, 31))
    rows = [
        measured("MLI", "coup_attempts", *month, 1),
        measured("MLI", "coup_successes", *month, 1),
        measured("NER", "coup_attempts", date(2020, 3, 1), date(2020, 3, 31), 1),
        measured("FRA", "coup_attempts", date(2020, 1, 1), date(2020, 12, 31), 1),
    ]
    write(store, tmp_path, "observations", rows, source="coups")
    found = list(coup.hits(made(MLI=[0])))
    assert [(h.iso3, h.severity) for h in found] == [("MLI", ALARM), ("NER", WARNING)]


def quiet_release(release: Release, *, deaths: float = 20.0) -> None:
    release([("MLI", kind, f"{year}-{m:02}", deaths) for kind in ("os", "sb", "ns") for year in range(1989, 2025) for m in range(1, 13)])


def test_elections_and_mandates_are_told_90_days_ahead_where_people_are_killed(store: Store, release: Release, tmp_path: Path) -> None:
    quiet_release(release)
    rows = [
        fact("MLI", "election", "presidential", "set", date(2027, 1, 16), text="2027-01-16"),
        fact("MLI", "election", "parliamentary", "uncertain", date(2027, 1, 16)),
        fact("FRA", "election", "presidential", "set", date(2027, 1, 16)),
        fact("MLI", "election", "local", "set", date(2028, 1, 16)),
        fact("MLI", "mandate", "MINUSMA", "active", date(2020, 1, 1), date(2026, 12, 31), text="2026-12-31"),
        fact("MLI", "mandate", "OLD", "ended", date(2020, 1, 1), date(2026, 12, 31)),
    ]
    write(store, tmp_path, "facts", rows, source="register")
    seen = look(store, as_of=TODAY)
    (election,) = contested_election.hits(seen)
    assert (election.month, election.sentence) == (
        date(2026, 10, 1),
        "An election (presidential, 2027-01-16, set) in a state where 720 were killed in organised violence in twelve months",
    )
    (mandate,) = triggers_ahead.hits(seen)
    assert (mandate.month, mandate.said["what"]) == (date(2026, 9, 1), "MINUSMA")


def test_a_withdrawal_is_dated_or_seen_between_releases(store: Store, release: Release, tmp_path: Path) -> None:
    quiet_release(release)
    write(store, tmp_path, "facts", [fact("HUN", "commitment", "rome_statute", "withdrawn", date(2026, 6, 2))], source="register")
    old = [fact("NIC", "treaty", "cat", "party", date(2005, 7, 5)), fact("MLI", "treaty", "cat", "party", date(1999, 2, 26))]
    new = [fact("NIC", "treaty", "cat", "withdrawn", None), fact("MLI", "treaty", "cat", "party", date(1999, 2, 26))]
    write(store, tmp_path, "facts", old, source="un_treaties", published=date(2022, 8, 1))
    write(store, tmp_path, "facts", new, source="un_treaties", published=date(2026, 8, 1))
    found = sorted(treaty_withdrawal.hits(look(store, as_of=TODAY)), key=lambda h: h.iso3)
    assert [(h.iso3, h.month, h.sentence) for h in found] == [
        (
            "HUN",
            date(2026, 6, 1),
            "The state has withdrawn from the Rome Statute of the International Criminal Court; its withdrawal is dated 2026-06-02",
        ),
        (
            "NIC",
            date(2026, 8, 1),
            "The state has left the Convention against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment: "
            "it is said so since the release of 2026-08-01, and was a party in the one before",
        ),
    ]
    assert found[0].sentence_in(language("en")).endswith("Court; its withdrawal is dated 2 June 2026")
    assert list(treaty_withdrawal.hits(look(store, as_of=date(2026, 5, 31)))) == []


def test_a_withdrawal_ahead_is_announced_and_its_treaty_is_named_in_the_readers_language(
    store: Store, release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet_release(release)
    ahead = fact("HUN", "commitment", "arms_trade_treaty", "withdrawal announced", date(2026, 6, 2))
    write(store, tmp_path, "facts", [ahead], source="register")
    (hit,) = treaty_withdrawal.hits(look(store, as_of=TODAY))
    assert hit.sentence == "The state has announced that it withdraws from the Arms Trade Treaty; this is dated 2026-06-02"
    own = {hit.why: "يعلن %(treaty)s %(date)s", "Arms Trade Treaty": "معاهدة"}
    arabic = language("ar")
    monkeypatch.setattr(arabic.texts, "gettext", lambda text: own.get(text, text))
    assert strip_isolates(hit.sentence_in(arabic)).startswith("يعلن معاهدة 2 ")


def test_every_treaty_watched_has_a_title() -> None:
    assert {*treaties.CORE_TREATIES, *treaties.ALSO_COMMITMENTS} == TITLES.keys()


def test_displacement_jumps_by_month_and_by_year(store: Store, release: Release, tmp_path: Path) -> None:
    quiet_release(release)
    usual = [measured("SDN", "idmc_conflict_displacements", date(2022, m, 1), date(2022, m, 28), 6000) for m in range(1, 13)]
    jump = measured("SDN", "idmc_conflict_displacements", date(2023, 1, 1), date(2023, 1, 31), 30_000)
    write(store, tmp_path, "observations", [*usual, jump], source="idmc")
    rows = [
        measured("SDN", "unhcr_refugees_from", date(y, 12, 31), date(y, 12, 31), n)
        for y, n in ((2021, 100_000), (2022, 180_000), (2023, 190_000))
    ]
    write(store, tmp_path, "observations", rows, source="unhcr")
    seen = look(store, as_of=TODAY)
    assert fired(displacement_jump.hits(seen)) == [("SDN", "2023-01"), ("SDN", "2023-06")]
    assert fired(displacement_jump.hits(look(store, as_of=date(2023, 5, 31)))) == [("SDN", "2023-01")]
    values = [rules()["displacement_jump"].evidence(seen, h)[0].value for h in displacement_jump.hits(seen)]
    assert values == [30_000, 180_000]


def test_a_jump_between_issues_is_told_and_hindsight_is_not(store: Store, release: Release) -> None:
    from forefend.forecast.ledger import issue

    quiet_release(release)

    def put(origin: date, chance: float, *, is_hindsight: bool = False) -> None:
        frame = pl.DataFrame({"iso3": ["MLI", "NER"], "origin": [origin] * 2, "month": [months_before(origin, -1)] * 2, "horizon": [1, 1]})
        frame = frame.with_columns(pl.lit(0.0).alias("q0.05"), pl.lit(9.0).alias("q0.95"), p_ge_25=pl.Series([chance, 0.3]))
        when = datetime(2026, 11, 2, tzinfo=UTC)
        given: dict[str, Any] = {
            "target": "os",
            "period": "month",
            "model": "pool",
            "as_of": TODAY,
            "issued_at": when,
            "snapshots": (),
            "seed": 0,
        }
        issue(store, frame, is_hindsight=is_hindsight, **given)

    put(date(2024, 10, 1), 0.01, is_hindsight=True)
    put(date(2024, 11, 1), 0.1)
    assert list(forecast_jump.hits(look(store, as_of=TODAY))) == []
    put(date(2024, 12, 1), 0.4)
    (found,) = forecast_jump.hits(look(store, as_of=TODAY))
    assert (found.iso3, found.month) == ("MLI", date(2024, 12, 1))
    assert "rose from 10 % to 40 %" in found.sentence
    assert list(forecast_jump.hits(look(store, as_of=date(2026, 11, 1)))) == []


def test_a_peers_jump_is_dated_by_its_issue(store: Store, release: Release, tmp_path: Path) -> None:
    quiet_release(release)
    series = "conflictforecast_armed_conflict_probability_3m"
    for published, start, chance in ((date(2026, 8, 5), date(2026, 8, 1), 0.05), (date(2026, 9, 5), date(2026, 9, 1), 0.3)):
        rows = [measured(iso3, series, start, months_before(start, -3), chance if iso3 == "MLI" else 0.5) for iso3 in ("MLI", "NER")]
        write(store, tmp_path, "observations", rows, source="conflictforecast", published=published)
    seen = look(store, as_of=TODAY)
    (found,) = peer_jump.hits(seen)
    assert (found.iso3, found.day) == ("MLI", date(2026, 9, 5))
    assert "rose from 5.0 % to 30.0 %" in found.sentence
    assert peer_jump.evidence(seen, found)[0].value == pytest.approx(0.3)
    assert list(peer_jump.hits(look(store, as_of=date(2026, 9, 4)))) == []


def test_every_number_recomputes(real: Store) -> None:
    seen = look(real, as_of=date(2023, 8, 31))
    for signal, made in figures(seen, standing(seen)):
        assert made, signal.rule.id
        for figure in made:
            assert recompute(real, figure) == figure.value
        if signal.rule.id in {"escalation_in_sight", "anomaly"}:
            assert made[0].value == pytest.approx(signal.hit.level, rel=1e-6)


def test_signals_of_a_past_month_see_nothing_later(real: Store) -> None:
    then, now = look(real, as_of=date(2020, 6, 30)), look(real, as_of=date(2024, 12, 31))
    told = [(s.rule.id, s.hit.iso3, s.hit.month) for s in all_signals(now) if s.hit.month <= date(2020, 6, 1)]
    assert [(s.rule.id, s.hit.iso3, s.hit.month) for s in all_signals(then)] == told
    assert earlier(now, date(2020, 6, 1)).past.deaths.shape == then.past.deaths.shape


def test_a_state_outside_the_count_has_no_number_of_deaths(real: Store) -> None:
    seen = look(real, as_of=date(2024, 12, 31))
    hit = Hit(iso3="TUV", month=date(2024, 1, 1), severity=WARNING, level=1, why="")
    assert coup.evidence(seen, hit)[1].missing == "outside coverage"
