from typing import Any

from django.views.generic import TemplateView

from events.models import Event, EventSeries
from projects.models import CooperationIntention
from submissions.models import Call
from website.intention_rows import intention_rows
from website.views.series import lines

SHOWN_SERIES = 6
SHOWN_CALLS = 5


class HomeView(TemplateView):
    template_name = "website/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = Event.objects.visible().exclude(status=Event.Status.CANCELLED)
        shown = shown.select_related("series", "registration_settings")
        all_series = list(EventSeries.objects.visible()[: SHOWN_SERIES + 1])
        return super().get_context_data(
            section="home",
            event=shown.upcoming().first() or shown.past().first(),
            intentions=intention_rows(CooperationIntention.objects.visible().for_rows()[:3]),
            lines=lines(all_series[:SHOWN_SERIES]),
            calls=Call.objects.open().select_related("event")[:SHOWN_CALLS],
            are_more_series=len(all_series) > SHOWN_SERIES,
            **kwargs,
        )
