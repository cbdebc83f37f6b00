from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from backoffice.kit.base import BilingualAdmin, both, languages
from backoffice.kit.labels import pair
from backoffice.kit.limits import LimitsKept
from backoffice.kit.model_admin import GuardedModelAdmin
from backoffice.kit.scope import Scoped
from backoffice.report_selection import HasReport
from events.models import EventSeries
from events.models.limits import limits_of
from events.models.organizer_scope import of_events_run_by


@admin.register(EventSeries)
class EventSeriesAdmin(GuardedModelAdmin, HasReport, LimitsKept, Scoped, BilingualAdmin):
    """Who is limited to single events reads their series, and puts nothing under them."""

    list_display = [
        both("title", _("title")),
        "reference_prefix",
        "order",
        "event_count",
        languages,
    ]
    search_fields = [*pair("title"), "slug", "reference_prefix"]
    fieldsets = [
        (None, {"fields": [pair("title"), ("slug", "reference_prefix", "order")]}),
        (_("Texts"), {"fields": [pair("summary"), pair("description"), "cover"]}),
    ]

    def in_scope(self, user, rows):
        return rows.read_by(user)

    def choosable(self, user, rows):
        return rows.run_by(user)

    def why_read_only(self, request, obj):
        if _runs(request, obj):
            return ""
        return _(
            "You work on single events of this series. Ask an organizer who runs the whole "
            "series to change it."
        )

    def has_add_permission(self, request):
        return limits_of(request.user) is None and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return _runs(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return _runs(request, obj) and super().has_delete_permission(request, obj)

    def get_queryset(self, request):
        theirs = of_events_run_by(request.user, "events")
        counted = Count("events", filter=theirs or None)
        return super().get_queryset(request).annotate(events_here=counted)

    def get_search_results(self, request, queryset, search_term):
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if request.resolver_match.url_name == "autocomplete":
            found = self.choosable(request.user, found)
        return found, duplicates

    @admin.display(description=_("events"), ordering="events_here")
    def event_count(self, series):
        return series.events_here


def _runs(request, series):
    """Whether somebody runs the whole of the series, if it is one."""
    limits = limits_of(request.user)
    return series is None or limits is None or series.pk in limits.series
