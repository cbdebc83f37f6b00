"""A participant's own side of the one-to-one meetings, by the personal page of the registration."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from meetings.domain import participation
from meetings.domain.waiting import received
from meetings.forms.own_entry import AwayForm, EntryForm
from meetings.models import Meeting, MeetingPerson, MeetingRequest, Participant
from registrations.models import Registration
from submissions.domain.decisions import ChangedMeanwhile
from website.proven_here import page_key
from website.views.guards import View
from website.views.personal import personal

Status = Participant.Status
# Of each kind the latest.
_SHOWN_REQUESTS = 100


def has_meetings(registration: Registration) -> bool:
    """Whether the personal page leads to meetings: of somebody with a place at such an event."""
    has_any = getattr(registration.event, "meeting_settings", None) is not None
    return has_any and registration.shown_status == Registration.Status.CONFIRMED


def of_meetings(view: Callable[..., HttpResponseBase]) -> View:
    """Find the registration of a signed code and who takes part with it, or nobody yet.

    404 where the event has no one-to-one meetings.
    """

    @personal
    @wraps(view)
    def load(request: HttpRequest, registration: Registration, **more: Any) -> HttpResponseBase:
        if getattr(registration.event, "meeting_settings", None) is None:
            raise Http404
        participant = Participant.objects.filter(registration=registration).first()
        if participant is not None:
            participant.event, participant.registration = registration.event, registration
        return view(request, registration, participant, **more)

    return load


def taking_part(view: Callable[..., HttpResponseBase]) -> View:
    """As ``of_meetings``, for those whom an organizer has admitted; 404 for all others."""

    @of_meetings
    @wraps(view)
    def load(
        request: HttpRequest,
        registration: Registration,
        participant: Participant | None,
        **more: Any,
    ) -> HttpResponseBase:
        has_place = registration.status == Registration.Status.CONFIRMED
        if participant is None or participant.status != Status.ADMITTED or not has_place:
            raise Http404
        return view(request, participant, **more)

    return load


def context_of(participant: Participant | None, registration: Registration) -> dict[str, Any]:
    """Return what every page of the meetings shows."""
    event = registration.event
    return {
        "registration": registration,
        "event": event,
        "settings": event.meeting_settings,
        "code": page_key(registration),
        "participant": participant,
    }


@of_meetings
@require_safe
def page(
    request: HttpRequest, registration: Registration, participant: Participant | None
) -> HttpResponse:
    """Show how somebody takes part, and the requests and meetings of who does."""
    is_in = (
        participant is not None
        and participant.status == Status.ADMITTED
        and registration.status == Registration.Status.CONFIRMED
    )
    context = context_of(participant, registration) | {
        "is_in": is_in,
        "may_apply": participation.may_apply(registration)
        and registration.event.is_on
        and not registration.event.is_over,
        "note": "saved" if "saved" in request.GET else "",
    }
    if participant is not None and is_in:
        context |= _requests_and_meetings(participant)
    return TemplateResponse(request, "website/my_meetings.html", context)


def _requests_and_meetings(participant: Participant) -> dict[str, Any]:
    """Return the requests, the agreed meetings, and whom the person would rather not meet."""
    requests = MeetingRequest.objects.with_people().select_related("meeting")
    to_me = received(requests.filter(asked=participant))
    is_open = MeetingRequest.Status.OPEN
    own = MeetingPerson.objects.filter(meeting=OuterRef("pk"), participant=participant)
    meetings = Meeting.objects.filter(Exists(own))
    return {
        "received_open": to_me.filter(status=is_open)[:_SHOWN_REQUESTS],
        "received_answered": to_me.exclude(status__in=[is_open, "withdrawn"])[:_SHOWN_REQUESTS],
        "sent": requests.filter(asker=participant)[:_SHOWN_REQUESTS],
        "meetings": [
            OwnMeeting(meeting, participant)
            for meeting in meetings.counted().with_people().order_by("agreed_at", "pk")
        ],
        "rather_nots": participant.rather_nots.filter(entered_by=None)
        .select_related("other__registration")
        .order_by("pk"),
    }


class OwnMeeting:
    """A meeting as one of its people sees it: who comes on either side."""

    def __init__(self, meeting: Meeting, participant: Participant) -> None:
        people = list(meeting.people.all())
        self.meeting = meeting
        self.side = next(each.side for each in people if each.participant_id == participant.pk)
        self.others = [each for each in people if each.side != self.side]
        self.own = [each for each in people if each.side == self.side]
        is_to_come = meeting.status == Meeting.Status.AGREED
        self.may_choose = is_to_come and (
            len(self.own) > 1 or any(each.participant.delegation_id for each in self.own)
        )


@of_meetings
def entry(
    request: HttpRequest, registration: Registration, participant: Participant | None
) -> HttpResponse:
    """Apply to take part, or change what is said."""
    is_new = participant is None or participant.status == Status.LEFT
    if participant is not None and participant.status == Status.REFUSED:
        raise Http404
    if is_new and not participation.may_apply(registration):
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = EntryForm(data, registration=registration, participant=participant)
    stored = None
    if form.is_bound and form.is_valid():
        try:
            if participant is None or is_new:
                participation.apply(registration, **form.entry)
            else:
                version = form.cleaned_data["version"]
                participation.change(participant, version=version, **form.entry)
        except ChangedMeanwhile as error:
            stored = Participant.objects.get(registration=registration)
            form.renew_version(stored.version)
            form.add_error(None, error.messages)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _back(registration, "saved")
    context = context_of(participant, registration) | {
        "form": form,
        "stored": stored,
        "is_new": is_new,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "website/my_meetings_entry.html", context, status=status)


@of_meetings
def leave(
    request: HttpRequest, registration: Registration, participant: Participant | None
) -> HttpResponse:
    """Take part no longer, after a page that says what ends by it."""
    if participant is None or participant.status not in (Status.APPLIED, Status.ADMITTED):
        return _back(registration)
    if request.method == "POST":
        participation.leave(participant)
        return _back(registration)
    context = context_of(participant, registration)
    return TemplateResponse(request, "website/my_meetings_leave.html", context)


@taking_part
def away(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Enter when somebody cannot meet anybody."""
    data = request.POST if request.method == "POST" else None
    form = AwayForm(data, participant=participant)
    stored = None
    if form.is_bound and form.is_valid():
        try:
            participation.set_absences(participant, form.away, form.cleaned_data["version"])
        except ChangedMeanwhile as error:
            stored = Participant.objects.get(pk=participant.pk)
            form.renew_version(stored.version)
            form.add_error(None, error.messages)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _back(participant.registration, "saved")
    context = context_of(participant, participant.registration) | {
        "form": form,
        "stored": list(stored.absences.all()) if stored else None,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "website/my_meetings_away.html", context, status=status)


def _back(registration: Registration, note: str = "") -> HttpResponse:
    response = redirect("my-meetings", code=page_key(registration))
    if note:
        response["Location"] += f"?{note}"
    return response
