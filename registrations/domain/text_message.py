"""Text messages to people's numbers: who may get them, how many, and the code that proves one.

Anybody may type any number. So a message holds nothing that was typed, a network asks for five an
hour, and an event has a budget for the day. A number gets two a day of all that strangers can
cause together (``sms-number``): codes, query codes, the news that somebody registered it, and that
a seat held for it has ended.

What only its owner or staff can cause, who has proven the number or vouches for it, is counted
apart (``sms-notice``): a stranger who uses up the two messages must not keep from somebody that
the seat is confirmed or cancelled.

Past the limit the screen answers as it does before it, in words that name the limit: otherwise
it would tell whether the number was used today.
"""

import datetime as dt
import hmac
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from events.models import Event
from events.models.limits import runs
from mail import outbox
from mail.models import OutboundMail
from registrations.domain import proof
from registrations.mail_kinds import Kind, StaffKind, TextKind
from registrations.models import Registration, RegistrationSettings
from summit.lib.sms.messages import HOME
from summit.lib.web.phones import mobile_key
from throttle import rate_limit

# How long a code proves the number to which it was sent.
CODE_LASTS = dt.timedelta(minutes=30)
# Who asks again sooner has pressed twice.
ASKED_AGAIN_AFTER = dt.timedelta(minutes=1)
_DIGITS = 6
# In the row of a code past the number's limit.
WITHHELD = "withheld"
# Which notices have a text message, and what it says.
NOTICES = {
    "confirmed": TextKind.CONFIRMED,
    "moved_up": TextKind.CONFIRMED,
    "cancelled": TextKind.CANCELLED,
    "offered": TextKind.OFFERED,
    "hold_ended": TextKind.HOLD_ENDED,
}


class Counted(Enum):
    """What becomes of a code that is asked for."""

    NONE = ""
    SENT = "sent"
    WITHHELD = "withheld"

    def __bool__(self) -> bool:
        return bool(self.value)


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
    counted = count_code(registration, number_of(registration), network=network)
    if counted:
        queue_code(registration, registration.phone_key, counted)


def queue_code(
    registration: Registration, number: str, counted: "Counted", **payload: object
) -> None:
    """Queue a code as ``count_code`` has counted it: one past the limit is kept and never sent."""
    if counted == Counted.WITHHELD:
        payload[WITHHELD] = True
    outbox.queue_text(TextKind.CODE, registration, number=number_mark(number), **payload)


def send_code_to_owner(registration: Registration, *, network: str) -> None:
    """Send a code to the proven number, by which its owner shows to be the one at the screen.

    Raises ``TextRefused`` and ``TooManyTries``.
    """
    counted = count_code(registration, number_of(registration), network=network)
    if counted:
        queue_code(registration, registration.phone_key, counted, to_owner=True)


def count_code(registration: Registration, number: str, *, network: str) -> "Counted":
    """Count a code to a number; return whether there is one, which asking again at once has not.

    One past the number's limit is ``WITHHELD``, which only its row tells. Who has asked as often
    for one registration as a number may get is refused. Raises ``TextRefused`` and
    ``TooManyTries``.
    """
    if not is_reached(number):
        raise TextRefused(_("No text message can be sent to this number."), code="no_number")
    asked = _codes(registration, number)
    if asked.filter(created_at__gt=timezone.now() - ASKED_AGAIN_AFTER).exists():
        return Counted.NONE
    rate_limit.count("sms-network", network)
    _count_asked(registration, number)
    is_left = rate_limit.take("sms-number", number, 1)
    # Also where none is left, so that the end of the budget tells nothing of the number.
    if not spend(registration.event):
        raise TextRefused(
            _(
                "No more text messages are sent for this event today. Note the query code: the "
                "organizer or the check-in desk can confirm your number."
            ),
            code="spent",
        )
    return Counted.SENT if is_left else Counted.WITHHELD


def latest_code(registration: Registration, number: str = "") -> OutboundMail | None:
    """Return the latest message with a code that still holds. One query."""
    found: OutboundMail | None = _codes(registration, number).order_by("-created_at", "-pk").first()
    return found


def code_of(row: OutboundMail, registration: Registration, number: str = "") -> str:
    """Return the code of one message: made from it and from the number, and stored nowhere.

    ``number`` is another one than that of the registration, which is to be proven.
    """
    text = f"{row.pk} {registration.code} {number or registration.phone_key}"
    digest = salted_hmac("code by text message", text, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 10**_DIGITS:0{_DIGITS}d}"


def enter_code(registration: Registration, typed: str) -> Registration:
    """Prove the number by a code that was sent to it. Raises ``WrongCode`` and ``TextRefused``."""
    check_code(registration, typed)
    return proof.prove(registration, Registration.Proof.SMS)


def check_code(registration: Registration, typed: str, number: str = "") -> None:
    """Raise ``WrongCode`` where it is not a code that was sent to the number, and ``TextRefused``.

    Five wrong ones end that for half an hour.
    """
    try:
        rate_limit.count("sms-guess", str(registration.pk))
    except rate_limit.TooManyTries:
        raise TextRefused(
            _("Too many wrong codes. Try again in half an hour."), code="too_many"
        ) from None
    given = "".join(str(int(sign)) for sign in typed if sign.isdecimal())
    codes = [code_of(row, registration, number) for row in _codes(registration, number)]
    if not any([hmac.compare_digest(code, given) for code in codes]):
        raise WrongCode(
            _("This is not the code of the latest text message, or it has expired. Check it."),
            code="wrong_code",
        )
    rate_limit.give_back("sms-guess", str(registration.pk))


def send_query_code(contact: str, *, network: str) -> None:
    """Send the query code to a number with which somebody is registered for an event to come.

    What is known of the number shows in nothing: a number without a registration is counted
    and answered alike, and so is one that has had its messages of the day, or one of an event
    whose budget is spent. What strangers ask for here takes no notice from its owner. The caller
    keeps the pace. Raises ``TextRefused`` and ``TooManyTries``.
    """
    number = mobile_key(contact)
    if not is_reached(number):
        raise TextRefused(_("Enter the mobile number with which you registered."), code="no_number")
    rate_limit.count("sms-network", network)
    is_left = rate_limit.take("sms-number", number, 1)
    since = timezone.now() - dt.timedelta(days=1)
    ahead = Q(event__ends_at__gt=since) | Q(event__status=Event.Status.POSTPONED)
    open_rows = Q(status__in=Registration.ACTIVE) | Q(status=Registration.Status.DOUBLE)
    rows = Registration.objects.filter(ahead, open_rows, phone_key=number, erased_at=None)
    visible = rows.filter(event__status__in=Event.VISIBLE).select_related("event")
    # Whose number it is comes before who typed it alone, and before who has an address beside it.
    whose = Case(
        When(proven_number=number, then=Value(0)),
        When(email_key="", then=Value(1)),
        default=Value(2),
    )
    found = visible.order_by(whose, "event__starts_at", "-pk").first()
    if found and is_left and spend(found.event):
        _queue(TextKind.QUERY, found)


def latest_query_code(number: str) -> OutboundMail | None:
    """Return the latest query code that was sent to a number and holds as a code does. A query."""
    since, mark = timezone.now() - CODE_LASTS, number_mark(number)
    rows = OutboundMail.objects.filter(kind=TextKind.QUERY, payload__number=mark)
    found: OutboundMail | None = rows.filter(created_at__gt=since).order_by("-pk").first()
    return found


def tell(mails: Iterable[tuple[str, Any]]) -> None:
    """Send notices by text message to people without an address, where their event wishes.

    To proven numbers alone, but for a hold that has ended because nothing was proven; with texts
    that the provider has, and as far as the number's and the event's limits go: what is not sent
    stands on the screen. No query where nobody gets one.

    They are counted and queued once the transaction is committed, in one of their own: whoever
    tells people twice within one would hold some counters while waiting for others, and two who
    do so in another order would block each other for good.
    """
    if not settings.SMS.is_on:
        return
    wanted = [
        (NOTICES[kind], subject)
        for kind, subject in mails
        if kind in NOTICES and isinstance(subject, Registration) and _is_told(subject, kind)
    ]
    if wanted:
        transaction.on_commit(partial(_count_and_queue, wanted))


@transaction.atomic
def _count_and_queue(wanted: list[tuple[TextKind, Registration]]) -> None:
    events = {registration.event_id for _kind, registration in wanted}
    wishing = set(
        RegistrationSettings.objects.filter(event__in=events, sends_texts=True).values_list(
            "event", flat=True
        )
    )
    told = _of_networks([each for each in wanted if each[1].event_id in wishing])
    # All networks at once, then all numbers, then all events: who counts the same elsewhere
    # waits, and neither blocks the other.
    chosen = []
    for scope in ("sms-number", "sms-notice"):
        counted = [each for each in told if _scope_of(each[0]) == scope]
        left = rate_limit.take_all(scope, Counter(number_of(each) for _kind, each in counted))
        for kind, registration in counted:
            left[number_of(registration)] -= 1
            if left[number_of(registration)] >= 0:
                chosen.append((kind, registration))
    budgets = _spend_all(Counter(registration.event for _kind, registration in chosen))
    for kind, registration in chosen:
        budgets[registration.event] -= 1
        if budgets[registration.event] >= 0:
            _queue(kind, registration)


def inform(members: Sequence[Registration], *, network: str) -> None:
    """Tell members of a group, each by the own number where no address was given, that they are.

    The text holds nothing that was typed. To as many as the limits of the network, of each
    number and of the event leave, counted once the transaction is committed, as in ``tell``. No
    query where texts of this kind are not sent.
    """
    wanted = [each for each in members if not each.email_key and each.has_own_contact]
    wanted = [each for each in wanted if number_of(each) and _has_template(each, Kind.INFORMED)]
    if wanted:
        transaction.on_commit(partial(_inform, wanted, network))


@transaction.atomic
def _inform(wanted: list[Registration], network: str) -> None:
    wanted = wanted[: rate_limit.take("sms-network", network, len(wanted))]
    left = rate_limit.take_all("sms-number", Counter(map(number_of, wanted)))
    told = list({number_of(each): each for each in wanted if left[number_of(each)]}.values())
    spent = _spend_all(Counter(each.event for each in told)) if told else {}
    for registration in told[: sum(spent.values())]:
        _queue(TextKind.INFORMED, registration)


def _has_template(registration: Registration, kind: str) -> bool:
    """Whether the provider has a text that is not of the first ones."""
    is_home = registration.phone_key.startswith(HOME)
    return bool(settings.SMS.template(str(kind), is_home=is_home))


def _of_networks(
    told: list[tuple[TextKind, Registration]],
) -> list[tuple[TextKind, Registration]]:
    """Leave out notices to unproven numbers beyond what the network that gave them may ask for.

    What is no longer known of a network counts for all of the event's at once.
    """
    unproven = {
        row.pk: row.network_key or f"event {row.event_id}"
        for kind, row in told
        if kind == TextKind.HOLD_ENDED
    }
    left = rate_limit.take_all("sms-network", Counter(unproven.values()))
    chosen = []
    for kind, row in told:
        if kind == TextKind.HOLD_ENDED:
            left[unproven[row.pk]] -= 1
            if left[unproven[row.pk]] < 0:
                continue
        chosen.append((kind, row))
    return chosen


def _scope_of(kind: TextKind) -> str:
    """Return what a notice counts for: alone that a hold has ended goes to an unproven number."""
    return "sms-number" if kind == TextKind.HOLD_ENDED else "sms-notice"


def _is_told(registration: Registration, kind: str) -> bool:
    if not number_of(registration):
        return False
    # Approved later than the others, so that a site may not have them yet.
    if kind in (Kind.HOLD_ENDED, Kind.OFFERED) and not _has_template(registration, kind):
        return False
    # The contact person's proof says nothing of the numbers typed for the others.
    return kind == Kind.HOLD_ENDED or registration.has_own_proof


def number_mark(number: str) -> str:
    """Return a keyed hash of a number: what was asked for one is not sent to another."""
    return salted_hmac("number of a text message", number, algorithm="sha256").hexdigest()[:16]


def _queue(kind: str, registration: Registration) -> None:
    mark = number_mark(registration.phone_key)
    outbox.queue_text(kind, registration, number=mark)


def _codes(registration: Registration, number: str = "") -> Any:
    """Return the messages whose codes still hold, to the number as it is now or to another."""
    since = timezone.now() - CODE_LASTS
    mark = number_mark(number or registration.phone_key)
    return registration.mails.filter(kind=TextKind.CODE, created_at__gt=since, payload__number=mark)


def _count_asked(registration: Registration, number: str) -> None:
    """Count a code asked for on one screen, whoever else asks for the number.

    Raises ``TextRefused``.
    """
    if not rate_limit.take("sms-number", f"{number} {registration.pk}", 1):
        raise TextRefused(
            _(
                "The daily limit of text messages to this number is reached. Use the latest code, "
                "or ask the organizer or the check-in desk to confirm your number."
            ),
            code="too_many",
        )


def spend(event: Event) -> bool:
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
