"""What organizers do with submissions: with one, or with those selected in the list."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, override

from backoffice import intention_fields
from backoffice.kit.actions import Action, Facts, ForSelected
from backoffice.kit.colleagues import PersonField
from backoffice.kit.selected_rows import list_first
from backoffice.review_actions import (
    ReasonForm,
    facts_of,
    is_reviewable,
    may_become,
    take_on,
    version_of,
)
from submissions.domain import privacy, review
from submissions.domain.completeness import remarks_on
from submissions.models import Submission
from summit.lib.i18n.languages import Words
from summit.lib.web.requests import StaffRequest

Status = Submission.Status
# What nobody throws away: something of it was accepted.
KEPT = (Status.ACCEPTED, Status.PARTLY_ACCEPTED)


class AssignForm(forms.Form):
    reviewer = PersonField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = review.who_may_review()
        self.fields["reviewer"].queryset = people  # type: ignore[attr-defined]  # a PersonField

    @staticmethod
    def initial_for(submission: Submission) -> dict[str, int | None]:
        return {"reviewer": submission.reviewer_id}


class ReturnForm(ReasonForm):
    until = intention_fields.day(
        _("May be sent again until the end of"),
        help_text=_("Needed where the call has closed, or closes before the person can answer."),
    )

    @staticmethod
    def initial_for(submission: Submission) -> dict[str, Any]:
        """Propose what a reviewer would ask about, in the language of the submission."""
        with override(submission.language):
            remarks = [str(remark.words) for remark in remarks_on(submission) if remark.field]
        return {"reason": "\n".join(remarks)}


class LateForm(forms.Form):
    until = intention_fields.day(_("May be sent until the end of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].required = True


def end_of_day(submission: Submission, day: dt.date | None) -> dt.datetime | None:
    """Return the last moment of a day in the zone of the call."""
    last = dt.time(23, 59, 59)
    return dt.datetime.combine(day, last, tzinfo=submission.call.zone) if day else None


def _assign(
    _admin: ModelAdmin, request: StaffRequest, submission: Submission, given: dict[str, Any]
) -> None:
    review.assign(submission, to=given["reviewer"])


def _return(
    _admin: ModelAdmin, request: StaffRequest, submission: Submission, given: dict[str, Any]
) -> None:
    until = end_of_day(submission, given["until"])
    review.return_with_reason(
        submission, reason=given["reason"], until=until, by=request.user, request=request
    )


def _refuse(
    _admin: ModelAdmin, request: StaffRequest, submission: Submission, given: dict[str, Any]
) -> None:
    review.refuse(submission, reason=given["reason"], by=request.user)


def _permit_late(
    _admin: ModelAdmin, request: StaffRequest, submission: Submission, given: dict[str, Any]
) -> None:
    until = end_of_day(submission, given["until"])
    if until is not None:
        review.permit_late(submission, until=until, by=request.user, request=request)


def _may_be_confirmed(_admin: ModelAdmin, submission: Submission) -> bool:
    return submission.proven_at is None and submission.takes_files


def _not_confirmed(submission: Submission) -> Words:
    if submission.proven_at:
        return _("It is confirmed already.")
    return _("Nothing can be added to it any more, so there is nothing to confirm.")


def _confirm_contact(
    _admin: ModelAdmin, request: StaffRequest, submission: Submission, _given: dict[str, Any]
) -> None:
    review.confirm_contact(submission, by=request.user, request=request)


def _throw_away(
    _admin: ModelAdmin, request: StaffRequest, submission: Submission, _given: dict[str, Any]
) -> None:
    privacy.throw_away([submission], by=request.user, request=request)


def _throw_all_away(
    _admin: ModelAdmin,
    request: StaffRequest,
    rows: QuerySet[Submission],
    _given: dict[str, Any],
) -> int:
    """Throw all of them away or none, with an entry for each in the admin's log."""
    thrown = list(rows.select_related("call"))
    count = privacy.throw_away(thrown, by=request.user, request=request)
    words = str(THROW_AWAY.label)
    LogEntry.objects.log_actions(request.user.pk, thrown, CHANGE, change_message=words)
    return count


def _erase(
    _admin: ModelAdmin, request: StaffRequest, submission: Submission, _given: dict[str, Any]
) -> None:
    privacy.erase([submission], by=request.user, request=request)


def named(submission: Submission) -> SafeString:
    """Return title, organization and contact of a submission, for who decides about it."""
    who = " · ".join(filter(None, (submission.organization_name, submission.contact_name)))
    return format_html('{} <span class="quiet">{}</span>', submission.title or "—", who)


def _first(rows: QuerySet[Submission]) -> Facts:
    return list_first(rows.select_related("call"), lambda row: (row.reference, named(row)))


def _what_it_is(submission: Submission) -> Facts:
    return [
        (_("Submission"), named(submission)),
        *facts_of(submission),
    ]


def _contact(submission: Submission) -> Facts:
    """Return what is vouched for: who confirms, confirms exactly this."""
    return [
        (_("Submission"), named(submission)),
        (_("Contact person"), submission.contact_name or "—"),
        (_("Phone"), submission.readable_phone or "—"),
        (_("E-mail"), submission.readable_email or "—"),
    ]


def _what_is_decided(submission: Submission) -> Facts:
    remarks = [str(remark.words) for remark in remarks_on(submission)]
    return [*_what_it_is(submission), (_("To ask about"), "\n".join(remarks) or "—")]


def _versions(rows: QuerySet[Submission]) -> object:
    return list(rows.order_by("pk").values_list("pk", "version", "status"))


TAKE_ON = take_on(
    review.assign,
    facts=_what_it_is,
    selected=ForSelected[Submission](
        label=_("Assign the selected submissions to me"),
        rows=lambda admin, request, rows: rows.filter(
            status__in=Submission.REVIEWABLE, erased_at=None
        ),
        facts=_first,
        done=ngettext_lazy(
            "You review %(count)d submission.", "You review %(count)d submissions.", "count"
        ),
    ),
)
ASSIGN = Action[Submission](
    name="assign",
    label=_("Assign to a colleague"),
    explanation=_(
        "The colleague finds it on the start page and in the list of submissions under “waiting "
        "for me”. Nobody outside is told."
    ),
    run=_assign,
    done=_("%(object)s is assigned."),
    offered=is_reviewable,
    form=AssignForm,
    facts=_what_it_is,
    selected=ForSelected(
        label=_("Assign the selected submissions to a colleague"),
        explanation=_(
            "The colleague finds them on the start page and in the list of submissions under "
            "“waiting for me”. Nobody outside is told."
        ),
        rows=lambda admin, request, rows: rows.filter(
            status__in=Submission.REVIEWABLE, erased_at=None
        ),
        facts=_first,
        done=ngettext_lazy(
            "%(count)d submission is assigned.", "%(count)d submissions are assigned.", "count"
        ),
    ),
)
RETURN = Action[Submission](
    name="return",
    label=_("Return with a reason"),
    explanation=_(
        "The person gets the reason by e-mail, changes the submission and sends it again. Write "
        "in the language of the submission."
    ),
    run=_return,
    done=_("%(object)s has been returned."),
    offered=may_become(Status.RETURNED),
    form=ReturnForm,
    facts=_what_is_decided,
    version=version_of,
    selected=ForSelected(
        label=_("Return the selected submissions with a reason"),
        explanation=_(
            "Each person gets this reason by e-mail, changes the submission and sends it again. "
            "Only submissions that are sent or refused are returned."
        ),
        rows=lambda admin, request, rows: rows.filter(
            status__in=(Status.SENT, Status.REFUSED), erased_at=None
        ),
        facts=_first,
        version=_versions,
        done=ngettext_lazy(
            "%(count)d submission has been returned.",
            "%(count)d submissions have been returned.",
            "count",
        ),
    ),
)
REFUSE = Action[Submission](
    name="refuse",
    label=_("Refuse with a reason"),
    explanation=_(
        "Nothing of it is accepted, and the person gets the reason by e-mail. Write in the "
        "language of the submission."
    ),
    run=_refuse,
    done=_("%(object)s has been refused."),
    offered=may_become(Status.REFUSED),
    form=ReasonForm,
    facts=_what_is_decided,
    version=version_of,
    is_grave=True,
    selected=ForSelected(
        label=_("Refuse the selected submissions with a reason"),
        rows=lambda admin, request, rows: rows.filter(status=Status.SENT, erased_at=None),
        facts=_first,
        version=_versions,
        done=ngettext_lazy(
            "%(count)d submission has been refused.",
            "%(count)d submissions have been refused.",
            "count",
        ),
    ),
)
PERMIT_LATE = Action[Submission](
    name="permit-late",
    label=_("Permit late sending"),
    explanation=_(
        "The person may send this submission after the call has closed, and gets an e-mail about "
        "it. The day ends in the time zone of the call."
    ),
    run=_permit_late,
    done=_("%(object)s may be sent late."),
    offered=lambda admin, row: row.is_editable,
    form=LateForm,
    facts=_what_it_is,
    selected=ForSelected(
        label=_("Permit late sending of the selected submissions"),
        rows=lambda admin, request, rows: rows.filter(
            status__in=Submission.EDITABLE, erased_at=None
        ),
        facts=_first,
        done=ngettext_lazy(
            "%(count)d submission may be sent late.",
            "%(count)d submissions may be sent late.",
            "count",
        ),
    ),
)
CONFIRM_CONTACT = Action[Submission](
    name="confirm-contact",
    label=_("Confirm the contact"),
    explanation=_(
        "You know that the number or address is this person’s, for example from a call. The person "
        "can then add files on the page of the submission. Nobody is told."
    ),
    run=_confirm_contact,
    done=_("The contact of %(object)s is confirmed."),
    offered=_may_be_confirmed,
    refused=_not_confirmed,
    facts=_contact,
)
THROW_AWAY = Action[Submission](
    name="throw-away",
    label=_("Throw away as spam"),
    explanation=_(
        "It is erased for good with all that was typed, counts nowhere, and nobody is told. Refuse "
        "with a reason what somebody means seriously."
    ),
    run=_throw_away,
    done=_("%(object)s has been thrown away."),
    offered=lambda admin, row: row.status not in KEPT,
    facts=_what_it_is,
    version=version_of,
    is_grave=True,
    selected=ForSelected(
        label=_("Throw the selected submissions away as spam"),
        explanation=_(
            "They are erased for good with all that was typed, count nowhere, and nobody is told. "
            "What something was accepted of is left out."
        ),
        rows=lambda admin, request, rows: rows.exclude(status__in=KEPT),
        run=_throw_all_away,
        facts=_first,
        version=_versions,
        done=ngettext_lazy(
            "%(count)d submission has been thrown away.",
            "%(count)d submissions have been thrown away.",
            "count",
        ),
    ),
)
ERASE = Action[Submission](
    name="erase",
    label=_("Erase the person"),
    explanation=_(
        "Name, contact and all that was typed are erased for good; the count stays. What was "
        "accepted stays in its project."
    ),
    run=_erase,
    done=_("The personal data of %(object)s has been erased."),
    offered=lambda admin, row: row.erased_at is None,
    facts=_what_it_is,
    is_grave=True,
)
ACTIONS = [TAKE_ON, ASSIGN, RETURN, PERMIT_LATE, CONFIRM_CONTACT, REFUSE, THROW_AWAY, ERASE]
