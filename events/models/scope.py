"""Which rows of each model an organizer works on: one policy per model.

An organizer may be limited to series and events (``limits.py``). The policy of a model says
what follows from that for its rows, and holds the path from a row to its event. Whoever
shows, lists, offers or changes rows asks the policy: pages, choosers, reports and mails.
"""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, ManyToOneRel, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from audit.models import AuditEntry
from events.models.limits import Person, limits_of

if TYPE_CHECKING:
    from events.models.event import EventQuerySet
    from events.models.series import EventSeriesQuerySet

_scopes: dict[type[Model], "Scope[Any]"] = {}


class Scope[Rows: QuerySet[Any]]:
    """The policy of rows that no limit concerns. Each method costs no query unless it says so."""

    model: type[Model]

    def readable(self, rows: Rows, user: Person) -> Rows:
        """Leave of ``rows`` those that ``user`` reads."""
        return rows

    def choosable(self, rows: Rows, user: Person) -> Rows:
        """Leave of ``rows`` those under which ``user`` may put others."""
        return self.readable(rows, user)

    def changeable(self, rows: Rows, user: Person) -> Rows:
        """Leave of ``rows``, which ``user`` reads, those that ``user`` may change."""
        return rows

    def may_see_any(self, user: Person) -> bool:
        return True

    def may_add(self, user: Person) -> bool:
        return True

    def may_change(self, user: Person, row: Model | None) -> bool:
        """Whether ``user`` may change or delete a row that ``user`` reads, or any without one."""
        return True

    def marked(self, rows: Rows, user: Person) -> Rows:
        """Let each of ``rows`` bring along what ``may_change`` would have to ask for it."""
        return rows

    def explain_read_only(self, user: Person, row: Model) -> str:
        """Return why ``user`` may not change ``row``, in words; nothing if there is no limit."""
        return ""


def scoped[M: type[Model]](scope: Scope[Any]) -> Callable[[M], M]:
    """Return a decorator that gives a model its policy. For each model once."""

    def declare(model: M) -> M:
        scope.model = model
        _scopes[model] = scope
        return model

    return declare


def scope_of(model: type[Model]) -> Scope[Any]:
    """Return the policy of a model; one without limits if the model declares none."""
    return _scopes.get(model) or Scope()


def scope_of_event_rows(model: type[Model]) -> "OfEvent":
    """Return the policy of rows that belong to one event each. Raises ``TypeError`` for others."""
    scope = scope_of(model)
    if not isinstance(scope, OfEvent):
        raise TypeError(f"{model.__name__} does not belong to one event.")
    return scope


def is_scoped(model: type[Model]) -> bool:
    """Whether the model declares a policy."""
    return model in _scopes


def readable[Rows: QuerySet[Any]](rows: Rows, user: Person) -> Rows:
    """Leave of the rows of any model those that ``user`` reads."""
    return scope_of(rows.model).readable(rows, user)


def choosable[Rows: QuerySet[Any]](rows: Rows, user: Person) -> Rows:
    """Leave of the rows of any model those that ``user`` may choose in a form."""
    return scope_of(rows.model).choosable(rows, user)


class OfEvent(Scope[QuerySet[Any]]):
    """Rows that each belong to one event, to which ``path`` leads."""

    def __init__(self, path: str) -> None:
        self.path = path

    def readable(self, rows: QuerySet[Any], user: Person) -> QuerySet[Any]:
        return rows.filter(self.condition(user))

    def condition(self, user: Person, through: str = "") -> Q:
        """Select what ``user`` reads: of these rows, or of rows that ``through`` leads from."""
        path = f"{through}__{self.path}" if through else self.path
        return of_events_run_by(user, path)


class Shared(Scope[QuerySet[Any]]):
    """Rows that events have in common: everybody who works here reads and adds them.

    Who is limited changes and deletes those that no row of another event refers to. To tie
    one to an event of theirs gives nobody a right to it, since they could do so with every
    row; one that nothing refers to is theirs as well.
    """

    def changeable(self, rows: QuerySet[Any], user: Person) -> QuerySet[Any]:
        limits = limits_of(user)
        if limits is None:
            return rows
        beyond = _events().exclude(limits.of_events()).order_by().values("pk")
        for path in self.paths:
            tied = self.model._base_manager.filter(**{f"{path}__in": beyond})
            rows = rows.exclude(pk__in=tied.values("pk"))
        return rows

    def taking_part(self, rows: QuerySet[Any], user: Person) -> QuerySet[Any]:
        """Leave of ``rows`` those with a part in an event of theirs, and those they may change."""
        limits = limits_of(user)
        if limits is None:
            return rows
        every = self.model._base_manager.order_by()
        theirs = Q(pk__in=self.changeable(every, user).values("pk"))
        run = _events().filter(limits.of_events()).order_by().values("pk")
        for path in self.paths:
            theirs |= Q(pk__in=every.filter(**{f"{path}__in": run}).values("pk"))
        return rows.filter(theirs)

    def may_change(self, user: Person, row: Model | None) -> bool:
        """Cost a query for somebody who is limited, unless the row comes from ``marked``."""
        if row is None or row.pk is None or limits_of(user) is None:
            return True
        if hasattr(row, "is_theirs"):
            return row.is_theirs
        return self.changeable(self.model._base_manager.filter(pk=row.pk), user).exists()

    def marked(self, rows: QuerySet[Any], user: Person) -> QuerySet[Any]:
        """Let each of ``rows`` bring along whether ``user`` may change it."""
        if limits_of(user) is None:
            return rows
        same = self.model._base_manager.filter(pk=OuterRef("pk"))
        return rows.annotate(is_theirs=Exists(self.changeable(same, user)))

    def explain_read_only(self, user: Person, row: Model) -> str:
        return "" if self.may_change(user, row) else self.beyond_limits

    @property
    def beyond_limits(self) -> str:
        return _(
            "This %(kind)s is also used in events outside your limits. Ask an organizer "
            "without limits to change it."
        ) % {"kind": self.model._meta.verbose_name}

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths from a row to all events in which it has a part, by what refers to it."""
        return tuple(
            path
            for relation in self.model._meta.related_objects
            if isinstance(relation, ManyToOneRel)
            for path in _paths_through(relation, self.model)
        )


class PartOf(Scope[QuerySet[Any]]):
    """Rows that are edited on the page of a shared row, to which the field ``name`` leads."""

    def __init__(self, name: str) -> None:
        self.name = name


def _paths_through(relation: ManyToOneRel, seen: type[Model]) -> list[str]:
    """Return the paths to events that lead through the rows that refer to a shared row."""
    scope = scope_of(relation.related_model)
    if isinstance(scope, OfEvent):
        return [f"{relation.name}__{scope.path}"]
    if isinstance(scope, PartOf):
        whole = relation.related_model._meta.get_field(scope.name).related_model
        of_whole = scope_of(whole) if isinstance(whole, type) and whole is not seen else None
        further = of_whole.paths if isinstance(of_whole, Shared) else ()
        return [f"{relation.name}__{scope.name}__{path}" for path in further]
    if isinstance(scope, Shared):
        return [f"{relation.name}__{path}" for path in scope.paths]
    return []


class OfTheSite(Scope[QuerySet[Any]]):
    """Rows that are the same for all events: who is limited reads them."""

    def may_add(self, user: Person) -> bool:
        return limits_of(user) is None

    def may_change(self, user: Person, row: Model | None) -> bool:
        return limits_of(user) is None

    def explain_read_only(self, user: Person, row: Model) -> str:
        return _("This is shared by all events. Ask an organizer without limits to change it.")


class HiddenFromLimited(Scope[QuerySet[Any]]):
    """Rows of which nobody who is limited sees any."""

    def readable(self, rows: QuerySet[Any], user: Person) -> QuerySet[Any]:
        return rows if limits_of(user) is None else rows.none()

    def may_see_any(self, user: Person) -> bool:
        return limits_of(user) is None


class Events(Scope["EventQuerySet"]):
    """Events: who is limited to a series adds events to it."""

    def readable(self, rows: "EventQuerySet", user: Person) -> "EventQuerySet":
        return rows.run_by(user)

    def may_add(self, user: Person) -> bool:
        limits = limits_of(user)
        return limits is None or bool(limits.series)


class Series(Scope["EventSeriesQuerySet"]):
    """Series: who is limited to single events reads theirs, and puts nothing under them."""

    def readable(self, rows: "EventSeriesQuerySet", user: Person) -> "EventSeriesQuerySet":
        return rows.read_by(user)

    def choosable(self, rows: "EventSeriesQuerySet", user: Person) -> "EventSeriesQuerySet":
        return rows.run_by(user)

    def may_add(self, user: Person) -> bool:
        return limits_of(user) is None

    def may_change(self, user: Person, row: Model | None) -> bool:
        limits = limits_of(user)
        return limits is None or row is None or row.pk in limits.series

    def explain_read_only(self, user: Person, row: Model | None) -> str:
        if self.may_change(user, row):
            return ""
        return _(
            "You work on single events of this series. Ask an organizer who runs the whole "
            "series to change it."
        )


# Here, since audit knows no events.
scoped(HiddenFromLimited())(AuditEntry)


def of_events_run_by(user: Person, path: str) -> Q:
    """Select what belongs to the events that somebody runs, all of it for who is not limited.

    ``path`` leads from a row to its event.
    """
    limits = limits_of(user)
    if limits is None:
        return Q()
    events = _events().filter(limits.of_events()).order_by()
    return Q(**{f"{path}__in": events.values("pk")})


def _events() -> "EventQuerySet":
    # By its name: each model of events imports this module.
    return apps.get_model("events", "Event").objects.all()
