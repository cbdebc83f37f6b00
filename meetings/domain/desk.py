"""Who may work at the desk of the meetings of which event."""

from django.contrib.auth.models import AnonymousUser, User

from events.models.event import EventQuerySet
from registrations.domain.desk import events_at_desk_of


def events_at_meetings_desk_of(user: User | AnonymousUser) -> EventQuerySet:
    """Return the events whose meetings this person may run, each with ``desk_closes_at``.

    Those at whose door the person may work, if they offer meetings.
    """
    events = events_at_desk_of(user)
    if not user.has_perm("meetings.run_meeting"):
        return events.none()
    return events.filter(meeting_settings__isnull=False)
