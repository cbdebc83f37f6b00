from typing import Any

from django.db.models import Model, Q, QuerySet

from events.models import Expert
from events.models.limits import Person, limits_of
from events.models.scope import Scope, Shared, of_events_run_by, scope_of


class OfEventOrSeries(Scope[QuerySet[Any]]):
    """Rows that belong to an event or to a whole series, to which the path ``through`` leads.

    Who is limited reads and changes those of the events and of the series that they run.
    """

    def __init__(self, through: str = "") -> None:
        self.before = f"{through}__" if through else ""

    def readable(self, rows: QuerySet[Any], user: Person) -> QuerySet[Any]:
        limits = limits_of(user)
        if limits is None:
            return rows
        of_series = Q(**{f"{self.before}series__in": limits.series})
        return rows.filter(of_events_run_by(user, f"{self.before}event") | of_series)


class OfExpert(Scope[QuerySet[Any]]):
    """Rows about an expert, to whom the path ``through`` leads.

    Who is limited reads those of experts with a part in an event of theirs, and changes those
    of experts whom they may change.
    """

    def __init__(self, through: str = "expert") -> None:
        self.through = through

    @property
    def of_experts(self) -> Shared:
        scope = scope_of(Expert)
        if not isinstance(scope, Shared):
            raise TypeError("Experts are not shared among events.")
        return scope

    def readable(self, rows: QuerySet[Any], user: Person) -> QuerySet[Any]:
        if limits_of(user) is None:
            return rows
        theirs = self.of_experts.taking_part(Expert.objects.all(), user).order_by()
        return rows.filter(**{f"{self.through}__in": theirs.values("pk")})

    def changeable(self, rows: QuerySet[Any], user: Person) -> QuerySet[Any]:
        if limits_of(user) is None:
            return rows
        theirs = self.of_experts.changeable(Expert.objects.all(), user).order_by()
        return rows.filter(**{f"{self.through}__in": theirs.values("pk")})

    def may_change(self, user: Person, row: Model | None) -> bool:
        """Cost a query for somebody who is limited."""
        if row is None or row.pk is None or limits_of(user) is None:
            return True
        return self.changeable(type(row)._base_manager.filter(pk=row.pk), user).exists()

    def explain_read_only(self, user: Person, row: Model) -> str:
        return "" if self.may_change(user, row) else self.of_experts.beyond_limits
