"""What was signed about a project, a talk or by an expert: for staff, on the page of each."""

from dataclasses import dataclass

from django.contrib import admin
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from events.models.limits import Person
from summit.lib.database.numbers import is_number

PERMISSION = "projects.view_cooperationintention"
SHOWN = 30


class WhatCameOfIt:
    """Adds a panel with the intentions of a row, drafts and confidential ones included.

    Nobody sees it who may not see intentions, or those of other events than theirs. One query.
    Overrides ``get_fieldsets`` and ``get_readonly_fields``.
    """

    def intentions_of(self, obj):
        """Return the intentions that the panel shows."""
        raise NotImplementedError

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not request.user.has_perm(PERMISSION):
            return fieldsets
        return [
            *fieldsets,
            (_("What came of it"), {"fields": [IntentionsPanel(self, request.user)]}),
        ]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), IntentionsPanel(self, request.user)]


@dataclass(frozen=True)
class IntentionsPanel:
    """A read-only field, which Django asks of the row alone; this depends on who reads it too."""

    page: WhatCameOfIt
    reader: Person

    # As functions have them that are shown as a field.
    __name__ = "what_came_of_it"
    short_description = _("intentions")

    def __call__(self, obj):
        found = self.page.intentions_of(obj).run_by(self.reader)
        rows = list(found.select_related("company", "expert", "event").counted()[:SHOWN])
        if not rows:
            return _("Nothing has been signed or drafted yet.")
        items = format_html_join("", "<li>{}</li>", ((_told(row),) for row in rows))
        more = rows[0].in_all - len(rows)
        rest = _link_to(obj, rows[0].in_all) if more else ""
        return format_html('<ul class="what-came">{}</ul>{}', items, rest)


class CameOfFilter(admin.SimpleListFilter):
    """The list behind a panel that holds too many: ``?came_of=project:12``. Hidden otherwise."""

    title = _("what came of")
    parameter_name = "came_of"

    def lookups(self, request, model_admin):
        self._intentions = None
        name, _colon, key = (self.value() or "").partition(":")
        page = _pages(model_admin.admin_site).get(name)
        row = page and is_number(key) and page.get_queryset(request).filter(pk=key).first()
        if not row or not page.has_view_permission(request, row):
            return []
        self._intentions = page.intentions_of(row)
        return [(self.value(), str(row))]

    def has_output(self):
        return bool(self.used_parameters)

    def queryset(self, request, queryset):
        if not self.used_parameters:
            return queryset
        if self._intentions is None:
            return queryset.none()
        return queryset.filter(pk__in=self._intentions.order_by().values("pk"))


def _link_to(obj, in_all):
    page = reverse("admin:projects_cooperationintention_changelist")
    return format_html(
        '<p><a href="{}?came_of={}:{}">{}</a></p>',
        *(page, obj._meta.model_name, obj.pk),
        _("Show all %(count)d") % {"count": in_all},
    )


def _pages(site):
    """The pages that have the panel, by the names of their models."""
    return {
        model._meta.model_name: page
        for model, page in site._registry.items()
        if isinstance(page, WhatCameOfIt)
    }


def _told(intention):
    day = intention.closed_on or intention.signed_on
    told = [
        capfirst(intention.get_status_display()),
        date_format(day) if day else "",
        intention.event.title,
        "" if intention.is_public else _("confidential"),
    ]
    return format_html(
        '<a href="{}">{}</a><br>{}',
        reverse("admin:projects_cooperationintention_change", args=[intention.pk]),
        intention,
        " · ".join(str(part) for part in told if part),
    )
