"""Every change of an assessment: one function each, in one transaction with its row of the audit log."""

from __future__ import annotations

from forefend.web.assessment.actions.answering import mark_answer, save_answer, settle_clash, take_over
from forefend.web.assessment.actions.carrying import carry_round, take_carried
from forefend.web.assessment.actions.conditions import confirm_condition, set_condition
from forefend.web.assessment.actions.handing import close_part, hand_in, move_contribution, move_round
from forefend.web.assessment.actions.judging import judge
from forefend.web.assessment.actions.publishing import publish, withdraw
from forefend.web.assessment.actions.reviewing import close_request, remark, request_change
from forefend.web.assessment.actions.rounds import ask, change_dates, open_round, unask
from forefend.web.assessment.actions.ruling import rule
from forefend.web.assessment.actions.sharing import share_scores

__all__ = [
    "ask", "carry_round", "change_dates", "close_part", "close_request", "confirm_condition", "hand_in", "judge", "mark_answer",
    "move_contribution", "move_round", "open_round", "publish", "remark", "request_change", "rule", "save_answer", "set_condition",
    "settle_clash", "share_scores", "take_carried", "take_over", "unask", "withdraw",
]  # fmt: skip
