"""When pages change by time alone."""

import datetime as dt

from django.db import models
from django.db.models import ExpressionWrapper, F, Min, Q, Value
from django.db.models.functions import Cast

from events.models import Event
from submissions.models import Call

# Midnight comes on a quarter of an hour in every time zone there is, so that a page
# which says today, tomorrow or "valid until" is rendered anew when a day begins anywhere.
STEP = dt.timedelta(minutes=15)


def next_change(after: dt.datetime) -> dt.datetime:
    """Return the first moment after ``after`` at which a page may read differently.

    That is when a visible event or a session of one starts or ends, when registration
    opens or closes, when its link to join is shown, when a call opens or closes, or the next
    quarter of an hour. Two queries.
    """
    starts, ends = Q(starts_at__gt=after), Q(ends_at__gt=after)
    session_starts, session_ends = Q(sessions__starts_at__gt=after), Q(sessions__ends_at__gt=after)
    opens = Q(registration_settings__opens_at__gt=after)
    closes = Q(registration_settings__closes_at__gt=after)
    hours = Cast("online_link_hours", models.IntegerField()) * Value(dt.timedelta(hours=1))
    before = ExpressionWrapper(hours, models.DurationField())
    link_shown = ExpressionWrapper(F("starts_at") - before, models.DateTimeField())
    moments = (
        Event.objects.visible()
        .filter(ends)
        .annotate(link_shown=link_shown)
        .aggregate(
            a=Min("starts_at", filter=starts),
            b=Min("ends_at"),
            c=Min("sessions__starts_at", filter=session_starts),
            d=Min("sessions__ends_at", filter=session_ends),
            e=Min("registration_settings__opens_at", filter=opens),
            f=Min("registration_settings__closes_at", filter=closes),
            g=Min("link_shown", filter=Q(link_shown__gt=after)),
        )
    )
    of_calls = Call.objects.visible().aggregate(
        a=Min("opens_at", filter=Q(opens_at__gt=after)),
        b=Min("closes_at", filter=Q(closes_at__gt=after)),
    )
    known = [moment for moment in [*moments.values(), *of_calls.values()] if moment]
    return min([*known, _next_step(after)])


def _next_step(after: dt.datetime) -> dt.datetime:
    hour = after.replace(minute=0, second=0, microsecond=0)
    return hour + ((after - hour) // STEP + 1) * STEP
