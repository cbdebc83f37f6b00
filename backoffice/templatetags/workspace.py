"""What the pages of an event show: its menu, the way to them, and ways to the pages of rows."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import template
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.template import Context
from django.urls import reverse

from backoffice.event_exports import EXPORTS
from backoffice.event_imports import IMPORTS
from backoffice.kit.way_back import FIELD, change_url, way_back
from backoffice.work import REPORTS, group_of
from backoffice.workspace.menu import DETAILS, ENTRIES, menu_of, present_entry
from backoffice.workspace.page import names_of
from events.models import Event
from summit.lib.i18n.languages import Words

register = template.Library()


@register.inclusion_tag("backoffice/workspace/menu.html", takes_context=True)
def event_menu(context: Context) -> dict[str, Any]:
    """Show the pages of ``event_in_sight`` that one may see, the present one marked."""
    event: Event = context["event_in_sight"]
    page = admin.site.get_model_admin(Event)
    names = {*names_of(getattr(page, "pages", ())), DETAILS}
    return {"items": list(menu_of(event, context["user"], names, _present(context)))}


@register.inclusion_tag("backoffice/breadcrumbs.html", takes_context=True)
def breadcrumbs(context: Context, here: Words = "", row: Model | str = "") -> dict[str, Any]:
    """Show the way to a page: through its event’s workspace, else by the group of the menu.

    ``here`` is what the page is called, if it is not the last place of the way itself, and
    ``row`` what it is about.
    """
    event = context.get("event_in_sight")
    steps = list(_in_workspace(context) if event else _in_menu(context))
    # A page without a row names one that its context lacks.
    if isinstance(row, Model) and row != event:
        back = way_back(context["request"])
        own = reverse(page_of(row), args=[row.pk])
        steps.append((str(row), change_url(row, back) if back else own))
    if not here:
        here, _url = steps.pop()
    return {"steps": steps, "here": here}


def _in_workspace(context: Context) -> Iterator[tuple[Words, str]]:
    event: Event = context["event_in_sight"]
    yield str(Event._meta.verbose_name_plural), reverse("admin:events_event_changelist")
    if entry := ENTRIES.get(_present(context)):
        yield entry.label, entry.url(event.pk)


def _in_menu(context: Context) -> Iterator[tuple[Words, str]]:
    opts = context.get("opts")
    if opts is None:
        yield group_of(REPORTS).label, ""
        yield REPORTS.label, reverse(REPORTS.url_name)
        return
    yield group_of(opts.model).label, ""
    may = not admin.site.is_registered(opts.model) or admin.site.get_model_admin(
        opts.model
    ).has_view_or_change_permission(context["request"])
    whole_list = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist") if may else ""
    yield str(opts.verbose_name_plural), context.get("list_url") or whole_list


def _present(context: Context) -> str:
    """Return the name of the entry of the menu that the page belongs to, if any."""
    opts, request = context.get("opts"), context["request"]
    return context.get("entry") or present_entry(
        context["event_in_sight"], opts.model if opts else None, way_back(request)
    )


# The lists from which a page of an event leads to an import of rows that events share.
SHARED = {
    "organizations": "events_organization",
    "experts": "events_expert",
    "projects": "projects_project",
}


@register.simple_tag(takes_context=True)
def import_url(context: Context) -> str:
    """Return the address of the import that belongs to the page, for who may use it; else ""."""
    name, event, request = context.get("entry"), context["event_in_sight"], context["request"]
    for each in IMPORTS:
        if each.name == name:
            importing = each(admin.site)
            may = importing.may_import(request) and not importing.explain_refusal(event)
            return reverse(f"admin:events_event_{name}_import", args=[event.pk]) if may else ""
    if name not in SHARED:
        return ""
    model = apps.get_model(SHARED[name].replace("_", "."))
    if not admin.site.get_model_admin(model).has_add_permission(request):
        return ""
    query = urlencode({"event": event.pk, FIELD: request.path})
    return f"{reverse(f'admin:{SHARED[name]}_import')}?{query}"


@register.simple_tag(takes_context=True)
def export_url(context: Context) -> str:
    """Return the address of the export that belongs to the page, for who may use it; else ""."""
    name, event, request = context.get("entry"), context["event_in_sight"], context["request"]
    for each in EXPORTS:
        if each.name == name and admin.site.get_model_admin(each.model).has_view_permission(
            request
        ):
            return reverse(f"admin:events_event_{name}_export", args=[event.pk])
    return ""


@register.filter
def page_of(row: Model) -> str:
    """Return the name of the address of a row's page."""
    return f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
