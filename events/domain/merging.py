"""Merging rows that stand for the same: organizations, experts, projects.

One is kept. All that refers to the others refers to it from then on, whichever model it is of,
and the others are deleted; their history says into which row (``merged_rows.py``), so that
their addresses lead there, and their history is read with its own.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Field, ManyToManyField, Max, Model
from django.utils.translation import gettext_lazy as _
from simple_history.utils import get_history_manager_for_model

from audit import trail
from events.audited import Action
from events.domain import former_names
from events.domain.references import Moves, is_empty, join, plan, value_of
from events.models import Organization
from events.models.scope import scope_of
from summit.lib.database.history import write_as
from summit.lib.database.made_columns import made_columns
from summit.lib.database.merged_rows import BY_MERGING

# More rows at once are more than anybody can look over.
MOST = 10


class MergeRefused(ValidationError):
    """The rows cannot become one."""


class Check(Protocol):
    """Why rows cannot become one, in words; with ``lock``, what they are looked up in is locked."""

    def __call__(self, rows: Sequence[Any], *, lock: bool) -> list[str]: ...


# By model, filled by the apps whose rows refer to it.
_checks: dict[type[Model], list[Check]] = {}


def add_check(model: type[Model], check: Check) -> None:
    """Let a merger of rows of a model ask ``check``. Adding it twice is harmless."""
    checks = _checks.setdefault(model, [])
    if check not in checks:
        checks.append(check)


@dataclass(frozen=True)
class Preview:
    """What a merger would do: what moves, and why it is refused, if it is."""

    moves: list[Moves]
    refusals: list[str]
    # What the rows were like, for the merger to compare.
    seen: str


def look_over(kept: Model, others: Sequence[Model]) -> Preview:
    """Return what merging the others into ``kept`` would do. A few queries for each reference."""
    rows = [kept, *others]
    return Preview(plan(kept, others), _refusals(rows, lock=False), _version(rows))


def choosable_fields(model: type[Model]) -> "list[Field[Any, Any]]":
    """Return the fields whose value is chosen among the rows: what forms edit, but for the slug."""
    made = {column.name for column in made_columns(model)}
    opts = model._meta
    plain = [
        each
        for each in opts.concrete_fields
        if each.editable and not each.primary_key and each.name not in {"slug", *made}
    ]
    return [*plain, *(each for each in opts.many_to_many if each.editable)]


def value_in(row: Model, field: "Field[Any, Any]") -> Any:
    """Return what a field holds; of links to many the list of rows, in their order."""
    if isinstance(field, ManyToManyField):
        return list(getattr(row, field.name).all())
    return value_of(row, field)


def proposed(kept: Model, others: Sequence[Model]) -> dict[str, int]:
    """Return for each field the row whose value is proposed: the first that says anything.

    Of what a model calls ``strictest``, from the most open value to the strictest, it is the
    row that shows the least: texts that were kept from the public do not become public here.
    """
    rows = [kept, *others]
    found = {
        field.name: next((r.pk for r in rows if not is_empty(value_in(r, field))), kept.pk)
        for field in choosable_fields(type(kept))
    }
    for name, values in getattr(type(kept), "strictest", {}).items():
        found[name] = max(rows, key=lambda row: values.index(getattr(row, name))).pk
    return found


def merge[Row: Model](
    kept: Row,
    others: Sequence[Row],
    *,
    by: User,
    values: Mapping[str, int] | None = None,
    keeps_names: bool = True,
    seen: str = "",
) -> Row:
    """Merge ``others`` into ``kept`` and return it. All of it happens, or nothing.

    ``values`` says for fields from which of the rows the value is taken, by its key; where
    ``kept`` says nothing in a field that is not named, it takes over what another says. Of
    organizations the names of the others become former names, unless ``keeps_names`` is false.
    ``seen`` is that of a ``Preview``: where a row has changed since, nothing is merged. Raises
    ``MergeRefused`` for that, for rows that are not there any more, are not all ``by``'s to
    change, or cannot be one, and ``ValidationError`` for values that cannot stand together.
    """
    try:
        return _merge(kept, others, by, values or {}, keeps_names, seen)
    except IntegrityError as error:
        # Of a rule between rows that no model says in words.
        raise MergeRefused(_NOT_TOGETHER, code="not_together") from error


_GONE = _("Some of these rows have been merged or deleted in the meantime. Check the list again.")
_CHANGED = _(
    "One of these rows has been changed since you opened this page. Check the values again."
)
_NOT_TOGETHER = _(
    "The records that refer to these rows contradict each other, so nothing was merged."
)


@transaction.atomic
def _merge[Row: Model](
    kept: Row,
    others: Sequence[Row],
    by: User,
    values: Mapping[str, int],
    keeps_names: bool,
    seen: str,
) -> Row:
    model = type(kept)
    # What is asked is locked before the rows, as by who signs.
    _refusals([kept, *others], lock=True)
    kept, *others = _locked(model, [kept.pk, *(row.pk for row in others)])
    rows = [kept, *others]
    if seen and seen != _version(rows):
        raise MergeRefused(_CHANGED, code="changed_meanwhile")
    if not all(scope_of(model).may_change(by, row) for row in rows):
        raise MergeRefused(getattr(scope_of(model), "beyond_limits", ""), code="beyond_limits")
    if refusals := _refusals(rows, lock=True):
        raise MergeRefused([ValidationError(words, code="not_one") for words in refusals])
    chosen = proposed(kept, others) | dict(values)
    taken = _values(rows, chosen)
    merged = [f"{getattr(row, 'slug', row.pk)}" for row in others]
    moved = join(kept, others, by)
    _write(kept, taken, by)
    if isinstance(kept, Organization):
        of_others = [row for row in others if keeps_names and isinstance(row, Organization)]
        former_names.keep_names(kept, of_others)
    counts: Counter[str] = Counter()
    for moves in moved:
        counts[str(moves.reference.model._meta.model_name)] += moves.count
    trail.record(
        Action.ROWS_MERGED,
        by=by,
        subject=f"{model._meta.model_name} · {getattr(kept, 'slug', kept.pk)}",
        merged=merged,
        moved=dict(counts),
    )
    return kept


def _locked[Row: Model](model: type[Row], keys: list[int]) -> list[Row]:
    """Return the rows in the order of their keys, locked against new references as well."""
    rows = model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk")
    found = {row.pk: row for row in rows}
    if set(found) != set(keys) or len(found) < 2:
        raise MergeRefused(_GONE, code="gone")
    return [found[key] for key in keys]


def _refusals(rows: Sequence[Model], *, lock: bool) -> list[str]:
    checks: list[Callable[..., list[str]]] = [*_checks.get(type(rows[0]), ())]
    return [words for check in checks for words in check(rows, lock=lock)]


def _version(rows: Sequence[Model]) -> str:
    """Return what the rows are like: their newest records in the history."""
    history = get_history_manager_for_model(type(rows[0]))
    of_rows = history.filter(id__in=[row.pk for row in rows]).order_by()
    newest = of_rows.values("id").annotate(newest=Max("history_id")).order_by("id")
    return "-".join(f"{row['id']}.{row['newest']}" for row in newest)


def _values(rows: Sequence[Model], chosen: Mapping[str, int]) -> "dict[Field[Any, Any], Any]":
    by_key = {row.pk: row for row in rows}
    return {
        field: value_in(by_key[chosen[field.name]], field)
        for field in choosable_fields(type(rows[0]))
        if chosen[field.name] in by_key
    }


def _write(kept: Model, values: "Mapping[Field[Any, Any], Any]", by: User) -> None:
    for field, value in values.items():
        if not isinstance(field, ManyToManyField):
            setattr(kept, field.attname, value)
    kept.full_clean()
    write_as(kept, by)
    kept._change_reason = BY_MERGING  # type: ignore[attr-defined]  # simple_history looks for it
    kept.save()
    for field, value in values.items():
        if isinstance(field, ManyToManyField):
            getattr(kept, field.name).set(value)
