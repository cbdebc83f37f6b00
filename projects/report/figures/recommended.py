"""What was recommended, and how far it came."""

from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models import CooperationIntention, IntentionProject, Project
from projects.report import populations
from projects.report.figures.base import Figure
from projects.report.subject import Subject

Status = CooperationIntention.Status


def _named_in(*, but: tuple[str, ...] = (), status: str = "") -> Callable[[Subject], Q]:
    """Projects that an intention of the subject names: of any state but some, or of one state."""

    def where(subject: Subject) -> Q:
        links = IntentionProject.objects.filter(subject.events("intention__event")).order_by()
        links = links.exclude(intention__status__in=but)
        if status:
            links = links.filter(intention__status=status)
        return Q(pk__in=links.values("project"))

    return where


projects = Figure(
    "projects",
    populations.PROJECTS,
    _("Projects recommended"),
    _("Projects recommended at published events, each counted once, whatever their status today."),
)
offers = Figure(
    "offers",
    populations.PROJECTS,
    _("Offers"),
    _("Of these, technologies or products that somebody offers."),
    lambda subject: Q(kind=Project.Kind.OFFER),
)
requests = Figure(
    "requests",
    populations.PROJECTS,
    _("Requests"),
    _("Of these, technologies or products that somebody looks for."),
    lambda subject: Q(kind=Project.Kind.REQUEST),
)
recommendations = Figure(
    "recommendations",
    populations.RECOMMENDATIONS,
    _("Recommendations"),
    _("Each time that an expert recommended a project at a published event."),
)
projects_named = Figure(
    "projects_named",
    populations.PROJECTS,
    _("Projects named in an intention"),
    _(
        "Of the projects recommended, those that a cooperation intention of the same events "
        "names; drafts count, abandoned ones do not."
    ),
    _named_in(but=(Status.ABANDONED, Status.VOIDED)),
)
projects_signed = Figure(
    "projects_signed",
    populations.PROJECTS,
    _("Projects in a signed intention"),
    _("Of these, projects named in a signed intention, whatever the outcome."),
    _named_in(but=CooperationIntention.UNCOUNTED),
)
projects_converted = Figure(
    "projects_converted",
    populations.PROJECTS,
    _("Projects with a contract"),
    _("Of these, projects named in an intention that was converted to a contract."),
    _named_in(status=Status.CONVERTED),
)
