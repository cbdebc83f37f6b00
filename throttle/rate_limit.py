"""How often a stranger may try something, counted in the database for all processes at once."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from throttle.models import RateCount

_TABLE = RateCount._meta.db_table


class TooManyTries(ValidationError):
    """The limit of this window is reached."""


def count(scope: str, who: str, times: int = 1) -> None:
    """Count one try of ``who``, or several at once; raise ``TooManyTries`` past the limit.

    ``who`` is an address of any kind. ``settings.RATE_LIMITS`` says how many tries a scope
    has in how many seconds. Only a keyed hash of ``who`` is stored, and only while its
    window lasts. The try itself is counted even where the caller's work fails afterwards.
    """
    limit, seconds = settings.RATE_LIMITS[scope]
    now = timezone.now()
    starts_at = _window(now, seconds)
    [tries] = _add([_key(scope, who)], starts_at, times)
    if tries > limit:
        minutes = max(1, round((starts_at - now).total_seconds() / 60 + seconds / 60))
        raise TooManyTries(
            _("Too many tries from here. Try again in %(minutes)s minutes."),
            code="too_many",
            params={"minutes": minutes},
        )


def count_each(scope: str, whos: Collection[str]) -> list[str]:
    """Count one try of each of them; return those who are past the limit. One query."""
    limit, seconds = settings.RATE_LIMITS[scope]
    by_key = {_key(scope, who): who for who in whos}
    # In one order, so that two who count the same people wait and do not block each other.
    keys = sorted(by_key)
    tries = _add(keys, _window(timezone.now(), seconds))
    return [by_key[key] for key, number in zip(keys, tries, strict=True) if number > limit]


def take(scope: str, who: str, wanted: int) -> int:
    """Count so many tries; return how many of them are within the limit."""
    limit, seconds = settings.RATE_LIMITS[scope]
    [tries] = _add([_key(scope, who)], _window(timezone.now(), seconds), wanted)
    return max(0, min(wanted, limit - (tries - wanted)))


def is_first_use(what: str, *, since: dt.datetime) -> bool:
    """Note that something is used which may be used once; return whether it was unused.

    ``since`` is when it was given out, always the same for the same thing, and at most a
    day ago: so long the note is kept. Of two at once, the second waits for the first one's
    transaction.
    """
    return _add([_key("once", what)], since) == [1]


def give_back(scope: str, who: str) -> None:
    """Undo one ``count`` of this window: the try turned out to be none that is limited."""
    _limit, seconds = settings.RATE_LIMITS[scope]
    with connection.cursor() as cursor:
        # As it was counted: on SQLite the ORM writes a time in another way.
        cursor.execute(
            f"UPDATE {_TABLE} SET count = count - 1"  # noqa: S608 - our own name
            " WHERE key = %s AND window_starts_at = %s AND count > 0",
            [_key(scope, who), _window(timezone.now(), seconds)],
        )


def seconds_left(scope: str) -> int:
    """Return after how many seconds the counts of a scope begin anew."""
    _limit, seconds = settings.RATE_LIMITS[scope]
    return seconds - int(timezone.now().timestamp()) % seconds


def _key(scope: str, who: str) -> str:
    return salted_hmac(f"rate:{scope}", who, algorithm="sha256").hexdigest()


def _window(now: dt.datetime, seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=dt.UTC)


def _add(keys: Sequence[str], starts_at: dt.datetime, times: int = 1) -> list[int]:
    """Add to the counts of the keys, which are all different, and return them in this order."""
    if not keys:
        return []
    rows = ", ".join(["(%s, %s, %s)"] * len(keys))
    with connection.cursor() as cursor:
        # One statement, so that two processes never count the same try; the ORM has
        # no upsert that adds to what is there.
        cursor.execute(
            f"INSERT INTO {_TABLE} (key, window_starts_at, count) VALUES {rows}"  # noqa: S608 - our own name
            " ON CONFLICT (key, window_starts_at)"
            f" DO UPDATE SET count = {_TABLE}.count + excluded.count RETURNING key, count",
            [value for key in keys for value in (key, starts_at, times)],
        )
        counts = dict(cursor.fetchall())
    return [counts[key] for key in keys]


def forget() -> int:
    """Delete the counts of windows that are over (none is longer than a day)."""
    before = timezone.now() - dt.timedelta(days=1)
    return RateCount.objects.filter(window_starts_at__lt=before).delete()[0]
