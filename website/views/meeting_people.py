"""Whom a participant may meet: the list, what each shows, and asking for a meeting."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from meetings.domain import profile, rather_not, request
from meetings.domain.waiting import received
from meetings.domain.who_may_meet import others_for, would_rather_not
from meetings.forms.people import AskForm, PeopleFilter
from meetings.models import MeetingRequest, Participant
from projects.models import Project
from summit.lib.database.numbers import fits_bigint
from website.proven_here import page_key
from website.views.meetings import context_of, taking_part
from website.views.paging import page_of

_PER_PAGE = 20


@taking_part
@require_safe
def people(http: HttpRequest, participant: Participant) -> HttpResponse:
    """List whom somebody may meet, by what is typed and chosen."""
    found = PeopleFilter(http.GET, people=others_for(participant))
    rows = found.apply().with_person().order_by("registration__sort_name", "pk")
    page = page_of(rows, _PER_PAGE, http)
    context = context_of(participant, participant.registration) | {
        "filter": found,
        "page_obj": page,
        "paginator": page.paginator,
        "people": with_projects(list(page.object_list)),
    }
    return TemplateResponse(http, "website/my_meetings_people.html", context)


def with_projects(people: list[Participant]) -> list[tuple[Participant, list[Project]]]:
    """Return people, each with the public projects that they present. One query."""
    found: dict[int, list[Project]] = {person.pk: [] for person in people}
    through = Participant.projects.through.objects.filter(participant__in=found.keys())
    pairs = list(through.values_list("participant_id", "project_id"))
    shown = Project.objects.visible().in_bulk({project for _person, project in pairs})
    for person, project in pairs:
        if project in shown:
            found[person].append(shown[project])
    return [(person, found[person.pk]) for person in people]


@taking_part
def person(http: HttpRequest, participant: Participant, number: int) -> HttpResponse:
    """Show what somebody shows of themselves, and ask that one for a meeting."""
    other = _other(participant, number)
    error = ""
    try:
        profile.open_profile(participant, other)
    except ValidationError as refusal:
        context = context_of(participant, participant.registration)
        context["reason"] = refusal.messages[0]
        return TemplateResponse(http, "website/my_meetings_limit.html", context, status=429)
    form = AskForm(http.POST if "ask" in http.POST else None, asker=participant, asked=other)
    if http.method == "POST":
        try:
            if done := _do(http, participant, other, form):
                return done
        except ValidationError as refusal:
            if hasattr(refusal, "error_dict"):
                form.add_error(None, refusal)
            else:
                error = refusal.messages[0]
    [(other, projects)] = with_projects([other])
    context = context_of(participant, participant.registration) | {
        "other": other,
        "projects": projects,
        "form": form,
        "error": error,
        "is_avoided": would_rather_not(participant, other),
        **_between(participant, other),
    }
    status = 409 if error else 422 if form.errors else 200
    return TemplateResponse(http, "website/my_meetings_person.html", context, status=status)


def _do(
    http: HttpRequest, participant: Participant, other: Participant, form: AskForm
) -> HttpResponse | None:
    """Do what a button of the page says; nothing where what was typed is to be corrected."""
    key = page_key(participant.registration)
    if "rather_not" in http.POST:
        rather_not.rather_not(participant, other)
        return redirect("my-meetings", code=key)
    if "take_back" in http.POST:
        rather_not.take_back_rather_not(participant, other)
        return redirect("my-meetings-person", code=key, number=other.pk)
    if not form.is_bound or not form.is_valid():
        return None
    given = form.cleaned_data
    request.ask(participant, other, reason=given["reason"], projects=given.get("projects", ()))
    return redirect("my-meetings", code=key)


def _other(participant: Participant, number: int) -> Participant:
    """Return somebody whom the participant sees. Raises ``Http404``."""
    rows = others_for(participant).with_person()
    found = rows.filter(pk=number).first() if fits_bigint(str(number)) else None
    if found is None:
        raise Http404
    return found


def _between(participant: Participant, other: Participant) -> dict[str, Any]:
    """Return what was asked between the two so far, as far as the participant may see it."""
    rows = MeetingRequest.objects.select_related("meeting")
    sent = rows.filter(asker=participant, asked=other).first()
    to_me = received(rows.filter(asker=other, asked=participant, status="open")).first()
    waits = (sent.status if sent else "") in ("open", "accepted", "declined")
    return {"sent": sent, "received": to_me, "may_ask": not waits and to_me is None}
