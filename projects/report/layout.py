"""The order in which a report tells its figures: along the chain, from the event to the outcome."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.report import breakdowns, figures, periods
from projects.report.breakdowns import Breakdown
from projects.report.figures import Figure, Ratio
from projects.report.subject import Subject
from summit.lib.i18n.languages import Words


@dataclass(frozen=True)
class Section:
    key: str
    label: Words
    figures: tuple[Figure | Ratio, ...]
    breakdowns: tuple[Breakdown, ...] = ()

    def is_told_of(self, subject: Subject) -> bool:
        return any(isinstance(each, Ratio) or each.is_told_of(subject) for each in self.figures)


SECTIONS = (
    Section(
        "events",
        pgettext_lazy("section of the report", "Events"),
        (
            *(figures.events, figures.events_held, figures.events_ahead),
            *(figures.events_cancelled, figures.events_draft),
        ),
    ),
    Section(
        "programme",
        _("Programme and experts"),
        (
            *(figures.sessions, figures.experts),
            *(figures.organizations, figures.experts_recommending),
        ),
        (
            breakdowns.session_kinds,
            breakdowns.expert_countries,
            breakdowns.expert_organizations,
        ),
    ),
    Section(
        "projects",
        pgettext_lazy("section of the report", "Projects"),
        (
            *(figures.projects, figures.offers, figures.requests, figures.recommendations),
            *(figures.projects_named, figures.projects_signed, figures.projects_converted),
        ),
        (breakdowns.sectors, breakdowns.maturity),
    ),
    Section(
        "registrations",
        _("Registrations and attendance"),
        (
            *(figures.registrations, figures.confirmed),
            *(figures.expected, figures.arrived, figures.attendance_rate),
        ),
        (breakdowns.registration_statuses, breakdowns.registration_categories),
    ),
    Section(
        "intentions",
        pgettext_lazy("section of the report", "Cooperation intentions"),
        (
            *(figures.drafts, figures.abandoned, figures.signed),
            *(figures.signed_public, figures.signed_confidential, figures.without_amount),
        ),
        (breakdowns.intended_amounts, periods.signing_periods),
    ),
    Section(
        "follow_ups",
        pgettext_lazy("section of the report", "Follow-ups"),
        (
            *(figures.follow_ups, figures.follow_ups_done, figures.follow_ups_overdue),
            *(figures.follow_ups_upcoming, figures.follow_ups_void),
        ),
        (breakdowns.follow_up_outcomes,),
    ),
    Section(
        "outcomes",
        _("Outcomes of signed intentions"),
        (
            *(figures.standing, figures.converted, figures.lapsed, figures.terminated),
            figures.conversion_rate,
        ),
        (breakdowns.contracted_amounts,),
    ),
)
# The first line of a report, in a few figures.
CHAIN = (
    *(figures.events, figures.sessions, figures.experts, figures.projects),
    *(figures.confirmed, figures.signed, figures.converted),
)
# Each of these is a part of the one before.
FUNNEL = (
    *(figures.projects, figures.projects_named),
    *(figures.projects_signed, figures.projects_converted),
)
# What the table of a series tells of each of its events.
OF_EACH_EVENT = (
    *(figures.sessions, figures.experts, figures.projects),
    *(figures.confirmed, figures.expected, figures.arrived),
    *(figures.signed, figures.converted, figures.follow_ups_overdue),
)

FIGURES = {
    each.key: each for section in SECTIONS for each in section.figures if isinstance(each, Figure)
}
BREAKDOWNS = {each.key: each for section in SECTIONS for each in section.breakdowns}
