"""Two releases compared by year: what grew, appeared and vanished; and UCDP's own counts of 2021 against those of 2026."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from deaths_release import write_real, write_release
from forefend.errors import StoreError
from forefend.panel.revisions import revisions, state_years
from forefend.sources.intake import import_files
from forefend.sources.registry import find_source
from forefend.store import Store

OLD = [("SDN", "os", "2019-03", 5.0), ("SDN", "os", "2020-12", 10.0), ("MLI", "os", "2020-01", 7.0), ("TCD", "os", "2021-06", 3.0)]
NEW = [("SDN", "os", "2019-03", 5.0), ("SDN", "os", "2020-02", 40.0), ("ETH", "os", "2020-12", 1.0), ("TCD", "os", "2021-12", 3.0)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_years_are_compared_not_months(store: Store, tmp_path: Path) -> None:
    old = write_release(store, tmp_path / "old", OLD, vintage="21.1", published=date(2021, 6, 1))
    new = write_release(store, tmp_path / "new", NEW, vintage="26.1")
    found = {r.year: r for r in revisions(store, old=old, new=new)}
    assert set(found) == {2019, 2020}, "2021 is not whole in the older release"
    assert (found[2019].old, found[2019].new, found[2019].changed) == (5.0, 5.0, 0)
    year = found[2020]
    assert (year.old, year.new, year.states, year.changed, year.appeared, year.vanished) == (17.0, 41.0, 3, 1, 1, 1)
    assert year.ratio == pytest.approx(41 / 17)


def test_only_what_changed_is_listed_by_state(store: Store, tmp_path: Path) -> None:
    old = write_release(store, tmp_path / "old", OLD, vintage="21.1", published=date(2021, 6, 1))
    new = write_release(store, tmp_path / "new", NEW, vintage="26.1")
    rows = state_years(store, old=old, new=new, only_changed=True)
    assert rows.rows() == [
        ("ucdp_os_deaths", 2020, "ETH", None, 1.0),
        ("ucdp_os_deaths", 2020, "MLI", 7.0, None),
        ("ucdp_os_deaths", 2020, "SDN", 10.0, 40.0),
    ]


def test_releases_with_nothing_in_common_are_refused(store: Store, tmp_path: Path) -> None:
    old = write_release(store, tmp_path / "old", [("SDN", "os", "2020-01", 1.0)], vintage="1")
    new = write_release(store, tmp_path / "new", [("SDN", "sb", "2020-01", 1.0)], vintage="2")
    with pytest.raises(StoreError, match="hold nothing in common"):
        revisions(store, old=old, new=new)


def test_deaths_in_one_sided_violence_grew_after_2021(store: Store, data: Path) -> None:
    """The folder's README gives 13 % for 2018 and 31 % for 2020."""
    files = [data / "ucdp" / name for name in ("views_ged_cm_postpatch.parquet", "views_country.parquet", "views_month.parquet")]
    old = import_files(store, find_source("ucdp_ged_2021"), files, today=date(2026, 11, 24))
    new = write_real(store, data)
    growth = {r.year: r.ratio for r in revisions(store, old=old, new=new) if r.subject == "ucdp_os_deaths"}
    assert growth[2018] == pytest.approx(1.13, abs=0.005)
    assert growth[2020] == pytest.approx(1.31, abs=0.005)
    assert max(growth) == 2020
