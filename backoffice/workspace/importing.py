"""Imports into one event: their pages keep it in sight, and end on a page of its workspace."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from backoffice.kit.importing import template
from backoffice.kit.importing.importer import Importer
from backoffice.kit.importing.page import PAGES, empty_csv
from backoffice.kit.importing.resource import SheetResource
from backoffice.kit.way_back import way_back
from backoffice.workspace.menu import ENTRIES
from backoffice.workspace.page import names_of
from events.models import Event
from summit.lib.web.requests import StaffRequest


class EventImport:
    """The import of one kind of rows, at ``<pk>/<name>/import/``: named in ``EventAdmin.imports``.

    ``name`` is the entry of the menu that it belongs to. Whoever may add and change rows of
    ``model`` and may read the event may import.
    """

    name: ClassVar[str]
    model: ClassVar[type[Model]]
    resource: ClassVar[type[SheetResource]]

    def __init__(self, site: AdminSite) -> None:
        self.site = site

    @property
    def url_patterns(self) -> list[URLPattern]:
        views: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
            "import": ("import/", self.choose),
            "process_import": ("process_import/", self.confirm),
            "import_template": ("import/template.csv", self.empty),
            "import_workbook": ("import/template.xlsx", self.workbook),
        }
        return [
            path(
                f"<path:object_id>/{self.name}/{address}",
                self.site.admin_view(view),
                name=f"events_event_{self.name}_{page}",
            )
            for page, (address, view) in views.items()
        ]

    def choose(self, request: StaffRequest, object_id: str) -> HttpResponse:
        return self._with_importer(request, object_id, Importer.choose)

    def confirm(self, request: StaffRequest, object_id: str) -> HttpResponse:
        return self._with_importer(request, object_id, Importer.confirm)

    def empty(self, request: StaffRequest, object_id: str) -> HttpResponse:
        event = self._event(request, object_id)
        return empty_csv(self.resource, self.name) if event else self._away(request, object_id)

    def workbook(self, request: StaffRequest, object_id: str) -> HttpResponse:
        event = self._event(request, object_id)
        if event is None:
            return self._away(request, object_id)
        return template.response(self.resource, self.name)

    def make(self, request: StaffRequest, event: Event, **options: Any) -> SheetResource:
        """Return the resource for one file."""
        return self.resource(event=event, reader=request.user, **options)

    def may_import(self, request: HttpRequest) -> bool:
        page = self.site.get_model_admin(self.model)
        return page.has_add_permission(request) and page.has_change_permission(request)

    def explain_refusal(self, event: Event) -> str:
        """Return why nothing can be imported into an event; nothing where it can."""
        return ""

    def _with_importer(
        self, request: StaffRequest, object_id: str, answer: Callable[[Importer], HttpResponse]
    ) -> HttpResponse:
        event = self._event(request, object_id)
        if event is None:
            return self._away(request, object_id)
        if words := self.explain_refusal(event):
            messages.warning(request, words)
            return HttpResponseRedirect(self._workspace_page(event))
        return answer(self._importer(request, event))

    def _event(self, request: HttpRequest, object_id: str) -> Event | None:
        """Return the event, if there is one. Raises ``PermissionDenied``."""
        if not self.may_import(request):
            raise PermissionDenied
        events: Any = self.site.get_model_admin(Event)
        found = events.read_row(request, unquote(object_id))
        return found if isinstance(found, Event) else None

    def _workspace_page(self, event: Event) -> str:
        events: Any = self.site.get_model_admin(Event)
        name = self.name if self.name in names_of(events.pages) else "overview"
        return ENTRIES[name].url(event.pk)

    def _away(self, request: HttpRequest, object_id: str) -> HttpResponse:
        events: Any = self.site.get_model_admin(Event)
        answer: HttpResponse = events.lead_away(request, object_id)
        return answer

    def _importer(self, request: StaffRequest, event: Event) -> Importer:
        entry = ENTRIES[self.name]
        back = way_back(request) or self._workspace_page(event)
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return Importer(
            request,
            resource=self.resource,
            make=partial(self.make, request, event),
            urls={
                page: reverse(f"admin:events_event_{self.name}_{page}", args=[event.pk]) + query
                for page in PAGES
            },
            back=back,
            opts=self.model._meta,
            subtitle=str(entry.label),
            about=f"of event {event.pk} {self.name}",
            context={"event_in_sight": event, "list_url": back, "entry": self.name},
        )


def import_url(name: str, event: Event) -> str:
    """Return the address of an import into an event."""
    return reverse(f"admin:events_event_{name}_import", args=[event.pk])
