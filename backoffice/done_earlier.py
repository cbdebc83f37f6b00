"""Follow-ups of before: closed together, for some that are selected or for a whole ceremony."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from backoffice import intention_fields
from backoffice.follow_up_actions import what_is_assigned
from backoffice.kit.actions import Action, Facts, ForSelected
from events.models import Session
from projects.domain import follow_up as domain
from projects.models import FollowUp
from summit.lib.web.requests import StaffRequest

PERMISSION = "projects.change_followup"
NOT_OVERDUE = _("Only overdue follow-ups can be closed as done earlier.")
_EXPLANATION = _(
    "For follow-ups that were done before they were recorded here. They are no longer "
    "overdue and no longer in reminders. The report counts them separately from those whose "
    "outcome is known."
)
_DONE = ngettext_lazy(
    "%(count)d follow-up has been closed as done earlier.",
    "%(count)d follow-ups have been closed as done earlier.",
    "count",
)


class EarlierForm(forms.Form):
    done_on = intention_fields.day(_("Done on"))
    note = intention_fields.text(
        _("Note"),
        help_text=_("Who did it, or where it is on record. This note is added to each follow-up."),
    )


def _overdue(rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    return rows.filter(pk__in=FollowUp.objects.overdue().order_by().values("pk"))


def _overdue_of(session: Session) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(intention__session=session).overdue()


def _close_one(follow_up: FollowUp, request: StaffRequest, given: dict[str, Any]) -> FollowUp:
    rows = FollowUp.objects.filter(pk=follow_up.pk)
    if not domain.close_as_done_earlier(rows, by=request.user, **given):
        raise ValidationError(domain.DONE if follow_up.is_done else NOT_OVERDUE)
    follow_up.refresh_from_db()
    return follow_up


# On the page of a follow-up and in the list.
CLOSE = Action[FollowUp](
    name="close-earlier",
    label=_("Close as done earlier"),
    explanation=_EXPLANATION,
    run=lambda admin, request, row, given: _close_one(row, request, given),
    done=_("Closed as done earlier: %(object)s."),
    offered=lambda admin, row: row.is_overdue,
    refused=lambda row: domain.DONE if row.is_done else NOT_OVERDUE,
    form=EarlierForm,
    selected=ForSelected(
        label=_("Close the selected follow-ups as done earlier"),
        done=_DONE,
        rows=lambda admin, request, rows: _overdue(rows),
        run=lambda admin, request, rows, given: domain.close_as_done_earlier(
            rows, by=request.user, **given
        ),
        facts=what_is_assigned,
    ),
)


def _close_all(request: StaffRequest, session: Session, given: dict[str, Any]) -> None:
    domain.close_as_done_earlier(_overdue_of(session), by=request.user, **given)


def _label(session: Session) -> str:
    count = _overdue_of(session).count()
    words = ngettext(
        "Close %(count)d overdue follow-up as done earlier",
        "Close %(count)d overdue follow-ups as done earlier",
        count,
    )
    return words % {"count": count}


def _facts(session: Session) -> Facts:
    return what_is_assigned(_overdue_of(session))


def _version(session: Session) -> object:
    # The facts name the first ones.
    return list(_overdue_of(session).order_by("pk").values_list("pk", "assigned_to", "due_on"))


# On the page of a signing ceremony.
CLOSE_OF_CEREMONY = Action[Session](
    name="close-follow-ups",
    label=_("Close overdue follow-ups as done earlier"),
    label_of=_label,
    explanation=_EXPLANATION,
    run=lambda admin, request, session, given: _close_all(request, session, given),
    done=_("The overdue follow-ups of “%(object)s” have been closed as done earlier."),
    offered=lambda admin, session: _overdue_of(session).exists(),
    refused=lambda session: _("No follow-up of an intention signed here is overdue."),
    form=EarlierForm,
    facts=_facts,
    facts_title=_("Overdue follow-ups"),
    version=_version,
    permission=PERMISSION,
)
