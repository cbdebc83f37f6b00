"""When pages change by time alone."""

import datetime as dt

from django.db.models import Min, Q

from events.models import Event

# Midnight comes on a quarter of an hour in every time zone there is, so that a page
# which says today, tomorrow or "valid until" is rendered anew when a day begins anywhere.
STEP = dt.timedelta(minutes=15)


def next_change(after: dt.datetime) -> dt.datetime:
    """Return the first moment after ``after`` at which a page may read differently.

    That is when a visible event or a session of one starts or ends, when registration
    opens or closes, or the next quarter of an hour. One query.
    """
    starts, ends = Q(starts_at__gt=after), Q(ends_at__gt=after)
    session_starts, session_ends = Q(sessions__starts_at__gt=after), Q(sessions__ends_at__gt=after)
    opens = Q(registration_settings__opens_at__gt=after)
    closes = Q(registration_settings__closes_at__gt=after)
    moments = (
        Event.objects.visible()
        .filter(ends)
        .aggregate(
            a=Min("starts_at", filter=starts),
            b=Min("ends_at"),
            c=Min("sessions__starts_at", filter=session_starts),
            d=Min("sessions__ends_at", filter=session_ends),
            e=Min("registration_settings__opens_at", filter=opens),
            f=Min("registration_settings__closes_at", filter=closes),
        )
    )
    return min([moment for moment in moments.values() if moment] + [_next_step(after)])


def _next_step(after: dt.datetime) -> dt.datetime:
    hour = after.replace(minute=0, second=0, microsecond=0)
    return hour + ((after - hour) // STEP + 1) * STEP
