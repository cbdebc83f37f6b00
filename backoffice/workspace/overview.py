"""The first page of an event's workspace: what is missing, what is next, and how much there is."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.kit.way_back import change_url
from backoffice.workspace.menu import ENTRIES
from backoffice.workspace.missing import missing
from backoffice.workspace.page import EventPage
from events.models import Event, EventRole, Expert, Session
from projects.domain import signing
from projects.models import CooperationIntention, FollowUp, Project
from registrations.models import Registration
from submissions.models import Submission
from summit.lib.i18n.languages import Words

# So many follow-ups are told.
FOLLOW_UPS = 3


@dataclass(frozen=True)
class Step:
    """Something that is to come, on a day or at a moment, with the page that it is about."""

    when: dt.datetime | dt.date
    words: Words
    url: str = ""
    is_late: bool = False

    @property
    def has_time(self) -> bool:
        return isinstance(self.when, dt.datetime)


def offer_actions(page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Offer what is done with the event as a whole. A panel."""
    details: Any = page.admin_site.get_model_admin(Event)
    return {"row_actions": details.actions_for(request, event)}


def tell_what_is_missing(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Say what is missing before publishing, or still. A panel."""
    return {"missing": missing(event, request)}


def tell_what_is_next(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Say what is to come, in the order of time; what is late comes first. A panel."""
    if event.is_cancelled:
        return {"steps": []}
    steps = [*_moments(event), *_due(event, request)]
    may_read = ENTRIES["report"].may_be_seen_by(request.user)
    report = ENTRIES["report"].url(event.pk) if may_read and event.has_begun else ""
    return {"steps": sorted(steps, key=lambda step: _day(step, event)), "report_page": report}


def _day(step: Step, event: Event) -> tuple[dt.date, bool, dt.datetime]:
    if isinstance(step.when, dt.datetime):
        return timezone.localdate(step.when, event.zone), True, step.when
    return step.when, False, event.starts_at


def _moments(event: Event) -> Iterator[Step]:
    if event.is_postponed:
        return
    now = timezone.now()
    settings = getattr(event, "registration_settings", None)
    if settings is not None and settings.takes_registrations:
        attendees = ENTRIES["attendees"].url(event.pk)
        times = (
            (settings.opens_at, _("Registration opens")),
            (settings.closes_from, _("Registration closes")),
        )
        yield from (Step(at, words, attendees) for at, words in times if at and at > now)
    if event.starts_at > now:
        yield Step(event.starts_at, _("The event begins"))
    elif event.ends_at > now:
        yield Step(event.ends_at, _("The event ends"))
    calls = event.calls.exclude(status="draft").filter(closes_at__gt=now)
    page = ENTRIES["calls"].url(event.pk)
    yield from (
        Step(call.closes_at, gettext("Call closes: %(call)s") % {"call": call}, page)
        for call in calls
    )
    ceremonies = event.sessions.filter(kind=Session.Kind.SIGNING, starts_at__gt=now)
    intentions = ENTRIES["intentions"].url(event.pk)
    yield from (Step(each.starts_at, str(each), intentions) for each in ceremonies)


def _due(event: Event, request: HttpRequest) -> Iterator[Step]:
    """Tell of the drafts of a ceremony that is over, of follow-ups, and of the report."""
    if event.is_over and request.user.has_perm("projects.view_cooperationintention"):
        drafts = CooperationIntention.objects.filter(event=event, status="draft").count()
        if drafts:
            words = ngettext(
                "%(count)d intention is still a draft",
                "%(count)d intentions are still drafts",
                drafts,
            ) % {"count": drafts}
            day = timezone.localdate(event.ends_at, event.zone)
            yield Step(day, words, ENTRIES["intentions"].url(event.pk), is_late=True)
    if request.user.has_perm("projects.view_followup"):
        due = FollowUp.objects.filter(intention__event=event).due().select_related("intention")
        for each in due.order_by("due_on", "pk")[:FOLLOW_UPS]:
            words = gettext("Follow-up of %(reference)s") % {"reference": each.intention.reference}
            yield Step(
                each.due_on, words, change_url(each, request.path), each.due_on < event.today
            )


def count_parts(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Count what the event consists of, with the pages on which it stands. A panel."""
    counts = [
        (label, number, ENTRIES[name].url(event.pk))
        for name, label, number in _numbers(event)
        if ENTRIES[name].may_be_seen_by(request.user)
    ]
    return {"counts": counts}


def _numbers(event: Event) -> Iterator[tuple[str, Words, int]]:
    experts = Expert.objects.filter(appearances__session__event=event)
    projects = Project.objects.filter(recommendations__event=event)
    intentions = CooperationIntention.objects.filter(event=event).aggregate(
        drafts=Count("pk", filter=Q(status="draft")),
        signed=Count("pk", filter=~Q(status__in=CooperationIntention.UNSIGNED)),
    )
    yield "programme", _("Sessions"), event.sessions.count()
    roles = EventRole.objects.filter(event=event).values("organization")
    yield "organizations", _("Organizations"), roles.distinct().count()
    yield "experts", _("Experts"), experts.distinct().count()
    yield "projects", _("Projects"), projects.distinct().count()
    yield "calls", _("Calls"), event.calls.count()
    handed_in = Submission.objects.handed_in().filter(call__event=event)
    yield "submissions", _("Submissions"), handed_in.count()
    yield "intentions", _("Drafts of intentions"), intentions["drafts"]
    yield "intentions", _("Signed intentions"), intentions["signed"]
    yield "attendees", _("Attendees"), Registration.objects.filter(event=event).active().count()


def tell_prefix(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Say what the references of this event begin with. A panel."""
    may_read = ENTRIES["intentions"].may_be_seen_by(request.user)
    return {"reference_prefix": signing.prefix_of(event) if may_read else ""}


class OverviewPage(EventPage):
    name = "overview"
    change_form_template = "backoffice/workspace/overview.html"
    panels = [offer_actions, tell_what_is_missing, tell_what_is_next, count_parts, tell_prefix]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        # Some of the actions are offered with meetings alone.
        return super().get_queryset(request).select_related("meeting_settings")
