"""What refers to the rows of a model, and how it moves from one row to another."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db.models import (
    DO_NOTHING,
    Field,
    ForeignKey,
    ManyToOneRel,
    Model,
    Q,
    QuerySet,
    UniqueConstraint,
)
from django.db.models.fields.files import FieldFile
from simple_history.utils import get_history_manager_for_model

from summit.lib.database.history import write_as
from summit.lib.database.made_columns import made_columns
from summit.lib.database.merged_rows import BY_MERGING, into

# How many rows are read and written at a time.
_BATCH = 500

# Pairs of a row that becomes one with another, and that other.
type Same = list[tuple[Any, Any]]


@dataclass(frozen=True)
class Reference:
    """A field by which the rows of a model refer to another, as intentions to their company."""

    field: "ForeignKey[Any, Any]"

    @property
    def model(self) -> type[Model]:
        return self.field.model

    @property
    def is_alone(self) -> bool:
        """Whether the model refers to the other by no other field."""
        to = self.field.related_model
        others = [each for each in self.model._meta.fields if isinstance(each, ForeignKey)]
        return [each for each in others if each.related_model is to] == [self.field]

    def rows(self, keys: Iterable[int]) -> QuerySet[Any]:
        return self.model._base_manager.filter(**{f"{self.field.name}__in": list(keys)})

    def unique(self) -> list[tuple[list[str], Q | None]]:
        """Return the columns beside this one that tell its rows apart, each with its condition."""
        opts = self.model._meta
        sets: list[tuple[Sequence[str], Q | None]] = [
            (constraint.fields, constraint.condition)
            for constraint in opts.constraints
            if isinstance(constraint, UniqueConstraint)
        ]
        sets += [(names, None) for names in opts.unique_together]
        sets += [([self.field.name], None)] if self.field.unique else []
        mine = self.field.name
        return [
            ([opts.get_field(name).attname for name in names if name != mine], condition)  # type: ignore[union-attr]  # has one
            for names, condition in sets
            if mine in names
        ]


@dataclass
class Moves:
    """What becomes of the rows that refer to others: how many move, which become one."""

    reference: Reference
    count: int
    same: Same = field(default_factory=list)


def references_to(model: type[Model]) -> list[Reference]:
    """Return every field that refers to rows of a model, those of models added later as well.

    Not the columns of histories, which tell what was, nor what the rows link themselves.
    """
    linked = {many.remote_field.through for many in model._meta.many_to_many}
    relations = [
        each
        for each in model._meta.get_fields(include_hidden=True)
        if isinstance(each, ManyToOneRel) and each.on_delete is not DO_NOTHING
    ]
    found = [each.field for each in relations if each.related_model not in linked]
    return [Reference(each) for each in found if isinstance(each, ForeignKey)]


# Of models whose rows become one by another rule than their unique constraints: the rows, those
# of the row that is kept first, to the pairs of a row and the one that it becomes one with.
find_same: dict[type[Model], Callable[[Reference, list[Any]], Same]] = {}
# What a row takes over of one that becomes one with it: returns the names of these columns, of
# which nothing else is taken over.
absorb: dict[type[Model], Callable[[Any, Any], set[str]]] = {}
# What has to change of the rows that stay before they are together: returns those it changed.
settle: dict[type[Model], Callable[[Reference, list[Any]], list[Any]]] = {}


def plan(kept: Model, others: Sequence[Model]) -> list[Moves]:
    """Return what refers to ``others`` and would refer to ``kept``. A few queries a reference."""
    found = []
    for reference in references_to(type(kept)):
        keys = [each.pk for each in others]
        count = reference.rows(keys).count()
        if count:
            found.append(Moves(reference, count, _same(reference, kept, others)))
    return found


def join(kept: Model, others: Sequence[Model], by: User | None) -> list[Moves]:
    """Let all that refers to ``others`` refer to ``kept``, and delete them; return what moved.

    In the caller's transaction, with all of them locked. What cannot stand twice becomes one.
    """
    moved = plan(kept, others)
    for moves in moved:
        _move(moves, kept, others, by)
    for row in others:
        _remove(row, kept, by)
    return moved


def _same(reference: Reference, kept: Model, others: Sequence[Model]) -> Same:
    rule = find_same.get(reference.model)
    if rule is None and not reference.unique():
        return []
    rows = _kept_first(reference, kept, others)
    return rule(reference, rows) if rule else _by_constraints(reference, rows)


def _kept_first(reference: Reference, kept: Model, others: Sequence[Model]) -> list[Any]:
    """Return the rows that refer to any of them, those that refer to ``kept`` first."""
    order = [kept.pk, *(each.pk for each in others)]
    rows = list(reference.rows(order).order_by("pk"))
    return sorted(rows, key=lambda row: order.index(getattr(row, reference.field.attname)))


def _by_constraints(reference: Reference, rows: list[Any]) -> Same:
    first: dict[tuple[Any, ...], Any] = {}
    same = []
    meeting = [
        (names, _meeting(reference, rows, condition)) for names, condition in reference.unique()
    ]
    for row in rows:
        keys = [
            (number, *(getattr(row, name) for name in names))
            for number, (names, met) in enumerate(meeting)
            if row.pk in met and all(getattr(row, name) is not None for name in names)
        ]
        other = next((first[key] for key in keys if key in first), None)
        if other is not None:
            same.append((row, other))
        else:
            first |= dict.fromkeys(keys, row)
    return same


def _meeting(reference: Reference, rows: list[Any], condition: Q | None) -> set[int]:
    """Return the keys of the rows that a constraint is about."""
    keys = {row.pk for row in rows}
    if condition is None:
        return keys
    met = reference.model._base_manager.filter(condition, pk__in=keys)
    return set(met.values_list("pk", flat=True))


def _move(moves: Moves, kept: Model, others: Sequence[Model], by: User | None) -> None:
    reference = moves.reference
    for row, other in moves.same:
        _fill(reference, other, row)
        join(other, [row], by)
    model, attname = reference.model, reference.field.attname
    rows = reference.rows(each.pk for each in others)
    if rule := settle.get(model):
        filled = {other.pk: other for _row, other in moves.same}
        both = _kept_first(reference, kept, others)
        for row in rule(reference, [filled.get(each.pk, each) for each in both]):
            _save(row, by)
    if not hasattr(model, "history"):
        rows.update(**{attname: kept.pk})
    elif get_history_manager_for_model(model).model._history_m2m_fields:
        # What is recorded in bulk leaves out the rows that they link.
        for row in rows.order_by("pk"):
            setattr(row, attname, kept.pk)
            _save(row, by, update_fields=[attname])
    else:
        _move_with_history(reference, rows, kept, by)
    for _row, other in moves.same:
        setattr(other, attname, kept.pk)
        _save(other, by)


def _move_with_history(
    reference: Reference, rows: QuerySet[Any], kept: Model, by: User | None
) -> None:
    attname = reference.field.attname
    history = get_history_manager_for_model(reference.model)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), _BATCH):
        batch = reference.model._base_manager.filter(pk__in=keys[start : start + _BATCH])
        batch.update(**{attname: kept.pk})
        history.bulk_history_create(
            list(batch), update=True, default_user=by, default_change_reason=BY_MERGING
        )


def _fill(reference: Reference, row: Any, other: Any) -> None:
    """Let a row take over what it lacks of one that becomes one with it. Saves nothing."""
    rule = absorb.get(reference.model)
    done = rule(row, other) if rule else set()
    done |= {column.name for column in made_columns(reference.model)}
    for each in reference.model._meta.concrete_fields:
        if each.primary_key or each.name in done or each == reference.field:
            continue
        if is_empty(getattr(row, each.attname)):
            setattr(row, each.attname, value_of(other, each))


def is_empty(value: object) -> bool:
    """Whether a column says nothing; zero and "no" say something."""
    return value is None or value == "" or value == [] or (hasattr(value, "name") and not value)


def value_of(row: Model, column: "Field[Any, Any]") -> Any:
    """Return what a column of a row holds, of a file its name."""
    value = getattr(row, column.attname)
    return value.name if isinstance(value, FieldFile) else value


def _save(row: Any, by: User | None, **options: Any) -> None:
    if by is not None:
        write_as(row, by)
    row._change_reason = BY_MERGING
    row.save(**options)


def _remove(row: Any, kept: Model, by: User | None) -> None:
    if by is not None:
        write_as(row, by)
    row._change_reason = into(kept)
    row.delete()
