"""The first page of an event's workspace."""

from typing import Any

from django.http import HttpRequest

from backoffice.workspace.page import EventPage
from events.models import Event


def offer_actions(page: "OverviewPage", request: HttpRequest, event: Event) -> dict[str, Any]:
    """Offer what is done with the event as a whole. A panel."""
    details: Any = page.admin_site.get_model_admin(Event)
    return {"row_actions": details.actions_for(request, event)}


class OverviewPage(EventPage):
    name = "overview"
    change_form_template = "backoffice/workspace/overview.html"
    panels = [offer_actions]
