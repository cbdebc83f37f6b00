"""Invented people who have registered for events, and who came to those that are over."""

import uuid
from dataclasses import replace
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from demo import arrivals
from demo.builders import Work, build
from demo.source import Row, columns, rows
from events.models import Event
from mail.models import OutboundMail
from registrations.domain import message, proof, separate_consent
from registrations.domain import registration as domain
from registrations.domain.audience import Audience
from registrations.domain.group import ContactPerson
from registrations.models import (
    Consent,
    Message,
    Question,
    Registration,
    RegistrationGroup,
    RegistrationSettings,
    SeparateConsent,
)

_PARTS = ("event", "question", "consent", "people", "online", "group", "message", *arrivals.PARTS)


def attendees(work: Work) -> None:
    """Open the events' registration and fill some seats; an event that has it stays as it is."""
    for row in rows("registrations", "registration"):
        event = Event.objects.filter(slug=row["event"]).first()
        if event is None or RegistrationSettings.objects.filter(event=event).exists():
            continue
        settings = RegistrationSettings(event=event, **columns(row, leave_out=_PARTS))
        settings.full_clean()
        settings.save()
        work.count(RegistrationSettings)
        for order, question in enumerate(row.get("question", []), start=1):
            build(work, Question, settings=settings, order=order, **columns(question))
        if event.is_draft:
            continue
        _fill(work, event, [applicant(each) for each in row.get("people", [])])
        online = [applicant(each) for each in row.get("online", [])]
        _fill(work, event, [replace(each, online=True) for each in online])
        if "group" in row:
            _fill_group(work, event, row["group"])
        _agree(work, settings, row.get("consent", []))
        arrivals.arrive(work, event, row, [applicant(each) for each in row.get("walk_ins", [])])
        if "message" in row:
            _write(work, event, row["message"])
        # No mail leaves the demo for people whom it has made up.
        of_event = Q(registration__event=event) | Q(registration_group__event=event)
        OutboundMail.objects.filter(of_event).update(
            status=OutboundMail.Status.SENT, sent_at=timezone.now()
        )


def _agree(work: Work, settings: RegistrationSettings, asked: list[Row]) -> None:
    """Ask for separate consents, to which some agreed when they registered and some did not."""
    for order, row in enumerate(asked, start=1):
        values = columns(row, leave_out=("agreed",))
        made = build(work, SeparateConsent, settings=settings, order=order, **values)
        people = Registration.objects.filter(event=settings.event_id, name__in=row["agreed"])
        for person in people:
            separate_consent.give(person, [made])
            person.consents.update(given_at=person.registered_at)
            work.count(Consent)


def _write(work: Work, event: Event, row: Row) -> None:
    """Send those who have a seat a message in both languages."""
    message.send(
        event,
        texts=columns(row),
        audience=Audience(statuses=(Registration.Status.CONFIRMED,)),
        key=uuid.uuid5(uuid.NAMESPACE_URL, event.slug),
        by=work.by,
    )
    work.count(Message)


def applicant(person: list[str]) -> domain.Applicant:
    # Who gives a number gives no address, as most people do.
    name, organization, position, category, language, *phone = person
    return domain.Applicant(
        name=name,
        email="" if phone else _address(name),
        phone=phone[0] if phone else "",
        category=category,
        language=language,
        organization_name=organization,
        position=position,
    )


def _address(name: str) -> str:
    """Return an address that is nobody's, example.org belonging to no one; one for each name."""
    everybody = [
        person[0]
        for row in rows("registrations", "registration")
        for key in ("people", "walk_ins", "online")
        for person in row.get(key, [])
    ]
    number = list(dict.fromkeys(everybody)).index(name) + 1
    return f"attendee{number:02}@example.org"


def _fill_group(work: Work, event: Event, row: Row) -> None:
    """Register the people of a contact person, who has verified the contact."""
    name, language, email = row["contact"]
    by = ContactPerson(name=name, language=language, email=email, is_together=row["is_together"])
    people = [
        domain.Applicant(
            name=person,
            email="",
            category=row["category"],
            language=language,
            organization_name=row["organization"],
        )
        for person in row["people"]
    ]
    made = domain.register(event, people, contact_person=by)
    if group := made[0].group:
        proof.prove_group(group)
        work.count(RegistrationGroup)
    for _person in made:
        work.count(Registration)


def _fill(work: Work, event: Event, people: list[domain.Applicant]) -> None:
    # They came one after the other, in the last days or before the event.
    until = min(timezone.now(), event.starts_at - timedelta(days=1))
    for number, person in enumerate(people, start=1):
        made = domain.register(event, [person], by=work.by)
        work.count(Registration)
        moment = until - timedelta(hours=7 * (len(people) - number))
        Registration.objects.filter(pk__in=[row.pk for row in made]).update(
            registered_at=moment, consented_at=moment, registered_by=None
        )
