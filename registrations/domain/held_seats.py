"""Held seats: kept for a while for people whose number or address nobody has proven yet.

Held seats together take a share of an event's seats at most, and so many of one network. At a
hybrid event the seats in person and those online are counted apart, and where there is no limit
to one of them, none of those is held.
The others without proof wait, and have a free seat once they prove their contact.
"""

import datetime as dt
from collections import Counter

from django.conf import settings as site_settings
from django.db.models import Q
from django.utils import timezone

from registrations.models import Registration, RegistrationSettings
from registrations.models.registration_queryset import RegistrationQuerySet

Status = Registration.Status


def end_of_hold(settings: RegistrationSettings) -> dt.datetime:
    """Return until when a seat that is held now is kept: never past the start of the event.

    Who registers after the start, where that is possible, has the hours until its end.
    """
    event = settings.event
    last = event.ends_at if event.has_begun else event.starts_at
    return min(timezone.now() + dt.timedelta(hours=settings.hold_hours or 0), last)


def room_to_hold(settings: RegistrationSettings, *, online: bool = False) -> int:
    """Return how many more seats may be held. Call it under the event's lock. One query."""
    share = -(-(settings.capacity_for(online=online) or 0) * settings.hold_percent // 100)
    # Possible doubles count as well, or the next screen would tell that one is.
    is_held = Q(status__in=(Status.HELD, Status.OFFERED)) | Q(seen_as=Status.HELD)
    people = Registration.objects.sharing_seats(settings.event, online=online)
    held = people.filter(is_held, proven_at=None)
    return max(0, share - held.exclude(status=Status.CANCELLED).count())


def room_of_network(settings: RegistrationSettings, network: str) -> int:
    """Return how many more seats may be held for people of one network. One query."""
    return max(0, _limit() - _held_by_networks(settings).filter(network_key=network).count())


def give_place(
    settings: RegistrationSettings, registration: Registration, *, has_seat: bool, may_hold: bool
) -> None:
    """Set the status of somebody new, and until when the seat is held or since when they wait.

    Saves nothing. ``has_seat`` says whether a seat is free, ``may_hold`` whether one more may
    be held.
    """
    is_held = settings.holds_seats_for(online=registration.chose_online)
    is_firm = registration.proven_at is not None or not is_held
    registration.queued_at = registration.held_until = None
    if settings.needs_approval:
        registration.status = Status.PENDING
    elif has_seat and is_firm:
        registration.status = Status.CONFIRMED
    elif has_seat and may_hold:
        registration.status, registration.held_until = Status.HELD, end_of_hold(settings)
    else:
        registration.status, registration.queued_at = Status.WAITLISTED, timezone.now()


def next_in_queue(
    settings: RegistrationSettings,
    queue: RegistrationQuerySet,
    number: int,
    *,
    online: bool = False,
) -> list[Registration]:
    """Return so many at most of a queue who may have a seat now, in their order.

    Who has proven nothing, and for whom no seat may be held, is passed over. At most four
    queries.
    """
    if not settings.holds_seats_for(online=online):
        return list(queue[:number])
    proven = list(queue.exclude(proven_at=None)[:number])
    room = min(number, room_to_hold(settings, online=online))
    found = [*proven, *_without_proof(settings, queue, room)]
    return sorted(found, key=lambda row: (row.queued_at, row.pk))[:number]


def _without_proof(
    settings: RegistrationSettings, queue: RegistrationQuerySet, room: int
) -> list[Registration]:
    """Return those without proof for whom a seat may be held; nobody has one held twice."""
    if room == 0:
        return []
    held = Counter(_held_by_networks(settings).values_list("network_key", flat=True))
    full = [network for network, count in held.items() if count >= _limit()]
    found = []
    rows = queue.filter(proven_at=None, held_until=None).exclude(network_key__in=full)
    for row in rows[:room]:
        held[row.network_key] += 1
        if not row.network_key or held[row.network_key] <= _limit():
            found.append(row)
    return found


def _held_by_networks(settings: RegistrationSettings) -> RegistrationQuerySet:
    """Return whose seat was held since yesterday, whatever became of it, without a proof.

    Seats that were given back are no reason to hold new ones.
    """
    _limit, seconds = site_settings.RATE_LIMITS["unproven"]
    since = timezone.now() - dt.timedelta(seconds=seconds)
    rows = Registration.objects.filter(event=settings.event_id, registered_at__gt=since)
    had_seat = Q(held_until__isnull=False) | Q(status=Status.OFFERED)
    return rows.filter(had_seat, proven_at=None).exclude(network_key="").order_by()


def _limit() -> int:
    return site_settings.RATE_LIMITS["unproven"][0]
