"""Events, what their programmes hold, and who stands in them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from projects.report import populations
from projects.report.figures.base import Figure

events = Figure(
    "events",
    populations.EVENTS,
    _("Events"),
    _("Published events of the series; drafts and cancelled events are left out."),
    lambda subject: Q(status=Event.Status.PUBLISHED),
    of_series_only=True,
)
events_held = Figure(
    "events_held",
    populations.EVENTS,
    _("Events held"),
    _("Of these, events that are over."),
    lambda subject: Q(status=Event.Status.PUBLISHED, ends_at__lte=subject.at),
    of_series_only=True,
)
events_ahead = Figure(
    "events_ahead",
    populations.EVENTS,
    _("Events running or to come"),
    _("Of these, events that are not over yet."),
    lambda subject: Q(status=Event.Status.PUBLISHED, ends_at__gt=subject.at),
    of_series_only=True,
)
events_postponed = Figure(
    "events_postponed",
    populations.EVENTS,
    _("Events postponed"),
    _("Events waiting for a new date; until then their programme is not counted."),
    lambda subject: Q(status=Event.Status.POSTPONED),
)
events_cancelled = Figure(
    "events_cancelled",
    populations.EVENTS,
    _("Events cancelled"),
    _("Events that were published and then cancelled; their programme counts nowhere."),
    lambda subject: Q(status=Event.Status.CANCELLED),
    of_series_only=True,
)
events_draft = Figure(
    "events_draft",
    populations.EVENTS,
    _("Events in preparation"),
    _("Events that are not published yet; their programme counts nowhere."),
    lambda subject: Q(status=Event.Status.DRAFT),
    of_series_only=True,
)

sessions = Figure(
    "sessions",
    populations.SESSIONS,
    pgettext_lazy("programme", "Sessions"),
    _("Items in the programmes of published events, breaks included."),
)
experts = Figure(
    "experts",
    populations.EXPERTS,
    _("Experts"),
    _("Experts who speak, moderate or sit on a panel in these sessions, each counted once."),
    populations.in_programme,
)
organizations = Figure(
    "organizations",
    populations.ORGANIZATIONS,
    _("Organizations of the experts"),
    _(
        "Organizations to which these experts belonged on the first day of the event, each "
        "counted once."
    ),
)
experts_recommending = Figure(
    "experts_recommending",
    populations.EXPERTS,
    _("Experts who recommended projects"),
    _("Experts who recommended at least one project at a published event, each counted once."),
    populations.recommending,
)
