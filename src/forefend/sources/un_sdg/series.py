"""The series read, the indicator whose answer holds each, and the range and the breakdowns that stand for the whole population."""

from __future__ import annotations

from dataclasses import dataclass

PERCENT = (0.0, 100.0)
YES = (0.0, 1.0)
# Words of the publisher for "all of them", in whatever dimension; G is data of the custodian agency, not of the state alone.
WHOLE = frozenset(["", "_T", "T", "TOTAL", "BOTHSEX", "ALLAGE", "ALLAREA", "_Z", "G"])


@dataclass(frozen=True, kw_only=True)
class Series:
    """One series; ``whole`` are further words that stand for all of the people the series is about."""

    indicator: str
    within: tuple[float, float] = PERCENT
    whole: frozenset[str] = frozenset()


SERIES = {
    "sg_nhr_impln": Series(indicator="16.a.1", within=YES),
    "sg_nhr_intexstn": Series(indicator="16.a.1", within=YES),
    "sg_nhr_noappln": Series(indicator="16.a.1", within=YES),
    "sg_nhr_nostusn": Series(indicator="16.a.1", within=YES),
    # The value of a state is the year in which its law was adopted; of the world, a number of states.
    "sg_inf_accss": Series(indicator="16.10.2", within=(0.0, 2100.0)),
    "sg_lgl_geneqemp": Series(indicator="5.1.1"),
    "sg_lgl_geneqlfp": Series(indicator="5.1.1"),
    "sg_lgl_geneqmar": Series(indicator="5.1.1"),
    "sg_lgl_geneqvaw": Series(indicator="5.1.1"),
    "sg_reg_brth": Series(indicator="16.9.1", whole=frozenset(["<5Y", "<5"])),
    "vc_prs_unsnt": Series(indicator="16.3.2"),
    "vc_prr_phyv": Series(indicator="16.3.1"),
    "vc_ihr_psrc": Series(indicator="16.1.1", within=(0.0, 1000.0)),
    "vc_dth_totr": Series(indicator="16.1.2", within=(0.0, 100_000.0)),
    "vc_sns_waln_drk": Series(indicator="16.1.4", whole=frozenset(["16+", "18+"])),
    "vc_vaw_mtuhra": Series(indicator="16.10.1", within=(0.0, 10_000.0)),
    "vc_voc_enfdis": Series(indicator="16.10.1", within=(0.0, 10_000.0)),
    "vc_vov_gdsd": Series(indicator="16.b.1", whole=frozenset(["18+", "16+", "15+"])),
    "iu_cor_brib": Series(indicator="16.5.1", whole=frozenset(["18+"])),
    "sh_sta_fgms": Series(indicator="5.3.2", whole=frozenset(["15-49", "FEMALE"])),
    "vc_vaw_marr": Series(indicator="5.2.1", whole=frozenset(["15-49", "15+", "FEMALE"])),
    "se_gcedesd_cur": Series(indicator="4.7.1", within=YES),
    "se_gcedesd_ted": Series(indicator="4.7.1", within=YES),
    "se_gcedesd_sas": Series(indicator="4.7.1", within=YES),
}
INDICATORS = tuple(dict.fromkeys(entry.indicator for entry in SERIES.values()))
