"""What the Universal Human Rights Index says, by mechanism and by theme that bears on the risk of atrocity crimes."""

from __future__ import annotations

# Committees set up by treaties; every other body than the review is a special procedure.
TREATY_BODIES = frozenset({
    "CAT", "CCPR", "CED", "CEDAW", "CERD", "CESCR", "CMW", "CRC", "CRC-OP-AC", "CRC-OP-SC", "CRC-OPAC", "CRC-OPSC", "CRPD", "SPT",
})  # fmt: skip
REVIEW = "UPR"
CONCERNS, RECOMMENDATIONS = "Concerns/Observations", "Recommendations"

# Words by which a theme is known, whatever the rest of the publisher's label says.
THEMES: dict[str, tuple[str, ...]] = {
    "arbitrary_detention": ("arbitrary arrest", "arbitrary detention"),
    "disappearances": ("enforced disappearance",),
    "discrimination": ("racial discrimination", "discrimination"),
    "executions": ("extrajudicial", "extra-judicial", "right to life"),
    "fair_trial": ("fair trial",),
    "gender_violence": ("gender-based violence", "violence against women"),
    "genocide": ("genocide", "crimes against humanity", "atrocit"),
    "hate_speech": ("hate speech", "incitement", "racial hatred"),
    "humanitarian_law": ("humanitarian law", "armed conflict"),
    "impunity": ("impunity", "accountability", "transitional justice", "truth"),
    "minorities": ("minorit",),
    "nhri": ("national human rights institution",),
    "refugees": ("refugee", "internally displaced", "asylum"),
    "torture": ("torture",),
}


def themes_of(label: str) -> tuple[str, ...]:
    """Return the themes a label of the publisher belongs to; most belong to none."""
    plain = label.casefold()
    return tuple(theme for theme, words in THEMES.items() if any(word in plain for word in words))
