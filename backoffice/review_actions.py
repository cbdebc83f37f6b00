"""What the actions of all reviewed rows share: forms, when they are offered, what they show."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice import intention_fields
from backoffice.kit.actions import Action, Facts, ForSelected
from submissions.models.reviewed import Reviewed
from summit.lib.i18n.languages import OWN_NAMES
from summit.lib.i18n.names import staff_name
from summit.lib.web.requests import StaffRequest


class ReasonForm(forms.Form):
    reason = intention_fields.text(
        _("Reason"),
        length=2000,
        rows=6,
        help_text=_("The person reads it, by e-mail and on the page of the submission."),
    )


def is_reviewable(_admin: Any, row: Reviewed) -> bool:
    return row.is_reviewable


def may_become(to: str) -> Callable[[Any, Reviewed], bool]:
    """Return whether rows may take on a status now."""
    return lambda _admin, row: row.erased_at is None and to in row.MOVES.get(row.status, ())


def version_of(row: Reviewed) -> object:
    return (row.pk, row.version, row.status)


def facts_of(row: Reviewed) -> Facts:
    """Return how far the review is, and in which language to write."""
    return [
        (pgettext_lazy("submission", "Status"), row.get_status_display()),
        (_("Reviewer"), staff_name(row.reviewer) if row.reviewer else "—"),
        (_("Language"), OWN_NAMES.get(row.language, row.language)),
    ]


def take_on[Row: Reviewed](
    assign: Callable[..., Row], *, facts: Callable[[Row], Facts], selected: ForSelected[Row]
) -> Action[Row]:
    """Make the action by which reviewers take on a row; ``assign`` is the call of the domain."""

    def run(_admin: Any, request: StaffRequest, row: Row, _given: dict[str, Any]) -> None:
        assign(row, to=request.user)

    return Action(
        name="assign-to-me",
        label=_("Assign to me"),
        explanation=_("Others see in the list that you review it. Nobody outside is told."),
        run=run,
        done=_("You review %(object)s."),
        offered=is_reviewable,
        facts=facts,
        selected=selected,
    )
