"""The instruments read, by their number in the Secretary-General's register (MTDSG): chapter-treaty-part."""

from __future__ import annotations

INSTRUMENTS = {
    "4-1": "genocide_convention",
    "4-2": "icerd",
    "4-3": "icescr",
    "4-3-a": "icescr_op",
    "4-4": "iccpr",
    "4-5": "iccpr_op1",
    "4-6": "statutory_limitations_convention",
    "4-7": "apartheid_convention",
    "4-8": "cedaw",
    "4-8-b": "cedaw_op",
    "4-9": "cat",
    "4-9-b": "opcat",
    "4-11": "crc",
    "4-11-b": "crc_op_ac",
    "4-11-c": "crc_op_sc",
    "4-11-d": "crc_op_ic",
    "4-12": "iccpr_op2",
    "4-13": "cmw",
    "4-15": "crpd",
    "4-15-a": "crpd_op",
    "4-16": "ced",
    "5-2": "refugee_convention",
    "5-3": "statelessness_convention",
    "5-4": "statelessness_reduction_convention",
    "5-5": "refugee_protocol",
    "18-8": "un_personnel_safety_convention",
    "18-8-a": "un_personnel_safety_protocol",
    "18-10": "rome_statute",
    "18-10-a": "rome_statute_article_8_amendment",
    "18-10-b": "kampala_amendment_aggression",
    "18-11": "terrorist_financing_convention",
    "18-12": "untoc",
    "18-12-a": "trafficking_protocol",
    "18-12-b": "smuggling_protocol",
    "18-12-c": "firearms_protocol",
    "18-13": "icc_privileges_and_immunities_agreement",
    "18-14": "uncac",
    "26-2": "ccw",
    "26-3": "chemical_weapons_convention",
    "26-5": "mine_ban_convention",
    "26-6": "cluster_munitions_convention",
    "26-8": "arms_trade_treaty",
    "26-9": "nuclear_weapons_prohibition_treaty",
}
# Short names in the status tables of 2022.
SHORT_NAMES = {
    "CAT": "cat",
    "CEDAW": "cedaw",
    "CPED": "ced",
    "CRC": "crc",
    "CRPD": "crpd",
    "ICCPR": "iccpr",
    "ICCPR_OP1": "iccpr_op1",
    "ICCPR_OP2": "iccpr_op2",
    "ICERD": "icerd",
    "ICESCR": "icescr",
    "ICESCR_OP": "icescr_op",
    "ICMW": "cmw",
    "OPCAT": "opcat",
    "OP_CEDAW": "cedaw_op",
    "OP_CRC_AC": "crc_op_ac",
    "OP_CRC_IC": "crc_op_ic",
    "OP_CRC_SC": "crc_op_sc",
    "OP_CRPD": "crpd_op",
}
CHAPTERS = {"IV": 4, "V": 5, "XVIII": 18, "XXVI": 26}
ADDRESS = "https://treaties.un.org/doc/Publication/MTDSG/Volume%20{volume}/Chapter%20{chapter}/{name}"


def number_of(name: str) -> str:
    """Return the number that a publisher's file name stands for: ``IV-9-b.en.xml`` is 4-9-b; empty where it is unknown."""
    chapter, _, rest = name.removesuffix(".en.xml").partition("-")
    number = f"{CHAPTERS.get(chapter.upper(), '')}-{rest.lower()}"
    return number if number in INSTRUMENTS else ""


def file_names() -> dict[str, str]:
    """Return the publisher's file name and address for every instrument."""
    roman = {str(number): chapter for chapter, number in CHAPTERS.items()}
    found = {}
    for number in INSTRUMENTS:
        chapter, _, rest = number.partition("-")
        name = f"{roman[chapter]}-{rest}.en.xml"
        # Volume I holds chapters I to XI.
        found[name] = ADDRESS.format(volume="I" if int(chapter) <= 11 else "II", chapter=roman[chapter], name=name)
    return found
