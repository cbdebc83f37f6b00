"""The address at which a screen in the hall shows the schedule without a log-in."""

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from audit import trail
from events.models import Event
from meetings.audited import Action
from meetings.models import MeetingSettings
from summit.lib.web.signed_links import SCREEN, new_code, sign, unsign


@transaction.atomic
def open_screen(event: Event, *, by: User) -> MeetingSettings:
    """Make the address, where there is none. Repeating it keeps the one that there is."""
    settings = MeetingSettings.objects.select_for_update().get(event=event)
    if settings.screen_code is None:
        settings.screen_code = new_code()
        _save(settings)
        trail.record(Action.SCREEN_OPENED, by=by, subject=f"event · {event.slug}")
    return settings


@transaction.atomic
def close_screen(event: Event, *, by: User) -> MeetingSettings:
    """Let the address lead nowhere from now on. Harmless when repeated."""
    settings = MeetingSettings.objects.select_for_update().get(event=event)
    if settings.screen_code is not None:
        settings.screen_code = None
        _save(settings)
        trail.record(Action.SCREEN_CLOSED, by=by, subject=f"event · {event.slug}")
    return settings


def _save(settings: MeetingSettings) -> None:
    # Not through the history, which would keep the address of what has ended.
    MeetingSettings.objects.filter(pk=settings.pk).update(screen_code=settings.screen_code)


def path_of(settings: MeetingSettings) -> str:
    """Return the path of the screen, "" where it has no address of its own."""
    if settings.screen_code is None:
        return ""
    return reverse("hall-screen", args=[sign(settings.screen_code, SCREEN)])


def event_of(signed: str) -> Event | None:
    """Return the event of a screen's address. A guess never asks the database."""
    code = unsign(signed, SCREEN)
    if code is None:
        return None
    settings = MeetingSettings.objects.filter(screen_code=code).select_related("event").first()
    if settings is None:
        return None
    settings.event.meeting_settings = settings
    return settings.event
