from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.kit.bilingual import BilingualAdmin, both, languages
from backoffice.kit.columns import count_column
from backoffice.kit.labels import pair
from backoffice.kit.organizer_limits import name_whom_it_limits
from backoffice.related import events_of_series, related_panel
from backoffice.report_selection import link_to_report
from events.models import EventSeries
from events.models.scope import of_events_run_by
from summit.lib.given import given


@admin.register(EventSeries)
class EventSeriesAdmin(BilingualAdmin):
    panels = [link_to_report, related_panel(events_of_series)]
    list_display = [
        both("title", _("title")),
        "reference_prefix",
        "order",
        "event_count",
        languages,
    ]
    search_fields = ["search_text"]
    fieldsets = [
        (None, {"fields": [pair("title"), ("slug", "reference_prefix", "order")]}),
        (_("Texts"), {"fields": [pair("summary"), pair("description"), "cover"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventSeries]:
        theirs = of_events_run_by(request.user, "events")
        counted = Count("events", filter=theirs or None)
        return super().get_queryset(request).annotate(events_here=counted)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if given(request.resolver_match).url_name == "autocomplete":
            found = self.scope.choosable(found, request.user)
        return found, duplicates

    def explain_kept(self, request: HttpRequest, rows: Sequence[EventSeries]) -> list[str]:
        return name_whom_it_limits(rows)

    event_count = count_column("events_here", _("events"))
