"""By what the list of meetings is filtered. The report and the start page link to these."""

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.kit.filters import ChoiceFilter
from meetings.domain import next_steps
from meetings.models import Meeting, MeetingOutcome

type Narrow = Callable[[QuerySet[Meeting], User], QuerySet[Meeting]]


def _of_kind(kind: str) -> Narrow:
    return lambda rows, user: rows.filter(outcome__kind=kind)


def _of_step(condition: Callable[[dt.date, str], Q]) -> Narrow:
    return lambda rows, user: rows.filter(condition(timezone.localdate(), "outcome__"))


class OutcomeFilter(ChoiceFilter):
    title = pgettext_lazy("meetings", "outcome")
    parameter_name = "outcome"
    options = {
        **{kind: (label, _of_kind(kind)) for kind, label in MeetingOutcome.Kind.choices},
        "missing": (
            pgettext_lazy("meetings", "held, none recorded"),
            lambda rows, user: rows.filter(lacks_outcome()),
        ),
    }


def lacks_outcome() -> Q:
    """Select meetings that were held, and of which nobody recorded what came of it."""
    return Q(status=Meeting.Status.HELD, outcome=None)


class StepFilter(ChoiceFilter):
    title = _("next step")
    parameter_name = "step"
    options = {
        "overdue": (_("overdue"), _of_step(next_steps.is_overdue)),
        "soon": (_("due within 30 days"), _of_step(next_steps.is_due_soon)),
        "open": (
            _("all open"),
            lambda rows, user: rows.filter(next_steps.is_open("outcome__")),
        ),
        "done": (
            pgettext_lazy("next step", "done"),
            lambda rows, user: rows.filter(outcome__done_on__isnull=False),
        ),
    }


class DraftFilter(ChoiceFilter):
    title = _("cooperation intention")
    parameter_name = "intention"
    options = {
        "yes": (_("prepared"), lambda rows, user: rows.filter(outcome__intention__isnull=False)),
        "no": (
            pgettext_lazy("meetings", "to be signed, not prepared"),
            lambda rows, user: rows.filter(
                outcome__kind=MeetingOutcome.Kind.INTENTION, outcome__intention=None
            ),
        ),
    }
