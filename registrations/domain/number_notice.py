"""Text messages about another number of somebody without an address: to the old and the new one.

Staff, or who has entered the code of the new number, cause them, and no stranger. So they count
among the notices of ``text_message``, apart from codes. They go out whether or not the event
wishes for notices: the old number may be that of the real owner, and the new one needs the new
query code. They hold nothing that was typed.
"""

from collections import Counter
from functools import partial

from django.conf import settings
from django.db import transaction

from mail import outbox
from mail.models import OutboundMail
from registrations.domain import text_message
from registrations.mail_kinds import TextKind
from registrations.models import ContactChange, Registration
from summit.lib.sms.messages import HOME
from summit.lib.web.phones import mobile_key
from throttle import rate_limit


def number_of_message(row: OutboundMail, registration: Registration) -> str:
    """Return the number to which a text message goes, "" where the change is forgotten.

    A code for another number is for as long as that change is open. One query for what is about
    a change, and none for the others.
    """
    if "change" not in row.payload:
        return registration.phone_key
    change = ContactChange.objects.filter(pk=row.payload["change"]).first()
    if change is None:
        return ""
    if row.kind == TextKind.NUMBER_CHANGED:
        return mobile_key(change.old_phone)
    return mobile_key(change.new_phone) if change.is_open else ""


def tell(
    registration: Registration, change: ContactChange, *, was_proven: bool, is_shown: bool = False
) -> None:
    """Tell the old number, if it ``was_proven``, that it is used no longer, and the new one.

    The new one gets the query code of who has a seat, unless it ``is_shown`` on the own screen.
    Of who has an address neither is told: mails do that. As far as texts are approved and the
    limits of the numbers and of the event go, counted once the transaction is committed, as in
    ``text_message.tell``.
    """
    old, new = mobile_key(change.old_phone), registration.phone_key
    wanted = {}
    if was_proven and old != new and not change.old_email:
        wanted[old] = TextKind.NUMBER_CHANGED
    if old != new and not registration.email_key and not is_shown:
        wanted[new] = TextKind.CONFIRMED
    wanted = {number: kind for number, kind in wanted.items() if _has_template(number, kind)}
    if wanted:
        transaction.on_commit(partial(_count_and_queue, registration, change, wanted))


def _has_template(number: str, kind: TextKind) -> bool:
    what = kind.removeprefix("sms_")
    has_one = bool(settings.SMS.template(what, is_home=number.startswith(HOME)))
    return has_one and text_message.is_reached(number)


@transaction.atomic
def _count_and_queue(
    registration: Registration, change: ContactChange, wanted: dict[str, TextKind]
) -> None:
    wanted = {n: kind for n, kind in wanted.items() if not _is_needless(registration, kind, change)}
    # All numbers at once, then the event, as in ``text_message``.
    left = rate_limit.take_all("sms-notice", Counter(wanted.keys()))
    for number, kind in wanted.items():
        if left[number] and text_message.spend(registration.event):
            about = {"change": change.pk} if kind == TextKind.NUMBER_CHANGED else {}
            mark = text_message.number_mark(number)
            outbox.queue_text(kind, registration, number=mark, **about)


def _is_needless(registration: Registration, kind: TextKind, change: ContactChange) -> bool:
    """Whether there is no seat to tell of, or the proof of the new number has told of it."""
    if kind != TextKind.CONFIRMED:
        return False
    told = registration.mails.filter(kind=kind, created_at__gte=change.asked_at)
    is_confirmed = registration.shown_status == Registration.Status.CONFIRMED
    return not is_confirmed or told.exists()
