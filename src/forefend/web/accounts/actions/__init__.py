"""Every change of people, duties, invitations and institutions: one function each, in one transaction with its row of the audit log."""

from __future__ import annotations

from forefend.web.accounts.actions.coming import (
    accept_invitation,
    has_administrator,
    invite,
    make_first_link,
    renew_sign_in,
    set_up_installation,
    withdraw_invitation,
)
from forefend.web.accounts.actions.holding import deactivate, end_duty, give_duty, hand_over, reactivate
from forefend.web.accounts.actions.institutions import add_institution, change_institution, move_person
from forefend.web.accounts.actions.own import change_own_settings, end_session

__all__ = [
    "accept_invitation", "add_institution", "change_institution", "change_own_settings", "deactivate", "end_duty", "end_session",
    "give_duty", "hand_over", "has_administrator", "invite", "make_first_link", "move_person", "reactivate", "renew_sign_in",
    "set_up_installation", "withdraw_invitation",
]  # fmt: skip
