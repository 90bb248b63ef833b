"""How the figures of a gap report are made, in short sentences; the notes give the inputs of each."""

from __future__ import annotations

from forefend.brief.document import Block, Bullets, Heading
from forefend.brief.words import say
from forefend.locale import N_, Language

SENTENCES = (
    N_("Institutions answer separately. A question's score is the mean of the medians of each type of respondent, from 0 to 4."),
    N_("Questions weigh by how critical they are, core ones most. Questions that do not apply are in neither sum."),
    N_("The observed gap is the weighted mean of what is missing to 4, over the answered questions."),
    N_("The range puts every open question at 4 and at 0. The cautious gap puts it at 0."),
    N_(
        "A cautious score is at most one level above the lowest type of respondent, at most 2 without evidence of grade C3 or better, "
        "and at most 3 for a core question that only one type answered."
    ),
    N_("Confidence is evidence times freshness times agreement. Evidence is graded by source and content (Admiralty A to F, 1 to 6)."),
    N_("An observed gap is published when 60 % of the weight is answered and no core question is open; the range always is."),
    N_("The figures are Forefend's own method. They serve a dialogue inside one state over time and are not to be compared across states."),
)  # fmt: skip
DRAFT = (
    N_("This draft rests on public data alone. Only a direct, verified and recent figure sets a level; nobody has confirmed any of them."),
    N_("Data are one voice: a core question that only they answer counts at most 3 in a cautious reader's eyes."),
)


def method(lang: Language, *, is_draft: bool = False) -> tuple[Block, ...]:
    """Return the page on the method."""
    sentences = (*DRAFT, *SENTENCES[1:]) if is_draft else SENTENCES
    return (Heading(say(lang, N_("Method")), 2), Bullets(tuple((say(lang, sentence),) for sentence in sentences), "small"))
