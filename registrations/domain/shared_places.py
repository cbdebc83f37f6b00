"""The place that several rows of one person share: whose it is, and how the others look.

A row under a name and contact that has a place is a possible duplicate: it has no seat, and looks
as the row of somebody new would, so that nobody learns who is registered.
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from registrations.domain import group
from registrations.domain.known_people import contacts_of
from registrations.models import Registration, RegistrationGroup, RegistrationSettings

Status, Proof = Registration.Status, Registration.Proof
_OF_PLACE = ["status", "chose_online", "queued_at", "held_until", "offer_expires_at"]


def take_over(proven: list[Registration]) -> None:
    """Let each possible duplicate have the place that it shares, where it alone proved by what.

    That is the same contact, by its link or code or by staff: a stranger may have given
    somebody's name and number first, or afterwards, with an address of their own, which proves
    nothing of the number. The other row becomes a possible duplicate that looks as it looked
    before, or the stranger's page and mails would say so. Its own proof changes how it looks, and
    gives it no seat. Of a group that is verified the place stays until it is given back.
    """
    for row in proven:
        if row.status != Status.DOUBLE:
            continue
        shared = Registration.objects.active().filter(doubles=row).exclude(proof=Proof.GROUP)
        first = shared.select_for_update(no_key=True, of=("self",)).first()
        if first is None or not _has_proven_more(row, first):
            continue
        _give(first, row)
        for other in proven:
            if other.double_of_id == first.pk:
                other.double_of = row


def _has_proven_more(row: Registration, first: Registration) -> bool:
    """Whether the row has proven a contact that both have, and the first one has not."""
    shared = {*contacts_of(row)} & {*contacts_of(first)}
    return any(row.has_proven(each) and not first.has_proven(each) for each in shared)


def leave_to_owner(first: Registration) -> None:
    """Let a possible duplicate with another contact, who proved the same one, have a row's place.

    For who goes and may have been registered by somebody else. Whoever only knows name and number
    inherits nothing: ``own_turn``. Does nothing where there is none. The caller holds the event's
    lock.
    """
    if not first.is_active:
        return
    doubles = first.doubles.filter(status=Status.DOUBLE, erased_at=None).order_by("pk")
    for row in doubles.select_for_update(no_key=True, of=("self",)):
        shared = {*contacts_of(row)} & {*contacts_of(first)}
        is_owner = row.has_own_proof and any(row.has_proven(each) for each in shared)
        if is_owner and not has_same_contact(row, first) and not row.same_person().exists():
            shown = row.shown_status
            _give(first, row)
            if row.status != shown and row.status in Registration.SEATED:
                group.queue_mails(
                    "moved_up" if row.status == Status.CONFIRMED else row.status, [row]
                )
            return


def has_same_contact(one: Registration, other: Registration) -> bool:
    """Whether the mails, or without an address the messages, of both reach the same person."""
    if one.email_key or other.email_key:
        return one.email_key == other.email_key
    return one.phone_key == other.phone_key


def _give(first: Registration, row: Registration) -> None:
    """Give the place of the first to its possible duplicate, and make the first one of that."""
    for name in _OF_PLACE:
        setattr(row, name, getattr(first, name))
    row.double_of, row.seen_as = None, ""
    first.doubles.exclude(pk=row.pk).update(double_of=row)
    first.seen_as, first.status, first.double_of = first.status, Status.DOUBLE, row
    for each in (first, row):
        each.save(update_fields=[*_OF_PLACE, "double_of", "seen_as"])


def move_up(
    settings: RegistrationSettings,
    *,
    online: bool,
    before: dt.datetime | None,
    until: dt.datetime | None,
) -> None:
    """Show a seat to possible duplicates that look waiting, as far as the queue has moved up.

    That is to all where seats are left, else to those before the last one who got a seat. They
    share the place of the first and take no seat. As of those who wait, who has proven
    nothing stays where seats are held. Where freed seats are offered one is shown to them
    ``until`` then, as to others. One query, where nothing moved up none.
    """
    if settings.needs_approval:
        return
    people = Registration.objects.sharing_seats(settings.event, online=online)
    doubles = people.filter(status=Status.DOUBLE, seen_as=Status.WAITLISTED)
    if settings.holds_seats_for(online=online):
        doubles = doubles.exclude(proven_at=None)
    # Who waits together with others of a group looks as they do.
    waiting = RegistrationGroup.objects.filter(
        is_together=True, members__status=Status.WAITLISTED, event=settings.event_id
    )
    doubles = doubles.exclude(group__in=waiting.values("pk"))
    if before is not None:
        since = Coalesce("queued_at", "registered_at")
        doubles = doubles.annotate(since=since).filter(since__lt=before)
    # These are shown the status of the first itself.
    own = ~Q(email_key="") & Q(proven_at__isnull=False, email_key=F("double_of__email_key"))
    rows = list(doubles.exclude(own).order_by("pk"))
    if rows:
        moved = Registration.objects.filter(pk__in=[row.pk for row in rows])
        if settings.offer_hours:
            moved.update(seen_as=Status.OFFERED, offer_expires_at=until)
        else:
            moved.update(seen_as=Status.CONFIRMED, queued_at=None)
        kind = "offered" if settings.offer_hours else "moved_up"
        group.queue_mails(kind, one_of_each_contact(rows))


def one_of_each_contact(rows: list[Registration]) -> Iterable[Registration]:
    """Return whom to write to: one message to each contact, whose page shows all of them."""
    return {row.email_key or row.phone_key: row for row in reversed(rows)}.values()
