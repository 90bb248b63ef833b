"""What a row says in plain words; an event without words of its own is shown by its code alone."""

from __future__ import annotations

from collections.abc import Iterable

from forefend.locale import N_
from forefend.web.accounts.models import Institution, Person, key_of_person
from forefend.web.audit.models import Entry

EVENTS = {
    "answer.changed": N_("Changed an answer"),
    "answer.clash_settled": N_("Decided between two versions of an answer"),
    "answer.clashed": N_("Wrote on an older version of an answer"),
    "answer.given": N_("Gave an answer"),
    "answer.marked": N_("Changed the marking of an answer"),
    "audit.exported": N_("Exported the record"),
    "audit.removed": N_("Removed exported rows from the front of the record"),
    "condition.confirmed": N_("Confirmed a condition of the state"),
    "condition.set": N_("Said whether a condition of the state holds"),
    "contribution.closed": N_("Closed the part of an institution"),
    "contribution.returned": N_("Returned the part of an institution"),
    "contribution.reviewed": N_("Marked the part of an institution as reviewed"),
    "contribution.scores_shared": N_("Agreed that the scores of an institution are shown"),
    "contribution.scores_withheld": N_("Withheld the scores of an institution"),
    "contribution.submitted": N_("Handed in the part of an institution"),
    "duties.handed_over": N_("Handed over all duties"),
    "duty.ended": N_("Ended a duty"),
    "duty.given": N_("Gave a duty"),
    "evidence.added": N_("Added evidence"),
    "evidence.attached": N_("Attached evidence to an answer"),
    "evidence.described": N_("Changed what is said about evidence"),
    "evidence.detached": N_("Detached evidence from an answer"),
    "evidence.drawn_from": N_("Said what evidence was drawn from"),
    "evidence.expiry_set": N_("Changed until when evidence counts"),
    "evidence.graded": N_("Graded evidence anew"),
    "evidence.marked": N_("Changed the marking of evidence"),
    "evidence.refused": N_("Evidence was refused"),
    "evidence.version_added": N_("Added a version of evidence"),
    "evidence.withdrawn": N_("Withdrew evidence"),
    "installation.link_made": N_("Made the link of the first administrator"),
    "installation.set_up": N_("Set up the installation"),
    "institution.added": N_("Added an institution"),
    "institution.changed": N_("Changed an institution"),
    "invitation.withdrawn": N_("Withdrew an invitation"),
    "item.published": N_("Published an item of a result"),
    "item.withdrawn": N_("Withdrew an item of a result"),
    "option.judged": N_("Judged an option"),
    "person.came": N_("Accepted an invitation"),
    "person.deactivated": N_("Closed an account"),
    "person.invited": N_("Invited somebody"),
    "person.moved": N_("Changed the institution of a person"),
    "person.password_changed": N_("Changed the own password"),
    "person.reactivated": N_("Opened an account again"),
    "person.renewed": N_("Set a new password by a new link"),
    "person.settings_changed": N_("Changed the own settings"),
    "person.sign_in_refused": N_("A sign-in was refused"),
    "person.sign_in_renewed": N_("Made a new sign-in link for an account"),
    "person.signed_in": N_("Signed in"),
    "person.signed_out": N_("Signed out"),
    "question.ruled": N_("Reconciled the answers to a question"),
    "request.closed": N_("Closed a request for change"),
    "request.opened": N_("Asked for a change"),
    "request.remarked": N_("Wrote in a request for change"),
    "round.adopted": N_("Adopted the result of a round"),
    "round.archived": N_("Put a round away"),
    "round.asked": N_("Asked an institution"),
    "round.carried": N_("Opened a round that follows another"),
    "round.dated": N_("Changed dates of a round"),
    "round.exported": N_("Exported a round"),
    "round.opened": N_("Opened a round"),
    "round.practice_made": N_("Made a practice round"),
    "round.result_kept": N_("Kept the result of a round"),
    "round.returned": N_("Returned a round to the institutions"),
    "round.reviewed": N_("Ended the review of a round"),
    "round.submitted": N_("Began the review of a round"),
    "round.taken": N_("Took a round from another installation"),
    "round.taken_in": N_("Took in a file of answers"),
    "round.unasked": N_("Took questions back from an institution"),
    "second_factor.added": N_("Set up a second factor"),
    "second_factor.removed": N_("Removed a second factor"),
    "second_factor.reset": N_("Made new recovery codes"),
    "session.ended": N_("Ended a session"),
}


def names_of(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the names of the people and institutions that rows are about, by subject."""
    subjects = {entry.subject for entry in entries}
    people = [int(key) for kind, _, key in (subject.partition(":") for subject in subjects) if kind == "person" and key.isdigit()]
    keys = [key for kind, _, key in (subject.partition(":") for subject in subjects) if kind == "institution"]
    named = {key_of_person(pk): name for pk, name in Person.objects.filter(pk__in=people).values_list("pk", "name")}
    return named | {f"institution:{key}": title for key, title in Institution.objects.filter(key__in=keys).values_list("key", "title")}
