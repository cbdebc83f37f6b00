"""What one tap at a door does: check in, undo, give a seat, confirm a contact.

Each can be sent again.
"""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from desk.views import people
from desk.views.access import at_desk
from desk.views.door import answer, checked_in, no_session
from desk.views.people import Card
from events.models import Event, Session
from registrations.domain import check_in as domain
from registrations.domain import proof, query_code, ticket
from registrations.models import Registration
from summit.lib.database.numbers import fits_bigint
from summit.lib.web.requests import StaffRequest

type Tap = Callable[[StaffRequest, Registration, Session | None], Card]


def _tapped(request: StaffRequest, event: Event, tap: Tap) -> HttpResponse:
    if request.method != "POST":
        # After a log-in, or when the language was changed, there is nothing to do again.
        return redirect("desk-door", slug=event.slug)
    try:
        session = people.session_of(event, request.POST.get("session", ""))
    except ValidationError as refusal:
        return no_session(request, event, refusal)
    try:
        registration = ticket.find(event, request.POST.get("ticket", ""))
    except ValidationError as refusal:
        return answer(request, event, session, notes=refusal.messages, status=409)
    return answer(request, event, session, [tap(request, registration, session)], is_tap=True)


@at_desk
def check_in(request: StaffRequest, event: Event) -> HttpResponse:
    return _tapped(request, event, checked_in)


@at_desk
def undo(request: StaffRequest, event: Event) -> HttpResponse:
    return _tapped(request, event, _undone)


def _undone(request: StaffRequest, registration: Registration, session: Session | None) -> Card:
    seen = request.POST.get("seen", "")
    # What is no number was on no screen, and undoes nothing.
    shown = int(seen) if fits_bigint(seen) else 0
    undone = domain.undo(
        registration, by=request.user, session=session, seen=shown if seen else None
    )
    [card] = people.cards(registration.event, [registration], session)
    if undone or not card.arrival:
        card.said = _("Undone: not checked in")
    else:
        card.refusal = _(
            "Somebody has checked this person in again in the meantime. Nothing was undone."
        )
    return card


@at_desk
def admit(request: StaffRequest, event: Event) -> HttpResponse:
    return _tapped(request, event, _admitted)


def _admitted(request: StaffRequest, registration: Registration, session: Session | None) -> Card:
    try:
        domain.admit(registration, by=request.user, beyond_capacity="beyond" in request.POST)
    except ValidationError as refusal:
        registration.refresh_from_db()
        return people.refused(people.cards(registration.event, [registration], session)[0], refusal)
    return checked_in(request, registration, session)


@at_desk
def prove(request: StaffRequest, event: Event) -> HttpResponse:
    """Confirm the contact of somebody whom the desk knows or has called."""
    return _tapped(request, event, _proven)


def _proven(request: StaffRequest, registration: Registration, session: Session | None) -> Card:
    try:
        proof.prove_seen(registration, request.POST.get("contact", ""))
        query_code.allow_again(registration)
    except ValidationError as refusal:
        return people.refused(people.cards(registration.event, [registration], session)[0], refusal)
    [card] = people.cards(registration.event, [registration], session)
    card.said = _("Contact confirmed")
    return card
