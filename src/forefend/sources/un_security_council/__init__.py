"""Membership of the Security Council."""
