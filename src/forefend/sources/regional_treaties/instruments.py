"""The regional instruments read, by office, and which question each speaks to: norms, courts, or crime and arms.

Keys of the Council of Europe are its numbers in the treaty series, those of the Organization of American States its
treaty numbers; the African Union numbers nothing, so short names stand there.
"""

from __future__ import annotations

NORMS, COURTS, CRIME = "norms", "courts", "crime"

INSTRUMENTS: dict[str, dict[str, tuple[str, str]]] = {
    "council_of_europe.csv": {
        "005": ("european_convention_on_human_rights", COURTS),
        "046": ("echr_protocol_4", NORMS),
        "126": ("european_convention_against_torture", NORMS),
        "157": ("convention_on_national_minorities", NORMS),
        "163": ("european_social_charter_revised", NORMS),
        "177": ("echr_protocol_12", NORMS),
        "197": ("european_trafficking_convention", NORMS),
        "210": ("istanbul_convention", NORMS),
        "214": ("echr_protocol_16", COURTS),
        "024": ("european_extradition_convention", CRIME),
        "030": ("european_mutual_assistance_convention", CRIME),
        "101": ("european_firearms_convention", CRIME),
        "141": ("european_laundering_convention", CRIME),
        "198": ("european_laundering_convention_2005", CRIME),
    },
    "african_union.csv": {
        "achpr": ("african_charter", NORMS),
        "maputo_protocol": ("maputo_protocol", NORMS),
        "acrwc": ("african_charter_on_the_child", NORMS),
        "acdeg": ("african_charter_on_democracy", NORMS),
        "kampala_convention": ("kampala_convention", NORMS),
        "psc_protocol": ("peace_and_security_council_protocol", NORMS),
        "court_protocol": ("african_court_protocol", COURTS),
        "court_article_34_6": ("african_court_declaration", COURTS),
        "terrorism_convention": ("african_terrorism_convention", CRIME),
        "corruption_convention": ("african_corruption_convention", CRIME),
    },
    "oas.csv": {
        "B-32": ("american_convention", NORMS),
        "A-51": ("american_torture_convention", NORMS),
        "A-60": ("american_disappearance_convention", NORMS),
        "A-61": ("belem_do_para", NORMS),
        "A-68": ("american_convention_against_racism", NORMS),
        "B-32-62": ("american_court_jurisdiction", COURTS),
        "A-55": ("american_mutual_assistance_convention", CRIME),
        "B-47": ("american_extradition_convention", CRIME),
        "A-63": ("american_firearms_convention", CRIME),
    },
}
