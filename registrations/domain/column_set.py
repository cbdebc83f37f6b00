"""Column sets: choices of columns kept under a name, private or shared."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from events.models.scope import scope_of
from registrations.models import ColumnSet
from summit.lib.i18n.names import staff_name


class NameTaken(ValidationError):
    """A set of this name exists, and this person may replace it by saying so."""


class NotYours(ValidationError):
    """The set belongs to somebody else, and this person is no organizer."""


def may_change(column_set: ColumnSet, user: User) -> bool:
    """Whether this person may replace or delete it."""
    return scope_of(ColumnSet).may_change(user, column_set)


def save(
    name: str,
    *,
    columns: Sequence[str],
    is_shared: bool,
    is_for_others: bool = False,
    by: User,
    replace: bool = False,
) -> ColumnSet:
    """Keep a choice of columns under a name; in place of what has that name with ``replace``.

    One's own set is replaced, or, by an organizer, the shared one of somebody else,
    whose it stays. Raises ``NameTaken`` where ``replace`` does not say so, and
    ``ValidationError`` where a shared set of that name is somebody else's.
    """
    try:
        with transaction.atomic():
            kept = _to_write(name, is_shared, by)
            if kept.pk and not replace:
                raise _taken(kept, by)
            kept.columns, kept.is_shared = list(columns), is_shared
            kept.is_for_others = is_for_others
            kept.full_clean()
            kept.save()
    except IntegrityError:
        # Somebody saved a set of this name since it was looked for.
        raise NameTaken(
            _("A column set “%(name)s” was saved just now. Look at it, or type another name."),
            code="name_taken",
            params={"name": name},
        ) from None
    return kept


def _to_write(name: str, is_shared: bool, by: User) -> ColumnSet:
    """Return the set that has the name and may be replaced, else a new one."""
    found = ColumnSet.objects.select_for_update(no_key=True, of=("self",)).filter(name=name)
    own = found.filter(owner=by).first()
    if own or not is_shared:
        return own or ColumnSet(owner=by, name=name)
    shared = found.filter(is_shared=True).first()
    if shared and may_change(shared, by):
        return shared
    return ColumnSet(owner=by, name=name)


def _taken(column_set: ColumnSet, by: User) -> NameTaken:
    if column_set.owner_id == by.pk:
        said = _("You have a column set “%(name)s” already. Replace it, or type another name.")
    else:
        said = _(
            "“%(name)s” is a shared column set of %(owner)s. Replace it for everybody, "
            "or type another name."
        )
    params = {"name": column_set.name, "owner": staff_name(column_set.owner)}
    return NameTaken(said, code="name_taken", params=params)


@transaction.atomic
def delete(column_set: ColumnSet, *, by: User) -> None:
    """Delete a set. One that is gone already is no refusal. Raises ``NotYours``."""
    if not may_change(column_set, by):
        raise NotYours(
            _("The column set “%(name)s” belongs to somebody else, who alone can delete it."),
            code="not_yours",
            params={"name": column_set.name},
        )
    ColumnSet.objects.filter(pk=column_set.pk).delete()
