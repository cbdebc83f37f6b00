"""The lists that the figures of a report lead to: ``?figure=signed&scope=series:sjz``."""

from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models.limits import limits_of
from projects.report.selection import UnknownFigure, select
from projects.report.subject import Subject, UnknownSubject

FIGURE, SCOPE = "figure", "scope"
PERMISSION = "projects.view_cooperationintention"


class FigureFilter(admin.ListFilter):
    """Shows exactly the rows that a figure of a report counts, and says above them which.

    Whoever may not read the report, or follows an address that names no figure of
    this list, sees no rows rather than all.
    """

    title = _("report")
    is_of_report = True

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        for name in (FIGURE, SCOPE):
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]
        self.subject, self.selection = None, None
        if self.used_parameters and request.user.has_perm(PERMISSION):
            self._select(model, request.user)

    def _select(self, model, reader):
        try:
            subject = Subject.parse(self.used_parameters.get(SCOPE, ""), reader)
            selection = select(subject, self.used_parameters.get(FIGURE, ""))
        except (UnknownSubject, UnknownFigure):
            return
        if selection.model is model:
            self.subject, self.selection = subject, selection

    def has_output(self):
        return bool(self.used_parameters)

    def expected_parameters(self):
        return [FIGURE, SCOPE]

    def queryset(self, request, queryset):
        if not self.used_parameters:
            return queryset
        if self.selection is None:
            return queryset.none()
        return queryset.filter(pk__in=self.selection.rows.order_by().values("pk"))

    def choices(self, changelist):
        without = changelist.get_query_string(remove=self.expected_parameters())
        yield {"selected": False, "query_string": without, "display": _("All")}
        label = self.selection.label if self.selection else _("unknown figure")
        here = changelist.get_query_string()
        yield {"selected": True, "query_string": here, "display": label}

    @property
    def report_url(self):
        return report_url(self.subject)


def link_to_report(_model_admin, request, row):
    """Lead from an event or a series to its report. A panel."""
    may_read = _may_read_report(request.user, row)
    return {"report_url": report_url(Subject(row))} if may_read else {}


def _may_read_report(user, obj):
    runs = type(obj).objects.run_by(user).filter(pk=obj.pk)
    return user.has_perm(PERMISSION) and (limits_of(user) is None or runs.exists())


def report_url(subject):
    return reverse(f"admin:report_{subject.kind}", args=[subject.slug])


class FigureLinks:
    """Addresses of the lists behind the figures of one report, for one reader.

    Whoever may not see a list gets the empty address.
    """

    def __init__(self, request):
        self._request = request
        self._lists = {}

    def to(self, subject, figure, row=None):
        """Return the address of a figure's rows, or of those of one row of a breakdown."""
        of_list = self._list(figure.model if row is None else figure.of.model)
        if not of_list:
            return ""
        name = figure.key if row is None else f"{figure.key}:{row.value}"
        return f"{of_list}?{urlencode({FIGURE: name, SCOPE: subject.name}, safe=':')}"

    def _list(self, model):
        if model not in self._lists:
            self._lists[model] = self._find(model)
        return self._lists[model]

    def _find(self, model):
        if not admin.site.get_model_admin(model).has_view_or_change_permission(self._request):
            return ""
        opts = model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
