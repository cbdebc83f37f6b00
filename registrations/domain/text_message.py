"""Text messages to people's numbers: who may get them, how many, and the code that proves one.

Anybody may type any number. So a message holds nothing that was typed, a number gets two a day
and two query codes, a network asks for five an hour, and an event has a budget for the day.
"""

import datetime as dt
import hmac
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from events.models import Event
from events.models.limits import runs
from mail import outbox
from mail.models import OutboundMail
from registrations.domain import proof
from registrations.mail_kinds import StaffKind, TextKind
from registrations.models import Registration, RegistrationSettings
from summit.lib.web.phones import mobile_key
from throttle import rate_limit

# How long a code proves the number to which it was sent.
CODE_LASTS = dt.timedelta(minutes=30)
# Who asks again sooner has pressed twice.
ASKED_AGAIN_AFTER = dt.timedelta(minutes=1)
_DIGITS = 6
# Which notices have a text message, and what it says.
NOTICES = {
    "confirmed": TextKind.CONFIRMED,
    "moved_up": TextKind.CONFIRMED,
    "cancelled": TextKind.CANCELLED,
}


class TextRefused(ValidationError):
    """No text message is sent; the words say how to go on."""


class WrongCode(ValidationError):
    """The code is not the one that was sent, or has expired."""


def number_of(registration: Registration) -> str:
    """Return the number to which text messages of a registration go, "" where none do."""
    return registration.phone_key if is_reached(registration.phone_key) else ""


def is_reached(number: str) -> bool:
    """Whether this site sends text messages to a mobile number in E.164."""
    return bool(number) and settings.SMS.is_on and number.startswith(settings.SMS.countries)


def may_be_proven(registration: Registration) -> bool:
    """Whether a code by text message would prove the only contact that was given."""
    is_open = registration.proven_at is None and registration.can_be_ended
    return is_open and not registration.email_key and bool(number_of(registration))


def send_code(registration: Registration, *, network: str) -> None:
    """Send a code that proves the number; asking twice within a minute sends one.

    Raises ``TextRefused`` and ``TooManyTries``.
    """
    number = number_of(registration)
    if not number:
        raise TextRefused(_("No text message can be sent to this number."), code="no_number")
    asked = _codes(registration).filter(created_at__gt=timezone.now() - ASKED_AGAIN_AFTER)
    if asked.exists():
        return
    _count(number, network)
    if not _spend(registration.event):
        raise TextRefused(
            _(
                "No more text messages are sent for this event today. Note the query code: the "
                "organizer or the check-in desk can confirm your number."
            ),
            code="spent",
        )
    _queue(TextKind.CODE, registration)


def latest_code(registration: Registration) -> OutboundMail | None:
    """Return the latest message with a code that still holds. One query."""
    found: OutboundMail | None = _codes(registration).order_by("-created_at", "-pk").first()
    return found


def code_of(row: OutboundMail, registration: Registration) -> str:
    """Return the code of one message: made from it and from the number, and stored nowhere."""
    text = f"{row.pk} {registration.code} {registration.phone_key}"
    digest = salted_hmac("code by text message", text, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 10**_DIGITS:0{_DIGITS}d}"


def enter_code(registration: Registration, typed: str) -> Registration:
    """Prove the number by a code that was sent to it. Raises ``WrongCode`` and ``TextRefused``.

    Five wrong ones end that for half an hour.
    """
    try:
        rate_limit.count("sms-guess", str(registration.pk))
    except rate_limit.TooManyTries:
        raise TextRefused(
            _("Too many wrong codes. Try again in half an hour."), code="too_many"
        ) from None
    given = "".join(str(int(sign)) for sign in typed if sign.isdecimal())
    codes = [code_of(row, registration) for row in _codes(registration)]
    if not any([hmac.compare_digest(code, given) for code in codes]):
        raise WrongCode(
            _("This is not the code of the latest text message, or it has expired. Check it."),
            code="wrong_code",
        )
    rate_limit.give_back("sms-guess", str(registration.pk))
    return proof.prove(registration, Registration.Proof.SMS)


def send_query_code(contact: str, *, network: str) -> None:
    """Send the query code to a number with which somebody is registered for an event to come.

    What is known of the number shows in nothing: a number without a registration is counted
    and answered alike, and so is one that has had its query codes of the day, or one of an event
    whose budget is spent. What strangers ask for here takes no code or notice from its owner.
    The caller keeps the pace. Raises ``TextRefused`` and ``TooManyTries``.
    """
    number = mobile_key(contact)
    if not is_reached(number):
        raise TextRefused(_("Enter the mobile number with which you registered."), code="no_number")
    rate_limit.count("sms-network", network)
    is_left = rate_limit.take("sms-query", number, 1)
    since = timezone.now() - dt.timedelta(days=1)
    ahead = Q(event__ends_at__gt=since) | Q(event__status=Event.Status.POSTPONED)
    open_rows = Q(status__in=Registration.ACTIVE) | Q(status=Registration.Status.DOUBLE)
    rows = Registration.objects.filter(ahead, open_rows, phone_key=number, erased_at=None)
    visible = rows.filter(event__status__in=Event.VISIBLE).select_related("event")
    found = visible.order_by("event__starts_at", "-pk").first()
    if found and is_left and _spend(found.event):
        _queue(TextKind.QUERY, found)


def tell(mails: Iterable[tuple[str, Any]]) -> None:
    """Send notices by text message to people without an address, where their event wishes.

    To proven numbers alone, and as far as the number's and the event's limits go: what is not
    sent stands on the screen. No query where nobody gets one.
    """
    if not settings.SMS.is_on:
        return
    wanted = [
        (NOTICES[kind], subject)
        for kind, subject in mails
        if kind in NOTICES and isinstance(subject, Registration) and _is_told(subject)
    ]
    if not wanted:
        return
    events = {registration.event_id for _kind, registration in wanted}
    wishing = set(
        RegistrationSettings.objects.filter(event__in=events, sends_texts=True).values_list(
            "event", flat=True
        )
    )
    told = [each for each in wanted if each[1].event_id in wishing]
    # All numbers at once, then all events: who counts the same elsewhere waits, and neither
    # blocks the other.
    left = rate_limit.take_all("sms-number", Counter(number_of(each) for _kind, each in told))
    chosen = []
    for kind, registration in told:
        left[number_of(registration)] -= 1
        if left[number_of(registration)] >= 0:
            chosen.append((kind, registration))
    budgets = _spend_all(Counter(registration.event for _kind, registration in chosen))
    for kind, registration in chosen:
        budgets[registration.event] -= 1
        if budgets[registration.event] >= 0:
            _queue(kind, registration)


def _is_told(registration: Registration) -> bool:
    return registration.proven_at is not None and bool(number_of(registration))


def number_mark(registration: Registration) -> str:
    """Return a keyed hash of the number: what was asked for one is not sent to another."""
    number = registration.phone_key
    return salted_hmac("number of a text message", number, algorithm="sha256").hexdigest()[:16]


def _queue(kind: str, registration: Registration) -> None:
    outbox.queue_text(kind, registration, number=number_mark(registration))


def _codes(registration: Registration) -> Any:
    """Return the messages whose codes still hold, to the number as it is now."""
    since = timezone.now() - CODE_LASTS
    return registration.mails.filter(
        kind=TextKind.CODE, created_at__gt=since, payload__number=number_mark(registration)
    )


def _count(number: str, network: str) -> None:
    """Count one code that is asked for. Raises ``TooManyTries`` and ``TextRefused``."""
    rate_limit.count("sms-network", network)
    if not rate_limit.take("sms-number", number, 1):
        raise TextRefused(
            _(
                "The daily limit of text messages to this number is reached. Use the latest one, "
                "or ask the organizer or the check-in desk."
            ),
            code="too_many",
        )


def _spend(event: Event) -> bool:
    """Count one message of an event's day; return whether there is one."""
    return _spend_all(Counter([event]))[event] == 1


def _spend_all(wanted: Counter[Event]) -> dict[Event, int]:
    """Count messages of the day of events; return how many there are. Tell who runs it once."""
    tries = {
        event: rate_limit.Try.of("sms-event", str(event.pk), times)
        for event, times in wanted.items()
    }
    counted = rate_limit.count_all(tries.values())
    left = {}
    for event, made in tries.items():
        before = counted[made] - made.times
        if before < made.limit <= counted[made]:
            outbox.queue_for_staff(StaffKind.TEXTS_SPENT, _who_runs(event), event=event.pk)
        left[event] = max(0, min(made.times, made.limit - before))
    return left


def _who_runs(event: Event) -> list[User]:
    users = User.objects.with_perm("registrations.change_registration").exclude(email="")
    return [user for user in users.filter(is_active=True, is_staff=True) if runs(user, event)]
