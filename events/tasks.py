"""Sending the queued mail: nothing is lost, nothing recorded as sent is sent again.

And the worker's sign of life.
"""

import datetime as dt
import logging
from smtplib import (
    SMTPConnectError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from django.db.models import F
from django.db.models.functions import Now
from django.tasks import task
from django.utils import timezone

from events import emails
from events.models import Heartbeat, OutboundMail
from summit.lib import request_id

log = logging.getLogger(__name__)

# Longer than any mail server may take to answer.
CLAIM = dt.timedelta(minutes=10)
# So many mails in a row find no server before the rest waits for the next round: each may
# wait ten seconds, and whatever else is due would wait with it.
TRIES_WITHOUT_SERVER = 3


class ServerAway(Exception):
    """The mail server was not reached; what it says of one mail is another matter."""


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
    a claim that ends by itself. Where the mail server is away, only a few are tried.
    """
    sent = missed = 0
    for pk in list(OutboundMail.objects.due().values_list("pk", flat=True)[:most]):
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
            missed = 0
        except ServerAway:
            missed += 1
            if missed == TRIES_WITHOUT_SERVER:
                log.warning("The mail server is away; what else is due waits for the next round")
                break
    return sent


def _deliver(pk: int) -> int:
    """Send one claimed mail and write down how it went; raise ``ServerAway``."""
    row = OutboundMail.objects.select_related("registration__event", "user").get(pk=pk)
    mine = OutboundMail.objects.filter(pk=pk, claimed_until=row.claimed_until)
    try:
        message = emails.write(row)
        if message is not None:
            message.send()
    except Exception as error:  # whatever goes wrong, the mail stays queued
        log.warning("Mail %s (%s) was not sent: %s", pk, row.kind, _short(error))
        mine.update(**_after_failure(row, error))
        if _is_away(error):
            raise ServerAway from error
        return 0
    if message is None:
        mine.update(status=OutboundMail.Status.DROPPED, claimed_until=None, last_error="")
        return 0
    mine.update(
        status=OutboundMail.Status.SENT, sent_at=timezone.now(), claimed_until=None, last_error=""
    )
    return 1


def _is_away(error: Exception) -> bool:
    if isinstance(error, SMTPException):
        return isinstance(error, (SMTPConnectError, SMTPServerDisconnected))
    return isinstance(error, OSError)


def _after_failure(row: OutboundMail, error: Exception) -> dict[str, object]:
    changes: dict[str, object] = {"claimed_until": None, "last_error": _short(error)}
    if row.attempts > len(OutboundMail.PAUSES):
        return changes | {"status": OutboundMail.Status.GIVEN_UP}
    pause = OutboundMail.PAUSES[row.attempts - 1]
    return changes | {"next_try_at": timezone.now() + pause}


def _short(error: Exception) -> str:
    """The kind of the error and the server's number: its words may hold an address."""
    number = f" {error.smtp_code}" if isinstance(error, SMTPResponseException) else ""
    return f"{type(error).__name__}{number}"[:100]
