"""The report of an event or a series: a page to read and print, and files of the same figures."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backoffice.report_meetings import show_meetings
from backoffice.report_selection import PERMISSION, FigureLinks, report_url
from events.models import Event, EventSeries
from events.models.limits import limits_of
from interests.report import SECTION as INTEREST
from interests.report import InterestFigure, numbers_of
from projects.report import charts, periods, queries
from projects.report.breakdowns import Amounts, Breakdown, Row, sectors
from projects.report.figures import register
from projects.report.figures.attendance import arrived, expected
from projects.report.figures.base import Figure, Ratio
from projects.report.layout import CHAIN, FUNNEL, OF_EACH_EVENT, SECTIONS, Section
from projects.report.queries import EventLine, Report
from projects.report.signed import signed_lines
from projects.report.subject import Subject, UnknownSubject
from summit.lib.i18n import clock
from summit.lib.i18n.bilingual import other
from summit.lib.i18n.languages import CONTENT_LANGUAGES, OWN_NAMES, TAGS, current
from summit.lib.web.requests import StaffRequest

# As what the figures can be downloaded: report_files.py.
ENDINGS = ("xlsx", "csv")
# So many rows of a breakdown stand on the page; the files have all of them.
MOST_ROWS = 15
# So many signed intentions stand on the page; the files have all of them.
MOST_SIGNED = 300
# What the table of events tells of each: whom one expected is told by who has a place.
COLUMNS = [figure for figure in OF_EACH_EVENT if figure is not expected]


type View[**Args] = Callable[Concatenate[StaffRequest, Args], HttpResponse]


def in_its_language[**Args](view: View[Args]) -> View[Args]:
    """Answer in the language that ``?language=`` names, else in the reader's own.

    So a report is printed in either without changing the language of the whole admin.
    """

    @functools.wraps(view)
    def answer(request: StaffRequest, /, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponse:
        language = request.GET.get("language", "")
        if language not in CONTENT_LANGUAGES:
            return view(request, *args, **kwargs)
        with translation.override(language):
            response = view(request, *args, **kwargs)
            response.headers.setdefault("Content-Language", language)
            return response

    return answer


def scope_of(kind: str, slug: str, reader: User) -> Subject:
    try:
        return Subject.named(kind, slug, reader)
    except UnknownSubject as error:
        raise Http404(_("There is no such event or series.")) from error


@permission_required(PERMISSION, raise_exception=True)
@in_its_language
def report(request: StaffRequest, kind: str, slug: str) -> HttpResponse:
    subject = scope_of(kind, slug, request.user)
    read = queries.read(subject)
    links = FigureLinks(request)
    other_language = other(current())
    context = {
        **admin.site.each_context(request),
        "title": _("Report"),
        "subtitle": str(subject.title),
        "subject": subject,
        "event_in_sight": subject.row if isinstance(subject.row, Event) else None,
        "entry": "report",
        "days": days_of(read),
        "chain": [Line.of(figure, read, links) for figure in CHAIN if figure.is_told_of(subject)],
        "sections": [
            show_section(section, read, links)
            for section in SECTIONS
            if section.is_told_of(subject)
        ],
        "interest": show_interest(subject),
        "meetings": show_meetings(subject, links),
        "typed": read.typed,
        "signed": list(signed_lines(subject, most=MOST_SIGNED)),
        "signed_left_out": max(0, read.numbers[register.signed.key] - MOST_SIGNED),
        "signed_files": [(each.upper(), f"signed.{each}?language={current()}") for each in ENDINGS],
        "columns": COLUMNS,
        "events": [event_line(line, links) for line in read.events],
        "other_language": {
            "query": f"?language={other_language}",
            "tag": TAGS[other_language],
            "name": OWN_NAMES[other_language],
        },
        "as_of": clock.moment(subject.at, timezone.get_default_timezone()),
        "files": [(each.upper(), f"report.{each}?language={current()}") for each in ENDINGS],
        "subject_url": subject_url(subject, request),
        # The switch of the whole admin wins over the address.
        "language_switch_next": request.path,
    }
    return render(request, "backoffice/report.html", context)


@dataclass
class Line:
    """A figure as the page tells it; ``url`` leads to its rows."""

    figure: Figure | Ratio
    number: object
    url: str = ""

    @classmethod
    def of(cls, figure: Figure | Ratio, read: Report, links: FigureLinks) -> "Line":
        if isinstance(figure, Ratio):
            return cls(figure, figure.of(read.numbers))
        url = links.to(read.subject, figure)
        return cls(figure, read.numbers[figure.key], url)

    @property
    def is_ratio(self) -> bool:
        return isinstance(self.figure, Ratio)


@dataclass
class Cell:
    """A row of a breakdown as the page tells it."""

    row: Row
    url: str
    parts: Sequence["Cell"] = ()


def show_section(section: Section, read: Report, links: FigureLinks) -> dict[str, Any]:
    """Return a section as its template reads it."""
    funnel = section.key == "projects"
    return {
        "key": section.key,
        "label": section.label,
        "lines": [
            Line.of(figure, read, links)
            for figure in section.figures
            if isinstance(figure, Ratio) or figure.is_told_of(read.subject)
        ],
        "funnel": funnel_of(read) if funnel and read.numbers[FUNNEL[0].key] else None,
        "funnel_lines": [Line.of(figure, read, links) for figure in FUNNEL] if funnel else [],
        "breakdowns": [parts_of(each, read, links) for each in section.breakdowns],
    }


@dataclass
class InterestLine:
    """A figure of the chain from interest to contract, as the page tells it."""

    figure: InterestFigure
    number: int
    url: str = ""
    is_ratio: bool = False


def show_interest(subject: Subject) -> dict[str, Any]:
    """Return the section on interest as its template reads it. Three queries."""
    lines = [InterestLine(figure, number) for figure, number in numbers_of(subject)]
    return {"key": "interest", "label": INTEREST, "lines": lines, "breakdowns": []}


def funnel_of(read: Report) -> charts.Chart:
    rows = [Row(figure.key, str(figure.label), read.numbers[figure.key]) for figure in FUNNEL]
    return charts.funnel("funnel", _("From recommendation to contract"), rows)


def parts_of(breakdown: Breakdown, read: Report, links: FigureLinks) -> dict[str, Any]:
    """Return a breakdown's rows that are not empty, with its chart where it has one."""
    is_of_time = breakdown is periods.signing_periods
    rows = [row for row in read.rows[breakdown.key] if row.number or is_of_time]
    shown = rows if is_of_time else rows[:MOST_ROWS]
    of_periods = [row for row in shown if isinstance(row, periods.Period)]
    chart = None
    if of_periods:
        chart = charts.stacks(breakdown.key, str(breakdown.label), of_periods)
    elif shown and breakdown is sectors:
        chart = charts.bars(breakdown.key, str(breakdown.label), shown)

    def cell(row: Row) -> Cell:
        parts = [cell(part) for part in getattr(row, "parts", ())]
        return Cell(row, links.to(read.subject, breakdown, row), parts)

    return {
        "breakdown": breakdown,
        "chart": chart,
        "rows": [cell(row) for row in shown],
        "left_out": len(rows) - len(shown),
        "is_of_money": isinstance(breakdown, Amounts),
        "is_of_time": is_of_time,
    }


def event_line(line: EventLine, links: FigureLinks) -> dict[str, Any]:
    subject = Subject(line.event)
    cells = [
        Line(figure, line.numbers[figure.key], links.to(subject, figure)) for figure in COLUMNS
    ]
    if not line.numbers[expected.key]:
        # Nobody came, or nobody recorded it: that is not for us to say.
        for cell in cells:
            if cell.figure is arrived:
                cell.number, cell.url = None, ""
    return {"event": line.event, "url": report_url(subject), "cells": cells}


def days_of(read: Report) -> str:
    """Return in words the first and the last day of the events told of, in each one's zone."""
    subject = read.subject.row
    events = [subject] if isinstance(subject, Event) else [line.event for line in read.events]
    counted = [event for event in events if event.status == Event.Status.PUBLISHED]
    if not counted:
        return ""
    first, last = counted[0], max(counted, key=lambda event: event.ends_at)
    starts, ends = first.starts_at.astimezone(first.zone), last.ends_at.astimezone(last.zone)
    return clock.days(clock.Span(starts, ends))


def subject_url(subject: Subject, request: HttpRequest) -> str:
    """Return the admin page of the series or event, for those who may see it."""
    model_admin = admin.site.get_model_admin(type(subject.row))
    if not model_admin.has_view_or_change_permission(request):
        return ""
    opts = model_admin.opts
    name = f"admin:{opts.app_label}_{opts.model_name}_change"
    return reverse(name, args=[subject.row.pk])


@permission_required(PERMISSION, raise_exception=True)
def reports(request: StaffRequest) -> HttpResponse:
    """List the reports that one may read: each series with its events, and events alone.

    For who is limited to an event, that is one that stands alone.
    """
    of_series = EventSeries.objects.run_by(request.user)
    alone = Event.objects.run_by(request.user)
    alone = alone.exclude(series__in=of_series.order_by().values("pk"))
    groups = of_series.prefetch_related("events")
    context = {
        **admin.site.each_context(request),
        "title": _("Reports"),
        "groups": [(series, list(series.events.all())) for series in groups],
        "alone": list(alone),
        "is_limited": limits_of(request.user) is not None,
    }
    return render(request, "backoffice/reports.html", context)


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses of the reports, for the admin site to put before its own."""
    view = site.admin_view
    return [
        path("report/", view(reports), name="reports"),
        *(
            path(f"report/{kind}/<slug:slug>/", view(report), {"kind": kind}, name=f"report_{kind}")
            for kind in ("series", "event")
        ),
    ]
