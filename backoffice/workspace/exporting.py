"""Exports of what belongs to one event, to be edited and imported into it again."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from backoffice.kit.exporting.again import ForImport
from backoffice.kit.exporting.exporter import AGAIN, Exporter
from backoffice.kit.importing.resource import SheetResource
from backoffice.workspace.menu import ENTRIES
from events.models import Event
from summit.lib.web.requests import StaffRequest


class EventExport:
    """The export of one kind of rows, at ``<pk>/<name>/export/``: named in ``EventAdmin.exports``.

    ``name`` is the entry of the menu that it belongs to. Whoever may read rows of ``model``
    and the event may export. Never of people: those are exported by the rules of attendee lists.
    """

    name: ClassVar[str]
    model: ClassVar[type[Model]]
    resource: ClassVar[type[SheetResource]]

    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def rows(self, event: Event) -> QuerySet[Any]:
        return self.model._default_manager.filter(event=event)

    @property
    def url_pattern(self) -> URLPattern:
        return path(
            f"<path:object_id>/{self.name}/export/",
            self.site.admin_view(self.respond),
            name=f"events_event_{self.name}_export",
        )

    def respond(self, request: StaffRequest, object_id: str) -> HttpResponseBase:
        if not self.site.get_model_admin(self.model).has_view_permission(request):
            raise PermissionDenied
        events: Any = self.site.get_model_admin(Event)
        event = events.read_row(request, unquote(object_id))
        if event is None:
            answer: HttpResponseBase = events.lead_away(request, object_id)
            return answer
        back = ENTRIES[self.name].url(event.pk)
        resource = self.resource(event=event, reader=request.user)
        rows = self.rows(event)
        count = rows.count()
        if not count:
            messages.warning(request, _("There are no rows to export."))
            return HttpResponseRedirect(back)
        return Exporter(
            request,
            rows,
            count,
            tables={AGAIN: ForImport(f"{self.name}-{event.slug}", resource)},
            opts=self.model._meta,
            title=_("Export for editing"),
            back=back,
            filters={"event": event.pk},
            context={"event_in_sight": event, "entry": self.name},
        ).respond()
