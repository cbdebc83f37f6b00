"""The schedule of an event's meetings: the grid, what it breaks, what publishing would change."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.utils.translation import gettext_lazy as _

from backoffice.workspace.meetings import explain_no_meetings, lead_to_parts
from backoffice.workspace.page import EventPage
from backoffice.workspace.schedule_board import Board
from backoffice.workspace.schedule_changes import show_changes, show_versions
from backoffice.workspace.schedule_compute import show_computation
from backoffice.workspace.schedule_deeds import DEEDS
from backoffice.workspace.schedule_grid import show_grid, show_open, show_rules
from backoffice.workspace.schedule_move import show_meeting
from events.models import Event
from summit.lib.i18n.languages import Words

type Show = Callable[[HttpRequest, Board], dict[str, Any]]

CHANGE = "meetings.change_scheduleversion"
# What the page shows, by ``?show=``, in the order of its tabs.
TABS: dict[str, Words] = {
    "people": _("By person"),
    "tables": _("By table"),
    "open": _("Without a place"),
    "compute": _("Compute"),
    "rules": _("Broken rules"),
    "changes": _("Changes to publish"),
    "versions": _("Versions"),
}
_SHOWN: dict[str, tuple[str, Show]] = {
    "people": ("grid", show_grid),
    "tables": ("grid", show_grid),
    "open": ("open", show_open),
    "compute": ("compute", show_computation),
    "rules": ("rules", show_rules),
    "changes": ("changes", show_changes),
    "versions": ("versions", show_versions),
    "meeting": ("meeting", show_meeting),
}


class SchedulePage(EventPage):
    """The page in its views: ``?show=tables``, or one meeting with its moves: ``?meeting=…``.

    What is done is posted to the same address, as ``do``, with the version that was shown.
    Overrides ``respond`` and ``get_queryset``.
    """

    name = "schedule"
    change_form_template = "backoffice/workspace/schedule.html"
    panels = [lead_to_parts]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).select_related("meeting_settings")

    def explain_none(self, event: Event) -> Words:
        return explain_no_meetings(event)

    def respond(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.read_event(request, object_id)
        if event is None or self.explain_none(event):
            return super().respond(request, object_id)
        if request.method == "POST":
            return self._do(request, event)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        name = "meeting" if "meeting" in request.GET else request.GET.get("show", "people")
        if name not in _SHOWN:
            raise Http404
        template, show = _SHOWN[name]
        board = Board(event, needs_both=name == "changes")
        context = show(request, board)
        answer = self.show(
            request,
            event,
            board=board,
            tabs=[(tab, label, tab == name) for tab, label in TABS.items()],
            shown=name,
            part=f"backoffice/workspace/schedule_{template}.html",
            may_change=self._may_change(request, event),
            **context,
        )
        if context.get("again_in"):
            # Without a script as well, the page looks again how far a computation is.
            answer["Refresh"] = str(context["again_in"])
        return answer

    def _may_change(self, request: HttpRequest, event: Event) -> bool:
        return self.has_change_permission(request, event) and request.user.has_perm(CHANGE)

    def _do(self, request: HttpRequest, event: Event) -> HttpResponse:
        if not self._may_change(request, event):
            raise PermissionDenied
        deed = DEEDS.get(request.POST.get("do", ""))
        if deed is None:
            raise Http404
        try:
            done = deed(request, event)
        except ValidationError as refusal:
            for message in refusal.messages:
                self.message_user(request, message, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        self.message_user(request, done.words, messages.SUCCESS)
        if done.is_logged:
            self.log_change(request, event, str(done.words))
        return HttpResponseRedirect(
            request.path + done.leads_to if done.leads_to else request.get_full_path()
        )
