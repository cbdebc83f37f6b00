"""Slowing down who guesses at passwords and codes.

A try is counted before the password or the code is looked at, and given back where that
was right: however many come at once, no more are looked at than the limit allows. Past the
limit one try at a time is looked at, with a pause between them that doubles up to
``settings.LOG_IN_WAIT_MINUTES``.

What is counted is an account *in a place*: each known browser and each login is a place of
its own, so that nobody else uses up its tries; all other browsers share their network's.
"""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from audit import trail
from staff.audited import Action
from staff.domain import known_browsers
from staff.models import LockOut, Login
from summit.lib.web import client_network
from throttle import rate_limit

Place = LockOut.Place

# Before the hash of a name that no account has.
UNKNOWN = "?"
FIRST_PAUSE_SECONDS = 15


class MustWait(Exception):
    """Nothing was looked at, or nothing more will be: the next try has to wait.

    ``place`` is what was tried too often; without one it is the network, whatever the names.
    """

    def __init__(self, username: str, place: Place | None, seconds: float) -> None:
        super().__init__(place)
        self.username = username
        self.place = place
        self.seconds = max(1, math.ceil(seconds))


@dataclass(frozen=True)
class _Counted:
    """One count of a try, with what is needed to take it back."""

    row: LockOut
    until_before: dt.datetime

    def give_back(self) -> None:
        with transaction.atomic():
            row = LockOut.objects.select_for_update().filter(pk=self.row.pk).first()
            if row is None or not row.failures:  # forgotten meanwhile
                return
            row.failures -= 1
            if row.until == self.row.until:  # nobody has tried since
                row.until = self.until_before
            row.save(update_fields=["failures", "until"])


@dataclass(frozen=True)
class Try:
    """One look at a password or a code, counted as a failure until it is given back."""

    username: str
    counts: list[_Counted]
    network: str = ""

    @classmethod
    def begin(cls, request: HttpRequest, username: str, *, of_code: bool = False) -> Self:
        """Count a try before it is looked at; raise ``MustWait`` where it is too soon for one."""
        user = User.objects.filter(username=username).first()
        place, key = _place(request, user)
        places = [(place, key)]
        network = ""
        if place == Place.NETWORK and of_code:
            places.append((Place.CODES, ""))
        elif place == Place.NETWORK:
            network = key
            _count_network(network, username)
        tried = cls(username, [], network)
        try:
            for each in places:
                tried.counts.append(_count(username, _counted_name(username, user), *each))
        except MustWait:
            tried.give_back()
            raise
        return tried

    def give_back(self) -> None:
        """Undo the count: what was looked at was right."""
        for counted in self.counts:
            counted.give_back()
        if self.network:
            rate_limit.give_back("log-in", self.network)

    def record_failure(self, request: HttpRequest, *, reason: str) -> None:
        """Put the failure into the audit trail; raise ``MustWait`` where it is the last for now."""
        user = User.objects.filter(username=self.username).first()
        subject = trail.account(user) if user else ""
        trail.record(Action.LOG_IN_FAILED, request=request, subject=subject, reason=reason)
        # The limit was reached by this one and by none before it.
        if any(each.row.failures == settings.LOG_IN_TRIES for each in self.counts):
            trail.record(
                Action.LOCKED_OUT, request=request, subject=subject, seconds=FIRST_PAUSE_SECONDS
            )
        for each in self.counts:
            if each.row.failures >= settings.LOG_IN_TRIES:
                left = each.row.until - timezone.now()
                raise MustWait(self.username, Place(each.row.place), left.total_seconds())


def forget_failures(request: HttpRequest, user: User) -> None:
    """Begin the count of the account anew in this place: it was logged in to from there."""
    place, key = _place(request, user)
    keys = {place: key} | ({Place.CODES: ""} if place == Place.NETWORK else {})
    for place, key in keys.items():
        LockOut.objects.filter(username=user.get_username(), place=place, place_key=key).delete()


def unlock(username: str, *, by: User | None, request: HttpRequest | None = None) -> int:
    """Let an account log in again from everywhere at once; return from how many places it was.

    Failures that were not enough for a lock-out are forgotten too.
    """
    with transaction.atomic():
        number = forget_account(username)
        user = User.objects.filter(username=username).first()
        trail.record(
            Action.ACCOUNT_CHANGED,
            by=by,
            request=request,
            subject=trail.account(user) if user else "",
            unlocked=True,
        )
    return number


def forget_account(username: str) -> int:
    """Delete all counts of a name; return in how many places it had failed."""
    places = LockOut.objects.filter(username=username)
    number = places.exclude(place=Place.CODES).count()
    places.delete()
    return number


def forget() -> int:
    """Delete the counts to which no failure has been added for long enough; return how many."""
    return LockOut.objects.filter(last_at__lt=timezone.now() - _forgotten_after()).delete()[0]


def _count(username: str, counted_name: str, place: Place, key: str) -> _Counted:
    """Add one to a count; raise ``MustWait`` while its pause lasts, and then add nothing."""
    now = timezone.now()
    named = {"username": counted_name, "place": place, "place_key": key}
    with transaction.atomic():
        LockOut.objects.bulk_create([LockOut(**named)], ignore_conflicts=True)
        # Who comes at the same moment waits here, and then finds this one counted.
        row = LockOut.objects.select_for_update().get(**named)
        if row.last_at < now - _forgotten_after():
            row.failures = 0
        if row.failures >= settings.LOG_IN_TRIES and row.until > now:
            raise MustWait(username, place, (row.until - now).total_seconds())
        until_before = row.until
        row.failures += 1
        row.last_at = now
        row.until = now + _pause(row.failures)
        row.save(update_fields=["failures", "last_at", "until"])
    return _Counted(row, until_before)


def _count_network(network: str, username: str) -> None:
    """Count a try at whatever name: one password is guessed at many of them as well."""
    try:
        rate_limit.count("log-in", network)
    except rate_limit.TooManyTries:
        rate_limit.give_back("log-in", network)
        raise MustWait(username, None, rate_limit.seconds_left("log-in")) from None


def _pause(failures: int) -> dt.timedelta:
    """Return how long the next try has to wait after so many failures."""
    beyond = failures - settings.LOG_IN_TRIES
    if beyond < 0:
        return dt.timedelta()
    # So many doublings are more than any longest pause; more would only be a huge number.
    pause = dt.timedelta(seconds=FIRST_PAUSE_SECONDS * 2 ** min(beyond, 20))
    return min(pause, dt.timedelta(minutes=settings.LOG_IN_WAIT_MINUTES))


def _forgotten_after() -> dt.timedelta:
    return 3 * dt.timedelta(minutes=settings.LOG_IN_WAIT_MINUTES)


def _place(request: HttpRequest, user: User | None) -> tuple[Place, str]:
    """Return where a try at the account comes from, as narrowly as this can be known."""
    if user is not None and request.user == user:
        login = Login.objects.filter(session_key=request.session.session_key).first()
        if login is not None:
            return Place.LOGIN, str(login.pk)
    if browser := known_browsers.find(request, user):
        return Place.BROWSER, str(browser.pk)
    return Place.NETWORK, client_network.network_of(request)


def _counted_name(typed: str, user: User | None) -> str:
    """Return the name under which a failure is counted.

    What is typed as a name may be a password. So only names of accounts are kept, and of
    everything else a keyed hash, which counts just as well.
    """
    if user is not None:
        return user.get_username()
    return UNKNOWN + salted_hmac("staff.lockout", typed, algorithm="sha256").hexdigest()[:20]
