"""What organizers do with an expression of interest, beside reading it."""

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from backoffice.interest_facts import what_was_sent
from backoffice.kit.actions import Action, Facts, ForSelected
from backoffice.kit.colleagues import PersonField
from interests.domain import interest as domain
from interests.domain import privacy
from interests.models import Interest
from summit.lib.web.requests import StaffRequest

Status = Interest.Status


class AssignForm(forms.Form):
    assigned_to = PersonField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = domain.who_may_see_interests()
        self.fields["assigned_to"].queryset = people  # type: ignore[attr-defined]  # a PersonField

    @staticmethod
    def initial_for(interest: Interest) -> dict[str, int | None]:
        return {"assigned_to": interest.assigned_to_id}


def _erase(
    _admin: ModelAdmin, request: StaffRequest, interest: Interest, _given: dict[str, Any]
) -> None:
    privacy.erase([interest], by=request.user, request=request)


def _by_status(rows: QuerySet[Interest]) -> Facts:
    words = dict(Status.choices)
    counted = rows.order_by().values_list("status").annotate(Count("pk")).order_by("status")
    return [(words[status], number) for status, number in counted]


ASSIGN: Action[Interest] = Action(
    name="assign",
    label=_("Assign"),
    explanation=_("The assignee finds it on the start page."),
    run=lambda admin, request, row, given: domain.assign(row, to=given["assigned_to"]),
    done=_("%(object)s is assigned."),
    offered=lambda admin, row: row.is_open,
    form=AssignForm,
    facts=what_was_sent,
    selected=ForSelected(
        label=_("Assign the selected expressions of interest"),
        explanation=_("The assignee finds them on the start page."),
        rows=lambda admin, request, rows: rows.filter(status__in=Interest.OPEN),
        facts=_by_status,
        done=ngettext_lazy(
            "%(count)d expression of interest is assigned.",
            "%(count)d expressions of interest are assigned.",
            "count",
        ),
    ),
)

CLOSE: Action[Interest] = Action(
    name="close",
    label=pgettext_lazy("an expression of interest", "Close"),
    explanation=_("Nothing is left to do. The report goes on counting it."),
    run=lambda admin, request, row, given: domain.close(row),
    done=_("%(object)s is closed."),
    offered=lambda admin, row: row.is_open,
    selected=ForSelected(
        label=_("Close the selected expressions of interest"),
        rows=lambda admin, request, rows: rows.filter(status__in=Interest.OPEN),
        facts=_by_status,
        done=ngettext_lazy(
            "%(count)d expression of interest is closed.",
            "%(count)d expressions of interest are closed.",
            "count",
        ),
    ),
)

SPAM: Action[Interest] = Action(
    name="spam",
    label=_("Throw away as spam"),
    explanation=_("It is no longer counted, and erased after some weeks. It can be taken back."),
    run=lambda admin, request, row, given: domain.throw_away_one(
        row, by=request.user, request=request
    ),
    done=_("%(object)s is thrown away."),
    offered=lambda admin, row: row.status in domain.MAY_BE_SPAM,
    is_grave=True,
    selected=ForSelected(
        label=_("Throw the selected ones away as spam"),
        explanation=_(
            "They are no longer counted, and erased after some weeks. They can be taken back. "
            "Those that somebody has answered or passed on stay."
        ),
        rows=lambda admin, request, rows: rows.filter(status__in=domain.MAY_BE_SPAM),
        run=lambda admin, request, rows, given: domain.throw_away(
            rows, by=request.user, request=request
        ),
        facts=_by_status,
        done=ngettext_lazy(
            "%(count)d expression of interest is thrown away.",
            "%(count)d expressions of interest are thrown away.",
            "count",
        ),
    ),
)

REOPEN: Action[Interest] = Action(
    name="reopen",
    label=_("Take up again"),
    explanation=_("It is open again, and counted."),
    run=lambda admin, request, row, given: domain.reopen(row),
    done=_("%(object)s is open again."),
    offered=lambda admin, row: not row.is_open,
    selected=ForSelected(
        label=_("Take the selected ones up again"),
        rows=lambda admin, request, rows: rows.exclude(status__in=Interest.OPEN),
        facts=_by_status,
        done=ngettext_lazy(
            "%(count)d expression of interest is open again.",
            "%(count)d expressions of interest are open again.",
            "count",
        ),
    ),
)

ERASE: Action[Interest] = Action(
    name="erase",
    label=_("Erase"),
    explanation=_(
        "Name, contact, message, notes and e-mails are erased for good, and the personal link "
        "stops working. The count stays, unless it was spam."
    ),
    run=_erase,
    done=_("%(object)s is erased."),
    is_grave=True,
    selected=ForSelected(
        label=_("Erase the selected expressions of interest"),
        rows=lambda admin, request, rows: rows,
        run=lambda admin, request, rows, given: privacy.erase(
            rows, by=request.user, request=request
        ),
        facts=_by_status,
        done=ngettext_lazy(
            "%(count)d expression of interest is erased.",
            "%(count)d expressions of interest are erased.",
            "count",
        ),
    ),
)
