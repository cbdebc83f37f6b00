"""How often a stranger may try something, counted in the database for all processes at once."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from events.models import RateCount

_TABLE = RateCount._meta.db_table
_COUNT = f"""
    INSERT INTO {_TABLE} (key, window_starts_at, count) VALUES (%s, %s, 1)
    ON CONFLICT (key, window_starts_at) DO UPDATE SET count = {_TABLE}.count + 1
    RETURNING count
"""  # noqa: S608 - our own name


class TooManyTries(ValidationError):
    """The limit of this window is reached."""


def count(scope: str, who: str) -> None:
    """Count one try of ``who``, an address of any kind; raise ``TooManyTries`` past the limit.

    ``settings.RATE_LIMITS`` says how many tries a scope has in how many seconds.
    Only a keyed hash of ``who`` is stored, and only while its window lasts. The
    try itself is counted even where the caller's work fails afterwards.
    """
    limit, seconds = settings.RATE_LIMITS[scope]
    now = timezone.now()
    starts_at = dt.datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=dt.UTC)
    key = salted_hmac(f"rate:{scope}", who, algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        # One statement, so that two processes never count the same try; the ORM has
        # no upsert that adds to what is there.
        cursor.execute(_COUNT, [key, starts_at])
        tries = cursor.fetchone()[0]
    if tries > limit:
        minutes = max(1, round((starts_at - now).total_seconds() / 60 + seconds / 60))
        raise TooManyTries(
            _("Too many tries from here. Try again in %(minutes)s minutes."),
            code="too_many",
            params={"minutes": minutes},
        )


def forget() -> int:
    """Delete the counts of windows that are over (none is longer than a day)."""
    before = timezone.now() - dt.timedelta(days=1)
    return RateCount.objects.filter(window_starts_at__lt=before).delete()[0]
