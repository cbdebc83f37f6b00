"""What ends with a registration, what is erased with a person, and what is kept of a person."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from audit import trail
from events.models import Event
from mail.models import OutboundMail
from meetings.audited import Action
from meetings.domain.participation import leave
from meetings.domain.placing import lock_schedule
from meetings.models import (
    Absence,
    Delegation,
    Interpreter,
    Meeting,
    MeetingFeedback,
    MeetingOutcome,
    MeetingRequest,
    Participant,
    Placement,
    ProfileView,
    RatherNot,
    ScheduleVersion,
)
from registrations.models import Registration, RegistrationSettings
from summit.lib.database.sqlite import empty_write_ahead_log
from summit.lib.i18n.bilingual import in_both
from summit.lib.web import mail_addresses
from summit.lib.web.phones import phone_key
from summit.lib.web.signed_links import new_code

_TAKES_PART = (Participant.Status.APPLIED, Participant.Status.ADMITTED)
# How long the names of an event that never took registrations are kept.
_KEEP_DAYS = RegistrationSettings._meta.get_field("retention_days").default


def end_places(registrations: list[int]) -> None:
    """Let those whose place at the event is no more leave its meetings too."""
    rows = Participant.objects.filter(registration__in=registrations, status__in=_TAKES_PART)
    for participant in rows.select_related("event").order_by("pk"):
        leave(participant)


@transaction.atomic
def erase_people(registrations: list[int]) -> None:
    """Erase what people said for the meetings, and whom they would rather not meet.

    The rows stay without any of it, so that meetings are still counted. Twice is harmless.
    """
    people = Participant.objects.filter(registration__in=registrations).select_related("event")
    keys = [participant.pk for participant in people]
    if not keys:
        return
    for participant in people.order_by("pk"):
        if not participant.event.is_over and participant.status in _TAKES_PART:
            leave(participant)
    rows = Participant.objects.filter(pk__in=keys)
    rows.update(
        topics="",
        staff_note="",
        time_zone="",
        expert=None,
        delegation=None,
        listed_at=None,
        version=F("version") + 1,
    )
    Participant.projects.through.objects.filter(participant__in=keys).delete()
    Absence.objects.filter(participant__in=keys).delete()
    RatherNot.objects.filter(Q(participant__in=keys) | Q(other__in=keys)).delete()
    ProfileView.objects.filter(Q(viewer__in=keys) | Q(viewed__in=keys)).delete()
    MeetingFeedback.objects.filter(participant__in=keys).update(note="")
    MeetingRequest.objects.filter(asker__in=keys).update(reason="")
    _clear_log(Participant, keys)


def erase_expired() -> int:
    """Erase interpreters, delegations and what names others, once attendees are erased.

    Returns of how many events. What was agreed stays, as intentions do.
    """
    erased = 0
    now = timezone.now()
    held = Q(interpreters__in=Interpreter.objects.exclude(name=""))
    held |= Q(delegations__isnull=False)
    held |= Q(meetings__outcome__in=MeetingOutcome.objects.exclude(next_step_by=""))
    held |= Q(meetings__in=Meeting.objects.exclude(off_reason=""))
    past = Event.objects.filter(held, ends_at__lte=now).exclude(status=Event.Status.POSTPONED)
    for event in past.distinct().select_related("registration_settings").order_by("pk"):
        settings = getattr(event, "registration_settings", None)
        days = settings.retention_days if settings else _KEEP_DAYS
        if event.ends_at + dt.timedelta(days=days) <= now:
            _erase_names_of(event)
            erased += 1
    return erased


@transaction.atomic
def _erase_names_of(event: Event) -> None:
    lock_schedule(event)
    number = erase_interpreters(event.interpreters.exclude(name=""), reason="retention")
    Delegation.objects.filter(event=event).delete()
    MeetingOutcome.objects.filter(meeting__event=event).update(next_step_by="")
    Meeting.objects.filter(event=event).update(off_reason="")
    if not number:
        transaction.on_commit(empty_write_ahead_log)


@transaction.atomic
def erase_interpreters(interpreters: Iterable[Interpreter], *, reason: str = "asked_for") -> int:
    """Erase who interpreters are; return how many. What they interpreted is counted still.

    At events to come nobody interprets in their place, until an organizer finds somebody.
    """
    rows = list(interpreters)
    keys = [row.pk for row in rows]
    if not keys:
        return 0
    ahead = Placement.objects.filter(
        interpreter__in=keys, version__event__ends_at__gt=timezone.now()
    )
    versions = ScheduleVersion.objects.filter(placements__in=ahead).values_list("pk", flat=True)
    touched = list(versions)
    ahead.update(interpreter=None)
    ScheduleVersion.objects.filter(pk__in=touched).update(changes=F("changes") + 1)
    OutboundMail.objects.filter(interpreter__in=keys).delete()
    Interpreter.objects.filter(pk__in=keys).update(name="", email="", phone="", sort_name="")
    for key in keys:
        # The link that the person had leads nowhere.
        Interpreter.objects.filter(pk=key).update(code=new_code())
    _clear_log(Interpreter, keys)
    trail.record(Action.INTERPRETERS_ERASED, interpreters=len(keys), reason=reason)
    transaction.on_commit(empty_write_ahead_log)
    return len(keys)


def erase_interpreters_by_email(email: str) -> int:
    """Erase the interpreters of an address; return how many. Raises ``ValidationError``."""
    key = mail_addresses.key(email.replace('"', ""))
    named = Interpreter.objects.exclude(email="")
    return erase_interpreters([row for row in named if mail_addresses.key(row.email) == key])


def erase_interpreters_by_phone(phone: str) -> int:
    """Erase the interpreters of a phone number, however it is written; return how many."""
    key = phone_key(phone)
    named = Interpreter.objects.exclude(phone="")
    return erase_interpreters([row for row in named if key and phone_key(row.phone) == key])


def own_data(registration: Registration) -> dict[str, Any] | None:
    """Return what is kept of somebody for the meetings of an event, as plain values, if anything.

    Of others it holds what the person's own pages show: a name, never a contact.
    """
    participant = Participant.objects.filter(registration=registration).first()
    if participant is None:
        return None
    requests = MeetingRequest.objects.with_people()
    return {
        "status": participant.status,
        "side": participant.side,
        "languages": participant.languages,
        "topics": participant.topics,
        "time_zone": participant.time_zone,
        "listed_since": participant.listed_at,
        "applied_at": participant.applied_at,
        "admitted_at": participant.admitted_at,
        "note_by_staff": participant.staff_note,
        "delegation": str(participant.delegation or ""),
        "projects": [in_both(each, "title") for each in participant.projects.all()],
        "times_away": [
            {"from": each.starts_at, "until": each.ends_at} for each in participant.absences.all()
        ],
        "would_rather_not_meet": [
            each.other.registration.name
            for each in participant.rather_nots.filter(entered_by=None)
            .select_related("other__registration")
            .order_by("pk")
        ],
        "requests_made": [
            {"to": each.asked.registration.name, **_request(each)}
            for each in requests.filter(asker=participant)
        ],
        "requests_received": [
            {"from": each.asker.registration.name, **_request(each)}
            for each in requests.filter(asked=participant)
        ],
        "profiles_opened": participant.profile_views.count(),
        "feedback": [
            {"rating": each.rating, "note": each.note, "at": each.given_at}
            for each in participant.feedback.all()
        ],
    }


def _request(request: MeetingRequest) -> dict[str, Any]:
    return {
        "reason": request.reason,
        "status": request.status,
        "asked_at": request.asked_at,
        "answered_at": request.answered_at,
    }


def _clear_log(model: type[Participant] | type[Interpreter], keys: list[int]) -> None:
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=[str(key) for key in keys],
    ).update(object_repr="", change_message="")
