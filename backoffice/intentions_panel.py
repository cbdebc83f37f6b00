"""What was signed about a project, a talk or by an expert: for staff, on the page of each."""

from typing import Any, Protocol, runtime_checkable

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.kit.way_back import add_url
from events.models import Expert, Organization, Session
from projects.models import CooperationIntention
from projects.models.intention_queryset import IntentionQuerySet
from summit.lib.database.numbers import rows_by_keys
from summit.lib.i18n.languages import Words

PERMISSION = "projects.view_cooperationintention"
SHOWN = 10


@runtime_checkable
class TellsIntentions(Protocol):
    """A page that has the panel."""

    def intentions_of(self, row: Any, /) -> IntentionQuerySet: ...

    def get_queryset(self, request: HttpRequest) -> QuerySet: ...

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool: ...


def intentions_panel(
    model_admin: TellsIntentions, request: HttpRequest, obj: Model
) -> dict[str, Any]:
    """Return what was signed about a row, drafts and confidential intentions included. A panel.

    Nobody sees it who may not see intentions, or those of other events than theirs. Which they
    are says ``intentions_of(row)`` of the page. One query.
    """
    if not request.user.has_perm(PERMISSION):
        return {}
    found = model_admin.intentions_of(obj).run_by(request.user)
    rows = list(found.select_related("company", "expert", "event").counted()[:SHOWN])
    return {
        "intentions": {
            "rows": rows,
            "all_of_them": _address_of_all(obj, rows),
            "add_url": _address_of_new(request, obj),
        }
    }


class CameOfFilter(admin.SimpleListFilter):
    """The list behind a panel that holds too many: ``?came_of=project:12``. Hidden otherwise."""

    title = _("what came of")
    parameter_name = "came_of"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        self._intentions: IntentionQuerySet | None = None
        value = self.value() or ""
        name, _colon, key = value.partition(":")
        page = _pages(model_admin.admin_site).get(name)
        row = rows_by_keys(page.get_queryset(request), [key]).first() if page else None
        if page is None or row is None or not page.has_view_permission(request, row):
            return []
        self._intentions = page.intentions_of(row)
        return [(value, str(row))]

    def has_output(self) -> bool:
        return bool(self.used_parameters)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.used_parameters:
            return queryset
        if self._intentions is None:
            return queryset.none()
        return queryset.filter(pk__in=self._intentions.order_by().values("pk"))


def _address_of_new(request: HttpRequest, obj: Model) -> str:
    """Return where an intention is drafted that names the row, if somebody may."""
    match obj:
        case Expert():
            named = {"expert": obj.pk}
        case Organization():
            named = {"company": obj.pk}
        case Session():
            named = {"event": obj.event_id, "session": obj.pk}
        case _:
            return ""
    if not request.user.has_perm("projects.add_cooperationintention"):
        return ""
    return add_url(CooperationIntention, request.path, **named)


def _address_of_all(obj: Model, rows: list[CooperationIntention]) -> str:
    """Return where all of them are listed, if these are not all."""
    if not rows or rows[0].in_all == len(rows):
        return ""
    page = reverse("admin:projects_cooperationintention_changelist")
    return f"{page}?came_of={obj._meta.model_name}:{obj.pk}"


def _pages(site: admin.AdminSite) -> dict[str | None, TellsIntentions]:
    """The pages that have the panel, by the names of their models."""
    return {
        model._meta.model_name: page
        for model, page in site._registry.items()
        if isinstance(page, TellsIntentions)
    }
