from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from events.admin.base import BilingualAdmin, both, languages
from events.admin.labels import pair
from events.models import EventSeries


@admin.register(EventSeries)
class EventSeriesAdmin(BilingualAdmin):
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

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(events_here=Count("events"))

    @admin.display(description=_("events"), ordering="events_here")
    def event_count(self, series):
        return series.events_here
