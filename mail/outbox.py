"""The queue of outbound mail, filled in the transaction of what it reports."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from mail import delivery
from mail.models import MailQuerySet, OutboundMail


class Addressee(Protocol):
    """A row of any app that mail is written to."""

    pk: Any
    email: str


type Handler = Callable[[Sequence[tuple[str, Addressee]]], None]
_handlers: list[Handler] = []


def on_no_address(handler: Handler) -> None:
    """Have ``handler`` called with the mails of who has no address. Called once, when ready."""
    _handlers.append(handler)


def queue(kind: str, subjects: Iterable[Addressee], **payload: object) -> int:
    """Queue one mail for each row that has an address; return how many.

    An app registers ``kind`` with who writes it: ``mail/kinds.py``. One query for each 500
    mails.
    """
    return _queue_each(((kind, subject) for subject in subjects), payload)


def queue_apart(kind: str, mails: Iterable[tuple[Addressee, Mapping[str, object]]]) -> int:
    """Queue mails of one kind, each with a payload of its own; return how many.

    Who has no address gets none. One query for each 500 mails.
    """
    return _queue(
        OutboundMail(kind=kind, subject=subject, payload=dict(payload))
        for subject, payload in mails
        if subject.email
    )


def queue_each(mails: Iterable[tuple[str, Addressee]]) -> int:
    """Queue mails of several kinds, each with its subject; return how many.

    Who has no address gets none. One query for each 500 mails, whatever kinds there are.
    """
    return _queue_each(mails, {})


def _queue_each(mails: Iterable[tuple[str, Addressee]], payload: dict[str, object]) -> int:
    rows, without_address = [], []
    for kind, subject in mails:
        if subject.email:
            rows.append(OutboundMail(kind=kind, subject=subject, payload=payload))
        else:
            without_address.append((kind, subject))
    for handler in _handlers if without_address else ():
        handler(without_address)
    return _queue(rows)


def queue_text(kind: str, subject: Model, **payload: object) -> OutboundMail:
    """Queue one text message to the number of a row, and return what was queued.

    An app registers ``kind`` with who writes it, and says who may get how many.
    """
    row = OutboundMail(
        channel=OutboundMail.Channel.SMS, kind=kind, subject=subject, payload=payload
    )
    _queue([row])
    return row


def queue_elsewhere(kind: str, subject: Model, **payload: object) -> None:
    """Queue one mail about a row to an address that its writer finds, whatever the row has now."""
    _queue([OutboundMail(kind=kind, subject=subject, payload=payload)])


def queue_for_staff(kind: str, users: Iterable[User], **payload: object) -> int:
    """Queue one mail for each member of staff who has an address; return how many.

    An app registers ``kind`` with who writes it: ``mail/kinds.py``.
    """
    return _queue(
        OutboundMail(kind=kind, user=user, payload=payload) for user in users if user.email
    )


def _queue(mails: Iterable[OutboundMail]) -> int:
    rows = list(mails)
    if rows:
        OutboundMail.objects.bulk_create(rows, batch_size=500)
        if settings.MAIL_ON_COMMIT:
            transaction.on_commit(partial(delivery.deliver_mails.enqueue))
    return len(rows)


def try_again(rows: Iterable[OutboundMail]) -> int:
    """Queue again what was given up, or was perhaps sent; return how many."""
    return OutboundMail.objects.filter(
        status__in=[OutboundMail.Status.GIVEN_UP, OutboundMail.Status.UNKNOWN],
        pk__in=[row.pk for row in rows],
    ).update(
        status=OutboundMail.Status.QUEUED,
        attempts=0,
        next_try_at=timezone.now(),
        claimed_until=None,
        handed_over_at=None,
        last_error="",
    )


def drop_queued(mails: MailQuerySet) -> int:
    """Take the mails of people whose place has ended out of the queue; return how many.

    Every such mail speaks of a place that is no more. One that a process has in hand may
    still leave.
    """
    queued = mails.filter(status=OutboundMail.Status.QUEUED, handed_over_at=None)
    return queued.update(status=OutboundMail.Status.DROPPED)
