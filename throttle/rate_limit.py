"""How often a stranger may try something, counted in the database for all processes at once."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain

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


@dataclass(frozen=True, order=True)
class Try:
    """One try of somebody, or several at once, and how many are allowed in its window.

    Only a keyed hash of who it is is stored, and only while the window lasts.
    """

    key: str
    window_starts_at: dt.datetime
    limit: int
    times: int = 1

    @classmethod
    def of(cls, scope: str, who: str, times: int = 1, *, at: dt.datetime | None = None) -> "Try":
        """Return a try of the window in which ``at`` lies, or of the present one.

        ``who`` is an address of any kind; ``settings.RATE_LIMITS`` has the limit of a scope.
        """
        limit, seconds = settings.RATE_LIMITS[scope]
        window = int((at or timezone.now()).timestamp()) // seconds
        starts_at = dt.datetime.fromtimestamp(window * seconds, tz=dt.UTC)
        return cls(_key(scope, f"{who} {window}"), starts_at, limit, times)

    @classmethod
    def use(cls, what: str, *, since: dt.datetime) -> "Try":
        """Return the use of something that may be used once.

        ``since`` is when it was given out, always the same for the same thing, and at most
        a day ago: so long the note is kept.
        """
        return cls(_key("once", what), since, 1)


def count(scope: str, who: str, times: int = 1) -> None:
    """Count one try of ``who``, or several at once; raise ``TooManyTries`` past the limit.

    ``settings.RATE_LIMITS`` says how many tries a scope has in how many seconds. The try
    itself is counted even where the caller's work fails afterwards.
    """
    made = Try.of(scope, who, times)
    if count_all([made])[made] > made.limit:
        raise too_many(scope)


def too_many(scope: str) -> TooManyTries:
    """Return the refusal past the limit of a scope: it says when the next window begins."""
    return TooManyTries(
        _("Too many attempts from here. Try again in %(minutes)s minutes."),
        code="too_many",
        params={"minutes": max(1, round(seconds_left(scope) / 60))},
    )


def count_all(tries: Collection[Try]) -> dict[Try, int]:
    """Count tries that are all of different keys; return what is counted now. One query.

    Of two who count the same at once, the second waits for the first one's transaction.
    """
    if not tries:
        return {}
    rows = ", ".join(["(%s, %s, %s)"] * len(tries))
    # In one order, so that two who count the same wait and do not block each other.
    values = [(made.key, made.window_starts_at, made.times) for made in sorted(tries)]
    with connection.cursor() as cursor:
        # One statement, so that two processes never count the same try; the ORM has
        # no upsert that adds to what is there.
        cursor.execute(
            f"INSERT INTO {_TABLE} (key, window_starts_at, count) VALUES {rows}"  # noqa: S608 - our own name
            " ON CONFLICT (key, window_starts_at)"
            f" DO UPDATE SET count = {_TABLE}.count + excluded.count RETURNING key, count",
            list(chain.from_iterable(values)),
        )
        numbers = dict(cursor.fetchall())
    return {made: numbers[made.key] for made in tries}


def is_first_use(use: Try) -> bool:
    """Count a use of something that may be used once; return whether it is the first one."""
    return count_all([use])[use] == 1


def take(scope: str, who: str, wanted: int) -> int:
    """Count so many tries; return how many of them are within the limit."""
    return take_all(scope, {who: wanted})[who]


def take_all(scope: str, wanted: Mapping[str, int]) -> dict[str, int]:
    """Count so many tries of each; return how many of each are within the limit. One query."""
    tries = {who: Try.of(scope, who, times) for who, times in wanted.items()}
    counted = count_all(tries.values())
    return {
        who: max(0, min(made.times, made.limit - (counted[made] - made.times)))
        for who, made in tries.items()
    }


def give_back(scope: str, who: str) -> None:
    """Undo one ``count`` of this window: the try turned out to be none that is limited."""
    made = Try.of(scope, who)
    with connection.cursor() as cursor:
        # As it was counted: on SQLite the ORM writes a time in another way.
        cursor.execute(
            f"UPDATE {_TABLE} SET count = count - 1"  # noqa: S608 - our own name
            " WHERE key = %s AND window_starts_at = %s AND count > 0",
            [made.key, made.window_starts_at],
        )


def clear(scope: str, who: str) -> None:
    """Forget what was counted of somebody in this window."""
    made = Try.of(scope, who)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_TABLE} WHERE key = %s AND window_starts_at = %s",  # noqa: S608 - our own name
            [made.key, made.window_starts_at],
        )


def seconds_left(scope: str) -> int:
    """Return after how many seconds the counts of a scope begin anew."""
    _limit, seconds = settings.RATE_LIMITS[scope]
    return seconds - int(timezone.now().timestamp()) % seconds


def _key(scope: str, who: str) -> str:
    return salted_hmac(f"rate:{scope}", who, algorithm="sha256").hexdigest()


def forget() -> int:
    """Delete the counts of windows that nobody asks for: none is longer than a day."""
    before = timezone.now() - dt.timedelta(days=2)
    return RateCount.objects.filter(window_starts_at__lt=before).delete()[0]
