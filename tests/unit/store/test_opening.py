"""Opening the store an installation is set up with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from forefend.errors import NotLoaded
from forefend.settings import Settings
from forefend.store import Snapshot, Store, observations, open_store
from forefend.store.opening import declared_providers

Add = Callable[..., Snapshot]


def test_embedded_figures_stand_beside_the_users_own(tmp_path: Path, add: Add) -> None:
    packed = Store(tmp_path / "packed")
    add("1", date(2026, 1, 1), into=packed, is_embedded=True, observations=[("SDN", "deaths", 2025, 1.0)])
    settings = Settings(data_dir=tmp_path / "own")
    assert open_store(settings, embedded=packed.root).read(observations("deaths")).frame.height == 1
    without = Settings(data_dir=tmp_path / "own", embedded=False)
    assert open_store(without, embedded=packed.root).snapshots == ()
    assert open_store(settings, embedded=tmp_path / "absent").snapshots == ()
    assert not (tmp_path / "own").exists(), "opening writes nothing"


def test_absent_deaths_name_the_source_of_highest_priority(tmp_path: Path) -> None:
    assert declared_providers()["ucdp_os_deaths"] == "ucdp_ged"
    with pytest.raises(NotLoaded, match="forefend sources fetch ucdp_ged"):
        open_store(Settings(data_dir=tmp_path, embedded=False)).read(observations("ucdp_os_deaths"))
