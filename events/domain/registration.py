"""Seats: given under one lock for each event, so that the last one is never given twice."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.domain import consent, mail, waiting_list
from events.models import Answer, Event, Organization, Question, Registration, RegistrationSettings
from events.models.registration import new_code
from summit.lib.states import MoveRefused, move

Status = Registration.Status


class RegistrationClosed(ValidationError):
    """The event takes no registrations at this moment."""


class OfferExpired(ValidationError):
    """The seat was kept for a while and has gone to the next person."""


@dataclass(frozen=True)
class Applicant:
    """What a person typed; ``answers`` by primary key of the question."""

    name: str
    email: str
    category: str
    language: str
    phone: str = ""
    organization_name: str = ""
    position: str = ""
    answers: dict[int, object] = field(default_factory=dict)


@transaction.atomic
def register(
    event: Event, people: Sequence[Applicant], *, by: AbstractBaseUser | None = None
) -> list[Registration]:
    """Register people who consented to the privacy notice, each with a seat of their own.

    Each is confirmed while a seat is free, waits in the order given otherwise,
    or awaits the organizer's approval, and gets a mail. An address that is
    registered already keeps the registration it has, which is returned, and its
    link is mailed again: nobody learns here who is registered. Staff (``by``) may
    register people while the form is closed.

    All or nobody. Raises ``RegistrationClosed``, or ``ValidationError`` of a field.
    """
    settings = lock(event)
    if by is None:
        _check_open(settings)
    known = {
        registration.email_key: registration
        for registration in Registration.objects.active().filter(
            event=event, email_key__in=[email_key(person.email) for person in people]
        )
    }
    if settings.told is None:
        settings.told = settings.facts
        settings.save(update_fields=["told"])
    notice = consent.current_notice()
    # Seats that came free in any other way go to those who wait before anybody new.
    waiting_list.fill(settings)
    free = waiting_list.free_seats(settings)
    made, again = [], []
    for person in people:
        key = email_key(person.email)
        if key in known:
            again.append(known[key])
            continue
        registration = _new(settings, person, notice=notice, seat_is_free=free is None or free > 0)
        if free is not None and registration.status == Status.CONFIRMED:
            free -= 1
        known[key] = registration
        made.append(registration)
    for registration in made:
        mail.queue(registration.status, [registration])
    mail.queue("link", again)
    return [known[email_key(person.email)] for person in people]


def lock(event: Event) -> RegistrationSettings:
    """Take the event's lock on seats until the transaction ends, and return its settings.

    On PostgreSQL it is a row lock; on SQLite the transaction holds the one write
    lock already. Raises ``RegistrationClosed`` where the event takes no registrations.
    """
    settings = (
        RegistrationSettings.objects.select_for_update(no_key=True, of=("self",))
        .select_related("event")
        .filter(event=event)
        .first()
    )
    if settings is None:
        raise RegistrationClosed(_("This event takes no registrations here."), code="none")
    return settings


def check_open(event: Event) -> None:
    """Raise ``RegistrationClosed`` with the reason why nobody can register just now."""
    settings = RegistrationSettings.objects.select_related("event").filter(event=event).first()
    if settings is None:
        raise RegistrationClosed(_("This event takes no registrations here."), code="none")
    _check_open(settings)


def _check_open(settings: RegistrationSettings) -> None:
    event = settings.event
    if settings.is_open:
        return
    if event.is_cancelled:
        raise RegistrationClosed(
            _("This event has been cancelled, so nobody can register."), code="cancelled"
        )
    if event.is_draft:
        raise RegistrationClosed(_("This event is not published yet."), code="draft")
    if event.is_over:
        raise RegistrationClosed(_("This event is over."), code="over")
    if settings.is_not_open_yet:
        raise RegistrationClosed(
            _("Registration opens on %(moment)s."),
            code="not_open_yet",
            params={
                "moment": f"{timezone.localtime(settings.opens_at, event.zone):%Y-%m-%d %H:%M %Z}"
            },
        )
    raise RegistrationClosed(_("Registration has closed."), code="closed")


def _new(
    settings: RegistrationSettings, person: Applicant, *, notice: object, seat_is_free: bool
) -> Registration:
    now = timezone.now()
    if settings.needs_approval:
        status = Status.PENDING
    else:
        status = Status.CONFIRMED if seat_is_free else Status.WAITLISTED
    registration = Registration(
        event=settings.event,
        status=status,
        name=person.name,
        email=person.email,
        email_key=email_key(person.email),
        phone=person.phone,
        organization_name=person.organization_name,
        organization=known_organization(person.organization_name),
        position=person.position,
        category=person.category,
        language=person.language,
        privacy_notice=notice,
        consented_at=now,
        registered_at=now,
        queued_at=now if status == Status.WAITLISTED else None,
    )
    registration.full_clean()
    registration.save()
    answer(registration, person.answers)
    return registration


def answer(registration: Registration, answers: dict[int, object]) -> None:
    """Store the answers in place of those there were; questions of other events are left out."""
    questions = Question.objects.filter(settings__event=registration.event_id, pk__in=list(answers))
    registration.answers.all().delete()
    Answer.objects.bulk_create(
        Answer(registration=registration, question=question, value=answers[question.pk])
        for question in questions
        if answers[question.pk] not in ("", None, [])
    )


def email_key(email: str) -> str:
    """Return the address without regard to letter case."""
    return email.strip().casefold()


def known_organization(name: str) -> Organization | None:
    """Return the organization that has exactly this name, in either language, if there is one."""
    name = name.strip()
    if not name:
        return None
    return Organization.objects.filter(
        Q(name_en__iexact=name)
        | Q(name_zh_hans=name)
        | Q(short_name_en__iexact=name)
        | Q(short_name_zh_hans=name)
    ).first()


@transaction.atomic
def approve(registration: Registration, *, by: AbstractBaseUser) -> Registration:
    """Give a pending registration a seat, or a place in the queue. Raises ``MoveRefused``."""
    settings = lock(registration.event)
    waiting_list.fill(settings)
    free = waiting_list.free_seats(settings)
    if free is None or free > 0:
        move(registration, Status.CONFIRMED)
    else:
        move(registration, Status.WAITLISTED, queued_at=timezone.now())
    mail.queue(registration.status, [registration])
    return registration


@transaction.atomic
def decline(registration: Registration, *, by: AbstractBaseUser) -> Registration:
    """Refuse a pending registration and say so by mail. Raises ``MoveRefused``."""
    move(registration, Status.DECLINED, cancelled_at=timezone.now())
    mail.queue("declined", [registration])
    return registration


@transaction.atomic
def cancel(registration: Registration, *, by: AbstractBaseUser | None = None) -> Registration:
    """Give the place back; a freed seat goes to the first person waiting.

    Cancelling twice is harmless. Raises ``RegistrationClosed`` once the event has
    started, except for staff, and ``MoveRefused`` for what was never a place.
    """
    settings = lock(registration.event)
    registration.refresh_from_db()
    if registration.status == Status.CANCELLED:
        return registration
    if by is None and settings.event.starts_at <= timezone.now():
        raise RegistrationClosed(
            _("The event has started, so the registration can no longer be cancelled."),
            code="started",
        )
    move(registration, Status.CANCELLED, cancelled_at=timezone.now(), offer_expires_at=None)
    mail.queue("cancelled", [registration])
    waiting_list.fill(settings)
    return registration


@transaction.atomic
def accept(registration: Registration) -> Registration:
    """Take the seat that is offered. Accepting twice is harmless. Raises ``OfferExpired``."""
    lock(registration.event)
    registration.refresh_from_db()
    if registration.status == Status.CONFIRMED:
        return registration
    gone = registration.status != Status.OFFERED or (
        registration.offer_expires_at is not None
        and registration.offer_expires_at <= timezone.now()
    )
    if gone:
        raise OfferExpired(
            _("This offer has expired and the seat has gone to the next person. Register again."),
            code="offer_expired",
        )
    move(registration, Status.CONFIRMED, offer_expires_at=None)
    mail.queue("confirmed", [registration])
    return registration


@transaction.atomic
def correct(
    registration: Registration, *, answers: dict[int, object] | None = None, **changes: object
) -> Registration:
    """Change what the attendee typed; the e-mail address identifies the person and stays.

    Raises ``MoveRefused`` where there is no place any more to correct.
    """
    if not registration.is_active:
        raise MoveRefused(_("This registration is no longer active."), code="not_active")
    for name, value in changes.items():
        setattr(registration, name, value)
    registration.organization = known_organization(registration.organization_name)
    registration.full_clean()
    registration.save()
    if answers is not None:
        answer(registration, answers)
    return registration


@transaction.atomic
def revoke_link(registration: Registration) -> Registration:
    """Make the personal link invalid and mail a new one."""
    registration.code = new_code()
    registration.save(update_fields=["code"])
    mail.queue("link", [registration])
    return registration


def send_links(email: str) -> int:
    """Mail the links of every active registration of an address; return how many there were."""
    since = timezone.now() - dt.timedelta(days=1)
    found = list(
        Registration.objects.active().filter(email_key=email_key(email), event__ends_at__gt=since)
    )
    mail.queue("link", found)
    return len(found)
