"""Telling attendees that their event has moved, is postponed, cancelled or taken up again."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event
from registrations.domain import group
from registrations.domain.admission import RegistrationClosed, lock
from registrations.models import Announcement, Registration, RegistrationSettings
from registrations.models.registration_queryset import RegistrationQuerySet
from summit.lib.database.states import MoveRefused


def changes(settings: RegistrationSettings) -> list[str]:
    """Name what has changed since attendees were last told; empty where nothing has."""
    if not settings.told:
        return []  # nobody has registered yet
    return [name for name, value in settings.facts.items() if settings.told.get(name) != value]


def recipients(event: Event) -> RegistrationQuerySet:
    """Everybody who holds or waits for a place: once the event has begun, who has a seat.

    Nobody once it is over.
    """
    found = Registration.objects.active().filter(event=event)
    if event.is_over:
        return found.none()
    return found.filter(status=Registration.Status.CONFIRMED) if event.has_begun else found


@transaction.atomic
def announce(
    event: Event, *, message: dict[str, str] | None = None, by: User | None = None
) -> Announcement:
    """Queue a mail with the updated calendar entry for everybody registered.

    ``message`` adds the organizer's own words by language. The entry keeps its
    UID and counts its SEQUENCE up, so that calendars replace what they hold.
    Raises ``RegistrationClosed`` once the event is over, and ``MoveRefused`` where nothing
    has changed since attendees were told, which is also what the second of two who press at
    once gets.
    """
    settings = lock(event)
    if settings.event.is_over:
        raise RegistrationClosed(
            _("The event is over, so attendees can no longer be told about changes."), code="over"
        )
    changed = changes(settings)
    kind = _kind(settings)
    if not changed:
        raise MoveRefused(_("Attendees have been told already."), code="told_already")
    message = message or {}
    announcement = Announcement.objects.create(
        event=event,
        changed=changed,
        message_en=message.get("en", ""),
        message_zh_hans=message.get("zh-hans", ""),
        by=by,
        announced_at=timezone.now(),
    )
    settings.calendar_sequence += 1
    settings.told = settings.facts
    settings.save(update_fields=["calendar_sequence", "told"])
    people = group.one_of_each_group_contact(recipients(settings.event).iterator())
    announcement.recipients = group.queue_mails(kind, people, announcement=announcement.pk)
    announcement.save(update_fields=["recipients"])
    return announcement


def _kind(settings: RegistrationSettings) -> str:
    """Return the kind of the mail, by what the event is and what attendees were told last."""
    event, told = settings.event, settings.told or {}
    if event.is_cancelled:
        return "event_cancelled"
    if event.is_postponed:
        return "event_postponed"
    if told.get("cancelled"):
        return "event_taken_up"
    has_moved = told.get("starts_at") != settings.facts["starts_at"]
    return "event_rescheduled" if event.is_rescheduled and has_moved else "event_changed"
