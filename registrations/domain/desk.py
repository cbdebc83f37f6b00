"""Who may work at the door of which event, and until when."""

import datetime as dt

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import DateTimeField, ExpressionWrapper, F
from django.utils import timezone

from events.models import Event
from events.models.event import EventQuerySet

# How long those who were assigned to a desk may still work there once its event is over.
TIME_AFTERWARDS = dt.timedelta(days=14)


def events_at_desk_of(user: User | AnonymousUser) -> EventQuerySet:
    """Return the events at whose door this person may work, each with ``desk_closes_at``.

    That is every event that they run for those who may edit registrations, and for
    others who may check people in the events they are assigned to, until
    ``TIME_AFTERWARDS``.
    """
    if not (user.is_staff and user.has_perm("registrations.check_in_registration")):
        return Event.objects.none()
    closes_at = ExpressionWrapper(F("ends_at") + TIME_AFTERWARDS, DateTimeField())
    taking = Event.objects.filter(registration_settings__isnull=False)
    taking = taking.annotate(desk_closes_at=closes_at)
    if user.has_perm("registrations.change_registration"):
        return taking.run_by(user)
    since = timezone.now() - TIME_AFTERWARDS
    return taking.filter(desk_assignments__user=user, ends_at__gt=since)
