"""How many submissions a call has, by district and by department, against their targets."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from events.models import Department, District
from submissions.models import Call, Submission

Status = Submission.Status
_ACCEPTED = (Status.ACCEPTED, Status.PARTLY_ACCEPTED)


@dataclass(frozen=True)
class Line:
    """The counts of one district or department; ``of`` is ``None`` for those that name none."""

    of: District | Department | None
    handed_in: int
    accepted: int
    target: int | None = None

    @property
    def percent(self) -> int | None:
        """How much of the target is handed in, in whole percent; nothing without a target."""
        return round(100 * self.handed_in / self.target) if self.target else None


@dataclass(frozen=True)
class Summary:
    districts: list[Line]
    departments: list[Line]
    drafts: int
    handed_in: int
    accepted: int
    target: int = field(default=0)


def summary_of(call: Call) -> Summary:
    """Return the counts of a call. What was erased counts on. Six queries."""
    targets = dict(call.call_districts.values_list("district", "target"))
    rows = Submission.objects.filter(call=call).order_by()
    totals = rows.aggregate(
        drafts=Count("pk", filter=Q(status=Status.DRAFT)),
        handed_in=Count("pk", filter=~Q(status__in=Submission.NOT_HANDED_IN)),
        accepted=Count("pk", filter=Q(status__in=_ACCEPTED)),
    )
    return Summary(
        districts=_lines(call, "district", District, targets, targets),
        departments=_lines(
            call, "department", Department, call.departments.values_list("pk", flat=True), {}
        ),
        target=sum(target or 0 for target in targets.values()),
        **totals,
    )


def _lines(
    call: Call,
    name: str,
    model: type[District] | type[Department],
    keys: Iterable[int],
    targets: dict[int, int | None],
) -> list[Line]:
    counts = {
        key: (handed_in, accepted)
        for key, handed_in, accepted in Submission.objects.handed_in()
        .filter(call=call)
        .order_by()
        .values_list(name)
        .annotate(handed_in=Count("pk"), accepted=Count("pk", filter=Q(status__in=_ACCEPTED)))
    }
    wanted = {*keys, *filter(None, counts)}
    rows: Any = model._default_manager.filter(pk__in=wanted)
    lines = [Line(row, *counts.get(row.pk, (0, 0)), targets.get(row.pk)) for row in rows]
    return [*lines, Line(None, *counts[None])] if None in counts else lines
