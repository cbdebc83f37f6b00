"""Import for the list of a model."""

import csv
from functools import partial
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from import_export.admin import ImportMixin
from import_export.formats.base_formats import CSV, XLSX

from backoffice.kit.importing import template
from backoffice.kit.importing.importer import Importer
from backoffice.kit.importing.resource import SheetResource
from backoffice.kit.way_back import way_back
from summit.lib.given import given
from summit.lib.web.requests import StaffRequest

PAGES = ("import", "process_import", "import_template", "import_workbook")


class ImportPage(ImportMixin, ModelAdmin):
    """Import for those who may add. Overrides ``get_urls``."""

    formats = [CSV, XLSX]
    import_export_change_list_template = "backoffice/importing/change_list.html"

    resource_classes: list[type[SheetResource]]

    def get_urls(self) -> list[URLPattern]:
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        more = [
            path(
                f"import/template.{ending}",
                self.admin_site.admin_view(view),
                name=f"{prefix}_{name}",
            )
            for ending, view, name in (
                ("csv", self.import_template, "import_template"),
                ("xlsx", self.import_workbook, "import_workbook"),
            )
        ]
        return [*more, *super().get_urls()]

    @property
    def resource(self) -> type[SheetResource]:
        return self.resource_classes[0]

    def import_template(self, request: HttpRequest) -> HttpResponse:
        """An empty file with the column names, which Chinese Excel opens as it is meant."""
        self._check(request)
        return empty_csv(self.resource, given(self.opts.model_name))

    def import_workbook(self, request: HttpRequest) -> HttpResponse:
        self._check(request)
        return template.response(self.resource, given(self.opts.model_name))

    def import_action(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        return self._importer(request).choose()

    def process_import(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        return self._importer(request).confirm()

    def _importer(self, request: StaffRequest) -> Importer:
        self._check(request)
        # From a page of an event: it stays in sight, and writing ends there.
        back = way_back(request)
        query = f"?{request.GET.urlencode()}" if back else ""
        event_of_new = getattr(self, "event_of_new", None)
        return Importer(
            request,
            resource=self.resource,
            make=partial(self.resource, may_change=partial(self.has_change_permission, request)),
            urls={name: self._url(name) + query for name in PAGES},
            back=back or self._url("changelist"),
            opts=self.opts,
            subtitle=str(self.opts.verbose_name_plural),
            context={
                "event_in_sight": event_of_new(request) if event_of_new and back else None,
                "list_url": back,
            },
        )

    def _check(self, request: HttpRequest) -> None:
        if not self.has_import_permission(request):
            raise PermissionDenied

    def _url(self, name: str) -> str:
        return reverse(
            f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{name}"
        )


def empty_csv(resource: type[SheetResource], name: str) -> HttpResponse:
    """Answer with the column names as CSV in UTF-8 with a mark."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
    csv.writer(response).writerow(resource.written())
    return response
