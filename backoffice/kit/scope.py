"""What the admin shows of the rows that an organizer does not work on: nothing at all.

Which rows these are, the policy of each model says: ``events/models/scope.py``.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from events.models.limits import Person, limits_of
from events.models.scope import readable
from summit.lib.database.numbers import rows_by_keys


def reads(user: Person) -> Callable[[Model], bool]:
    """Return a function that says whether somebody reads a row. A query for each row asked."""
    if limits_of(user) is None:
        return lambda row: True
    known: dict[tuple[type[Model], object], bool] = {}

    def is_read(row: Model) -> bool:
        key = type(row), row.pk
        if key not in known:
            rows = type(row)._default_manager.filter(pk=row.pk)
            known[key] = readable(rows, user).exists()
        return known[key]

    return is_read


class RowsInScope(BaseModelAdmin):
    """An inline on a shared row's page: shows the parts that belong to events of theirs."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return readable(super().get_queryset(request), request.user)


def view_on_site(site: admin.AdminSite) -> Callable[[HttpRequest, str, str], HttpResponse]:
    """Return the view that leads to a row's public page, of rows that the person reads here."""

    def view(request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        model = _model_of(content_type_id)
        model_admin = site.get_model_admin(model) if site.is_registered(model) else None
        if model_admin is None or not model_admin.has_view_permission(request):
            raise Http404
        rows = rows_by_keys(model._default_manager.all(), [object_id])
        if not readable(rows, request.user).exists():
            raise Http404
        return shortcut(request, content_type_id, object_id)

    return view


def _model_of(content_type_id: str) -> type[Model]:
    found = rows_by_keys(ContentType.objects.all(), [content_type_id]).first()
    model = found.model_class() if found else None
    if model is None:
        raise Http404
    return model
