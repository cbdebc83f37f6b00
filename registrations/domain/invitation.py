"""Somebody who was invited and registers with the public form takes up the invitation by that.

Until the contact is proven anybody may have typed it: so the row is a possible duplicate of the
invited one and looks like any other registration. Only the proof of this very row counts, which
its own mail, its code or staff bring: who opens the mail of the invitation to look at it has not
accepted what somebody else may have typed.
"""

from mail import outbox
from registrations.models import Registration

Status, Proof = Registration.Status, Registration.Proof
# What the person typed is taken where the list of the organizer had nothing.
_TYPED = ("phone", "organization_name", "organization_id", "position")


def waits_for(registration: Registration) -> bool:
    """Whether its proof takes up an invitation. No query but for a possible duplicate."""
    return registration.status == Status.DOUBLE and _invited(registration) is not None


def take_up(registration: Registration, how: str) -> bool:
    """Give the invited person the seat promised; return whether there was an invitation.

    ``registration`` is the proven one that the person typed. It stays a possible duplicate
    without a seat, which shows the place; consents and answers go to the invited row, which
    has the place. The caller holds the event's lock on seats.
    """
    event = registration.event
    invited = _invited(registration)
    if invited is None or event.is_over or event.is_cancelled:
        return False
    if not _has_proven_contact_of(invited, registration, how):
        return False
    invited = Registration.objects.select_for_update(no_key=True, of=("self",)).get(pk=invited.pk)
    if invited.status != Status.INVITED:
        return False
    if invited.consented_at is None:
        invited.privacy_notice_id = registration.privacy_notice_id
        invited.consented_at = registration.consented_at
    for name in _TYPED:
        setattr(invited, name, getattr(invited, name) or getattr(registration, name))
    # The promise is a seat, however the person takes part.
    invited.chose_online = registration.chose_online
    invited.make_keys()
    invited.status = Status.CONFIRMED
    invited.save()
    answered = invited.answers.values("question")
    registration.answers.exclude(question__in=answered).update(registration=invited)
    agreed = invited.consents.values("to")
    registration.consents.exclude(to__in=agreed).update(registration=invited)
    registration.seen_as = Status.CONFIRMED
    registration.save(update_fields=["seen_as"])
    outbox.drop_queued(invited.mails.filter(kind=Status.INVITED.value))
    outbox.queue("confirmed", [invited])
    return True


def _invited(registration: Registration) -> Registration | None:
    invited = Registration.objects.filter(status=Status.INVITED, erased_at=None)
    return invited.filter(doubles=registration.pk).first()


def _has_proven_contact_of(invited: Registration, registration: Registration, how: str) -> bool:
    """Whether what was proven is a contact that the organizer has of the invited person."""
    is_address = invited.email_key == registration.email_key != ""
    is_number = invited.phone_key == registration.phone_key != ""
    if how == Proof.LINK:
        return is_address
    return is_number if how == Proof.SMS else is_address or is_number
