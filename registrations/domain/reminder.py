"""Reminders before an event, once for each person."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from events.models import Event
from mail import outbox
from registrations.models import Registration, RegistrationSettings


def remind() -> int:
    """Queue a reminder for everybody confirmed whose event is near; return how many.

    Marking and queueing are one transaction under the event's lock, so two
    processes at once remind nobody twice. Whoever registers within the last
    hours before the event has just had a mail and gets none.
    """
    now = timezone.now()
    reminded = 0
    near = RegistrationSettings.objects.filter(
        reminder_hours__isnull=False,
        event__status=Event.Status.PUBLISHED,
        event__starts_at__gt=now,
    ).select_related("event")
    for settings in near:
        before = dt.timedelta(hours=settings.reminder_hours or 0)
        from_moment = settings.event.starts_at - before
        if from_moment > now:
            continue
        with transaction.atomic():
            RegistrationSettings.objects.locked().get(pk=settings.pk)
            due = list(
                Registration.objects.filter(
                    event=settings.event_id,
                    status=Registration.Status.CONFIRMED,
                    reminded_at=None,
                    registered_at__lt=from_moment,
                )
            )
            Registration.objects.filter(pk__in=[row.pk for row in due]).update(reminded_at=now)
            reminded += outbox.queue("reminder", due)
    return reminded
