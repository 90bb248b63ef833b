"""Which ties of the store show which channel of the catalog, and how: declared here, read by ``flows``.

A channel may have several supplies, the best first. The first with a value for the pair is shown, with its own year
and source; the first with any record of the target tells who holds most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Supply:
    """Ties that show a channel.

    ``how``: ``flow`` (the actor's part of what the target has in ``years``, added up), ``stock`` (the part of a count on the
    newest day), ``percent`` (the publisher's own percentage, of a few partners only), ``amount`` (no total is known, as
    one holder only is on record), ``pledge`` (number of kinds that stand). ``is_of_data`` counts ``years`` back from the newest
    year of the whole source, not of the target, so that a target that received nothing lately shows nothing.
    Older than ``max_age_years`` it is too old to be shown. ``only_of`` names the one state of which the source tells; of any
    other nobody knows.
    """

    subjects: tuple[str, ...]
    how: Literal["flow", "stock", "percent", "amount", "pledge"] = "flow"
    unit: str = "share"
    years: int = 1
    is_of_data: bool = False
    max_age_years: int = 15
    only_of: str = ""


CHANNELS: dict[str, tuple[Supply, ...]] = {
    "aid": (Supply(subjects=("aid",)),),
    "funding": (Supply(subjects=("humanitarian_aid",)),),
    "diplomatic_mission": (Supply(subjects=("diplomatic_mission",)),),
    "trade": (
        Supply(subjects=("baci_exports", "baci_imports")),
        Supply(subjects=("factbook_exports", "factbook_imports"), how="percent"),
        Supply(subjects=("cow_exports", "cow_imports")),
    ),
    "trade_exports": (
        Supply(subjects=("baci_exports",)),
        Supply(subjects=("factbook_exports",), how="percent"),
        Supply(subjects=("cow_exports",)),
    ),
    "trade_imports": (
        Supply(subjects=("baci_imports",)),
        Supply(subjects=("factbook_imports",), how="percent"),
        Supply(subjects=("cow_imports",)),
    ),
    # Deliveries come in lumps; the publisher itself compares spans of five years.
    "arms_supply": (Supply(subjects=("sipri_arms",), years=5, is_of_data=True, max_age_years=7),),
    "alliance": (Supply(subjects=("atop_defense", "atop_consul"), how="pledge", unit="pledges", is_of_data=True, max_age_years=10),),
    "humanitarian_funding": (Supply(subjects=("fts_funding",), max_age_years=5),),
    "refugees_hosted": (Supply(subjects=("refugees_hosted",), how="stock", max_age_years=5),),
    # Missions close: a contingent of years ago may be out of the country.
    "peacekeepers": (Supply(subjects=("un_peacekeepers",), how="stock", is_of_data=True, max_age_years=3),),
    "troops_hosted": (Supply(subjects=("us_troops",), how="amount", unit="active-duty personnel", max_age_years=3, only_of="USA"),),
    "chinese_finance": (
        Supply(subjects=("gcdf_finance",), how="amount", unit="constant 2021 USD million", years=5, is_of_data=True, max_age_years=7),
    ),
}
