"""Who of an event has been registered with the contacts that somebody gives.

One contact may hold several people; who has the same name and the same contact is the same person.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from events.models import Event
from registrations.models import Registration


@dataclass(frozen=True)
class Known:
    """Who of an event has been registered with the contacts of some people.

    ``first`` has the keys of those who have a place, by name and contact, ``people`` how many a
    contact holds, doubles included, ``entries`` the highest ``calendar_offset`` of an address,
    and ``owners`` who of a number has an address: a row with that alone.
    """

    first: dict[tuple[str, str], int]
    people: Counter[str]
    entries: dict[str, int]
    owners: dict[str, Registration]

    def first_of(self, registration: Registration) -> int | None:
        """Return the key of the same person's row that has a place: same name, same contact."""
        for contact in contacts_of(registration):
            if found := self.first.get((registration.name_key, contact)):
                return found
        return None


def contacts_of(registration: Registration) -> list[str]:
    """Return the address and the mobile number under which the person is reached."""
    return [each for each in (registration.email_key, registration.phone_key) if each]


def known(event: Event, prepared: Sequence[Registration]) -> Known:
    """Return who else is registered with the contacts of these people. One query, whoever is."""
    found = Known({}, Counter(), {}, {})
    addresses = [row.email_key for row in prepared if row.email_key]
    numbers = [row.phone_key for row in prepared if row.phone_key]
    if not addresses and not numbers:
        return found
    same = Registration.objects.filter(event=event).filter(
        Q(email_key__in=addresses) | Q(phone_key__in=numbers)
    )
    same = same.exclude(pk__in=[row.pk for row in prepared if row.pk])
    columns = ("pk", "status", "name_key", "email_key", "phone_key", "calendar_offset", "email")
    rows = same.order_by("pk").values_list(*columns)
    for pk, status, name, address, number, offset, email in rows:
        if address and number and status in Registration.ACTIVE:
            owner = Registration(pk=pk, email=email, email_key=address)
            found.owners.setdefault(number, owner)
        found.entries[address] = max(offset, found.entries.get(address, 0))
        for contact in filter(None, (address, number)):
            if status in Registration.ACTIVE:
                found.first.setdefault((name, contact), pk)
            if status in (*Registration.ACTIVE, Registration.Status.DOUBLE):
                found.people[contact] += 1
    return found


def continue_entries(new: Sequence[Registration], found: Known) -> None:
    """Put the calendar entry of who cancelled and comes again ahead of its cancellation."""
    for registration in new:
        if registration.email_key and registration.email_key in found.entries:
            registration.calendar_offset = found.entries[registration.email_key] + 2
