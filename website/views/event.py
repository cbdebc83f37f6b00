import datetime as dt
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from events.domain.online_link import link_comes_at, link_to_join
from events.models import Event, EventFile, EventRole, Photo, Session
from events.models.event import EventQuerySet
from projects.models import CooperationIntention
from registrations.domain.waiting_list import FreeSeats, free_by_way
from submissions.models import Call
from summit.lib.i18n.clock import moment_in_words
from summit.lib.i18n.languages import Words, columns
from website import role_lines
from website.cards import Programme, Slot, recommended_projects
from website.intention_rows import intention_rows
from website.page_cache import keep_page_for
from website.people import Host, hosts
from website.sharing import posters_of, preview_of
from website.structured_data import event_data

MOST_DAYS = 60
_ORGANIZATION_COLUMNS = [
    *("organization__slug", "organization__ror", "organization__names_before"),
    *columns("organization__name"),
]
# Registrations empty no cache, so that a number of seats is read anew after this time.
SEATS_KEPT = dt.timedelta(minutes=1)


class EventListView(ListView):
    template_name = "website/event_list.html"
    context_object_name = "events"
    paginate_by = 12

    def get_queryset(self) -> EventQuerySet:
        events = Event.objects.visible().select_related("series")
        self.when = self.request.GET.get("when", "upcoming")
        if self.when == "upcoming":
            return events.upcoming()
        if self.when == "past":
            return events.past()
        raise Http404(_("Events are listed as upcoming or past."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(section="events", when=self.when, **kwargs)


def by_day(slots: list[Slot]) -> list[tuple[dt.date, list[Slot]]]:
    """Group a programme by the days of its event's zone: a session stands under each of its days.

    Of one that takes months the first ``MOST_DAYS``.
    """
    days: dict[dt.date, list[Slot]] = {}
    for slot in slots:
        session = slot.session
        first, *others = session.span.days[:MOST_DAYS]
        days.setdefault(first, []).append(slot)
        for day in others:
            days.setdefault(day, []).append(slot.continued_on(day))
    return sorted(days.items())


def by_role(hosts: list[Host]) -> list[tuple[Words, list[Host]]]:
    """Group hosts under their roles, sponsors first, each in the order staff gave them."""
    return [
        (label, group)
        for role, label in EventRole.Role.choices
        if (group := [each for each in hosts if each.role == role])
    ]


class EventView(DetailView):
    template_name = "website/event.html"
    context_object_name = "event"

    def get_queryset(self) -> EventQuerySet:
        roles = (
            EventRole.objects.filter(organization__is_public=True)
            .select_related("organization")
            .only("event", "role", *_ORGANIZATION_COLUMNS)
        )
        # A programme shows no abstracts.
        sessions = Session.objects.defer(*columns("abstract"))
        return (
            Event.objects.visible_to(self.request.user)
            .select_related("series", "registration_settings")
            .prefetch_related(
                Prefetch("roles", roles, to_attr="public_roles"),
                Prefetch("sessions", sessions, to_attr="programme"),
                Prefetch("photos", Photo.objects.all(), to_attr="album"),
                Prefetch("files", EventFile.objects.for_lists(), to_attr="public_files"),
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = self.object
        programme = Programme(event.programme, event.starts_on)
        organizations = hosts(event, event.public_roles)
        people = programme.people.values()
        others = role_lines.of_event(event)
        seats = _free_seats(event)
        intentions = CooperationIntention.objects.visible().filter(event=event)
        posters = posters_of(event)
        return super().get_context_data(
            section="events",
            trail=trail(event),
            days=by_day(programme.slots(others)),
            others=others.get(None, []),
            roles=by_role(organizations),
            people=people,
            recommended=recommended_projects(event.recommendations.all()),
            intentions=intention_rows(intentions.for_rows()),
            structured=event_data(event, organizations, people),
            admin_url=reverse("admin:events_event_overview", args=[event.pk]),
            seats=seats,
            has_limited_seats_left=any(each.free for each in seats),
            posters=posters,
            preview=preview_of(event, posters),
            calls=Call.objects.open().of_event(event).select_related("event"),
            join_link=link_to_join(event),
            join_note=_note_of_link(event),
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        if any(each.free is not None for each in context["seats"]):
            keep_page_for(response, SEATS_KEPT)
        return response


def _free_seats(event: Event) -> list[FreeSeats]:
    """Return the seats left while anybody can have one; nothing where the page names none."""
    settings = getattr(event, "registration_settings", None)
    if settings is None or not settings.is_open or settings.needs_approval:
        return []
    return free_by_way(settings)


def _note_of_link(event: Event) -> str:
    """Return who gets the link to join and from when, where the page does not show it itself."""
    if moment := link_comes_at(event):
        words = {"moment": moment_in_words(moment, event.zone)}
        return _("The link to join is shown here from %(moment)s.") % words
    if link_to_join(event) or not hasattr(event, "registration_settings"):
        return ""
    if moment := link_comes_at(event, is_confirmed=True):
        return _(
            "Confirmed attendees find the link to join on their personal page from %(moment)s."
        ) % {"moment": moment_in_words(moment, event.zone)}
    if link_to_join(event, is_confirmed=True):
        return _(
            "Confirmed attendees find the link to join in their e-mail and on their personal page."
        )
    return ""


def trail(event: Event) -> list[tuple[str, str]]:
    """Return the way to an event's page: all events, then its series."""
    way = [(_("Events"), reverse("events"))]
    if event.series:
        way.append((event.series.title, event.series.get_absolute_url()))
    return way
