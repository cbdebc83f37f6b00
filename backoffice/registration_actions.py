"""What organizers do with registrations: with one, or with those selected in the list."""

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext

from backoffice.contact_change import CHANGE_CONTACT
from backoffice.kit.actions import Action, Facts, ForSelected
from backoffice.kit.labels import field_of
from backoffice.kit.selected_rows import list_first
from events.models import Event
from registrations.domain import confirmation, personal_link, place, privacy
from registrations.models import Registration
from summit.lib.web.requests import StaffRequest

Status = Registration.Status


class CancelForm(forms.Form):
    tell = forms.BooleanField(
        label=_("Tell them by e-mail"),
        required=False,
        initial=True,
        help_text=_("Leave this unticked if the addresses do not belong to these people."),
    )


def _is_active(_admin: ModelAdmin, registration: Registration) -> bool:
    return registration.can_be_ended


def _is_mailed(_admin: ModelAdmin, registration: Registration) -> bool:
    return registration.can_be_ended and bool(registration.email)


def _may_be_confirmed(_admin: ModelAdmin, registration: Registration) -> bool:
    is_unproven = registration.proven_at is None or registration.has_unproven_number
    return is_unproven and registration.can_be_ended


def _mail_link(
    _admin: ModelAdmin, _request: StaffRequest, registration: Registration, _given: dict[str, Any]
) -> None:
    personal_link.send_link(registration)


def _cancel(
    _admin: ModelAdmin, request: StaffRequest, registration: Registration, given: dict[str, Any]
) -> Registration:
    place.cancel_all([registration], by=request.user, request=request, tell=given["tell"])
    registration.refresh_from_db()
    return registration


def _cancel_all(
    _admin: ModelAdmin,
    request: StaffRequest,
    rows: QuerySet[Registration],
    given: dict[str, Any],
) -> int:
    """Cancel all of them or nobody, with an entry for each in the admin's log."""
    people = rows.select_related("event")
    done = place.cancel_all(people, by=request.user, request=request, tell=given["tell"])
    if done:
        words = str(_("Cancel the registration"))
        LogEntry.objects.log_actions(request.user.pk, done, CHANGE, change_message=words)
    return len(done)


def _erase(
    _admin: ModelAdmin, request: StaffRequest, registration: Registration, _given: dict[str, Any]
) -> Registration:
    """Erase a person from one event; a place still to come passes on first."""
    if registration.is_active and registration.event.starts_at > timezone.now():
        place.cancel(registration, by=request.user)
    privacy.erase([registration], by=request.user, request=request)
    return registration


def _states_by_event(rows: QuerySet[Registration]) -> Facts:
    """Return pairs of an event and how many of its people are in which state."""
    counted = rows.order_by().values_list("event", "status").annotate(number=Count("pk"))
    numbers = counted.order_by("event", "status")
    events = Event.objects.in_bulk({event for event, _status, _number in numbers})
    words, colon = dict(Status.choices), pgettext("after the kind of a row", ": ")
    return [
        (
            format_html("<span{}>{}</span>", events[key].title.lang_attr, events[key].title),
            " · ".join(
                f"{words[state]}{colon}{number}" for of, state, number in numbers if of == key
            ),
        )
        for key in events
    ]


def _contact(registration: Registration) -> Facts:
    """Return name, number and address: who confirms a contact vouches for these."""
    name, phone, email = (
        capfirst(field_of(Registration, name).verbose_name) for name in ("name", "phone", "email")
    )
    return [
        (name, registration.name),
        (phone, registration.phone or "—"),
        (email, registration.email or "—"),
    ]


def _contacts(rows: QuerySet[Registration]) -> Facts:
    def describe(row: Registration) -> tuple[str, str]:
        return row.name, " · ".join(filter(None, (row.phone, row.email)))

    return [*_states_by_event(rows), *list_first(rows, describe)]


def _all_contacts(rows: QuerySet[Registration]) -> list[tuple[Any, ...]]:
    return list(rows.order_by("pk").values_list("pk", "name", "phone", "email"))


ACTIONS: list[Action[Registration]] = [
    Action(
        name="approve",
        label=_("Approve"),
        explanation=_(
            "The person gets a seat or a place on the waiting list, and an e-mail about it."
        ),
        run=lambda admin, request, row, given: place.approve(row),
        done=_("%(object)s is approved."),
        offered=lambda admin, row: row.status == Status.PENDING,
        is_main=True,
        selected=ForSelected(
            label=_("Approve the selected registrations"),
            # Who came first gets a seat first.
            rows=lambda admin, request, rows: rows.filter(status=Status.PENDING).order_by(
                "registered_at", "pk"
            ),
            facts=_states_by_event,
            done=ngettext_lazy(
                "%(count)d registration is approved.",
                "%(count)d registrations are approved.",
                "count",
            ),
        ),
    ),
    Action(
        name="decline",
        label=_("Decline"),
        explanation=_("The person gets an e-mail about it."),
        run=lambda admin, request, row, given: place.decline(row),
        done=_("%(object)s is declined."),
        offered=lambda admin, row: row.status == Status.PENDING,
    ),
    Action(
        name="accept-offer",
        label=_("Accept the offer for the person"),
        explanation=_(
            "You know from the person, for example from a call, that they take the seat. Of a "
            "group that asks for all or none, everybody to whom one is offered gets it."
        ),
        run=lambda admin, request, row, given: place.accept(row),
        done=_("%(object)s has the seat."),
        offered=lambda admin, row: row.status == Status.OFFERED and row.has_open_offer,
    ),
    Action(
        name="confirm-contact",
        label=_("Confirm the contact"),
        explanation=_(
            "You know that the number or address is this person’s, for example from a call. A "
            "held seat becomes theirs; somebody on the waiting list has a free seat, if there is "
            "one. Of somebody whose address is verified it confirms the number."
        ),
        run=lambda admin, request, row, given: confirmation.confirm_contact(row),
        done=_("The contact of %(object)s is confirmed."),
        offered=_may_be_confirmed,
        facts=_contact,
        selected=ForSelected(
            label=_("Confirm the contacts of the selected people"),
            # Who came first has a free seat first.
            rows=lambda admin, request, rows: rows.filter(
                status__in=(*Registration.ACTIVE, Status.DOUBLE), proven_at=None, erased_at=None
            ).order_by("registered_at", "pk"),
            facts=_contacts,
            version=_all_contacts,
            done=ngettext_lazy(
                "The contact of %(count)d person is confirmed.",
                "The contacts of %(count)d people are confirmed.",
                "count",
            ),
        ),
    ),
    CHANGE_CONTACT,
    Action(
        name="send-link",
        label=_("E-mail the personal link"),
        explanation=_(
            "The person gets the link of the personal page again. For who was registered in a "
            "group without an own contact, the contact person gets that of the group."
        ),
        run=_mail_link,
        done=_("The link of %(object)s is on its way."),
        offered=_is_mailed,
    ),
    Action(
        name="replace-link",
        label=_("Replace the personal link"),
        explanation=_(
            "The old link and query code stop working, and the new link is e-mailed where there is "
            "an address. For who was registered in a group without an own contact, those of the "
            "group end too, and the contact person gets the new link."
        ),
        run=lambda admin, request, row, given: personal_link.revoke_link(row),
        done=_("The link of %(object)s is replaced."),
        offered=_is_active,
    ),
    Action(
        name="cancel",
        label=_("Cancel the registration"),
        explanation=_(
            "Until the event begins, the place goes to the first person on the waiting list, "
            "who gets an e-mail."
        ),
        run=_cancel,
        done=_("%(object)s is cancelled."),
        offered=_is_active,
        form=CancelForm,
        is_grave=True,
        selected=ForSelected(
            label=_("Cancel the selected registrations"),
            explanation=_(
                "Once all of these are cancelled, the places go to the people on the waiting "
                "list, in order."
            ),
            rows=lambda admin, request, rows: rows.filter(
                status__in=(*Registration.ACTIVE, Status.DOUBLE), erased_at=None
            ),
            run=_cancel_all,
            facts=_states_by_event,
            done=ngettext_lazy(
                "%(count)d registration has been cancelled.",
                "%(count)d registrations have been cancelled.",
                "count",
            ),
        ),
    ),
    Action(
        name="erase",
        label=_("Erase the person"),
        explanation=_(
            "Name, addresses, answers, notes and e-mails are erased for good; the count "
            "stays. A place at an event that has not taken place is released first."
        ),
        run=_erase,
        done=_("The personal data of %(object)s has been erased."),
        offered=lambda admin, row: row.erased_at is None,
        is_grave=True,
        selected=ForSelected(
            label=_("Erase the selected people"),
            rows=lambda admin, request, rows: rows.filter(erased_at=None),
            facts=_states_by_event,
            done=ngettext_lazy(
                "The personal data of %(count)d registration has been erased.",
                "The personal data of %(count)d registrations has been erased.",
                "count",
            ),
        ),
    ),
]
