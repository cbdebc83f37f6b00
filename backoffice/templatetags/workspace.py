"""What the pages of an event show: its menu, and ways to the pages of rows."""

from typing import Any

from django import template
from django.contrib import admin
from django.db.models import Model
from django.template import Context

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


@register.filter
def page_of(row: Model) -> str:
    """Return the name of the address of a row's page."""
    return f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
