"""The lists that the figures of a report lead to: ``?figure=signed&scope=series:sjz``."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models import Event, EventSeries
from events.models.limits import Person, limits_of
from meetings.report import figures as meetings
from projects.report.breakdowns import Breakdown, Row
from projects.report.figures.base import Figure
from projects.report.selection import Selection, UnknownFigure, select
from projects.report.subject import Subject, UnknownSubject
from summit.lib.given import given
from summit.lib.web.requests import user_of

FIGURE, SCOPE = "figure", "scope"
PERMISSION = "projects.view_cooperationintention"


def _select(subject: Subject, name: str) -> Selection:
    """Find the rows of any figure of the report. Raises ``UnknownFigure``."""
    select_rows = meetings.select if name in meetings.FIGURES else select
    return select_rows(subject, name)


class FigureFilter(admin.ListFilter):
    """Shows exactly the rows that a figure of a report counts, and says above them which.

    Whoever may not read the report, or follows an address that names no figure of
    this list, sees no rows rather than all.
    """

    title = _("report")
    is_of_report = True

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, list[str]],
        model: type[Model],
        model_admin: admin.ModelAdmin,
    ) -> None:
        super().__init__(request, params, model, model_admin)
        for name in (FIGURE, SCOPE):
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]
        self.subject: Subject | None = None
        self.selection: Selection | None = None
        if self.used_parameters and request.user.has_perm(PERMISSION):
            self._select(model, user_of(request))

    def _select(self, model: type[Model], reader: User) -> None:
        try:
            subject = Subject.parse(str(self.used_parameters.get(SCOPE, "")), reader)
            selection = _select(subject, str(self.used_parameters.get(FIGURE, "")))
        except (UnknownSubject, UnknownFigure):
            return
        if selection.model is model:
            self.subject, self.selection = subject, selection

    def has_output(self) -> bool:
        return bool(self.used_parameters)

    def expected_parameters(self) -> list[str | None]:
        return [FIGURE, SCOPE]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.used_parameters:
            return queryset
        if self.selection is None:
            return queryset.none()
        return queryset.filter(pk__in=self.selection.rows.order_by().values("pk"))

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        without = changelist.get_query_string(remove=[FIGURE, SCOPE])
        yield {"selected": False, "query_string": without, "display": _("All")}
        label = self.selection.label if self.selection else _("unknown figure")
        here = changelist.get_query_string()
        yield {"selected": True, "query_string": here, "display": label}

    @property
    def report_url(self) -> str:
        return report_url(given(self.subject))


def link_to_report(
    _model_admin: admin.ModelAdmin, request: HttpRequest, row: Event | EventSeries
) -> dict[str, Any]:
    """Lead from an event or a series to its report. A panel."""
    may_read = _may_read_report(request.user, row)
    return {"report_url": report_url(Subject(row))} if may_read else {}


def _may_read_report(user: Person, obj: Event | EventSeries) -> bool:
    runs = type(obj).objects.run_by(user).filter(pk=obj.pk)
    return user.has_perm(PERMISSION) and (limits_of(user) is None or runs.exists())


def report_url(subject: Subject) -> str:
    return reverse(f"admin:report_{subject.kind}", args=[subject.slug])


class FigureLinks:
    """Addresses of the lists behind the figures of one report, for one reader.

    Whoever may not see a list gets the empty address.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._lists: dict[type[Model], str] = {}

    def to(self, subject: Subject, figure: Figure | Breakdown, row: Row | None = None) -> str:
        """Return the address of a figure's rows, or of those of one row of a breakdown."""
        of_list = self._list(figure.of.model if isinstance(figure, Breakdown) else figure.model)
        if not of_list:
            return ""
        name = figure.key if row is None else f"{figure.key}:{row.value}"
        return f"{of_list}?{urlencode({FIGURE: name, SCOPE: subject.name}, safe=':')}"

    def _list(self, model: type[Model]) -> str:
        if model not in self._lists:
            self._lists[model] = self._find(model)
        return self._lists[model]

    def _find(self, model: type[Model]) -> str:
        if not admin.site.is_registered(model):
            return ""
        if not admin.site.get_model_admin(model).has_view_or_change_permission(self._request):
            return ""
        opts = model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
