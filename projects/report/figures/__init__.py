"""Every figure of a report: what it is called, which rows it counts, and its definition."""

from projects.report.figures.attendance import (
    arrived,
    attendance_rate,
    confirmed,
    expected,
    registrations,
)
from projects.report.figures.base import Figure, Ratio
from projects.report.figures.gatherings import (
    events,
    events_ahead,
    events_cancelled,
    events_draft,
    events_held,
    experts,
    experts_recommending,
    organizations,
    sessions,
)
from projects.report.figures.recommended import (
    offers,
    projects,
    projects_converted,
    projects_named,
    projects_signed,
    recommendations,
    requests,
)
from projects.report.figures.register import (
    abandoned,
    conversion_rate,
    converted,
    drafts,
    follow_ups,
    follow_ups_done,
    follow_ups_overdue,
    follow_ups_upcoming,
    follow_ups_void,
    lapsed,
    signed,
    signed_confidential,
    signed_public,
    standing,
    terminated,
    without_amount,
)
