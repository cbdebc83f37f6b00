"""Two people who come to the desk and would like to meet, at a free table."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from desk.forms.meetings import PersonForm
from desk.views.access import at_meetings_desk
from desk.views.meeting import chosen_place, in_words
from desk.views.meeting_desk import MOST, frame, search_participants
from events.models import Event
from meetings.domain import day_places, timetable
from meetings.domain.plan import Place
from meetings.models import Participant
from summit.lib.web.requests import StaffRequest

# The two, in the order in which the form asks for them.
_SIDES = ("one", "other")


@at_meetings_desk
def walk_up(request: StaffRequest, event: Event) -> HttpResponse:
    """Ask for the two, then for a place. Names are posted, never in an address."""
    posted = request.POST
    chosen: dict[str, Participant | None] = {
        side: _participant(event, posted.get(side, "")) for side in _SIDES
    }
    searches = {side: _search(event, posted.get(f"{side}_q", "")) for side in _SIDES}
    one, other = chosen["one"], chosen["other"]
    notes: list[str] = []
    if one and other and "place" in posted:
        try:
            slot, table = chosen_place(event, posted["place"])
            made = day_places.walk_up(event, one, other, table=table, slot=slot)
        except ValidationError as refusal:
            notes = refusal.messages
        else:
            messages.success(request, _("The table is theirs."))
            return redirect("meetings-meeting", slug=event.slug, code=made.code)
    places: list[Place] = []
    if one and other:
        try:
            places = day_places.places_for(event, one, other)
        except ValidationError as refusal:
            notes = notes or refusal.messages
    context = frame(event, timetable.published(event)) | {
        "sides": [
            {
                "name": side,
                "person": chosen[side],
                "found": searches[side][:MOST],
                "has_more": len(searches[side]) > MOST,
                "q": posted.get(f"{side}_q", "")[:200],
                "is_first": side == "one",
            }
            for side in _SIDES
        ],
        "both": bool(one and other),
        "places": in_words(event, places),
        "notes": notes,
    }
    status = 409 if notes and "place" in posted else 200
    return TemplateResponse(request, "desk/meeting_walk_up.html", context, status=status)


def _participant(event: Event, ticket: str) -> Participant | None:
    if not ticket:
        return None
    rows = Participant.objects.admitted().with_person().filter(event=event)
    return rows.filter(registration__ticket=ticket[:20]).first()


def _search(event: Event, text: str) -> list[Participant]:
    form = PersonForm({"q": text})
    return search_participants(event, form.cleaned_data["q"]) if form.is_valid() else []
