"""Moving the whole programme of an event, or a day of it, after a preview."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from backoffice.announcement import offer_to_tell, pass_added_seats_on, point_to_kept_times
from backoffice.kit.actions import Action, Facts
from backoffice.kit.model_admin import SummitAdmin
from events.domain.move import move_programme, plan
from events.models import Event, Session
from summit.lib.i18n import clock
from summit.lib.web.fields import field_of
from summit.lib.web.requests import StaffRequest

# The years of two typing errors of a day; the domain refuses what no calendar has.
_MOST_DAYS = 4000
_MOST_MINUTES = 24 * 60


class MoveForm(forms.Form):
    """How far, and what: the days are those on which a session begins."""

    day = forms.ChoiceField(label=_("What moves"), required=False)
    days = forms.IntegerField(
        label=_("By days"),
        required=False,
        min_value=-_MOST_DAYS,
        max_value=_MOST_DAYS,
        help_text=_("7 is a week later, −7 a week earlier. Times of day stay as they are."),
    )
    minutes = forms.IntegerField(
        label=_("By minutes"),
        required=False,
        min_value=-_MOST_MINUTES,
        max_value=_MOST_MINUTES,
        help_text=_("30 is half an hour later, −30 half an hour earlier."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(day.isoformat(), clock.day(day)) for day in self.initial["programme_days"]]
        field_of(self, "day", forms.ChoiceField).choices = [
            ("", _("the whole event with its programme")),
            *days,
        ]

    @staticmethod
    def initial_for(event: Event) -> dict[str, Any]:
        days = {session.starts_on for session in event.sessions.select_related("event")}
        return {"programme_days": sorted(days)}

    def clean(self) -> dict[str, Any]:
        given = {name: self.cleaned_data.get(name) or 0 for name in ("days", "minutes")}
        if not self.errors and not any(given.values()):
            raise ValidationError(_("Enter the number of days or minutes."), code="nowhere")
        day = self.cleaned_data.get("day")
        return {
            "by": dt.timedelta(**given),
            "day": dt.date.fromisoformat(day) if day else None,
        }


def _preview(event: Event, given: dict[str, Any]) -> Facts:
    """Say of the event and of each session that moves when it is and when it will be."""
    planned = plan(event, **given)
    old = {session.pk: session for session in event.sessions.select_related("event")}
    facts = [(str(new), _times(old[new.pk], new)) for new in planned.sessions]
    if planned.takes_event:
        return [(_("the whole event"), _times(event, planned.event)), *facts]
    return facts


def _times(old: Event | Session, new: Event | Session) -> str:
    zone = old.zone if isinstance(old, Event) else old.event.zone
    spans = [clock.Span.of(row.starts_at, row.ends_at, zone) for row in (old, new)]
    return " → ".join(clock.iso_times(span) for span in spans)


def _move(admin: SummitAdmin, request: StaffRequest, event: Event, given: dict[str, Any]) -> Event:
    moved = move_programme(event, **given, user=request.user)
    if given["day"] is None:
        pass_added_seats_on(admin, request, moved)
        point_to_kept_times(admin, request, moved)
        offer_to_tell(admin, request, moved)
    return moved


MOVE = Action[Event](
    name="move",
    label=_("Move the programme"),
    explanation=_(
        "Moves the event with all its sessions, or the sessions of one day, in one step. If "
        "a room or an expert is not free at the new time, nothing is moved."
    ),
    run=_move,
    done=_("The programme of “%(object)s” has been moved."),
    offered=lambda admin, event: event.sessions.exists(),
    refused=lambda event: _("This event has no sessions yet."),
    form=MoveForm,
    preview=_preview,
    facts_title=_("What moves, from when to when"),
)
