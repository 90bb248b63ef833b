"""Refusals are said in the language of the page, with what stands in them."""

from __future__ import annotations

import pytest

from forefend.errors import AssessmentError, StoreBusy
from forefend.locale import N_, language, strip_isolates
from forefend.web.project.errors import said_by

SETTLED = N_("The round is %(stage)s, so it can no longer be changed. Return it first.")


@pytest.mark.parametrize(("code", "word"), [("en", "adopted"), ("ar", "معتمدة")])
def test_a_stage_in_a_refusal_is_a_word_of_the_language(code: str, word: str) -> None:
    said = strip_isolates(said_by(AssessmentError(SETTLED, stage="adopted"), language(code)))
    assert said == language(code).gettext(SETTLED) % {"stage": word}


def test_other_values_and_other_refusals_stay_as_they_are() -> None:
    sentence = N_("There is no marking %(name)s. Give one of %(known)s.")
    assert said_by(AssessmentError(sentence, name="draft", known="RED"), language("en")) == "There is no marking draft. Give one of RED."
    assert said_by(StoreBusy("The store is busy."), language("ar")) == "The store is busy."
