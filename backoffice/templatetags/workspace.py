"""What the pages of an event show: its menu, and ways to the pages of rows."""

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
from backoffice.kit.way_back import FIELD
from backoffice.workspace.menu import DETAILS, entry_of, menu_of
from backoffice.workspace.page import names_of
from events.models import Event

register = template.Library()


@register.inclusion_tag("backoffice/workspace/menu.html", takes_context=True)
def event_menu(context: Context) -> dict[str, Any]:
    """Show the pages of ``event_in_sight`` that one may see, the present one marked."""
    event: Event = context["event_in_sight"]
    page = admin.site.get_model_admin(Event)
    opts = context.get("opts")
    present = context.get("entry") or entry_of(opts.model if opts else None)
    names = {*names_of(getattr(page, "pages", ())), DETAILS}
    return {"items": list(menu_of(event, context["user"], names, present))}


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
