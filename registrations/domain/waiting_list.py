"""Who gets a seat that is freed or added: the first person waiting."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone

from events.models import Event
from mail import outbox
from registrations.domain import held_seats
from registrations.models import Registration, RegistrationSettings
from registrations.models.registration import RegistrationQuerySet

Status = Registration.Status
BATCH = 1000
# At which events nobody is given a seat, whatever their date is.
_OFF = (Event.Status.CANCELLED, Event.Status.POSTPONED)
# A possible duplicate looks as the first would, which has the seat.
_SEEN_AS_HELD = Q(status=Status.HELD) | Q(status=Status.DOUBLE, seen_as=Status.HELD)
SHORTEST_OFFER = dt.timedelta(minutes=30)


def free_seats(settings: RegistrationSettings) -> int | None:
    """Return the seats that nobody holds, never below zero; ``None`` where there is no limit.

    Only under the event's lock does the number stay true. One query.
    """
    if settings.capacity is None:
        return None
    taken = Registration.objects.seated().filter(event=settings.event_id).count()
    return max(0, settings.capacity - taken)


def free_after_those_who_wait(settings: RegistrationSettings) -> int | None:
    """Pass free seats on to those who wait, and return how many are left for somebody new.

    Seats come free in ways that pass nobody on, such as a larger hall: whoever
    waits has them before anybody new. Call it under the event's lock.
    """
    free = free_seats(settings)
    if free == 0 or not Registration.objects.waiting().filter(event=settings.event_id).exists():
        return free
    fill(settings)
    return free_seats(settings)


def fill(settings: RegistrationSettings) -> int:
    """Give free seats to those who wait, in their order, with a mail each; return how many.

    A seat of somebody without proof is held, as far as seats may be.
    Nobody moves up once the event has begun: at the door the desk admits who is there. Nor
    where it is cancelled, or while it is postponed without a new date. Call
    it under the event's lock. Costs four queries for each thousand people, where seats are held
    up to nine.
    """
    if settings.event.has_begun or not settings.event.is_on:
        return 0
    filled = 0
    while True:
        free = free_seats(settings)
        room = BATCH if free is None else min(free, BATCH)
        first = held_seats.next_in_queue(settings, room) if room else []
        if not first:
            return filled
        _seat(settings, first)
        filled += len(first)


def _seat(settings: RegistrationSettings, people: list[Registration]) -> None:
    """Give each a seat: an offer, or one that is theirs, or held where nothing is proven."""
    held: list[Registration] = []
    if settings.holds_seats and not settings.offer_hours:
        held = [each for each in people if each.proven_at is None]
        people = [each for each in people if each.proven_at]
    rows = Registration.objects.filter(pk__in=[each.pk for each in people])
    if settings.offer_hours:
        rows.update(status=Status.OFFERED, offer_expires_at=end_of_offer(settings))
    elif people:
        rows.update(status=Status.CONFIRMED)
    outbox.queue("offered" if settings.offer_hours else "moved_up", people)
    if held:
        Registration.objects.filter(pk__in=[each.pk for each in held]).update(
            status=Status.HELD, held_until=held_seats.end_of_hold(settings), queued_at=None
        )
        outbox.queue(Status.HELD.value, held)


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
            event=settings.event_id, status=Status.OFFERED, offer_expires_at__gt=end
        )
    )
    if long:
        Registration.objects.filter(pk__in=[registration.pk for registration in long]).update(
            offer_expires_at=end
        )
        outbox.queue("offered", long)
    return len(long)


@transaction.atomic
def refill(event: Event) -> int:
    """Pass on seats that were added or came free, under the event's lock; return how many."""
    settings = RegistrationSettings.objects.locked().filter(event=event).first()
    if settings is None:
        return 0
    if settings.offer_hours and not settings.event.has_begun and settings.event.is_on:
        shorten_offers(settings)
    if not settings.holds_seats:
        _end_holds_of(settings, Registration.objects.filter(_SEEN_AS_HELD, event=event))
    return fill(settings)


def refill_all() -> int:
    """Refill every event with a queue; return how many people moved up."""
    waiting = Registration.objects.filter(status=Status.WAITLISTED).order_by()
    events = Event.objects.filter(pk__in=waiting.values("event"))
    return sum(refill(event) for event in events)


def place_in_queue(registration: Registration) -> int | None:
    """Return 1 for the first person waiting, ``None`` for one who does not wait. One query.

    A possible duplicate that is shown as waiting has the place of somebody new.
    """
    if registration.shown_status != Status.WAITLISTED:
        return None
    since = registration.queued_at or registration.registered_at
    ahead = Registration.objects.waiting().filter(event=registration.event_id)
    before = Q(queued_at__lt=since) | Q(queued_at=since, pk__lt=registration.pk)
    return ahead.filter(before).count() + 1


def places_in_queue(registrations: Iterable[Registration]) -> dict[int, int]:
    """Return the places of those of them who wait, by primary key. At most one query."""
    waiting = [each.pk for each in registrations if each.status == Status.WAITLISTED]
    if not waiting:
        return {}
    ahead = (
        Registration.objects.filter(event=OuterRef("event"), status=Status.WAITLISTED)
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
    gone = list(overdue.order_by("held_until", "pk"))
    held = [row for row in gone if row.status == Status.HELD]
    status = Status.WAITLISTED if settings.holds_seats else Status.CONFIRMED
    rows = Registration.objects.filter(pk__in=[row.pk for row in held])
    now = timezone.now() if settings.holds_seats else None
    rows.update(status=status, queued_at=now)
    doubles = [row.pk for row in gone if row.status == Status.DOUBLE]
    Registration.objects.filter(pk__in=doubles).update(seen_as=status, queued_at=now)
    # One message to each contact, whose page shows all of them.
    told = {row.email_key or row.phone_key: row for row in reversed(gone)}.values()
    if settings.holds_seats:
        if not settings.event.has_begun:
            outbox.queue("hold_ended", told)
        fill(settings)
    else:
        outbox.queue(status.value, told)
    return len(held)


def expire_offers() -> int:
    """Take back offers whose time is over and pass them on; return how many expired.

    No offer outlives the start of its event. Of that nobody is told by mail, which would come
    too late; the personal page says it. Those of an event that is cancelled or has no date are
    for ``put_offers_off``.
    """
    expired = 0
    now = timezone.now()
    offered = Registration.objects.filter(status=Status.OFFERED)
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
                outbox.queue("expired", gone)
            if settings:
                fill(settings)
            expired += len(gone)
    return expired


@transaction.atomic
def put_offers_off() -> int:
    """Put who was offered a seat of an event that is off back to their place; return how many.

    Nobody can say whether they can come to an event that is cancelled or has no date. They are
    the first to be offered a seat once it has one.
    """
    offered = Registration.objects.filter(status=Status.OFFERED, event__status__in=_OFF)
    return offered.update(status=Status.WAITLISTED, offer_expires_at=None)
