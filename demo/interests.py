"""What visitors wrote about the demo's projects, experts and events, at several steps."""

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from contacts.models import Contact
from demo.builders import Work, build, existing
from demo.source import Row, columns, rows
from events.models import Event, Expert
from interests.models import HandOver, Interest, InterestAnswer
from interests.models.wording import PRESENT
from projects.models import Project

_ABOUT: dict[str, type[Project] | type[Expert] | type[Event]] = {
    "project": Project,
    "expert": Expert,
    "event": Event,
}
_DONE = ("days_ago", "agrees", "answer", "passed_to")


def interests(work: Work) -> None:
    """Make what is not there yet, by what was written."""
    for row in rows("interests", "interest"):
        if Interest.objects.filter(name=row["name"]).exists():
            continue
        about = {name: existing(model, row[name]) for name, model in _ABOUT.items() if name in row}
        if None not in about.values():
            _interest(work, row, about)


def _interest(work: Work, row: Row, about: Mapping[str, object]) -> None:
    at = timezone.now() - dt.timedelta(days=row["days_ago"])
    made = build(
        work,
        Interest,
        **{**columns(row, leave_out=_DONE), **about},
        received_at=at,
        last_step_at=at,
        consented_at=at if row.get("agrees") else None,
        consent_wording=PRESENT if row.get("agrees") else "",
        meeting_requested_at=at if row.get("status") == "meeting" else None,
        assigned_to=work.by if row.get("status", "new") not in ("new", "spam") else None,
    )
    step = {"interest": made, "by": work.by}
    if "answer" in row:
        build(work, InterestAnswer, **step, text=row["answer"], answered_at=at)
    if "passed_to" in row:
        contact = Contact.objects.get(email=row["passed_to"])
        recipient = str(made.about_title)
        build(work, HandOver, **step, contact=contact, recipient=recipient, passed_on_at=at)
