"""People whom one contact person has registered together.

The contact person has informed them, and consents for nobody. A group may ask for all seats or
none: then its people have seats together, or wait together, and move up together only. A group
that does not fit is passed over for now, so that it blocks nobody behind it, and its contact
person can give up "all or none" (``contact_person.wait_singly``).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from events.models import Event
from mail import outbox
from mail.models import OutboundMail
from registrations.mail_kinds import GroupKind, Kind
from registrations.models import (
    PrivacyNotice,
    Registration,
    RegistrationGroup,
    RegistrationSettings,
)
from summit.lib.web.phones import mobile_key, stored_phone

Status = Registration.Status


class GroupTooLarge(ValidationError):
    """A group that asks for all or none has more people than the event has seats."""


@dataclass(frozen=True)
class ContactPerson:
    """Who registers a group, as typed; ``is_together`` asks for all seats or none."""

    name: str
    language: str
    email: str = ""
    phone: str = ""
    is_together: bool = False


def prepare_group(event: Event, person: ContactPerson, notice: PrivacyNotice) -> RegistrationGroup:
    """Return the row of a group with its fields checked, and save nothing."""
    group = RegistrationGroup(
        event=event,
        name=person.name,
        email=person.email,
        phone=stored_phone(person.phone),
        language=person.language,
        is_together=person.is_together,
        privacy_notice=notice,
    )
    group.full_clean(exclude=["event", "privacy_notice"], validate_constraints=False)
    if not person.email and not mobile_key(person.phone):
        raise ValidationError(_("Enter a mobile number or an e-mail address."), code="no_contact")
    return group


def contact_of_member(
    settings: RegistrationSettings, person: ContactPerson, *, email: str, phone: str
) -> tuple[str, str]:
    """Return address and number of a member: the own ones, else those of the contact person.

    An event that takes addresses alone asks for the number as a detail, which reaches nobody.
    """
    if email:
        return email, phone
    if settings.contact == settings.Contact.EMAIL:
        return person.email, phone
    if mobile_key(phone):
        return "", phone
    return person.email, phone or person.phone


def check_size(settings: RegistrationSettings, people: Sequence[Registration]) -> None:
    """Raise ``GroupTooLarge`` where so many people can never have seats together.

    At a hybrid event the seats in person and those online are counted apart.
    """
    for online, number in Counter(row.chose_online for row in people).items():
        seats = settings.capacity_for(online=online)
        if seats is not None and number > seats:
            raise GroupTooLarge(
                _(
                    "This event has %(seats)d seats in all, so %(people)d people can never have "
                    "seats together. Untick “all or none”, or register fewer people."
                ),
                code="group_too_large",
                params={"seats": seats, "people": number},
            )


def one_of_each_group_contact(rows: Iterable[Registration]) -> list[Registration]:
    """Return of each group one person for each contact, whose page shows all; and all others."""
    found: dict[object, Registration] = {}
    for row in rows:
        contact = (row.group_id, row.email_key or row.phone_key) if row.group_id else row.pk
        found.setdefault(contact, row)
    return list(found.values())


@dataclass(frozen=True)
class Readers:
    """Who is written to: ``people`` themselves, and the contact person of a group for hers.

    Of a group that gave a number alone one of its people stands for all.
    """

    people: list[Registration]
    groups: list[tuple[RegistrationGroup, list[Registration]]]


def readers_of(rows: Iterable[Registration]) -> Readers:
    """Return who reads what is written to these people. One query more where there are groups."""
    people = list(rows)
    prefetch_related_objects([row for row in people if row.group_id], "group")
    groups: dict[int, tuple[RegistrationGroup, list[Registration]]] = {}
    others: dict[object, Registration] = {}
    for row in people:
        if row.group is None or row.has_own_contact:
            others[row.pk] = row
        elif row.group.email:
            groups.setdefault(row.group.pk, (row.group, []))[1].append(row)
        else:
            others.setdefault(("group", row.group.pk), row)
    return Readers(list(others.values()), list(groups.values()))


def queue_mails(kind: str, rows: Iterable[Registration], **payload: object) -> int:
    """Queue a mail about each row's place, or a message to each; return how many mails.

    In place of those to people whom the contact person of their group answers for, that person
    has one about the group, or one text message. Two queries more where there are groups.
    """
    readers = readers_of(rows)
    queued = outbox.queue(kind, readers.people, **payload)
    return queued + _queue_group_mails(kind, readers, payload)


def _queue_group_mails(kind: str, readers: Readers, payload: dict[str, object]) -> int:
    groups = [group for group, _people in readers.groups]
    if kind == Kind.REMINDER:
        return outbox.queue(GroupKind.REMINDER.value, groups)
    if kind == Kind.MESSAGE:
        mails = [
            (group, {**payload, "people": [row.pk for row in people]})
            for group, people in readers.groups
        ]
        return outbox.queue_apart(GroupKind.MESSAGE.value, mails)
    if "announcement" in payload:
        return outbox.queue(GroupKind.ANNOUNCED.value, groups, about=kind, **payload)
    return _queue_news(groups, had_seats=payload.get("was") == Status.CONFIRMED)


def _queue_news(groups: Collection[RegistrationGroup], *, had_seats: bool = False) -> int:
    """Queue news of groups; one that has such a mail still to come needs no second one.

    ``had_seats`` says that seats are given back, which a calendar may know of.
    """
    if not groups:
        return 0
    news = OutboundMail.objects.filter(kind=GroupKind.CHANGED.value, handed_over_at=None)
    waiting = news.filter(status=OutboundMail.Status.QUEUED, registration_group__in=groups)
    payload: dict[str, object] = {"had_seats": True} if had_seats else {}
    if had_seats:
        waiting.update(payload=payload)
    told = set(waiting.values_list("subject_id", flat=True))
    fresh = [group for group in groups if group.pk not in told]
    return outbox.queue(GroupKind.CHANGED.value, fresh, **payload)


def tell_contact_persons(rows: Iterable[Registration]) -> None:
    """Queue a mail to the contact person of each group of whose people none has that address.

    Whose own mail goes to the contact person tells it already. At most three queries.
    """
    groups: dict[int, RegistrationGroup] = {}
    told: set[int] = set()
    for row in rows:
        if row.group is not None:
            groups[row.group.pk] = row.group
            if not row.has_own_contact:
                told.add(row.group.pk)
    _queue_news([group for pk, group in groups.items() if pk not in told])
