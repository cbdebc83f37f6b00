from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from events.models import Event, Session
from events.models.session import SessionQuerySet
from website.views.plain_event import trail, with_speakers


class SessionView(DetailView):
    template_name = "website/session.html"
    context_object_name = "session"

    def get_queryset(self) -> SessionQuerySet:
        events = Event.objects.visible_to(self.request.user)
        sessions = Session.objects.filter(event__in=events, event__slug=self.kwargs["event_slug"])
        return with_speakers(sessions.select_related("event__series"))

    def get_object(self, queryset: SessionQuerySet | None = None) -> Session:
        session = (queryset or self.get_queryset()).filter(slug=self.kwargs["slug"]).first()
        if session is None:
            raise Http404(_("There is no such session."))
        return session

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session, event = self.object, self.object.event
        programme = list(event.sessions.all())
        here = programme.index(session)
        return super().get_context_data(
            section="events",
            event=event,
            trail=[*trail(event), (event.title, event.get_absolute_url())],
            earlier=programme[here - 1] if here else None,
            later=programme[here + 1] if here + 1 < len(programme) else None,
            admin_url=reverse("admin:events_event_change", args=[event.pk]),
            **kwargs,
        )
