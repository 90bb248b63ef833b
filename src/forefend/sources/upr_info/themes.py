"""Issues of UPR Info that bear on the risk of atrocity crimes, by theme; the others are not read.

The publisher's labels changed over the years, so a theme may have several. ``SESSIONS`` gives the month of the
working group's sessions up to the 20th, whose files give only the number; later labels name the month.
"""

from __future__ import annotations

THEMES: dict[str, tuple[str, ...]] = {
    "death_penalty": ("Death penalty",),
    "detention": ("Detention", "Detention conditions"),
    "disappearances": ("Enforced disappearances",),
    "discrimination": ("Racial discrimination", "Discrimination"),
    "elections": ("Elections",),
    "executions": ("Extrajudicial executions",),
    "expression": ("Freedom of opinion and expression", "Freedom of the press"),
    "humanitarian_law": ("International humanitarian law",),
    "impunity": ("Impunity", "Human rights violations by state agents"),
    "indigenous": ("Indigenous peoples",),
    "instruments": ("International instruments",),
    "justice": ("Justice",),
    "minorities": ("Minorities",),
    "nhri": ("NHRI", "National Human Rights Institution"),
    "refugees": ("Asylum-seekers - refugees", "Internally displaced persons"),
    "religion": ("Freedom of religion and belief",),
    "special_procedures": ("Special procedures",),
    "torture": ("Torture and other CID treatment",),
    "treaty_bodies": ("Treaty bodies",),
}
# Themes whose recommendations name a risk itself, and not a means such as treaties or institutions.
RISKS = frozenset(THEMES) - {"elections", "instruments", "nhri", "special_procedures", "treaty_bodies"}
THEME_OF = {label: theme for theme, labels in THEMES.items() for label in labels}
SPECIFIC = 5  # the publisher's kinds of action run from 1, minimal, to 5, specific

SESSIONS: dict[int, tuple[int, int]] = {
    1: (2008, 4), 2: (2008, 5), 3: (2008, 12), 4: (2009, 2), 5: (2009, 5), 6: (2009, 12), 7: (2010, 2), 8: (2010, 5),
    9: (2010, 11), 10: (2011, 1), 11: (2011, 5), 12: (2011, 10), 13: (2012, 5), 14: (2012, 10), 15: (2013, 1), 16: (2013, 4),
    17: (2013, 10), 18: (2014, 1), 19: (2014, 4), 20: (2014, 10),
}  # fmt: skip
MONTHS = {
    name: number
    for number, name in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"), start=1
    )
}
