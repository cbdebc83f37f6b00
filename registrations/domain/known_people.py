"""Who of an event has been registered with the contacts that somebody gives.

One contact may hold several people; who has the same name and the same contact is the same person.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Event
from registrations.models import Registration, RegistrationGroup

# A secretary's number, the mailbox of an office.
MOST_OF_A_CONTACT = 20


class ContactFull(ValidationError):
    """A number or an address holds as many people of an event as one may."""


@dataclass(frozen=True)
class Known:
    """Who of an event has been registered with the contacts of some people.

    ``first`` has the keys of those who have a place, by name and contact, ``people`` how many a
    contact holds, doubles included, with all whom its owner has registered as a contact person,
    ``entries`` the highest ``calendar_offset`` of an address, and ``owners`` who has an address
    beside a number that was proven to be theirs: a row with that alone. Anybody may have typed the
    number of somebody else with an own address, and learns nothing of who does later.
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


def contacts_of_group(group: RegistrationGroup | None) -> list[str]:
    """Return the address and the mobile number of a contact person."""
    return [each for each in (group.email_key, group.phone_key) if each] if group else []


def known(
    event: Event, prepared: Sequence[Registration], group: RegistrationGroup | None = None
) -> Known:
    """Return who else is registered with the contacts of these people.

    Two queries, whoever is; three where one of the contacts is that of a contact person.

    Of a ``group`` the contacts of its contact person count too.
    """
    found = Known({}, Counter(), {}, {})
    addresses = [row.email_key for row in prepared if row.email_key]
    numbers = [row.phone_key for row in prepared if row.phone_key]
    if group and group.email_key:
        addresses.append(group.email_key)
    if group and group.phone_key:
        numbers.append(group.phone_key)
    if not addresses and not numbers:
        return found
    same = Registration.objects.filter(event=event).filter(
        Q(email_key__in=addresses) | Q(phone_key__in=numbers)
    )
    same = same.exclude(pk__in=[row.pk for row in prepared if row.pk])
    columns = ("pk", "status", "name_key", "email_key", "phone_key", "calendar_offset", "email")
    rows = same.order_by("pk").values_list(*columns, "proven_number")
    for pk, status, name, address, number, offset, email, proven_number in rows:
        if address and number and number == proven_number and status in Registration.ACTIVE:
            found.owners.setdefault(number, Registration(pk=pk, email=email, email_key=address))
        found.entries[address] = max(offset, found.entries.get(address, 0))
        for contact in filter(None, (address, number)):
            if status in Registration.ACTIVE:
                found.first.setdefault((name, contact), pk)
            if status in (*Registration.ACTIVE, Registration.Status.DOUBLE):
                found.people[contact] += 1
    found.people.update(_registered_by(event, {*addresses, *numbers}, prepared))
    return found


def _registered_by(
    event: Event, contacts: set[str], prepared: Sequence[Registration]
) -> Counter[str]:
    """Count people whom contact persons with these contacts registered with contacts of their own.

    Whoever has one of these contacts as the own one is counted there.
    """
    # Nearly nobody is a contact person, and under the lock a plain question costs half of one
    # with its join.
    of_them = Q(email_key__in=contacts - {""}) | Q(phone_key__in=contacts - {""})
    groups = RegistrationGroup.objects.filter(of_them, event=event)
    of_group = {
        pk: contacts & set(keys)
        for pk, *keys in groups.values_list("pk", "email_key", "phone_key").order_by()
    }
    found: Counter[str] = Counter()
    if not of_group:
        return found
    rows = Registration.objects.filter(
        group__in=of_group, status__in=(*Registration.ACTIVE, Registration.Status.DOUBLE)
    ).exclude(pk__in=[row.pk for row in prepared if row.pk])
    for group_id, *own in rows.order_by().values_list("group_id", "email_key", "phone_key"):
        found.update(of_group[group_id] - set(own))
    return found


def continue_entries(new: Sequence[Registration], found: Known) -> None:
    """Put the calendar entry of who cancelled and comes again ahead of its cancellation."""
    for registration in new:
        if registration.email_key and registration.email_key in found.entries:
            registration.calendar_offset = found.entries[registration.email_key] + 2


def check_contacts(
    found: Known, prepared: Sequence[Registration], group: RegistrationGroup | None = None
) -> None:
    """Raise ``ContactFull`` where somebody would register too many people with one contact.

    Whom the contact person of a new ``group`` registers count for that contact, whatever was
    typed for each: one proof makes the seats of all firm.
    """
    counted = found.people.copy()
    of_group = contacts_of_group(group)
    for registration in prepared:
        counted.update({*contacts_of(registration), *of_group})
        if any(counted[each] > MOST_OF_A_CONTACT for each in of_group):
            raise _contact_person_full()
        if any(counted[each] > MOST_OF_A_CONTACT for each in contacts_of(registration)):
            raise ContactFull(
                _(
                    "With one number or address at most %(most)d people can be registered. Give "
                    "the others their own, or write to the organizer."
                ),
                code="contact_full",
                params={"most": MOST_OF_A_CONTACT},
            )


def check_contact_person(group: RegistrationGroup) -> None:
    """Raise ``ContactFull`` where the contact of a stored group holds too many. Two queries."""
    counted = known(group.event, [], group).people
    if any(counted[each] > MOST_OF_A_CONTACT for each in contacts_of_group(group)):
        raise _contact_person_full()


def _contact_person_full() -> ContactFull:
    return ContactFull(
        _(
            "One contact person can register at most %(most)d people for an event. For "
            "more, write to the organizer."
        ),
        code="contact_full",
        params={"most": MOST_OF_A_CONTACT},
    )
