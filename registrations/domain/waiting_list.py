"""Who gets a seat that is freed or added: the first person waiting.

A hybrid event has two lists of seats, in person and online, each with its own capacity and its
own queue: ``online`` says which is meant. Of any other event there is one, for everybody.
"""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from events.models import Event
from registrations.domain import group, held_seats, shared_places
from registrations.models import Registration, RegistrationSettings
from registrations.models.registration_queryset import RegistrationQuerySet

Status = Registration.Status
BATCH = 1000
# At which events nobody is given a seat, whatever their date is.
_OFF = (Event.Status.CANCELLED, Event.Status.POSTPONED)
# A possible duplicate looks as the first would, which has the seat.
_SEEN_AS_HELD = Q(status=Status.HELD) | Q(status=Status.DOUBLE, seen_as=Status.HELD)
SEEN_AS_OFFERED = Q(status=Status.OFFERED) | Q(status=Status.DOUBLE, seen_as=Status.OFFERED)
_SEEN_AS_WAITING = Q(status=Status.WAITLISTED) | Q(status=Status.DOUBLE, seen_as=Status.WAITLISTED)
_TOGETHER = Q(group__is_together=True)
SHORTEST_OFFER = dt.timedelta(minutes=30)


class FreeSeats(NamedTuple):
    """How many seats of one list are free, ``None`` for no limit."""

    online: bool
    free: int | None


def free_seats(settings: RegistrationSettings, *, online: bool = False) -> int | None:
    """Return the seats that nobody holds, never below zero; ``None`` where there is no limit.

    Only under the event's lock does the number stay true. One query.
    """
    capacity = settings.capacity_for(online=online)
    if capacity is None:
        return None
    people = Registration.objects.sharing_seats(settings.event, online=online)
    return max(0, capacity - people.seated().count())


def free_by_way(settings: RegistrationSettings) -> list[FreeSeats]:
    """Return what ``free_seats`` does, for each list of seats. One query each."""
    return [FreeSeats(way, free_seats(settings, online=way)) for way in settings.ways]


def free_after_those_who_wait(
    settings: RegistrationSettings, *, online: bool = False
) -> int | None:
    """Pass free seats on to those who wait, and return how many are left for somebody new.

    Seats come free in ways that pass nobody on, such as a larger hall: whoever
    waits has them before anybody new. Call it under the event's lock.
    """
    free = free_seats(settings, online=online)
    people = Registration.objects.sharing_seats(settings.event, online=online)
    if free == 0 or not people.waiting().exists():
        return free
    fill(settings)
    return free_seats(settings, online=online)


def fill(settings: RegistrationSettings) -> int:
    """Give free seats to those who wait, in their order, with a mail each; return how many.

    A seat of somebody without proof is held, as far as seats may be.
    A group that asks for all or none moves up together, or is passed over for those behind it.
    Nobody moves up once the event has begun: at the door the desk admits who is there. Nor
    where it is cancelled, or while it is postponed without a new date. Call
    it under the event's lock. Costs four queries for each thousand people, where seats are held
    up to nine; at a hybrid event as many for each list of seats. One more for possible duplicates.
    """
    if settings.event.has_begun or not settings.event.is_on:
        return 0
    return sum(_fill(settings, online=way) for way in settings.ways)


def _fill(settings: RegistrationSettings, *, online: bool) -> int:
    filled, last = 0, None
    while True:
        free = free_seats(settings, online=online)
        room = BATCH if free is None else min(free, BATCH)
        first = _next_in_queue(settings, room, free, online=online) if room else []
        if not first:
            if room or filled:
                until = end_of_offer(settings) if settings.offer_hours else None
                before = None if room else last
                shared_places.move_up(settings, online=online, before=before, until=until)
            return filled
        _seat(settings, first, online=online)
        filled, last = filled + len(first), first[-1].queued_at


def _next_in_queue(
    settings: RegistrationSettings, number: int, free: int | None, *, online: bool
) -> list[Registration]:
    """Return so many at most of those who wait and may have a seat now, in their order.

    A group that asks for all or none comes whole or not at all, with a proven contact person
    where seats are held; at a hybrid event those of one way together. One for which too few of
    the ``free`` seats are left is passed over: who waits behind it is not blocked. One that is
    cut by ``number`` alone ends the list, and is the first of the next one. Nor does one move up
    of whom an organizer has yet to approve somebody. Three queries more where a group is among
    the first.
    """
    people = Registration.objects.sharing_seats(settings.event, online=online)
    queue = people.waiting().select_related("group")
    first = held_seats.next_in_queue(settings, queue, number, online=online)
    if not any(_is_together(row) for row in first):
        return first
    alone = queue.exclude(_TOGETHER)
    others = held_seats.next_in_queue(settings, alone, number, online=online)
    units = [[row] for row in others]
    groups: dict[int | None, list[Registration]] = {}
    for row in queue.filter(_TOGETHER):
        groups.setdefault(row.group_id, []).append(row)
    pending = people.filter(_TOGETHER, status=Status.PENDING)
    undecided = set(pending.values_list("group", flat=True).order_by())
    holds = settings.holds_seats_for(online=online)
    units += [
        rows
        for key, rows in groups.items()
        if key not in undecided and (_is_proven(rows[0]) or not holds)
    ]
    units.sort(key=lambda rows: (rows[0].queued_at, rows[0].pk))
    found: list[Registration] = []
    for rows in units:
        if len(found) + len(rows) <= number:
            found += rows
        elif free is None or len(found) + len(rows) <= free:
            break
    return found


def has_turn(settings: RegistrationSettings, registration: Registration) -> bool:
    """Whether a seat is free for somebody who waits, after those who came before.

    Call it under the event's lock. Costs what ``fill`` does.
    """
    free = free_seats(settings, online=registration.chose_online)
    room = BATCH if free is None else min(free, BATCH)
    if not room:
        return False
    first = _next_in_queue(settings, room, free, online=registration.chose_online)
    return registration in first


def _is_together(row: Registration) -> bool:
    return row.group is not None and row.group.is_together


def _is_proven(row: Registration) -> bool:
    return row.group is not None and row.group.proven_at is not None


def _seat(settings: RegistrationSettings, people: list[Registration], *, online: bool) -> None:
    """Give each a seat: an offer, or one that is theirs, or held where nothing is proven."""
    held: list[Registration] = []
    if settings.holds_seats_for(online=online) and not settings.offer_hours:
        held = [each for each in people if each.proven_at is None]
        people = [each for each in people if each.proven_at]
    rows = Registration.objects.filter(pk__in=[each.pk for each in people])
    if settings.offer_hours:
        rows.update(status=Status.OFFERED, offer_expires_at=end_of_offer(settings))
    elif people:
        rows.update(status=Status.CONFIRMED)
    kind = "offered" if settings.offer_hours else "moved_up"
    group.queue_mails(kind, group.one_of_each_group_contact(people))
    group.tell_contact_persons([*people, *held])
    if held:
        Registration.objects.filter(pk__in=[each.pk for each in held]).update(
            status=Status.HELD, held_until=held_seats.end_of_hold(settings), queued_at=None
        )
        group.queue_mails(Status.HELD.value, group.one_of_each_group_contact(held))


def end_of_offer(settings: RegistrationSettings) -> dt.datetime:
    """Return until when a seat that is offered now is kept.

    For the hours that the event gives, but no longer than half of the time that is left
    before the start, so that the next person still has a chance; within the last hour for
    half an hour, or until the start.
    """
    now = timezone.now()
    left = settings.event.starts_at - now
    return now + min(
        dt.timedelta(hours=settings.offer_hours or 0), max(left / 2, min(left, SHORTEST_OFFER))
    )


def shorten_offers(settings: RegistrationSettings) -> int:
    """Shorten offers that outlast what could be offered now, with a mail; return how many.

    They do where the event was moved to an earlier day. Call it under the event's lock.
    """
    end = end_of_offer(settings)
    long = list(
        Registration.objects.filter(
            SEEN_AS_OFFERED, event=settings.event_id, offer_expires_at__gt=end
        )
    )
    if long:
        Registration.objects.filter(pk__in=[registration.pk for registration in long]).update(
            offer_expires_at=end
        )
        group.queue_mails("offered", long)
    return len(long)


@transaction.atomic
def refill(event: Event) -> int:
    """Pass on seats that were added or came free, under the event's lock; return how many."""
    settings = RegistrationSettings.objects.locked().filter(event=event).first()
    if settings is None:
        return 0
    if settings.offer_hours and not settings.event.has_begun and settings.event.is_on:
        shorten_offers(settings)
    for way in settings.ways:
        if not settings.holds_seats_for(online=way):
            people = Registration.objects.sharing_seats(settings.event, online=way)
            _end_holds_of(settings, people.filter(_SEEN_AS_HELD))
    return fill(settings)


def refill_all() -> int:
    """Refill every event with a queue, or with held seats that it holds no more.

    Returns how many people moved up.
    """
    settings = "event__registration_settings__"
    holds_none = Q((f"{settings}capacity", None)) | Q((f"{settings}hold_hours", None))
    waiting = Q(status=Status.WAITLISTED) | (_SEEN_AS_HELD & holds_none)
    rows = Registration.objects.filter(waiting).order_by()
    events = Event.objects.filter(pk__in=rows.values("event"))
    return sum(refill(event) for event in events)


def place_in_queue(registration: Registration) -> int | None:
    """Return 1 for the first person waiting, ``None`` for one who does not wait. One query."""
    return places_shown([registration]).get(registration.pk)


def places_shown(registrations: Iterable[Registration]) -> dict[int, int]:
    """Return the places that people of one event see, by primary key. At most one query.

    Those who take part in the other way have a queue of their own. A possible duplicate that is
    shown as waiting has the place of somebody new, also for those behind it in its group: the
    places of a group do not tell who of it is known.
    """
    waiting = [each for each in registrations if each.shown_status == Status.WAITLISTED]
    if not waiting:
        return {}
    queue = Registration.objects.filter(_SEEN_AS_WAITING, event=waiting[0].event_id)
    queue = queue.alias(since=Coalesce("queued_at", "registered_at"))
    ahead = {f"before_{each.pk}": Count("pk", filter=_is_before(each)) for each in waiting}
    found = queue.aggregate(**ahead)
    return {each.pk: found[f"before_{each.pk}"] + 1 for each in waiting}


def _is_before(registration: Registration) -> Q:
    since = registration.queued_at or registration.registered_at
    before = Q(since__lt=since) | Q(since=since, pk__lt=registration.pk)
    if registration.event.is_hybrid:
        before &= Q(chose_online=registration.chose_online)
    counts = Q(status=Status.WAITLISTED)
    if registration.group_id:
        counts |= Q(group=registration.group_id)
    return before & counts


def places_in_queue(registrations: Iterable[Registration]) -> dict[int, int]:
    """Return the places of those of them who wait, by primary key. At most one query."""
    waiting = [each.pk for each in registrations if each.status == Status.WAITLISTED]
    if not waiting:
        return {}
    ahead = (
        Registration.objects.filter(event=OuterRef("event"), status=Status.WAITLISTED)
        .filter(Q(chose_online=OuterRef("chose_online")) | ~Q(event__format=Event.Format.HYBRID))
        .filter(
            Q(queued_at__lt=OuterRef("queued_at"))
            | Q(queued_at=OuterRef("queued_at"), pk__lte=OuterRef("pk"))
        )
        .order_by()
        .values("event")
        .annotate(number=Count("pk"))
        .values("number")
    )
    found = Registration.objects.filter(pk__in=waiting, status=Status.WAITLISTED)
    return dict(found.order_by().values_list("pk", Subquery(ahead)))


def end_holds() -> int:
    """End holds whose time is over and pass the seats on; return how many ended.

    The people go to the end of the waiting list, with a mail, and have a free seat once they
    prove their contact. Possible doubles look the same to whoever registered them. Where the
    event holds no seats any more, the seats become theirs. Nothing ends while an event is
    cancelled or has no date.
    """
    now = timezone.now()
    started = Q(event__starts_at__lte=now, registered_at__lt=F("event__starts_at"))
    overdue = (
        Registration.objects.filter(_SEEN_AS_HELD)
        .filter(Q(held_until__lte=now) | started)
        .exclude(event__status__in=_OFF)
    )
    ended = 0
    for event_id in list(overdue.order_by().values_list("event", flat=True).distinct()):
        with transaction.atomic():
            settings = RegistrationSettings.objects.locked().filter(event=event_id).first()
            if settings:
                ended += _end_holds_of(settings, overdue.filter(event=event_id))
    return ended


def _end_holds_of(settings: RegistrationSettings, overdue: RegistrationQuerySet) -> int:
    gone = list(overdue.select_related("group").order_by("held_until", "pk"))
    over = [row for row in gone if settings.holds_seats_for(online=row.chose_online)]
    firm = [row for row in gone if row not in over]
    if over:
        _end(over, Status.WAITLISTED, queued_at=timezone.now())
        if not settings.event.has_begun:
            group.queue_mails("hold_ended", shared_places.one_of_each_contact(over))
            group.tell_contact_persons(over)
        fill(settings)
    if firm:
        status = Status.PENDING if settings.needs_approval else Status.CONFIRMED
        _end(firm, status, queued_at=None)
        group.queue_mails(status.value, shared_places.one_of_each_contact(firm))
    return sum(row.status == Status.HELD for row in gone)


def _end(rows: list[Registration], status: str, *, queued_at: dt.datetime | None) -> None:
    held = [row.pk for row in rows if row.status == Status.HELD]
    Registration.objects.filter(pk__in=held).update(status=status, queued_at=queued_at)
    doubles = [row.pk for row in rows if row.status == Status.DOUBLE]
    Registration.objects.filter(pk__in=doubles).update(seen_as=status, queued_at=queued_at)


def expire_offers() -> int:
    """Take back offers whose time is over and pass them on; return how many expired.

    What looks like an offer to who gave the contact of somebody known ends with it. No offer
    outlives the start of its event. Of that nobody is told by mail, which would come too late; the
    personal page says it. Those of an event that is cancelled or has no date are for
    ``put_offers_off``.
    """
    expired = 0
    now = timezone.now()
    offered = Registration.objects.filter(SEEN_AS_OFFERED)
    overdue = offered.exclude(event__status__in=_OFF).filter(
        Q(offer_expires_at__lte=now) | Q(event__starts_at__lte=now)
    )
    for event_id in list(overdue.order_by().values_list("event", flat=True).distinct()):
        with transaction.atomic():
            settings = RegistrationSettings.objects.locked().filter(event=event_id).first()
            gone = list(overdue.filter(event=event_id).select_related("event"))
            Registration.objects.filter(pk__in=[registration.pk for registration in gone]).update(
                status=Status.EXPIRED, cancelled_at=timezone.now()
            )
            event = gone[0].event if gone else None
            if event and not event.has_begun and event.is_on:
                group.queue_mails("expired", gone)
            if settings:
                fill(settings)
            expired += sum(row.status == Status.OFFERED for row in gone)
    return expired


@transaction.atomic
def put_offers_off() -> int:
    """Put who was offered a seat of an event that is off back to their place; return how many.

    Nobody can say whether they can come to an event that is cancelled or has no date. They are
    the first to be offered a seat once it has one.
    """
    off = Registration.objects.filter(event__status__in=_OFF)
    doubles = off.filter(status=Status.DOUBLE, seen_as=Status.OFFERED)
    doubles.update(seen_as=Status.WAITLISTED, offer_expires_at=None)
    offered = off.filter(status=Status.OFFERED)
    return offered.update(status=Status.WAITLISTED, offer_expires_at=None)
