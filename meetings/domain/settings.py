"""By which rules an event offers meetings, and what of that a copy of the event brings."""

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.models import User

from events.domain.event import copied, save_copy
from events.models import Event
from meetings.models import MeetingSettings, MeetingTable


def copy_settings(
    event: Event,
    new_event: Event,
    *,
    shifted: Callable[[dt.datetime], dt.datetime],
    by: User | None,
) -> None:
    """Give a copied event the rules and the tables of the old one, and none of its people."""
    settings = MeetingSettings.objects.filter(event=event).first()
    if settings is None:
        return
    until = settings.requests_until and shifted(settings.requests_until)
    new = copied(
        settings, without=("version", "screen_code"), event=new_event, requests_until=until
    )
    save_copy(new, by)
    for table in MeetingTable.objects.filter(event=event):
        new_table = copied(table, without=("host", "closed_from"), event=new_event)
        save_copy(new_table, by)
