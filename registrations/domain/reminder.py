"""Reminders before an event, once for each person and each date that was in force."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from events.models import Event
from registrations.domain import group
from registrations.models import Registration, RegistrationSettings


def remind() -> int:
    """Queue a reminder for everybody confirmed whose event is near; return how many.

    Marking and queueing are one transaction under the event's lock, so two
    processes at once remind nobody twice. Whoever registers within the last
    hours before the event has just had a mail and gets none. Where the event moves, its new
    start has a reminder of its own.
    """
    now = timezone.now()
    reminded = 0
    near = RegistrationSettings.objects.filter(
        reminder_hours__isnull=False,
        event__status=Event.Status.PUBLISHED,
        event__starts_at__gt=now,
    ).select_related("event")
    for settings in near:
        start = settings.event.starts_at
        from_moment = start - dt.timedelta(hours=settings.reminder_hours or 0)
        if from_moment > now:
            continue
        with transaction.atomic():
            RegistrationSettings.objects.locked().get(pk=settings.pk)
            # Of reminders that name no start, it is the one that was in force then.
            due = list(
                Registration.objects.filter(
                    event=settings.event_id,
                    status=Registration.Status.CONFIRMED,
                    registered_at__lt=from_moment,
                )
                .exclude(reminded_for=start)
                .exclude(Q(reminded_for=None) & Q(reminded_at__gte=from_moment))
            )
            Registration.objects.filter(pk__in=[row.pk for row in due]).update(
                reminded_at=now, reminded_for=start
            )
            reminded += group.queue_mails("reminder", group.one_of_each_group_contact(due))
    return reminded
