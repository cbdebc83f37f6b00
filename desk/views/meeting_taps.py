"""What one tap at the desk of the meetings does. Each can be sent again."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.views.access import at_meetings_desk
from desk.views.door import is_fetched
from desk.views.meeting_desk import SHOWS, frame
from events.models import Event
from meetings.domain import day, day_places, stand_ins, timetable
from meetings.models import Meeting, MeetingRequest, Participant
from summit.lib.database.numbers import fits_bigint
from summit.lib.i18n import clock
from summit.lib.web.requests import StaffRequest

type Tap = Callable[[Meeting, str, User], tuple[Meeting, str]]


def _person(meeting: Meeting, ticket: str) -> int:
    found = meeting.people.filter(participant__registration__ticket=ticket).first()
    if found is None:
        raise ValidationError(_("This person is not in this meeting."), code="not_of_it")
    return found.participant_id


def _here(meeting: Meeting, about: str, by: User) -> tuple[Meeting, str]:
    people = [_person(meeting, about)] if about else None
    after = day.arrive(meeting, people)
    is_running = after.status == Meeting.Status.RUNNING
    return after, _("Under way") if is_running else _("Arrived")


def _not_here(meeting: Meeting, about: str, by: User) -> tuple[Meeting, str]:
    return day.take_back_arrival(meeting, _person(meeting, about)), _("Undone: not here")


def _begin(meeting: Meeting, about: str, by: User) -> tuple[Meeting, str]:
    return day.begin(meeting), _("Under way")


def _end(meeting: Meeting, about: str, by: User) -> tuple[Meeting, str]:
    return day.end(meeting), _("Ended")


def _not_ended(meeting: Meeting, about: str, by: User) -> tuple[Meeting, str]:
    return day.take_back_end(meeting), _("Undone: still under way")


def _missed(meeting: Meeting, about: str, by: User) -> tuple[Meeting, str]:
    return day.not_come(meeting, [_person(meeting, about)]), _("Marked as not come")


def _not_missed(meeting: Meeting, about: str, by: User) -> tuple[Meeting, str]:
    return day.take_back_not_come(meeting), _("Undone: waiting again")


def _longer(meeting: Meeting, about: str, by: User) -> tuple[Meeting, str]:
    # What is no number is more than a meeting may last.
    minutes = int(about) if fits_bigint(about) else -1
    prolonged = day_places.prolong(meeting, minutes)
    number = prolonged.meeting.extra_minutes
    said = [
        ngettext(
            "Prolonged by %(number)d minute in all.",
            "Prolonged by %(number)d minutes in all.",
            number,
        )
        % {"number": number}
    ]
    for placement in prolonged.delays:
        names = [each.registration.name for each in placement.people.all()]
        told = {
            "time": clock.hours(placement.slot.starts_at.astimezone(meeting.event.zone)),
            "table": placement.table.name,
            "people": " · ".join(names),
        }
        said.append(_("Delays %(time)s, table %(table)s: %(people)s.") % told)
    return prolonged.meeting, " ".join(said)


def _replace(meeting: Meeting, about: str, by: User) -> tuple[Meeting, str]:
    kind, _colon, key = about.partition("-")
    pk = int(key) if fits_bigint(key) else 0
    if kind == "request":
        request = MeetingRequest.objects.filter(event=meeting.event, pk=pk).first()
        made = stand_ins.replace_by(meeting, by=by, by_request=request)
    else:
        other = Meeting.objects.filter(event=meeting.event, pk=pk).first()
        made = stand_ins.replace_by(meeting, by=by, by_meeting=other)
    return made, _("Takes the place")


def _not_replaced(meeting: Meeting, about: str, by: User) -> tuple[Meeting, str]:
    instead_of = meeting.stands_in_for
    taken_out = stand_ins.take_back_stand_in(meeting)
    return instead_of or taken_out, _("Undone: the place is free again")


TAPS: dict[str, Tap] = {
    "here": _here,
    "not-here": _not_here,
    "begin": _begin,
    "end": _end,
    "not-ended": _not_ended,
    "missed": _missed,
    "not-missed": _not_missed,
    "longer": _longer,
    "replace": _replace,
    "not-replaced": _not_replaced,
}


@at_meetings_desk
def tap(request: StaffRequest, event: Event) -> HttpResponse:
    """Do what a button says: ``do`` is the deed, and after a colon whom or what it is about."""
    if request.method != "POST":
        # After a log-in, or when the language was changed, there is nothing to do again.
        return redirect("meetings-desk", slug=event.slug)
    code = request.POST.get("meeting", "")[:40]
    what, _colon, about = request.POST.get("do", "").partition(":")
    meeting = Meeting.objects.filter(event=event, code=code).first()
    if meeting is None or what not in TAPS:
        return _told(request, event, None, _("This meeting is no longer there. Reload the page."))
    meeting.event = event
    try:
        after, said = TAPS[what](meeting, about, request.user)
    except ValidationError as refusal:
        meeting.refresh_from_db(fields=["status", "version"])
        return _told(request, event, meeting, " ".join(refusal.messages), code=code)
    return _told(request, event, after, said, code=code, is_done=True)


def _told(
    request: StaffRequest,
    event: Event,
    meeting: Meeting | None,
    said: str,
    *,
    code: str = "",
    is_done: bool = False,
) -> HttpResponse:
    """Answer with the card of the meeting, or lead back to the page with the same words."""
    status = 200 if is_done else 409
    if not is_fetched(request):
        (messages.success if is_done else messages.error)(request, said)
        return redirect(_way_back(request, event, meeting))
    version = timetable.published(event)
    found = _card(event, meeting) if version and meeting else None
    context = frame(event, version) | {
        "sitting": found,
        # The place on the page that the card takes, whichever meeting is in it by now.
        "part": code,
        "said": said,
        "is_done": is_done,
        "page": request.POST.get("page", ""),
        "stand_ins": offered(meeting) if meeting and found else [],
    }
    return TemplateResponse(request, "desk/meeting_answer.html", context, status=status)


def _card(event: Event, meeting: Meeting) -> timetable.Sitting | None:
    version = timetable.published(event)
    found = timetable.sittings(version, timetable.is_meeting(meeting)) if version else []
    return found[0] if found else None


def _way_back(request: StaffRequest, event: Event, meeting: Meeting | None) -> str:
    """Return the address from which the tap came; to see who stands in, that of the meeting."""
    is_missed = meeting is not None and meeting.status == Meeting.Status.NO_SHOW
    if meeting is not None and (is_missed or request.POST.get("page") == "meeting"):
        return reverse("meetings-meeting", args=[event.slug, meeting.code])
    show = request.POST.get("show", "")
    query = f"?show={show}" if show in SHOWS else ""
    anchor = f"#meeting-{meeting.code}" if meeting else ""
    return reverse("meetings-desk", args=[event.slug]) + query + anchor


def offered(meeting: Meeting) -> list[dict[str, object]]:
    """Return who could take the place of a meeting that is not held, with their names."""
    if meeting.status != Meeting.Status.NO_SHOW:
        return []
    found = stand_ins.stand_ins(meeting)
    keys = {key for each in found for key in each.people}
    people = Participant.objects.with_person().in_bulk(keys)
    return [
        {
            "value": f"request-{each.request}" if each.request else f"meeting-{each.meeting}",
            "names": " · ".join(people[key].registration.name for key in sorted(each.people)),
            "is_request": each.request is not None,
            "is_interpreted": each.interpreter is not None,
            "waits_here": each.is_with_who_waits,
            "priority": each.priority,
        }
        for each in found
    ]
