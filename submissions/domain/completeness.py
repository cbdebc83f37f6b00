"""What a reviewer would ask about: the checklist by which bureaus read needs and projects."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from submissions.checklist import CHECKED, CHECKS
from submissions.models import Call, Submission
from summit.lib.i18n.languages import Words


@dataclass(frozen=True)
class Remark:
    """Something that is thin or missing; ``field`` is the key of the field, "" for none."""

    field: str
    words: Words


def remarks_on(submission: Submission) -> list[Remark]:
    """Return what is thin or missing in a submission. Costs no query."""
    values = {**submission.base, **submission.values}
    asked = {field.key for field in submission.call.form_fields}
    remarks = [
        Remark(check.field, check.words)
        for check in CHECKS
        if check.field in asked and check.is_thin(values)
    ]
    if submission.email and submission.proven_at is None:
        remarks.append(Remark("", _("The e-mail address is not confirmed.")))
    return remarks


def has_remarks(rows: QuerySet[Submission]) -> Q:
    """Return the condition by which those of ``rows`` with a remark are found.

    It reads which calls ask for what, in one query, and no submission.
    """
    calls = Call.objects.filter(pk__in=rows.order_by().values("call")).only("kind", "asked")
    asking = {call.pk: {field.key for field in call.form_fields} for call in calls}
    found = ~Q(email="") & Q(proven_at=None)
    for key in CHECKED:
        keys = [pk for pk, asked in asking.items() if key in asked]
        found |= Q(call__in=keys, thin__contains=f" {key} ")
    return found
