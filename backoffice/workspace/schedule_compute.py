"""Computing the schedule: how far it is, what was found, what is proven, and why not more."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from backoffice.workspace.schedule_board import Board
from backoffice.workspace.schedule_deeds import SECONDS
from meetings.domain.computed_words import reason_in_words, results_in_words
from meetings.models import Computation
from meetings.solver.solve import installed

# So often the page looks how far a computation is, in seconds.
AGAIN_IN = 3


def show_computation(request: HttpRequest, board: Board) -> dict[str, Any]:
    """Return the last computation of the event. One query beside those of the board."""
    rows = Computation.objects.filter(event=board.event).select_related("started_by")
    last = rows.first()
    is_running = last is not None and last.is_running and not last.is_silent
    shown: dict[str, Any] = {
        "computation": last,
        "is_running": is_running,
        "is_gone": last is not None and (last.is_silent or last.status == last.Status.FAILED),
        "is_proving": bool(installed()),
        "ways": Computation.Way.choices,
        "seconds": SECONDS,
        "again_in": AGAIN_IN if is_running else 0,
    }
    if last is None:
        return shown
    elapsed = (last.ended_at or timezone.now()) - last.started_at
    return shown | {
        "elapsed": max(int(elapsed.total_seconds()), 0),
        "results": results_in_words(last),
        "reasons": [
            (int(key), board.title(int(key)), reason_in_words(reason, board.names, board.title))
            for key, reason in last.reasons.items()
        ],
        "may_take_over": last.status == last.Status.DONE
        and not last.is_taken_over
        and not last.is_impossible,
    }
