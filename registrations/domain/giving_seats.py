"""Seats: given under one lock for each event, so that the last one is never given twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.utils import timezone

from registrations.domain import held_seats, waiting_list
from registrations.domain.known_people import Known, contacts_of
from registrations.models import Registration, RegistrationSettings

Status = Registration.Status


def give_places(
    settings: RegistrationSettings, new: Sequence[Registration], found: Known, room: int
) -> None:
    """Say of each whether there is a seat; the caller holds the lock.

    ``room`` is how many seats may be held. A group that asks for all or none waits where there
    are fewer than it has people, doubles among them: they must not show. Of who has a place
    already, and of the second row of a person in one form, it is said as well, and no seat is
    taken.
    """
    group = new[0].group
    ways = sorted({registration.chose_online for registration in new})
    left = {way: _Left.of(settings, online=way) for way in ways}
    if group and group.is_together:
        for way, seats in left.items():
            number = sum(registration.chose_online == way for registration in new)
            holds = settings.holds_seats_for(online=way)
            seats.give_all_or_none(number, room=room if holds else None)
    now = timezone.now()
    for number, registration in enumerate(new):
        # The moment counts at which the lock was had: that is the order of the queue.
        registration.registered_at = now
        seats = left[registration.chose_online]
        may_hold = room > 0 and seats.room > 0
        held_seats.give_place(settings, registration, has_seat=seats.is_free, may_hold=may_hold)
        if registration.status == Status.HELD:
            room, seats.room = room - 1, seats.room - 1
        if _is_double(registration, new[:number], found):
            registration.seen_as, registration.queued_at = registration.status, None
            registration.status = Status.DOUBLE
            continue
        seats.taken += 1


@dataclass
class _Left:
    """What is left of one list of seats while the people of a form get theirs."""

    free: int | None
    room: int
    taken: int = 0

    @classmethod
    def of(cls, settings: RegistrationSettings, *, online: bool) -> Self:
        if settings.needs_approval:
            return cls(free=None, room=0)
        free = waiting_list.free_after_those_who_wait(settings, online=online)
        # After those who wait, for whom seats may be held now.
        holds = settings.holds_seats_for(online=online)
        return cls(free, held_seats.room_to_hold(settings, online=online) if holds else 0)

    def give_all_or_none(self, number: int, *, room: int | None) -> None:
        """Leave no seat where so many people cannot have one each.

        ``room`` is how many may be held for their network, ``None`` where none is held.
        """
        is_held_short = room is not None and min(self.room, room) < number
        if self.free is not None and (self.free < number or is_held_short):
            self.free = 0

    @property
    def is_free(self) -> bool:
        return self.free is None or self.taken < self.free


def _is_double(registration: Registration, before: Sequence[Registration], found: Known) -> bool:
    """Whether the person has a place under this name and contact; then it says of which row."""
    registration.double_of_id = found.first_of(registration)
    if registration.double_of_id is not None:
        return True
    contacts = set(contacts_of(registration))
    for other in before:
        is_same = other.name_key == registration.name_key and contacts & set(contacts_of(other))
        if is_same and other.status != Status.DOUBLE:
            registration.double_of = other
            return True
    return False
