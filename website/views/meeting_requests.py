"""Answering a request for a meeting, withdrawing it, and who of a delegation comes."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from meetings.domain import request as domain
from meetings.domain import who_comes
from meetings.domain.agreed import has_begun
from meetings.domain.rather_not import rather_not
from meetings.domain.waiting import received
from meetings.forms.people import WhoComesForm
from meetings.models import Meeting, MeetingRequest, Participant
from submissions.domain.decisions import ChangedMeanwhile
from summit.lib.database.numbers import fits_bigint
from website.proven_here import page_key
from website.views.meetings import OwnMeeting, context_of, taking_part

Status = MeetingRequest.Status


@taking_part
def answer(http: HttpRequest, participant: Participant, number: int) -> HttpResponse:
    """Show a request with what each answer does, and take the answer."""
    found = _request(participant, number)
    is_mine = found.asker_id == participant.pk
    error = ""
    if http.method == "POST":
        try:
            _verb(http, found, is_mine)()
        except ValidationError as refusal:
            error = refusal.messages[0]
            found = _request(participant, number)
        else:
            return redirect("my-meetings", code=page_key(participant.registration))
    meeting = Meeting.objects.filter(request=found).first()
    is_to_come = meeting is not None and not has_begun(meeting)
    context = context_of(participant, participant.registration) | {
        "found": found,
        "other": found.asked if is_mine else found.asker,
        "is_mine": is_mine,
        "meeting": meeting,
        "projects": found.projects.visible(),
        "is_open": found.status == Status.OPEN,
        "is_answered_by_participants": domain.is_answered_by_participants(
            participant.event.meeting_settings
        ),
        "may_call_off": found.status == Status.ACCEPTED and is_to_come,
        "error": error,
    }
    status = 409 if error else 200
    return TemplateResponse(http, "website/my_meetings_request.html", context, status=status)


def _verb(http: HttpRequest, found: MeetingRequest, is_mine: bool) -> Callable[[], object]:
    """Return what the button does that was pressed. Raises ``Http404`` for another's button."""
    mine: dict[str, Callable[[], object]] = {"withdraw": lambda: domain.withdraw(found)}
    theirs: dict[str, Callable[[], object]] = {
        "accept": lambda: domain.accept(found),
        "decline": lambda: domain.decline(found),
        "rather_not": lambda: rather_not(found.asked, found.asker),
    }
    verbs = mine if is_mine else theirs
    for name, verb in verbs.items():
        if name in http.POST:
            return verb
    raise Http404


def _request(participant: Participant, number: int) -> MeetingRequest:
    """Return a request that somebody made, or received and may see. Raises ``Http404``."""
    rows = MeetingRequest.objects.with_people().select_related("event")
    to_me = received(MeetingRequest.objects.filter(asked=participant)).exclude(
        status=Status.WITHDRAWN
    )
    rows = rows.filter(Q(asker=participant) | Q(pk__in=to_me.values("pk")))
    found = rows.filter(pk=number).first() if fits_bigint(str(number)) else None
    if found is None:
        raise Http404
    return found


@taking_part
def who(http: HttpRequest, participant: Participant, number: int) -> HttpResponse:
    """Choose who of the own delegation has to come to a meeting, and who may."""
    meeting, side, people = _own_side(participant, number)
    data = http.POST if http.method == "POST" else None
    form = WhoComesForm(data, meeting=meeting, side=side, people=people)
    stored = None
    if form.is_bound and form.is_valid():
        try:
            who_comes.set_people(
                meeting,
                side=side,
                must=form.chosen(form.MUST),
                may=form.chosen(form.MAY),
                least=form.cleaned_data["least"],
                version=form.cleaned_data["version"],
            )
        except ChangedMeanwhile as error:
            stored, _side, _people = _own_side(participant, number)
            form.renew_version(stored.version)
            form.add_error(None, error.messages)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("my-meetings", code=page_key(participant.registration))
    context: dict[str, Any] = context_of(participant, participant.registration) | {
        "own": OwnMeeting(meeting, participant),
        "stored": OwnMeeting(stored, participant) if stored else None,
        "form": form,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(http, "website/my_meetings_who.html", context, status=status)


def _own_side(participant: Participant, number: int) -> tuple[Meeting, int, list[Participant]]:
    """Return a meeting of somebody's that is to come, the own side, and who can come on it.

    Raises ``Http404``.
    """
    rows = Meeting.objects.filter(people__participant=participant, status=Meeting.Status.AGREED)
    rows = rows.select_related("event").with_people()
    meeting = rows.filter(pk=number).first() if fits_bigint(str(number)) else None
    if meeting is None:
        raise Http404
    side = meeting.people.get(participant=participant).side
    found = who_comes.candidates(meeting, side).with_person()
    return meeting, side, list(found.order_by("registration__sort_name", "pk"))
