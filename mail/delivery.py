"""Sending the queued mail: nothing is lost, nothing that may have been taken is sent again.

And the worker's sign of life.
"""

import datetime as dt
import logging
import re
import time
from collections import Counter
from collections.abc import Callable
from smtplib import (
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from django.db import InterfaceError, OperationalError, connection
from django.db.models import F, Model
from django.db.models.functions import Coalesce, Now
from django.tasks import task
from django.utils import timezone

from mail import writers
from mail.models import Heartbeat, OutboundMail
from summit.lib.process.smtp_mail import OutcomeUnknown
from summit.lib.sms.messages import BadNumber, Refused
from summit.lib.web import request_id

log = logging.getLogger(__name__)

# Longer than a mail server may take to say whether it takes a mail, as in
# summit/lib/process/smtp_mail.py.
# What comes before that may take longer still, and then another process begins anew.
CLAIM = dt.timedelta(minutes=15)
# So many in a row find no server before the rest waits for the next round: each may
# wait ten seconds, and whatever else is due would wait with it.
TRIES_WITHOUT_SERVER = 3
# A round takes no further mail after so many seconds: with a slow server the periodic process
# has other things to do in between.
ROUND_SECONDS = 60
# How often, a second apart, the outcome of a mail is written down where the database is away.
TRIES_TO_RECORD = 120

# What a server says of an address that takes no mail, now or later, by RFC 3463: no such
# mailbox, host or name (5.1), and a mailbox that is closed (5.2.1). Not a full mailbox
# (5.2.2), which is emptied, nor what the server holds against the sender (5.1.7, 5.1.8,
# 5.7): of that it would refuse everybody.
_BAD_ADDRESS = re.compile(r"5\.(1\.(0|1|2|3|6|10)|2\.1)(?!\d)")
_EXTENDED = re.compile(r"^5\.\d{1,3}\.\d{1,3}(?!\d)")
# The same from servers that do not speak RFC 3463, unless their words are about the sender.
# 552 is a full mailbox; what is below 550 is about commands and log-ins.
_BAD_ADDRESS_CODES = (550, 551, 553, 554)
_ABOUT_SENDER = re.compile(
    r"relay|block|black|spam|policy|reputation|sender|authenticat|client host|listed|frequency",
    re.IGNORECASE,
)
# What providers of text messages say, which is no word with a number in it.
_REFUSAL = re.compile(r"[A-Za-z_.]{1,80}")

type RefusalHandler = Callable[[Model], bool]
_refusal_handlers: list[RefusalHandler] = []


class ServerAway(Exception):
    """The mail server was not reached; what it says of one mail is another matter."""


class ClaimLost(Exception):
    """Another process has the mail by now, or nobody wants it sent any more."""


def on_refused_address(handler: RefusalHandler) -> None:
    """Have ``handler`` called with whom a mail server refuses for good. Called once, when ready.

    It returns whether that was the end of the mail too.
    """
    _refusal_handlers.append(handler)


@task
def deliver_mails() -> int:
    """Send what is due. Retries live in the table of outbound mail, not here."""
    with request_id.work():
        return deliver_due()


@task
def beat_worker() -> None:
    """Say that the worker runs: it says so by running this."""
    beat(Heartbeat.Process.WORKER)


def beat(process: Heartbeat.Process) -> None:
    """Note that the process is alive just now. One statement, whoever else beats."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(process=process, beaten_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["process"],
        update_fields=["beaten_at"],
    )


def deliver_due(*, most: int = 200) -> int:
    """Send the mails that are due, each claimed first; return how many were sent.

    Two processes that run at once never send the same mail: the claim is one
    conditional update, by the clock of the database, since one process may take
    another's claim for over where its own clock is fast. A process that dies leaves
    a claim that ends by itself; where it had handed the mail over, nobody knows what
    became of it, and an organizer decides. Where the mail server is away, only a few
    are tried, while what leaves by another way is sent; where it is slow, the rest waits for
    the next round. Text messages that were perhaps sent are looked at again: whoever sends
    one asks for its receipt first.
    """
    OutboundMail.objects.handed_over_and_left().update(
        status=OutboundMail.Status.UNKNOWN, last_error=""
    )
    OutboundMail.objects.waiting_for_receipt().update(
        status=OutboundMail.Status.QUEUED, claimed_until=None, handed_over_at=None
    )
    sent = 0
    missed: Counter[str] = Counter()
    until = time.monotonic() + ROUND_SECONDS
    for pk, channel in list(OutboundMail.objects.due().values_list("pk", "channel")[:most]):
        if missed[channel] == TRIES_WITHOUT_SERVER:
            continue
        claimed = (
            OutboundMail.objects.due()
            .order_by()
            .filter(pk=pk)
            .update(claimed_until=Now() + CLAIM, attempts=F("attempts") + 1)
        )
        if not claimed:
            continue
        try:
            sent += _deliver(pk)
            missed[channel] = 0
        except ServerAway:
            missed[channel] += 1
            if missed[channel] == TRIES_WITHOUT_SERVER:
                log.warning(
                    "The server for %s is away; what else is due waits for the next round", channel
                )
        if time.monotonic() > until:
            break
    return sent


def _deliver(pk: int) -> int:
    """Send one claimed mail and write down how it went; raise ``ServerAway``."""
    row = OutboundMail.objects.select_related("user").get(pk=pk)
    attempt = _Attempt(row)
    try:
        message = writers.write(row)
        if message is not None:
            # For the mail backend: summit/lib/process/smtp_mail.py.
            message.before_handover = attempt.hand_over  # type: ignore[union-attr]  # the backend asks
            message.send()
    except ClaimLost:
        log.warning("Mail %s (%s) was not sent: it was taken over or withdrawn", pk, row.kind)
        return 0
    except OutcomeUnknown as error:
        log.warning("Mail %s (%s) may have been sent: the server did not say", pk, row.kind)
        attempt.record(
            status=OutboundMail.Status.UNKNOWN,
            claimed_until=None,
            last_error=_short(error),
            # A text message is looked at again then.
            next_try_at=timezone.now() + _pause(row),
        )
        raise ServerAway from error
    except Exception as error:  # whatever goes wrong, the mail stays queued
        log.warning("Mail %s (%s) was not sent: %s", pk, row.kind, _short(error))
        attempt.record(**_after_failure(row, error))
        if _is_away(error):
            raise ServerAway from error
        return 0
    if message is None:
        attempt.record(status=OutboundMail.Status.DROPPED, claimed_until=None, last_error="")
        return 0
    attempt.record(
        status=OutboundMail.Status.SENT,
        sent_at=timezone.now(),
        claimed_until=None,
        handed_over_at=None,
        last_error="",
    )
    return 1


def _is_away(error: Exception) -> bool:
    if isinstance(error, SMTPException):
        return isinstance(error, (SMTPConnectError, SMTPServerDisconnected))
    return isinstance(error, OSError)


def _after_failure(row: OutboundMail, error: Exception) -> dict[str, object]:
    changes: dict[str, object] = {
        "status": OutboundMail.Status.QUEUED,
        "claimed_until": None,
        "handed_over_at": None,
        "last_error": _short(error),
    }
    if isinstance(error, Refused):
        # This try left nothing at the provider, whose receipt would have to be asked for.
        changes["first_handed_over_at"] = row.first_handed_over_at
    if _is_bad_address(error) and row.subject and _end_of_mail(row.subject):
        return changes | {"status": OutboundMail.Status.DROPPED}
    if isinstance(error, BadNumber) or row.attempts > len(OutboundMail.PAUSES):
        return changes | {"status": OutboundMail.Status.GIVEN_UP}
    return changes | {"next_try_at": timezone.now() + _pause(row)}


def _pause(row: OutboundMail) -> dt.timedelta:
    return OutboundMail.PAUSES[min(row.attempts, len(OutboundMail.PAUSES)) - 1]


def _end_of_mail(subject: Model) -> bool:
    return any([handler(subject) for handler in _refusal_handlers])


def _is_bad_address(error: Exception) -> bool:
    """Return whether the server says that no mail ever reaches the one recipient.

    That is its answer to RCPT. What it answers to MAIL or DATA, or to a log-in, is about
    the sender or the text.
    """
    if not isinstance(error, SMTPRecipientsRefused) or len(error.recipients) != 1:
        return False
    [(code, said)] = error.recipients.values()
    words = said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)
    if not 500 <= code < 600:
        return False
    if _EXTENDED.match(words):
        return bool(_BAD_ADDRESS.match(words))
    return code in _BAD_ADDRESS_CODES and not _ABOUT_SENDER.search(words)


class _Attempt:
    """One try at sending a claimed mail, which writes down how far it came."""

    def __init__(self, row: OutboundMail) -> None:
        self._rows = OutboundMail.objects.filter(pk=row.pk)
        self._claimed_until = row.claimed_until
        self._handed_over_at: dt.datetime | None = None

    def hand_over(self) -> None:
        """Write down that the server may have the mail from now on; raise ``ClaimLost``.

        Its end is sent next. Where this process dies then, no other sends the mail again.
        """
        now = timezone.now()
        is_ours = self._rows.filter(
            claimed_until=self._claimed_until, status=OutboundMail.Status.QUEUED
        ).update(
            handed_over_at=now,
            first_handed_over_at=Coalesce("first_handed_over_at", now),
            claimed_until=Now() + CLAIM,
        )
        if not is_ours:
            raise ClaimLost
        self._handed_over_at = now

    def record(self, **changes: object) -> None:
        """Write down what became of the mail, unless somebody else has it by now.

        After the mail was handed over the database is waited for: what the server said is
        known to this process alone.
        """
        rows = self._rows
        if changes["status"] in (OutboundMail.Status.QUEUED, OutboundMail.Status.GIVEN_UP):
            # What was withdrawn meanwhile stays withdrawn.
            rows = rows.exclude(status=OutboundMail.Status.DROPPED)
        if self._handed_over_at is None:
            rows.filter(claimed_until=self._claimed_until).update(**changes)
            return
        for _try in range(TRIES_TO_RECORD):
            try:
                rows.filter(handed_over_at=self._handed_over_at).update(**changes)
            except (OperationalError, InterfaceError):
                if connection.in_atomic_block:
                    raise
                connection.close()
                time.sleep(1)
            else:
                return


def _short(error: Exception) -> str:
    """The kind of the error and the server's number: its words may hold an address."""
    number = ""
    if isinstance(error, SMTPResponseException):
        number = f" {error.smtp_code}"
    elif isinstance(error, Refused) and _REFUSAL.fullmatch(error.code):
        number = f" {error.code}"
    return f"{type(error).__name__}{number}"[:100]
