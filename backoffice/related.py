"""What belongs to a series, an organization or an expert: a few of each on its page, and the way.

Each part costs a query or two, whatever there is, and tells nothing beyond the limits of who asks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Model, Prefetch, Q, QuerySet, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.kit.searched_filters import OfRow, of_row
from backoffice.kit.way_back import add_url, event_led_from
from events.models import (
    Affiliation,
    Appearance,
    Event,
    EventRole,
    EventSeries,
    Expert,
    Organization,
    Session,
)
from events.models.limits import Person, limits_of
from events.models.scope import readable
from projects.models import Project, Recommendation
from registrations.models import Registration
from summit.lib.i18n.bilingual import Text
from summit.lib.i18n.languages import Words, listed

SHOWN = 10
# Of people at an organization as of an event: no list leads to those alone.
MOST_AT_EVENT = 100


@dataclass(frozen=True)
class Line:
    label: Words | Text
    url: str
    facts: list[Words]


@dataclass(frozen=True)
class Related:
    """Some of what belongs to a row, how many there are, where all are, and how one is added."""

    name: str
    heading: Words
    total: int
    all_url: str
    lines: list[Line] = field(default_factory=list)
    add_url: str = ""

    @property
    def has_more(self) -> bool:
        return self.total > len(self.lines)


type Part = Callable[[HttpRequest, Any], Related | None]


def related_panel(*parts: Part) -> Callable[[Any, HttpRequest, Any], dict[str, Any]]:
    """Return a panel of the parts that somebody may see."""

    def panel(_page: Any, request: HttpRequest, row: Any) -> dict[str, Any]:
        found = (part(request, row) for part in parts)
        return {"related": [each for each in found if each is not None]}

    return panel


# The filters of the lists to which the parts lead


def _recommended_by(expert: Expert, user: Person) -> Q:
    theirs = readable(Recommendation.objects.filter(expert=expert).order_by(), user)
    return Q(pk__in=theirs.values("project"))


def _with_appearance_of(expert: Expert, _user: Person) -> Q:
    return Q(pk__in=Appearance.objects.filter(expert=expert).order_by().values("session"))


def _of_people_at(organization: Organization, _user: Person) -> Q:
    at = Affiliation.objects.filter(organization=organization).order_by()
    return Q(pk__in=at.values("expert"))


def _of_people_who_are_at(organization: Organization, _user: Person) -> Q:
    at = Affiliation.objects.filter(organization=organization).order_by()
    over = Q(ends_on__lt=timezone.localdate())
    return Q(pk__in=at.exclude(over).values("expert"))


def _of_people_who_were_at(organization: Organization, user: Person) -> Q:
    are_at = _of_people_who_are_at(organization, user)
    return _of_people_at(organization, user) & ~are_at


def _with_role_of(organization: Organization, _user: Person) -> Q:
    roles = EventRole.objects.filter(organization=organization).order_by()
    return Q(pk__in=roles.values("event"))


EXPERTS_AT: type[OfRow] = of_row(Organization, _of_people_at)
PRESENTLY_AT: type[OfRow] = of_row(
    Organization,
    _of_people_who_are_at,
    name="present_organization",
    label=pgettext_lazy("filter", "at present at"),
)
FORMERLY_AT: type[OfRow] = of_row(
    Organization,
    _of_people_who_were_at,
    name="former_organization",
    label=pgettext_lazy("filter", "formerly at"),
)
EVENTS_WITH: type[OfRow] = of_row(Organization, _with_role_of)
OWNED_BY: type[OfRow] = of_row(Organization, lambda owner, _user: Q(owner=owner))
COMING_FROM: type[OfRow] = of_row(Organization, lambda place, _user: Q(organization=place))
SESSIONS_WITH: type[OfRow] = of_row(Expert, _with_appearance_of)
RECOMMENDED_BY: type[OfRow] = of_row(Expert, _recommended_by)


# The parts


def events_of_series(request: HttpRequest, series: EventSeries) -> Related | None:
    user = request.user
    if not _may(user, "view", Event):
        return None
    rows, total = _few(readable(Event.objects.filter(series=series), user))
    limits = limits_of(user)
    may_add = _may(user, "add", Event) and (limits is None or series.pk in limits.series)
    return Related(
        "events",
        _("Events"),
        total,
        _list(Event, f"series__id__exact={series.pk}"),
        [_of_event(event) for event in rows],
        add_url(Event, request.path, series=series.pk) if may_add else "",
    )


def people_of_organization(request: HttpRequest, organization: Organization) -> Related | None:
    """Return who is at an organization: today or, for whom an event led here, on its first day."""
    event = event_led_from(request)
    add = _add(request.user, Expert, request, organization=organization.pk)
    if event is None:
        found = _people(request, organization, PRESENTLY_AT)
        return replace(found, add_url=add) if found else None
    held = Affiliation.objects.at(event.starts_on).filter(organization=organization)
    then = Q(pk__in=held.order_by().values("expert"))
    found = _people(request, organization, EXPERTS_AT, then, most=MOST_AT_EVENT)
    heading = _("Experts at the time of the event")
    return replace(found, heading=heading, add_url=add) if found else None


def former_people_of_organization(
    request: HttpRequest, organization: Organization
) -> Related | None:
    """Return who was at an organization and is no more; nothing where an event led here."""
    if event_led_from(request) is not None:
        return None
    found = _people(request, organization, FORMERLY_AT)
    if found is None or not found.total:
        return None
    return replace(found, name="former-people", heading=_("Former experts"))


def _people(
    request: HttpRequest,
    organization: Organization,
    filters: type[OfRow],
    condition: Q | None = None,
    *,
    most: int = SHOWN,
) -> Related | None:
    """Return the experts whom ``condition`` or, without it, a filter of their list finds."""
    if not _may(request.user, "view", Expert):
        return None
    here = Affiliation.objects.filter(organization=organization)
    which = filters.condition(organization, request.user) if condition is None else condition
    shown = Expert.objects.filter(which).prefetch_related(
        Prefetch("affiliations", here, to_attr="here")
    )
    rows, total = _few(shown, most)
    return Related(
        "people",
        _("Experts"),
        total,
        _list(Expert, f"{filters.parameter_name}={organization.pk}"),
        [Line(expert.display_name, _change(expert), _positions(expert.here)) for expert in rows],
    )


def projects_of_organization(request: HttpRequest, organization: Organization) -> Related | None:
    rows = Project.objects.filter(owner=organization)
    list_url = _list(Project, f"organization__id__exact={organization.pk}")
    return _projects(request, rows, list_url, owner=organization.pk)


def events_of_organization(request: HttpRequest, organization: Organization) -> Related | None:
    user = request.user
    if not _may(user, "view", Event):
        return None
    here = EventRole.objects.filter(organization=organization)
    events = readable(Event.objects.filter(_with_role_of(organization, user)), user)
    rows, total = _few(events.prefetch_related(Prefetch("roles", here, to_attr="here")))
    return Related(
        "events",
        _("Events"),
        total,
        _list(Event, f"organization__id__exact={organization.pk}"),
        [
            _of_event(event, listed(role.get_role_display() for role in event.here))
            for event in rows
        ],
    )


def attendees_of_organization(request: HttpRequest, organization: Organization) -> Related | None:
    """Count them: who they are, their private list tells."""
    user = request.user
    if not _may(user, "view", Registration):
        return None
    coming = readable(Registration.objects.filter(organization=organization).order_by(), user)
    return Related(
        "attendees",
        _("Attendees"),
        coming.count(),
        _list(Registration, f"organization__id__exact={organization.pk}"),
    )


def sessions_of_expert(request: HttpRequest, expert: Expert) -> Related | None:
    user = request.user
    if not _may(user, "view", Session):
        return None
    here = Appearance.objects.filter(expert=expert)
    sessions = readable(Session.objects.filter(_with_appearance_of(expert, user)), user)
    rows, total = _few(
        sessions.select_related("event")
        .prefetch_related(Prefetch("appearances", here, to_attr="here"))
        .order_by("-starts_at", "pk")
    )
    return Related(
        "sessions",
        _("Sessions"),
        total,
        _list(Session, f"expert__id__exact={expert.pk}"),
        [
            Line(
                session.title,
                _change(session),
                [
                    session.starts_at.astimezone(session.event.zone).date().isoformat(),
                    listed(each.get_role_display() for each in session.here),
                    session.event.title.in_span,
                ],
            )
            for session in rows
        ],
    )


def projects_of_expert(request: HttpRequest, expert: Expert) -> Related | None:
    rows = Project.objects.filter(_recommended_by(expert, request.user))
    found = _projects(request, rows, _list(Project, f"expert__id__exact={expert.pk}"))
    if found is None or not _may(request.user, "add", Recommendation):
        return found
    add = add_url(Recommendation, request.path, expert=expert.pk)
    return replace(found, heading=_("Recommended projects"), add_url=add)


def _projects(
    request: HttpRequest, projects: QuerySet[Project], list_url: str, **prefilled: object
) -> Related | None:
    if not _may(request.user, "view", Project):
        return None
    rows, total = _few(projects.order_by("-pk"))
    lines = [
        Line(
            project.title,
            _change(project),
            [project.get_kind_display(), project.get_status_display()],
        )
        for project in rows
    ]
    add = _add(request.user, Project, request, **prefilled) if prefilled else ""
    return Related("projects", _("Projects"), total, list_url, lines, add)


def _few(rows: QuerySet[Any], most: int = SHOWN) -> tuple[list[Any], int]:
    """Return the first rows, and how many there are, in one query."""
    found = list(rows.annotate(in_all=Window(Count("pk")))[:most])
    return found, found[0].in_all if found else 0


def _of_event(event: Event, *facts: Words) -> Line:
    day = event.starts_on.isoformat()
    url = reverse("admin:events_event_overview", args=[event.pk])
    return Line(event.title, url, [day, event.get_status_display(), *facts])


def _positions(affiliations: Iterable[Affiliation]) -> list[Words]:
    positions = listed(each.position for each in affiliations if each.position)
    years = listed(each.years for each in affiliations if each.years)
    return [text for text in (positions, years) if text]


def _may(user: Person, deed: str, model: type[Model]) -> bool:
    return user.has_perm(f"{model._meta.app_label}.{deed}_{model._meta.model_name}")


def _add(user: Person, model: type[Model], request: HttpRequest, **prefilled: object) -> str:
    return add_url(model, request.path, **prefilled) if _may(user, "add", model) else ""


def _change(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _list(model: type[Model], query: str) -> str:
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{page}?{query}"
