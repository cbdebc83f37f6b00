"""Erasure, retention, and an attendee's own data."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, F
from django.http import HttpRequest
from django.utils import timezone

from audit import trail
from events.models import Event
from mail import outbox
from mail.models import OutboundMail
from registrations.audited import Action
from registrations.domain import place, shared_places
from registrations.domain.admission import lock, lock_rows
from registrations.mail_kinds import GroupKind
from registrations.models import (
    Answer,
    Consent,
    ContactChange,
    Registration,
    RegistrationGroup,
    RegistrationSettings,
)
from summit.lib.database.sqlite import empty_write_ahead_log
from summit.lib.i18n.bilingual import in_both
from summit.lib.registries import erasures, erasures_by_phone, people_erased
from summit.lib.web import mail_addresses
from summit.lib.web.phones import mobile_key


@transaction.atomic
def erase(
    people: list[Registration],
    *,
    by: User | None = None,
    request: HttpRequest | None = None,
    reason: str = "asked_for",
    with_doubles: bool = True,
) -> int:
    """Erase who the people are, everywhere; keep status, category, language and times as counts.

    The audit trail says who erased how many of which event and for what ``reason``,
    and nothing of whom. Erasing twice is harmless. A seat that an erased person held for
    an event still to come is given back by ``registration.cancel`` before, not here.
    """
    pks = [person.pk for person in people]
    if with_doubles:
        # What may be the same person once more goes along.
        pks += Registration.objects.filter(double_of__in=pks).values_list("pk", flat=True)
    # Who asks for another contact at this moment has written it by then, or is refused after.
    lock_rows(pks)
    named = Registration.objects.filter(pk__in=pks, erased_at=None)
    for slug, number in named.values_list("event__slug").annotate(Count("pk")).order_by("event_id"):
        trail.record(
            Action.ERASED,
            by=by,
            request=request,
            subject=f"event · {slug}",
            people=number,
            reason=reason,
        )
    for erase_others in people_erased.values():
        erase_others(pks)
    Answer.objects.filter(registration__in=pks).delete()
    Consent.objects.filter(registration__in=pks).delete()
    ContactChange.objects.filter(registration__in=pks).delete()
    OutboundMail.objects.filter(registration__in=pks).delete()
    # Names never enter the admin's log (Registration.__str__ names nobody); a
    # message that some other tool wrote there goes all the same.
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Registration),
        object_id__in=[str(pk) for pk in pks],
    ).update(object_repr="", change_message="")
    transaction.on_commit(empty_write_ahead_log)
    number = named.update(
        name="",
        email="",
        email_key="",
        name_key="",
        phone_key="",
        proven_number="",
        typed_key="",
        phone="",
        organization_name="",
        organization=None,
        position="",
        sort_name="",
        search_text="",
        staff_note="",
        source="",
        network_key="",
        badge_name="",
        badge_organization_name="",
        erased_at=timezone.now(),
    )
    of_people = RegistrationGroup.objects.filter(members__in=pks, erased_at=None)
    _erase_groups(of_people.exclude(members__erased_at=None).values_list("pk", flat=True))
    return number


def _erase_groups(keys: Iterable[int]) -> None:
    """Erase who has registered these groups, of whom nobody is left."""
    keys = set(keys)
    if not keys:
        return
    OutboundMail.objects.filter(registration_group__in=keys).delete()
    RegistrationGroup.objects.filter(pk__in=keys).update(
        name="", email="", email_key="", phone="", phone_key="", erased_at=timezone.now()
    )


@transaction.atomic
def take_out(registration: Registration) -> None:
    """Erase somebody whom a contact person registered, at the own wish, and pass the seat on.

    The contact person learns that one of the group was taken out, and not who. Possible duplicates
    with another contact stay, and one of them has the place: anybody may have registered the
    owner of that contact under the same name. Doing it again is harmless.
    """
    lock(registration.event)
    registration.refresh_from_db(
        from_queryset=Registration.objects.select_related("event", "group")
    )
    if registration.erased_at:
        return
    group, doubles = registration.group, registration.doubles.filter(erased_at=None)
    gone = [row for row in doubles if shared_places.has_same_contact(row, registration)]
    shared_places.leave_to_owner(registration)
    if registration.can_be_ended and not registration.event.has_begun:
        place.cancel(registration)
    erase([registration, *gone], reason="not_me", with_doubles=False)
    if group is not None:
        group.refresh_from_db(fields=["erased_at"])
        outbox.queue(GroupKind.TAKEN_OUT.value, [] if group.erased_at else [group])


def erase_attendee(contact: str) -> int:
    """Erase one person from every event by e-mail address or mobile number; return how many rows.

    Places at events still to come are cancelled first, so that the seats pass on. Raises
    ``ValidationError`` for what is neither.
    """
    address = ""
    if number := mobile_key(contact):
        found = list(Registration.objects.filter(phone_key=number))
    else:
        # Some mail programs write the part before the @ in quotation marks.
        address = mail_addresses.key(contact.replace('"', ""))
        found = list(Registration.objects.filter(email_key=address).exclude(email_key=""))
    for registration in found:
        if registration.is_active and not registration.event.has_begun:
            place.cancel(registration, leaves_it=False)
    erased = erase(found)
    groups = RegistrationGroup.objects.filter(erased_at=None)
    if number:
        ContactChange.objects.of_number(number).delete()
        _erase_groups(groups.filter(phone_key=number).values_list("pk", flat=True))
    elif address:
        ContactChange.objects.of_address(address).delete()
        _erase_groups(groups.filter(email_key=address).values_list("pk", flat=True))
    return erased


def erase_person(contact: str) -> dict[str, int]:
    """Erase one person from every event, and what else is kept under an address or a number.

    Return how many rows of which kind: ``registrations``, and what other apps have registered.
    Raises ``ValidationError`` for what is neither.
    """
    erased = {"registrations": erase_attendee(contact)}
    others = erasures_by_phone if mobile_key(contact) else erasures
    for name, erase_others in others.items():
        erased[name] = erase_others(contact)
    return erased


def erase_expired() -> int:
    """Erase everybody whose event is longer ago than it keeps data; return how many.

    A postponed event is not over, whatever day it was to be on.
    """
    erased = 0
    now = timezone.now()
    past = RegistrationSettings.objects.select_related("event").filter(event__ends_at__lte=now)
    for settings in past.exclude(event__status=Event.Status.POSTPONED):
        if settings.kept_until > now:
            continue
        left = Registration.objects.filter(event=settings.event_id, erased_at=None)
        while batch := list(left[:1000]):
            erased += erase(batch, reason="retention")
    return erased


def own_data(registration: Registration) -> dict[str, Any]:
    """Return all that is kept about the person in this registration, as plain values.

    A possible double has the status that its own pages show.
    """
    notice, group = registration.privacy_notice, registration.group
    return {
        "event": in_both(registration.event, "title"),
        "status": registration.shown_status,
        "name": registration.name,
        "email": registration.email,
        "phone": registration.readable_phone,
        "organization": registration.organization_name,
        "known_organization": str(registration.organization or ""),
        "position": registration.position,
        "category": registration.category,
        "takes_part_online": registration.is_online,
        "language": registration.language,
        "note_by_staff": registration.staff_note,
        "ticket": registration.ticket,
        "registered_at": registration.registered_at,
        "cancelled_at": registration.cancelled_at,
        "cancel_reason": registration.cancel_reason,
        "proven_at": registration.proven_at,
        "proof": registration.proof,
        "held_until": registration.held_until,
        "offer_expires_at": registration.offer_expires_at,
        "reminded_at": registration.reminded_at,
        "reminded_for": registration.reminded_for,
        "badge_printed_at": registration.badge_printed_at,
        "badge_name": registration.badge_name,
        "badge_organization": registration.badge_organization_name,
        "check_ins": [
            {
                "day": each.day,
                "checked_in_at": each.checked_in_at,
                "undone_at": each.undone_at,
                "session": in_both(each.session, "title") if each.session else None,
            }
            for each in registration.check_ins.order_by("pk").select_related("session")
        ],
        "answers": [
            {
                "question": str(answer.question),
                "answer": answer.shown,
                "consent": answer.consent_text,
                "consented_at": answer.consented_at,
            }
            for answer in registration.answers.select_related("question")
        ],
        "source_of_the_data": registration.source,
        "consent": {
            "at": registration.consented_at,
            "notice": in_both(notice, "text") if notice else None,
        },
        "registered_with_a_group": {
            "by": group.name,
            "informed_at": group.informed_at,
            "notice": in_both(group.privacy_notice, "text"),
        }
        if group
        else None,
        "separate_consents": [
            {
                "text": in_both(each.wording, "text"),
                "given_at": each.given_at,
                "withdrawn_at": each.withdrawn_at,
            }
            for each in registration.consents.select_related("wording")
        ],
        "changes_of_the_contact": [
            {
                "before": each.old_email or each.old_phone,
                "new": each.shown_new,
                "status": each.status,
                "asked_at": each.asked_at,
                "ended_at": each.ended_at,
            }
            for each in registration.contact_changes.order_by("pk")
        ],
        "mails": list(
            registration.mails.order_by("pk").values(
                "kind", "status", "sent_at", at=F("created_at")
            )
        ),
    }
