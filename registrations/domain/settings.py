"""How an event takes registrations."""

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.models import User

from events.domain.event import copied, save_copy
from events.models import Event
from registrations.models import RegistrationSettings


def copy_settings(
    event: Event,
    new_event: Event,
    *,
    shifted: Callable[[dt.datetime], dt.datetime],
    by: User | None,
) -> None:
    """Give a copied event the settings, questions and consents of the old one, days moved alike."""
    settings = RegistrationSettings.objects.filter(event=event).first()
    if settings is None:
        return
    new = copied(
        settings,
        without=("told", "calendar_sequence"),
        event=new_event,
        opens_at=settings.opens_at and shifted(settings.opens_at),
        closes_at=settings.closes_at and shifted(settings.closes_at),
    )
    save_copy(new, by)
    for question in settings.questions.all():
        # Nobody has chosen an option of the copy: it knows its own, and none that were removed.
        save_copy(copied(question, without=("known_options",), settings=new), by)
    for asked in settings.separate_consents.all():
        save_copy(copied(asked, settings=new), by)
