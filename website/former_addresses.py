"""An address that a page had before leads to the one that it has now, for good."""

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from events.models import Event, EventSeries, Expert, Organization, Session
from projects.models import Project
from submissions.models import Call
from summit.lib.database.former_slugs import row_by_former_slug
from summit.lib.given import given
from website.views.guards import View

_MODELS: dict[str, Any] = {
    "series": EventSeries,
    "event": Event,
    "event-calendar": Event,
    "register": Event,
    "registered": Event,
    "event-interest": Event,
    "expert": Expert,
    "expert-interest": Expert,
    "organization": Organization,
    "project": Project,
    "call": Call,
    "project-interest": Project,
}


def led_from_former_addresses(view: View) -> View:
    """Where a view finds no row by its slug, lead to the row that had the slug before.

    A row that has the slug now always wins. Costs nothing where the view finds one, and two
    queries where it does not, or four for a session.
    """

    @wraps(view)
    def led(request: HttpRequest, *args: object, **kwargs: str) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            name = given(given(request.resolver_match).url_name)
            if (now := _present(request, name, kwargs)) is None or now == kwargs:
                raise
            query = request.META.get("QUERY_STRING", "")
            address = reverse(name, kwargs=now) + (f"?{query}" if query else "")
            # A form that was sent is sent once more, to where its page is now: 308.
            is_form = request.method not in ("GET", "HEAD")
            moved = HttpResponsePermanentRedirect(address, preserve_request=is_form)
            # An address may be given back: a browser that did not ask again would go in circles.
            moved.headers["Cache-Control"] = "no-cache"
            return moved

    return led


def _present(request: HttpRequest, name: str, sought: dict[str, str]) -> dict[str, str] | None:
    """Return the slugs that the address has now, if it ever led to what this visitor may see."""
    if name in ("session", "session-calendar"):
        event = _found(request, Event, sought["event_slug"])
        if event is None:
            return None
        events = Event.objects.visible_to(request.user)
        sessions = Session.objects.filter(event__in=events).select_related("event")
        session = sessions.filter(event=event, slug=sought["slug"]).first()
        session = session or row_by_former_slug(sessions, sought["slug"], event=event.pk)
        return {"event_slug": session.event.slug, "slug": session.slug} if session else None
    if name not in _MODELS:
        return None
    found = _found(request, _MODELS[name], sought["slug"])
    return {"slug": found.slug} if found else None


def _found(request: HttpRequest, model: Any, slug: str) -> Any:
    visible = model.objects.visible_to(request.user)
    if present := model.objects.filter(slug=slug).first():
        return present if visible.filter(pk=present.pk).exists() else None
    return row_by_former_slug(visible, slug)
