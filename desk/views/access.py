"""Who may work at which desk."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from events.models.event import EventQuerySet
from events.models.limits import limits_of
from meetings.domain.desk import events_at_meetings_desk_of
from registrations.domain.desk import events_at_desk_of

type View = Callable[..., HttpResponseBase]


def at_desk(view: View) -> View:
    """Give the view the event of its slug, where this person may work at its desk.

    Others get a 403 that says whom to ask, and never learn whether the event exists. Who
    runs every event is told that there is no such desk.
    """
    return _at_desk_of(view, events_at_desk_of)


def at_meetings_desk(view: View) -> View:
    """Do the same for the desk of an event's meetings."""
    return _at_desk_of(view, events_at_meetings_desk_of)


def _at_desk_of(view: View, events_of: Callable[..., EventQuerySet]) -> View:
    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def load_event_for_desk(request: HttpRequest, slug: str, **kwargs: object) -> HttpResponseBase:
        events = events_of(request.user).select_related("registration_settings", "meeting_settings")
        event = events.filter(slug=slug).first()
        if event is None:
            runs_all = limits_of(request.user) is None
            if runs_all and request.user.has_perm("registrations.change_registration"):
                raise Http404
            raise PermissionDenied(
                _("You are not assigned to this event. Ask an organizer to assign you.")
            )
        response = view(request, event, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return load_event_for_desk
