"""The order in which a report tells its figures: along the chain, from the event to the outcome."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.report import arrival_days, breakdowns, periods
from projects.report.breakdowns import Breakdown
from projects.report.figures import attendance, gatherings, recommended, register
from projects.report.figures.base import Figure, Ratio
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
            *(gatherings.events, gatherings.events_held, gatherings.events_ahead),
            *(gatherings.events_postponed, gatherings.events_cancelled, gatherings.events_draft),
        ),
    ),
    Section(
        "programme",
        _("Programme and experts"),
        (
            *(gatherings.sessions, gatherings.experts),
            *(gatherings.organizations, gatherings.experts_recommending),
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
            *(recommended.projects, recommended.offers, recommended.requests),
            *(recommended.recommendations, recommended.projects_named),
            *(recommended.projects_signed, recommended.projects_converted),
        ),
        (breakdowns.sectors, breakdowns.maturity),
    ),
    Section(
        "registrations",
        _("Registrations and attendance"),
        (
            *(attendance.registrations, attendance.only_invited),
            *(attendance.confirmed, attendance.confirmed_online),
            *(attendance.expected, attendance.arrived, attendance.attendance_rate),
        ),
        (
            *(breakdowns.registration_statuses, breakdowns.registration_categories),
            arrival_days.arrival_days,
        ),
    ),
    Section(
        "intentions",
        pgettext_lazy("section of the report", "Cooperation intentions"),
        (
            *(register.drafts, register.abandoned, register.signed, register.voided),
            *(register.signed_public, register.signed_confidential, register.without_amount),
        ),
        (breakdowns.intended_amounts, periods.signing_periods),
    ),
    Section(
        "follow_ups",
        pgettext_lazy("section of the report", "Follow-ups"),
        (
            *(register.follow_ups, register.follow_ups_done, register.follow_ups_earlier),
            *(register.follow_ups_overdue, register.follow_ups_upcoming),
            register.follow_ups_void,
        ),
        (breakdowns.follow_up_outcomes,),
    ),
    Section(
        "outcomes",
        _("Outcomes of signed intentions"),
        (
            *(register.standing, register.converted, register.lapsed, register.terminated),
            register.conversion_rate,
        ),
        (breakdowns.contracted_amounts,),
    ),
)
# The first line of a report, in a few figures.
CHAIN = (
    *(gatherings.events, gatherings.sessions, gatherings.experts, recommended.projects),
    *(attendance.confirmed, register.signed, register.converted),
)
# Each of these is a part of the one before.
FUNNEL = (
    *(recommended.projects, recommended.projects_named),
    *(recommended.projects_signed, recommended.projects_converted),
)
# What the table of a series tells of each of its events.
OF_EACH_EVENT = (
    *(gatherings.sessions, gatherings.experts, recommended.projects),
    *(attendance.confirmed, attendance.expected, attendance.arrived),
    *(register.signed, register.converted, register.follow_ups_overdue),
)

FIGURES = {
    each.key: each for section in SECTIONS for each in section.figures if isinstance(each, Figure)
}
BREAKDOWNS = {each.key: each for section in SECTIONS for each in section.breakdowns}
