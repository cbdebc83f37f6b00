"""The events whose desk one works at, and the door of one: search, codes and counts."""

import datetime as dt
from dataclasses import asdict

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from desk.forms.desk import SearchForm
from desk.views import people
from desk.views.access import at_desk
from desk.views.people import Card
from events.models import Event, Session
from registrations.domain import check_in, door_counts, ticket
from registrations.domain.desk import events_at_desk_of
from registrations.domain.event_days import shown_day
from registrations.models import Registration
from summit.lib.database.numbers import fits_bigint
from summit.lib.web.requests import StaffRequest

PAST = 20
# A tap that a page kept longer than that counts for the day on which it arrives.
LONGEST_KEPT = dt.timedelta(days=3)


@never_cache
@require_safe
def desk(request: StaffRequest) -> HttpResponse:
    if not request.user.has_perm("registrations.check_in_registration"):
        raise PermissionDenied
    events = events_at_desk_of(request.user).select_related("meeting_settings")
    upcoming, past = list(events.upcoming()), list(events.past()[:PAST])
    counts = door_counts.counts_of([*upcoming, *past])
    context = {
        "upcoming": [(event, counts[event.pk], shown_day(event)) for event in upcoming],
        "past": [(event, counts[event.pk], shown_day(event)) for event in past],
    }
    return TemplateResponse(request, "desk/desk.html", context)


@at_desk
def door(request: StaffRequest, event: Event) -> HttpResponse:
    source = request.POST if request.method == "POST" else request.GET
    try:
        session = people.session_of(event, source.get("session", ""))
    except ValidationError as error:
        return no_session(request, event, error)
    if request.method != "POST":
        return answer(request, event, session)
    form = SearchForm(request.POST)
    if not form.is_valid():
        return answer(request, event, session, notes=[_("Type a name or scan a code.")])
    typed = form.cleaned_data
    refusal = None
    if typed["scanned"] or ticket.looks_like_ticket(typed["q"]):
        try:
            registration = ticket.find(event, typed["q"])
        except ticket.TicketRefused as error:
            refusal = error
        else:
            return answer(request, event, session, [_shown(request, registration, session)])
        # Ten letters that are nobody's ticket can still be a name.
        if typed["scanned"] or refusal.code != "unknown":
            return answer(request, event, session, notes=refusal.messages, status=409)
    return _searched(request, event, session, typed["q"], refusal)


def _shown(request: StaffRequest, registration: Registration, session: Session | None) -> Card:
    """Return the card of a whole ticket, checked in at once where the desk wants that."""
    if "at_once" not in request.POST or registration.status not in people.SURE:
        return people.cards(registration.event, [registration], session)[0]
    return checked_in(request, registration, session)


def checked_in(request: StaffRequest, registration: Registration, session: Session | None) -> Card:
    try:
        arrival = check_in.check_in(
            registration, by=request.user, session=session, tapped_at=_tapped_at(request)
        )
    except ValidationError as refusal:
        registration.refresh_from_db()
        return people.refused(people.cards(registration.event, [registration], session)[0], refusal)
    [card] = people.cards(registration.event, [registration], session)
    card.is_new = arrival.is_new
    card.said = pgettext("desk", "Checked in") if arrival.is_new else ""
    return card


def _tapped_at(request: StaffRequest) -> dt.datetime | None:
    """Return when a tap was made that the page kept until there was a connection, in seconds.

    What is no such moment, or lies before the last days or in the future, is no answer.
    """
    typed = request.POST.get("tapped_at", "")
    now = timezone.now()
    seconds = int(typed) if fits_bigint(typed) else 0
    age = now.timestamp() - seconds
    return now - dt.timedelta(seconds=age) if 0 <= age <= LONGEST_KEPT.total_seconds() else None


def _searched(
    request: StaffRequest,
    event: Event,
    session: Session | None,
    text: str,
    refusal: ticket.TicketRefused | None,
) -> HttpResponse:
    found = people.search_people(event, text)
    notes = []
    if not found:
        notes = [_("No one found.")]
        if refusal is None and ticket.looks_like_part(text):
            refusal = ticket.refusal_of(text)
        notes += refusal.messages if refusal else []
    cards = people.cards(event, found[: people.MOST], session)
    return answer(request, event, session, cards, notes=notes, has_more=len(found) > people.MOST)


def answer(
    request: StaffRequest,
    event: Event,
    session: Session | None,
    cards: list[Card] | None = None,
    *,
    notes: list[str] | None = None,
    has_more: bool = False,
    is_tap: bool = False,
    status: int | None = None,
) -> HttpResponse:
    """Show the door with these cards: the whole page, or the parts that a script swaps in."""
    if status is None:
        status = 409 if cards and cards[0].refusal else 200
    context = {
        **people.shown(event, session),
        "cards": cards,
        "notes": notes or [],
        "has_more": has_more,
        # Of a tap that a script sends, the card alone is changed.
        "is_tap": is_tap,
        "most": people.MOST,
        # What was typed is shown again where the page is; it never enters an address.
        "q": request.POST.get("q", "")[:200],
        "at_once": "at_once" in request.POST,
    }
    if is_fetched(request):
        return TemplateResponse(request, "desk/door_answer.html", context, status=status)
    context["sessions"] = people.session_choices(event)
    context["files"] = event.files.select_related("session")
    return TemplateResponse(request, "desk/door.html", context, status=status)


def no_session(request: StaffRequest, event: Event, refusal: ValidationError) -> HttpResponse:
    return answer(request, event, None, notes=refusal.messages, status=409)


def is_fetched(request: HttpRequest) -> bool:
    """Whether a script asks for the parts that change."""
    return request.headers.get("X-Requested-With") == "fetch"


@at_desk
@require_safe
def counts(request: StaffRequest, event: Event) -> HttpResponse:
    try:
        session = people.session_of(event, request.GET.get("session", ""))
    except ValidationError as refusal:
        return JsonResponse({"error": refusal.messages[0]}, status=409)
    numbers = asdict(door_counts.counts(event, session))
    if not event.is_hybrid:
        # The page has no place for it.
        del numbers["online"]
    return JsonResponse(numbers)
