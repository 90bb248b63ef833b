"""Words of the catalog's codes, as they are shown; marked here, translated where they are shown."""

from __future__ import annotations

from forefend.locale import N_

SPHERES = {
    "national": N_("National"),
    "bilateral": N_("Bilateral cooperation and influencing"),
    "regional": N_("Regional"),
    "multilateral": N_("Multilateral"),
}
CRITICALITY = {"core": N_("core"), "important": N_("important"), "supplementary": N_("supplementary")}
TEMPO = {
    "structural": N_("structural: changes over years"),
    "dynamic": N_("dynamic: changes over days to months"),
    "trigger": N_("trigger: an event"),
}
TEXT_CHECK = {
    "confirmed": N_("confirmed against a published reproduction"),
    "recalled": N_("recalled; compare with the UN publication before citing"),
    "reconstructed": N_("reconstructed; do not cite the number officially"),
}
CRIMES = {
    "all": N_("Common to all atrocity crimes"),
    "genocide": N_("Genocide"),
    "crimes against humanity": N_("Crimes against humanity"),
    "war crimes": N_("War crimes"),
}
PHASES = {
    "structural": N_("structural"),
    "escalating_imminent": N_("escalating or imminent"),
    "ongoing": N_("ongoing"),
    "aftermath": N_("aftermath"),
}
ELEMENTS = {"protective": N_("protective"), "dissuasive": N_("dissuasive"), "political": N_("political"), "enabling": N_("enabling")}
GRADES = {
    "A": N_("strong and consistent benefit"),
    "B": N_("moderate, more findings of benefit than harm"),
    "C": N_("mixed"),
    "D": N_("limited or indirect"),
    "E": N_("findings more often adverse than helpful, or high risk without safeguards"),
    "U": N_("not systematically reviewed"),
}
EFFORT = {
    1: N_("existing staff"),
    2: N_("small team or funds"),
    3: N_("programme or inter-agency effort"),
    4: N_("major multi-year or costly effort"),
    5: N_("troops or very high political cost"),
}
DATE_CONFIDENCE = {
    "fixed": N_("fixed"),
    "typical": N_("usual month"),
    "variable": N_("month varies"),
    "event": N_("date comes from an event"),
}
FORUMS = {
    "un_human_rights": N_("United Nations human rights bodies"),
    "un_ga": N_("United Nations General Assembly"),
    "un_sc": N_("United Nations Security Council"),
    "accountability": N_("Accountability and treaties"),
    "regional": N_("Regional organisations"),
    "country": N_("In a country"),
    "network": N_("Network of focal points"),
    "national": N_("At home"),
}
LEAD_TIME = {"days": N_("days"), "weeks": N_("weeks"), "months": N_("months")}
