"""A possible duplicate gets a turn of its own, as anybody who has registered.

The contact that it shares with the first row is nobody's yet, or the first row has gone. Then it
takes nobody's place: it has a seat that is free, after those who came before it, or waits.
"""

import datetime as dt

from django.utils import timezone

from registrations.domain import shared_places, waiting_list
from registrations.domain.group import queue_mails
from registrations.domain.known_people import contacts_of
from registrations.models import Registration, RegistrationSettings

Status = Registration.Status
_WITHOUT_A_SEAT = (Status.HELD, Status.WAITLISTED, Status.PENDING, Status.OFFERED)


def of_proven(settings: RegistrationSettings, proven: list[Registration]) -> None:
    """Give a turn to possible duplicates who have proven a contact, if the first row has not.

    Not where the first row has a firm seat: that is shared until it goes. The caller holds the
    event's lock.
    """
    for row in proven:
        first = row.double_of if row.status == Status.DOUBLE else None
        if first is None:
            continue
        if not first.is_active or _is_open(first, row):
            _give(settings, row, since=row.queued_at or row.registered_at)


def _is_open(first: Registration, row: Registration) -> bool:
    """Whether nothing says yet whose the place is, and a seat that was promised is at stake."""
    waits_with_others = row.group is not None and row.group.is_together
    is_unproven = first.proven_at is None and first.status in _WITHOUT_A_SEAT
    return is_unproven and not waits_with_others


def of_left(settings: RegistrationSettings, first: Registration) -> None:
    """Give a turn to the possible duplicates with another contact of a row that has gone.

    To those who have proven a contact, as of when they came; where no seat is held also to others,
    behind all who wait. Whoever knows a name and a number inherits nothing by that. The others
    stay as they look, and get their turn with their proof. The caller holds the event's lock.
    """
    doubles = first.doubles.filter(status=Status.DOUBLE, erased_at=None).order_by("pk")
    rows = [
        row
        for row in doubles.select_for_update(no_key=True, of=("self",))
        if not shared_places.has_same_contact(row, first)
    ]
    given: list[Registration] = []
    for row in sorted(rows, key=lambda row: not row.has_own_proof):
        if same := next((each for each in given if _is_same_person(each, row)), None):
            row.double_of = same
            row.save(update_fields=["double_of"])
        elif row.has_own_proof:
            _give(settings, row, since=row.queued_at or row.registered_at)
            given.append(row)
        elif not settings.holds_seats_for(online=row.chose_online):
            _give(settings, row, since=timezone.now())
            given.append(row)


def _is_same_person(one: Registration, other: Registration) -> bool:
    return one.name_key == other.name_key and bool({*contacts_of(one)} & {*contacts_of(other)})


def _give(settings: RegistrationSettings, row: Registration, *, since: dt.datetime) -> None:
    """Make a possible duplicate a registration of its own, with the seat that it was shown.

    Where that is not free, or is for who came before, the person waits and is told.
    """
    if other := row.same_person().first():
        row.double_of = other
        row.save(update_fields=["double_of"])
        return
    shown = row.shown_status
    row.double_of, row.seen_as, row.offer_expires_at = None, "", None
    row.status, row.queued_at = Status.WAITLISTED, since
    if shown == Status.PENDING:
        row.status, row.queued_at = Status.PENDING, None
    row.save()
    if shown in (Status.HELD, Status.CONFIRMED):
        if waiting_list.has_turn(settings, row):
            row.status, row.queued_at = Status(shown), None
            row.save(update_fields=["status", "queued_at"])
        else:
            queue_mails(Status.WAITLISTED.value, [row])
