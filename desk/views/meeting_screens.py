"""The screen of the hall: what is on at which table now and next, in both languages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from desk.views.access import at_meetings_desk
from desk.views.door import is_fetched
from events.models import Event
from meetings.domain import hall as halls
from meetings.domain import screen, timetable
from summit.lib.i18n import clock
from summit.lib.i18n.bilingual import text_in
from summit.lib.i18n.languages import CONTENT_LANGUAGES
from summit.lib.web.requests import StaffRequest


@at_meetings_desk
def hall(request: StaffRequest, event: Event) -> HttpResponse:
    """Show the screen to who is logged in; organizers give it an address of its own here."""
    if request.method == "POST":
        if request.user.has_perm("meetings.change_meetingsettings"):
            change = screen.open_screen if request.POST.get("do") == "open" else screen.close_screen
            change(event, by=request.user)
        return redirect("meetings-sheets", slug=event.slug)
    return _screen(request, event)


@never_cache
def public_hall(request: HttpRequest, signed: str) -> HttpResponse:
    """Show the screen by its own address, which an organizer has made and can end."""
    event = screen.event_of(signed)
    if event is None:
        raise Http404
    response = _screen(request, event)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _screen(request: HttpRequest, event: Event) -> HttpResponse:
    version = timetable.published(event)
    now = timezone.now()
    is_held = event.status == Event.Status.PUBLISHED
    # A screen that stands at a table shows that one alone: ?table=A1.
    table = request.GET.get("table", "")[:20]
    queues = halls.queues(event) if is_held and event.meeting_settings.is_queue else []
    context = {
        "event": event,
        "titles": both_titles(event),
        "zones": _zone_names(event),
        "version": version,
        "table": table,
        "blocks": halls.now_and_next(version, table) if version and is_held else [],
        "queues": [each for each in queues if table in ("", each.table.name)],
        "made_at": clock.hours(now.astimezone(event.zone)),
        "address": request.get_full_path(),
    }
    template = "desk/hall_blocks.html" if is_fetched(request) else "desk/hall.html"
    return TemplateResponse(request, template, context)


def both_titles(event: Event) -> list[object]:
    """Return the title in Chinese and in English, as far as there is one."""
    titles = [text_in(event, "title", each) for each in CONTENT_LANGUAGES[::-1]]
    return [title for title in titles if title] or [event.title]


def _zone_names(event: Event) -> list[str]:
    """Return what the event's zone is called in Chinese and in English."""
    names = []
    for language in CONTENT_LANGUAGES[::-1]:
        with translation.override(language):
            names.append(clock.zone_name(event.zone, timezone.now()))
    return names
