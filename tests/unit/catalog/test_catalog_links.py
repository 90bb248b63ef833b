"""Links walk both ways, from every kind to every kind that names it."""

from __future__ import annotations

import pytest

from forefend.catalog import Catalog, find_all, links, load_catalog
from forefend.catalog.model import KINDS


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_every_link_can_be_walked_back(catalog: Catalog) -> None:
    for kind in KINDS:
        for identifier in catalog.of_kind(kind):
            for other, ids in catalog.links_of(kind, identifier).items():
                for linked in ids:
                    assert identifier in catalog.links_of(other, linked)[kind], (kind, identifier, other, linked)


def test_every_link_leads_to_an_entry(catalog: Catalog) -> None:
    for kind in KINDS:
        for identifier in catalog.of_kind(kind):
            for other, ids in catalog.links_of(kind, identifier).items():
                assert set(ids) <= set(catalog.of_kind(other))


@pytest.mark.parametrize(
    ("one", "kind", "other"),
    [
        ("N1", "risk_factors", "RF9"),
        ("N1", "indicators", "RF9.1"),
        ("RF9", "actions", "N1"),
        ("N1", "options", "national.equality_reform"),
        ("national.focal_point", "indicators", "RF6.11"),
        ("RF6", "options", "national.focal_point"),
        ("multi.upr_recommendations", "windows", "upr.session"),
        ("upr.session", "actions", "M2"),
        ("upr.session", "windows", "upr.adoption"),
        ("vdem_v2x_libdem", "indicators", "RF1.6"),
        ("RF1", "data_indicators", "vdem_v2x_libdem"),
        ("N3.1", "data_indicators", "vdem_v2juhcind_osp"),
        ("N3", "data_indicators", "vdem_v2juhcind_osp"),
        ("commitment:rome_statute", "prefill_rules", "prefill.M5.1.rome_statute"),
        ("parliament", "questions", "N1.1"),
        ("is_donor", "questions", "B2.1"),
        ("domestic_authority", "options", "national.focal_point"),
    ],
)
def test_known_links(one: str, kind: str, other: str) -> None:
    assert other in links(one)[kind]


def test_links_come_in_the_order_of_the_catalog(catalog: Catalog) -> None:
    order = list(catalog.questions)
    ids = catalog.links("N1")["questions"]
    assert list(ids) == sorted(ids, key=order.index)
    assert ids[-1] == "N1.9"


def test_a_lever_and_a_series_of_one_name_stay_two_entries(catalog: Catalog) -> None:
    assert [kind for kind, _ in find_all(catalog, "aid")] == ["leverage_types", "data_indicators"]
    assert "options" not in catalog.links_of("data_indicators", "aid")
    assert "questions" not in catalog.links_of("leverage_types", "aid")
    assert {"options", "questions"} <= set(catalog.links("aid"))


def test_what_is_linked_to_nothing_has_no_links(catalog: Catalog) -> None:
    assert catalog.links("no such id") == {}
    assert catalog.links("genocide") == {}
