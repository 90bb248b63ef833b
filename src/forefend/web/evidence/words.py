"""Words of grades, markings and scans, as they are shown; marked here, translated where they are shown."""

from __future__ import annotations

from forefend.locale import N_

# The Admiralty system (NATO AJP-2.1): how reliable the source is, and how credible what it says.
SOURCE = {
    "A": N_("completely reliable"),
    "B": N_("usually reliable"),
    "C": N_("fairly reliable"),
    "D": N_("not usually reliable"),
    "E": N_("unreliable"),
    "F": N_("reliability cannot be judged"),
}
CONTENT = {
    1: N_("confirmed by other sources"),
    2: N_("probably true"),
    3: N_("possibly true"),
    4: N_("doubtful"),
    5: N_("improbable"),
    6: N_("truth cannot be judged"),
}
MARKING = {
    "CLEAR": N_("everybody; publishing it is a decision of its own"),
    "GREEN": N_("everybody who may read the results"),
    "AMBER": N_("our institution, and those who lead the assessment once an answer with it was handed in"),
    "AMBER+STRICT": N_("as AMBER, and nobody may pass it on"),
    "RED": N_("only who added it and the people named"),
}
SCAN = {
    "none": N_("not scanned for viruses: this installation has no scanner"),
    "clean": N_("scanned for viruses: nothing found"),
    "refused": N_("refused by the virus scanner"),
}
