from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from events.models import Event, Session
from events.models.session import SessionQuerySet
from projects.models import CooperationIntention
from summit.lib.i18n.bilingual import text_of
from summit.lib.i18n.languages import columns
from website.cards import Programme, recommended_projects
from website.role_lines import of_session
from website.sharing import preview_of
from website.views.event import trail
from website.views.intention import latest


class SessionView(DetailView):
    object: Session
    template_name = "website/session.html"
    context_object_name = "session"

    def get_queryset(self) -> SessionQuerySet:
        events = Event.objects.visible_to(self.request.user)
        sessions = Session.objects.filter(event__in=events, event__slug=self.kwargs["event_slug"])
        return sessions.select_related("event__series")

    def get_object(self, queryset: QuerySet[Session] | None = None) -> Session:
        try:
            return (queryset or self.get_queryset()).get(slug=self.kwargs["slug"])
        except Session.DoesNotExist as error:
            raise Http404(_("There is no such session.")) from error

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session, event = self.object, self.object.event
        programme = list(event.sessions.values("pk", "slug", *columns("title")))
        place = [row["pk"] for row in programme].index(session.pk)
        visible = CooperationIntention.objects.visible()
        here = f"{event.slug}/{session.slug}"
        # Beyond those above: nothing stands on a page twice.
        intentions, about = latest(
            (visible.filter(session=session), {"session": here}),
            (visible.elsewhere_about(session), {"presented_in": here}),
        )
        return super().get_context_data(
            section="events",
            event=event,
            trail=[*trail(event), (event.title, event.get_absolute_url())],
            earlier=self._neighbour(programme[place - 1]) if place else None,
            later=self._neighbour(programme[place + 1]) if place + 1 < len(programme) else None,
            people=Programme([session], event.starts_on).people.values(),
            others=of_session(session),
            recommended=recommended_projects(session.recommendations.all()),
            files=session.files.for_lists(),
            intentions=intentions,
            about=about,
            preview=preview_of(event),
            admin_url=reverse("admin:events_event_overview", args=[event.pk]),
            **kwargs,
        )

    def _neighbour(self, row: dict[str, Any]) -> dict[str, str]:
        """Return title and address of another session of the event."""
        url = reverse("session", args=[self.kwargs["event_slug"], row["slug"]])
        return {"title": text_of(row, "title"), "url": url}
