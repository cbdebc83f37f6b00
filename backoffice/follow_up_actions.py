"""What is done with a follow-up, and how one is planned on the page of an intention."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from backoffice import intention_fields
from backoffice.kit.actions import Action, Facts, ForSelected
from backoffice.kit.colleagues import PersonField
from backoffice.kit.columns import state_mark
from backoffice.kit.read_only import ReadOnly
from backoffice.kit.selected_rows import list_first
from projects.domain import follow_up as domain
from projects.models import CooperationIntention, FollowUp
from projects.models.follow_up import who_may_see_follow_ups
from summit.lib.given import given
from summit.lib.i18n.languages import Words, listed_long
from summit.lib.i18n.names import staff_name
from summit.lib.web.fields import field_of
from summit.lib.web.typed_text import LineField


def iso(day: dt.date | None) -> str:
    """Return a day as lists write it, which keeps it on one line."""
    return format_html('<span class="when">{}</span>', day.isoformat()) if day else "—"


def parties_of(follow_up: FollowUp) -> SafeString:
    return format_html_join(
        " · ",
        "<span{}>{}</span>",
        ((party.lang_attr, party) for party in follow_up.parties),
    )


def state_of(follow_up: FollowUp) -> tuple[str, Words]:
    """Return (name for the style sheet, words) of where it stands."""
    if follow_up.is_done:
        return "done", follow_up.get_outcome_display()
    if follow_up.is_overdue:
        return "overdue", _("overdue")
    if follow_up.intention.status in follow_up.intention.ALIVE:
        return "due", _("to be done")
    return "ended", _("no longer needed")


class RecordForm(forms.Form):
    outcome = intention_fields.choice(
        pgettext_lazy("follow-up", "Outcome"),
        [each for each in FollowUp.Outcome.choices if each[0] in FollowUp.FINDINGS],
    )
    done_on = intention_fields.day(_("Done on"))
    note = intention_fields.text(_("Note"), rows=5)
    next_step = LineField(
        label=_("Next step"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    next_due_on = intention_fields.day(
        _("Next follow-up on"),
        help_text=_("Leave it empty where none is needed beside those that are planned."),
    )

    @staticmethod
    def initial_for(follow_up: FollowUp) -> dict[str, dt.date]:
        return {"done_on": follow_up.intention.event.today}


class PersonForm(forms.Form):
    assigned_to = PersonField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "assigned_to", PersonField).queryset = who_may_see_follow_ups()


class AssignForm(PersonForm):
    @staticmethod
    def initial_for(follow_up: FollowUp) -> dict[str, int | None]:
        return {"assigned_to": follow_up.assigned_to_id}


class RescheduleForm(forms.Form):
    due_on = intention_fields.day(_("Due on"))

    @staticmethod
    def initial_for(follow_up: FollowUp) -> dict[str, dt.date]:
        return {"due_on": follow_up.due_on}


class PlanForm(PersonForm):
    due_on = intention_fields.day(_("Due on"))
    field_order = ["due_on", "assigned_to"]

    @staticmethod
    def initial_for(intention: CooperationIntention) -> dict[str, int | None]:
        """Propose whoever looked at it last."""
        last = intention.follow_ups.exclude(assigned_to=None).last()
        return {"assigned_to": last.assigned_to_id if last else None}


def what_is_known(follow_up: FollowUp) -> Facts:
    """Return what somebody who is about to call wants to have at hand."""
    intention = follow_up.intention
    others = [row for row in intention.follow_ups.all() if row.pk != follow_up.pk]
    found = [row for row in others if row.is_done]
    last = max(found, key=lambda row: given(row.done_on), default=None)
    planned = [date_format(row.due_on) for row in others if not row.is_done]
    facts = [
        (_("Cooperation intention"), intention.reference),
        (_("Parties"), parties_of(follow_up)),
        (_("Status"), intention.get_status_display()),
        (_("Due on"), date_format(follow_up.due_on)),
        (_("Assigned to"), staff_name(follow_up.assigned_to)),
        (_("Also planned"), listed_long(planned) or "—"),
    ]
    if last is not None:
        told = [
            date_format(given(last.done_on)),
            last.get_outcome_display(),
            last.note,
            last.next_step,
        ]
        facts.append((_("What the last one found"), "\n".join(str(each) for each in told if each)))
    return facts


def what_is_planned(intention: CooperationIntention) -> Facts:
    return [
        (date_format(row.due_on), f"{state_of(row)[1]} · {staff_name(row.assigned_to)}")
        for row in intention.follow_ups.select_related("assigned_to", "intention")
    ]


def what_is_assigned(rows: QuerySet[FollowUp]) -> Facts:
    """Return the day and the parties of the first of several follow-ups."""
    return list_first(
        rows.select_related("intention__company", "intention__expert"),
        lambda row: (
            date_format(row.due_on),
            format_html("{} · {}", row.intention.reference, parties_of(row)),
        ),
    )


def _is_open(_admin: admin.ModelAdmin, follow_up: FollowUp) -> bool:
    return not follow_up.is_done


def _is_due(_admin: admin.ModelAdmin, follow_up: FollowUp) -> bool:
    return not follow_up.is_done and follow_up.intention.status in follow_up.intention.ALIVE


def _why_not(follow_up: FollowUp) -> Words:
    return domain.DONE if follow_up.is_done else domain.ENDED


RECORD = Action[FollowUp](
    name="record",
    label=pgettext_lazy("follow-up", "Record"),
    explanation=_(
        "Keeps what you found; it is not changed afterwards. With a day for the next follow-up, "
        "that one is planned for the same person."
    ),
    run=lambda admin, request, row, given: domain.record(row, by=request.user, **given),
    done=_("Recorded: %(object)s."),
    offered=_is_open,
    refused=_why_not,
    form=RecordForm,
    facts=what_is_known,
    facts_title=_("What is known"),
    is_main=True,
)
ASSIGN = Action[FollowUp](
    name="assign",
    label=pgettext_lazy("follow-up", "Assign"),
    explanation=_("The assignee sees it on the start page and in the weekly e-mail."),
    run=lambda admin, request, row, given: domain.assign_one(
        row, to=given["assigned_to"], by=request.user
    ),
    done=_("Assigned: %(object)s."),
    offered=_is_due,
    refused=_why_not,
    form=AssignForm,
    selected=ForSelected(
        label=_("Assign the selected follow-ups"),
        explanation=_("The assignee sees them on the start page and in the weekly e-mail."),
        rows=lambda admin, request, rows: rows.filter(
            done_on=None, intention__status__in=CooperationIntention.ALIVE
        ),
        run=lambda admin, request, rows, given: domain.assign(
            rows, to=given["assigned_to"], by=request.user
        ),
        facts=what_is_assigned,
        done=ngettext_lazy(
            "%(count)d follow-up is assigned.", "%(count)d follow-ups are assigned.", "count"
        ),
    ),
)
RESCHEDULE = Action[FollowUp](
    name="reschedule",
    label=_("Change the day"),
    explanation=_("It is due on the new day; the history keeps the old one."),
    run=lambda admin, request, row, given: domain.reschedule(row, by=request.user, **given),
    done=_("The day is changed: %(object)s."),
    offered=_is_due,
    refused=_why_not,
    form=RescheduleForm,
)
# On the page of an intention.
PLAN = Action[CooperationIntention](
    name="plan-follow-up",
    label=_("Plan a follow-up"),
    explanation=_("The intention will be followed up again on that day."),
    run=lambda admin, request, row, given: domain.add(row, by=request.user, **given) and None,
    done=_("A follow-up is planned: %(object)s."),
    offered=lambda admin, intention: intention.status in intention.ALIVE,
    refused=lambda intention: domain.ENDED,
    form=PlanForm,
    facts=what_is_planned,
    permission="projects.add_followup",
    facts_title=_("Follow-ups of this intention"),
)


class FollowUpColumns:
    """What the list, the page and the inline of follow-ups show alike."""

    @admin.display(description=_("due on"), ordering="due_on")
    def due(self, follow_up: FollowUp) -> str:
        return iso(follow_up.due_on)

    @admin.display(description=_("status"))
    def state(self, follow_up: FollowUp) -> str:
        return state_mark(*state_of(follow_up))

    @admin.display(description=_("assigned to"), ordering="assigned_to__username")
    def person(self, follow_up: FollowUp) -> str:
        return staff_name(follow_up.assigned_to)


class FollowUpInline(ReadOnly, FollowUpColumns, admin.TabularInline):
    """On the page of a signed intention: its follow-ups, each with the way to its page."""

    model = FollowUp
    of_signed = True
    fields = readonly_fields = ("due", "state", "person", "done", "next_step")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUp]:
        return super().get_queryset(request).select_related("intention", "assigned_to")

    @admin.display(description=_("due on"))
    def due(self, follow_up: FollowUp) -> str:
        url = reverse("admin:projects_followup_change", args=[follow_up.pk])
        return format_html('<a href="{}">{}</a>', url, iso(follow_up.due_on))

    @admin.display(description=_("done on"))
    def done(self, follow_up: FollowUp) -> str:
        return iso(follow_up.done_on)
