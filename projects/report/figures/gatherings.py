"""Events, what their programmes hold, and who stands in them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from projects.report import pools
from projects.report.figures.base import Figure

events = Figure(
    "events",
    pools.EVENTS,
    _("Events"),
    _("Published events of the series; drafts and cancelled events are left out."),
    lambda scope: Q(status=Event.Status.PUBLISHED),
    of_series_only=True,
)
events_held = Figure(
    "events_held",
    pools.EVENTS,
    _("Events held"),
    _("Of these, events that are over."),
    lambda scope: Q(status=Event.Status.PUBLISHED, ends_at__lte=scope.at),
    of_series_only=True,
)
events_ahead = Figure(
    "events_ahead",
    pools.EVENTS,
    _("Events running or to come"),
    _("Of these, events that are not over yet."),
    lambda scope: Q(status=Event.Status.PUBLISHED, ends_at__gt=scope.at),
    of_series_only=True,
)
events_cancelled = Figure(
    "events_cancelled",
    pools.EVENTS,
    _("Events cancelled"),
    _("Events that were published and then cancelled; their programme counts nowhere."),
    lambda scope: Q(status=Event.Status.CANCELLED),
    of_series_only=True,
)
events_draft = Figure(
    "events_draft",
    pools.EVENTS,
    _("Events in preparation"),
    _("Events that are not published yet; their programme counts nowhere."),
    lambda scope: Q(status=Event.Status.DRAFT),
    of_series_only=True,
)

sessions = Figure(
    "sessions",
    pools.SESSIONS,
    pgettext_lazy("programme", "Sessions"),
    _("Items in the programmes of published events, breaks included."),
)
experts = Figure(
    "experts",
    pools.EXPERTS,
    _("Experts"),
    _("Experts who speak, moderate or sit on a panel in these sessions, each counted once."),
    pools.in_programme,
)
organizations = Figure(
    "organizations",
    pools.ORGANIZATIONS,
    _("Organizations of the experts"),
    _("Organizations to which these experts belong, each counted once."),
)
experts_recommending = Figure(
    "experts_recommending",
    pools.EXPERTS,
    _("Experts who recommended projects"),
    _("Experts who recommended at least one project at a published event, each counted once."),
    pools.recommending,
)
