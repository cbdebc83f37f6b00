"""The event's page with what this app adds to it, which the events app knows nothing of."""

from django.contrib import admin

from backoffice.ceremony import Ceremonies
from backoffice.event import EventAdmin
from backoffice.recommendation import RecommendationAtEventInline
from events.models import Event
from projects.models import Recommendation

admin.site.unregister(Event)


@admin.register(Event)
class EventWithProjectsAdmin(Ceremonies, EventAdmin):
    inlines = [*EventAdmin.inlines, RecommendationAtEventInline]
    translation_parts = (*EventAdmin.translation_parts, "recommendations")
    history_parts = {**EventAdmin.history_parts, Recommendation: "event_id"}
