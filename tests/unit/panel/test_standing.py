"""Standing of states: what is in force on a day, what is known, and where sources disagree."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forefend.errors import NotLoaded
from forefend.panel.standing import (
    commitments,
    count_of,
    elections,
    expiries,
    is_member,
    mandates,
    members,
    memberships,
    presidencies,
    reviews,
    sessions,
    treaties_in_force,
    treaty_body_sessions,
    treaty_status,
    votes,
)
from forefend.sources.intake import import_files
from forefend.sources.registry import find_source
from forefend.store import Store, recompute

TODAY = date(2026, 11, 24)
NOW = date(2026, 11, 24)
YEAR = {"start": NOW, "end": date(2027, 11, 24)}


@pytest.fixture(scope="module")
def store(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The register, both mirrors of treaty status, the Council and the roll calls."""
    made = Store(tmp_path_factory.mktemp("standing"))
    state, calendar = data / "state", data / "calendar"
    releases = {
        "register": [path for path in calendar.iterdir() if not path.name.startswith("unga")],
        "unga_votes": [calendar / "unga_votes_2020_2023.csv", data / "dyads" / "unga_agreement_2010_2019.csv"],
        "un_security_council": sorted((state / "un").glob("DPPA-SCMEMBERSHIP*.csv")),
    }
    for name, paths in releases.items():
        import_files(made, find_source(name), paths, today=TODAY)
    for paths in (sorted((state / "treaties" / "untc_2015").glob("*.csv")), [state / "treaties" / "status_2022_long.csv"]):
        import_files(made, find_source("un_treaties"), paths, today=TODAY)
    return made


@pytest.fixture
def empty(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_commitments_keep_their_marks(store: Store) -> None:
    found = {s.key: s for s in commitments(store, "GHA", on=NOW)}
    assert found["rome_statute"].status == "party"
    assert found["rome_statute"].is_confirmed
    assert found["act_code_of_conduct"].is_unverified == found["act_code_of_conduct"].status.endswith("(unverified)")
    hints = [s for s in found.values() if s.is_unverified]
    assert hints
    assert not any(s.is_confirmed for s in hints)


def test_council_members_by_the_register_and_by_the_publisher(store: Store) -> None:
    now = {s.iso3: s for s in members(store, "UNSC", on=NOW)}
    assert len(now) == 15
    assert now["COD"].start == date(2026, 1, 1)
    before = {s.iso3: s for s in members(store, "UNSC", on=date(2018, 6, 1))}
    assert len(before) == 15
    assert before["CIV"].snapshot.source == "un_security_council"
    assert before["CIV"].note == "name blank in the publisher's file"


def test_it_is_told_when_membership_is_not_known(store: Store) -> None:
    assert is_member(store, "GHA", "HRC", on=NOW) is True
    assert is_member(store, "SDN", "HRC", on=NOW) is False
    assert is_member(store, "SDN", "HRC", on=date(2027, 6, 1)) is None, "15 seats of 2027 are not known"
    assert is_member(store, "ZWE", "UNSC", on=NOW) is False
    assert is_member(store, "ZWE", "UNSC", on=date(2027, 6, 1)) is True


def test_who_left_is_no_member_and_who_is_suspended_still_is(store: Store) -> None:
    ecowas = {s.iso3 for s in members(store, "ECOWAS", on=NOW)}
    assert {"GHA", "GNB"} <= ecowas
    assert not {"BFA", "MLI", "NER"} & ecowas
    assert "SDN" in {s.iso3 for s in members(store, "AU", on=NOW)}
    assert {(s.key, s.status) for s in memberships(store, "SDN", on=NOW)} >= {("AU", "member"), ("AU", "suspended")}


def test_votes(store: Store) -> None:
    (vote,) = votes(store, "GHA", key="A/RES/75/277")
    assert (vote.status, vote.start) == ("yes", date(2021, 5, 18))
    assert len(votes(store, "SDN")) == 31


def test_dates_ahead(store: Store) -> None:
    assert {s.key for s in elections(store, "GMB", **YEAR)} >= {"parliamentary"}
    assert all(s.touches(YEAR["start"], YEAR["end"]) for s in reviews(store, **YEAR))
    assert [s.iso3 for s in presidencies(store, start=date(2027, 3, 1), end=date(2027, 3, 31))] == ["TTO"]
    assert {s.key for s in sessions(store, **YEAR)} == {"hrc", "upr_wg"}
    assert all(s.is_projected for s in treaty_body_sessions(store, **YEAR))


def test_mandates_expire_and_are_projected(store: Store) -> None:
    assert "MONUSCO" in {s.key for s in mandates(store, "COD", on=NOW)}
    ending = [(s.key, s.kind, s.end) for s in expiries(store, "COD", **YEAR)]
    assert ("MONUSCO", "mandate", date(2026, 12, 20)) in ending
    later = expiries(store, "COD", start=date(2027, 12, 1), end=date(2027, 12, 31))
    assert [(s.key, s.kind, s.is_projected) for s in later if s.key == "MONUSCO"] == [("MONUSCO", "mandate_renewal", True)]


def test_every_mirror_is_shown_and_their_errors_found(store: Store) -> None:
    moldova = {t.key: t for t in treaty_status(store, "MDA")}
    opcat = moldova["opcat"]
    assert [(s.snapshot.vintage, s.status) for s in opcat.readings] == [("2015-03", "party"), ("2022-08", "not party")]
    assert opcat.disagrees
    assert moldova["icescr"].disagrees, "the row of 2022 contradicts itself"
    brazil = {t.key: t for t in treaty_status(store, "BRA")}
    assert brazil["icerd"].disagrees, "1968 in one table, 1966 in the other"
    assert not brazil["cat"].disagrees


def test_time_explains_what_changed_between_two_releases(store: Store) -> None:
    """The Gambia signed the Convention against Torture in 1985 and became a party in 2018."""
    cat = {t.key: t for t in treaty_status(store, "GMB")}["cat"]
    assert [s.status for s in cat.readings] == ["signatory, not party", "party"]
    assert not cat.disagrees


def test_the_register_is_one_more_reading(store: Store) -> None:
    rome = {t.key: t for t in treaty_status(store, "PHL")}["rome_statute"]
    assert [(s.snapshot.source, s.status) for s in rome.readings] == [("un_treaties", "party"), ("register", "withdrawn")]
    assert not rome.disagrees


def test_treaties_are_counted_for_each_release(store: Store) -> None:
    counts = treaties_in_force(store, "GHA")
    assert [(f.period, f.label) for f in counts] == [
        ("2015-03", "Listed treaties in force (16 of 16 held)"),
        ("2022-08", "Listed treaties in force (10 of 16 held)"),
    ]
    for figure in counts:
        assert figure.value is not None
        assert recompute(store, figure) == figure.value
    assert treaties_in_force(store, "XKX")[0].missing == "not monitored"


def test_a_count_is_a_figure_that_opens(store: Store) -> None:
    figure = count_of(store, label="Votes for", kind="vote", iso3="GHA", unit="votes", status="yes")
    assert figure.value == sum(v.status == "yes" for v in votes(store, "GHA"))
    assert recompute(store, figure) == figure.value
    assert count_of(store, label="Votes for", kind="vote", iso3="XKX", status="yes").missing == "not monitored"


def test_what_is_not_loaded_names_its_source(empty: Store) -> None:
    with pytest.raises(NotLoaded):
        commitments(empty, "GHA", on=NOW)
    assert treaty_status(empty, "GHA") == ()
    assert treaties_in_force(empty, "GHA")[0].missing == "not loaded: fetch un_treaties"
    assert count_of(empty, label="Votes", kind="vote", iso3="GHA").missing.startswith("not loaded: fetch")
