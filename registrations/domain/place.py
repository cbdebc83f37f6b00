"""What becomes of a place: given, refused, taken, given back and passed on."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from events.models import Event
from mail import outbox
from mail.models import OutboundMail
from registrations.audited import Action
from registrations.domain import own_turn, shared_places, waiting_list
from registrations.domain.admission import RegistrationClosed, check_not_erased, lock_both
from registrations.domain.group import queue_mails
from registrations.models import Registration, RegistrationSettings
from summit.lib.database.states import move
from summit.lib.i18n.languages import Words
from summit.lib.registries import places_given_up

Status = Registration.Status


class OfferExpired(ValidationError):
    """The seat was kept for a while and is offered no more."""


def _lock(registration: Registration) -> RegistrationSettings:
    settings = lock_both(registration)
    check_not_erased(registration)
    return settings


@transaction.atomic
def approve(registration: Registration) -> Registration:
    """Give a pending registration a seat, or a place in the queue. Raises ``MoveRefused``.

    Of a group that asks for all or none somebody has a seat where there is one for each of the
    group who has none yet. The others wait, and move up together.
    """
    settings = _lock(registration)
    free = waiting_list.free_after_those_who_wait(settings, online=registration.chose_online)
    if free is None or free >= _seats_needed(registration):
        move(registration, Status.CONFIRMED)
    else:
        move(registration, Status.WAITLISTED, queued_at=timezone.now())
    queue_mails(registration.status, [registration])
    return registration


def _seats_needed(registration: Registration) -> int:
    """Return how many seats must be free before the person has one. A query for a group."""
    group = registration.group
    if group is None or not group.is_together:
        return 1
    same = group.members.filter(chose_online=registration.chose_online)
    return same.filter(status__in=(Status.PENDING, Status.WAITLISTED)).count()


@transaction.atomic
def decline(registration: Registration) -> Registration:
    """Refuse a pending registration and say so by mail. Raises ``MoveRefused``."""
    _lock(registration)
    move(registration, Status.DECLINED, cancelled_at=timezone.now())
    queue_mails("declined", [registration])
    return registration


@transaction.atomic
def cancel(
    registration: Registration, *, by: User | None = None, leaves_it: bool = True
) -> Registration:
    """Give the place back; a freed seat goes to the first person waiting.

    A possible duplicate with another contact that has proven the shared one has it first, unless
    staff cancel or ``leaves_it`` is false: somebody else may have given that person's name and
    number. The other duplicates get a turn of their own: ``own_turn``.
    Cancelling twice is harmless. Raises ``RegistrationClosed`` once the event has
    started, except for staff, and ``MoveRefused`` for what was never a place.
    """
    settings = _lock(registration)
    if registration.status == Status.CANCELLED:
        return registration
    if by is None and settings.event.has_begun:
        raise RegistrationClosed(
            _("The event has started, so the registration can no longer be cancelled."),
            code="started",
        )
    was = registration.shown_status
    is_left = by is None and leaves_it
    if is_left:
        shared_places.leave_to_owner(registration)
    move(
        registration,
        Status.CANCELLED,
        cancelled_at=timezone.now(),
        cancel_reason=_reason(was, by),
        offer_expires_at=None,
    )
    queue_mails("cancelled", [registration], was=was)
    if is_left:
        own_turn.of_left(settings, registration)
    end_what_hangs_on([registration.pk])
    waiting_list.fill(settings)
    return registration


def end_what_hangs_on(keys: list[int]) -> None:
    """End what people of other apps' tables had by places that are no more, such as meetings."""
    for end in places_given_up.values():
        end(keys)


def _reason(was: str, by: User | None) -> str:
    """Return why a place is given back: of an invitation, who ended it."""
    if was != Status.INVITED:
        return ""
    reasons = Registration.CancelReason
    return reasons.INVITATION_DECLINED if by is None else reasons.INVITATION_WITHDRAWN


def cancel_all(
    registrations: Iterable[Registration],
    *,
    by: User,
    request: HttpRequest | None = None,
    tell: bool,
) -> list[Registration]:
    """Cancel many people's registrations, event by event; return those that were active.

    Each event's seats pass on once, when all of them are free, so that nobody who is
    cancelled here moves up before. With ``tell`` the people get a mail. The audit trail
    says how many of which event. Cancelling twice is harmless.
    """
    by_event: dict[Event, list[int]] = {}
    for registration in registrations:
        by_event.setdefault(registration.event, []).append(registration.pk)
    done = []
    # In one order, so that two who cancel at several events wait and do not block each other.
    for event in sorted(by_event, key=lambda event: event.pk):
        done += _cancel_of_event(event, by_event[event], by=by, request=request, tell=tell)
    return done


@transaction.atomic
def _cancel_of_event(
    event: Event,
    pks: list[int],
    *,
    by: User,
    request: HttpRequest | None,
    tell: bool,
) -> list[Registration]:
    # An event that no longer takes registrations has nobody to pass a seat on to.
    settings = RegistrationSettings.objects.locked().filter(event=event).first()
    rows = list(
        Registration.objects.filter(status__in=(*Registration.ACTIVE, Status.DOUBLE))
        .filter(pk__in=pks, event=event, erased_at=None)
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
    if not rows:
        return []
    for was in {row.status for row in rows}:
        Registration.objects.filter(pk__in=[row.pk for row in rows if row.status == was]).update(
            status=Status.CANCELLED,
            cancelled_at=timezone.now(),
            cancel_reason=_reason(was, by),
            offer_expires_at=None,
        )
    outbox.drop_queued(OutboundMail.objects.filter(registration__in=rows))
    if tell:
        for was in {row.status for row in rows}:
            queue_mails("cancelled", [row for row in rows if row.status == was], was=was)
    trail.record(
        Action.CANCELLED,
        by=by,
        request=request,
        subject=f"event · {event.slug}",
        people=len(rows),
        told=tell,
    )
    end_what_hangs_on([row.pk for row in rows])
    if settings:
        waiting_list.fill(settings)
    return rows


@transaction.atomic
def give_back_undeliverable(registration: Model) -> bool:
    """Cancel a registration whose address takes no mail for good, and pass its seat on.

    Returns whether the registration has ended, so that nothing more is to be mailed. One
    whose link was opened stays: the address was good then. So does one of an event that has
    begun. What proved the contact person of a group says nothing of a member's own address. The
    audit trail says that a seat was given back, and the registration why.
    """
    if not isinstance(registration, Registration):
        return False
    try:
        settings = lock_both(registration)
    except RegistrationClosed:
        return False
    if not registration.is_active:
        return True
    is_vouched = registration.proven_at is not None and not registration.has_own_contact
    if registration.has_own_proof or is_vouched or settings.event.has_begun:
        return False
    shared_places.leave_to_owner(registration)
    move(
        registration,
        Status.CANCELLED,
        cancelled_at=timezone.now(),
        cancel_reason=Registration.CancelReason.ADDRESS_REFUSED,
        offer_expires_at=None,
    )
    outbox.drop_queued(registration.mails.all())
    trail.record(
        Action.CANCELLED,
        subject=f"event · {settings.event.slug}",
        people=1,
        reason=Registration.CancelReason.ADDRESS_REFUSED.value,
    )
    own_turn.of_left(settings, registration)
    end_what_hangs_on([registration.pk])
    waiting_list.fill(settings)
    return True


def may_accept_on_screen(registration: Registration) -> bool:
    """Whether somebody without an address can accept the offered seat where they registered.

    Who has one accepts by the link of the mail. Anybody may have typed the number: so where seats
    are held until a contact is proven, the offer is accepted once this one is, by a code or by
    staff, or for a member of a group by the contact person's. At most one query.
    """
    if registration.email_key or not registration.has_open_offer:
        return False
    settings = registration.event.registration_settings
    is_held = settings.holds_seats_for(online=registration.chose_online)
    return registration.proven_at is not None or not is_held


@transaction.atomic
def accept(registration: Registration) -> Registration:
    """Take the seat that is offered. Accepting twice is harmless.

    For a group that asks for all or none it takes the seats of all to whom one is offered. A
    possible duplicate that looks as if one were offered looks confirmed then, and takes no seat.

    Raises ``OfferExpired``, also once the event has begun, or where it is cancelled or postponed
    without a new date.
    """
    settings = _lock(registration)
    registration.event = settings.event
    if registration.shown_status == Status.CONFIRMED:
        return registration
    if not registration.has_open_offer:
        raise OfferExpired(_explain_gone_offer(settings), code="offer_expired")
    for row in _offered_together(registration):
        if row.status == Status.DOUBLE:
            # Shown as to others: the first one has the seat.
            row.seen_as, row.offer_expires_at, row.queued_at = Status.CONFIRMED, None, None
            row.save(update_fields=["seen_as", "offer_expires_at", "queued_at"])
        else:
            move(row, Status.CONFIRMED, offer_expires_at=None)
        queue_mails("confirmed", [row])
    return registration


def _offered_together(registration: Registration) -> list[Registration]:
    """Return the person, and the others of a group for all or none to whom a seat is offered."""
    group = registration.group
    if group is None or not group.is_together:
        return [registration]
    others = group.members.filter(waiting_list.SEEN_AS_OFFERED).exclude(pk=registration.pk)
    return [registration, *others.order_by("pk")]


def _explain_gone_offer(settings: RegistrationSettings) -> Words:
    """Say why a seat is offered no more, and what the person can do."""
    if settings.event.is_cancelled:
        return _("This event has been cancelled, so the seat can no longer be accepted.")
    if settings.event.is_postponed:
        return _(
            "This event has been postponed. Seats are offered again once its new date is announced."
        )
    if settings.event.has_begun:
        return _("The event has begun, so the seat can no longer be accepted.")
    if settings.is_open:
        return _("This offer has expired. You can register again.")
    return _("This offer has expired.")
