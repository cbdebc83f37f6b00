"""What publishing the draft would change and whom it concerns, and the versions there were."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from backoffice.workspace.schedule_board import Board
from meetings.domain.changes import Change, changes
from meetings.domain.loading import load_schedule
from meetings.domain.plan import Place
from meetings.domain.telling import NOBODY, Audience, audience_of
from meetings.models import Interpreter, Participant, ScheduleVersion
from summit.lib.i18n.names import staff_name

PER_PAGE = 50
# Who may read the numbers of those who are telephoned.
NUMBERS = "registrations.export_registration"


def show_changes(request: HttpRequest, board: Board) -> dict[str, Any]:
    """Return the difference between draft and published version, and whom it concerns."""
    before, found, audience = {}, [], NOBODY
    if board.draft is not None:
        if board.published is not None:
            before = {key: cell.place for key, cell in board.published_cells.items()}
        after = {key: cell.place for key, cell in board.cells.items()}
        found = changes(before, after)
        audience = audience_of(board.event, before, after)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    published = board.published
    return {
        "page": page,
        "changes": [_change(board, each) for each in page],
        "counts": _counts(found),
        "audience": audience,
        "telephoned": _telephoned(request, audience),
        "is_outdated": board.draft is not None
        and published is not None
        and published.changes != board.draft.base_changes,
        "broken_count": board.broken_count,
    }


def show_versions(request: HttpRequest, board: Board) -> dict[str, Any]:
    """Return the versions, the newest first, and whom the last publication told by no mail."""
    rows = ScheduleVersion.objects.filter(event=board.event).defer("problems", "left_out")
    versions = list(rows.select_related("made_by", "published_by")[:PER_PAGE])
    audience = _last_told(board, versions)
    return {
        "versions": [(each, staff_name(each.published_by or each.made_by)) for each in versions],
        "telephoned": _telephoned(request, audience),
    }


def _last_told(board: Board, versions: list[ScheduleVersion]) -> Audience:
    if board.published is None:
        return NOBODY
    number = board.published.number
    earlier = next((each for each in versions if each.number < number), None)
    before = load_schedule(earlier) if earlier else {}
    return audience_of(board.event, before, load_schedule(board.published))


def _counts(found: list[Change]) -> dict[str, int]:
    new = sum(each.before is None for each in found)
    off = sum(each.after is None for each in found)
    return {"new": new, "off": off, "moved": len(found) - new - off}


def _change(board: Board, change: Change) -> dict[str, Any]:
    if change.before is None:
        kind, label = "new", pgettext("meeting", "New")
    elif change.after is None:
        kind, label = "off", _("Without a place")
    else:
        kind, label = "moved", pgettext("meeting", "Moved")
    return {
        "key": change.meeting,
        "kind": kind,
        "label": label,
        "title": board.title(change.meeting),
        "before": _where(board, change.before),
        "after": _where(board, change.after),
    }


def _where(board: Board, place: Place | None) -> str:
    if place is None:
        return ""
    parts = [
        board.names.label(place.slot),
        _("Table %(table)s") % {"table": board.names.table(place.table)},
    ]
    if place.interpreter is not None:
        parts.append(board.names.interpreters.get(place.interpreter, ""))
    return " · ".join(filter(None, parts))


def _telephoned(request: HttpRequest, audience: Audience) -> list[tuple[str, str]]:
    """Return who has no address, each with the number for who may see contacts."""
    may_see = request.user.has_perm(NUMBERS)
    people = [*_named(audience.telephoned), *_hired(audience.telephoned_interpreters)]
    return [(name, number if may_see else "") for name, number in people]


def _named(people: Iterable[Participant]) -> list[tuple[str, str]]:
    return [(each.registration.name, each.registration.readable_phone) for each in people]


def _hired(interpreters: Iterable[Interpreter]) -> list[tuple[str, str]]:
    return [(each.name, each.phone) for each in interpreters]
