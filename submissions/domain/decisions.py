"""What a reviewer decides about proposed values, one by one, whatever they are proposed for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.fields import Field
from submissions.models import Decision
from submissions.models.reviewed import Reviewed
from summit.lib.database.states import MoveRefused, move

Outcome = Decision.Outcome


class ChangedMeanwhile(ValidationError):
    """Another window or another person has written it since this page was opened."""


@dataclass(frozen=True)
class Choice:
    """What a reviewer decided about one value; ``value`` is the changed one of ``EDITED``."""

    outcome: Outcome
    value: Any = None


def lock_reviewed[Row: Reviewed](row: Row, *related: str) -> Row:
    """Return a row read anew with what it refers to, locked until the transaction ends.

    Raises ``MoveRefused`` where it was erased meanwhile.
    """
    rows = type(row)._default_manager.select_for_update(no_key=True, of=("self",))
    # Without a name it would follow every reference.
    rows = rows.select_related(*related) if related else rows
    stored = rows.filter(pk=row.pk).first()
    if stored is None:
        raise MoveRefused(_("This has been erased."), code="erased")
    return stored


def refuse_unless_reviewable(stored: Reviewed, version: int | None) -> None:
    """Raise ``ChangedMeanwhile`` for another version, ``MoveRefused`` for another state."""
    if version is not None and stored.version != version:
        raise changed_meanwhile()
    if not stored.is_reviewable:
        raise MoveRefused(
            _("This is “%(now)s”, so that nothing of it can be accepted."),
            code="not_reviewable",
            params={"now": stored.Status(stored.status).label},
        )


def changed_meanwhile() -> ChangedMeanwhile:
    """Return the refusal of what was decided about another version than there is by now."""
    return ChangedMeanwhile(
        _(
            "Somebody else has changed what is proposed or its record in the meantime. Compare the "
            "values below again; your choices are still marked."
        ),
        code="changed_meanwhile",
    )


def decide(
    stored: Reviewed,
    record: Any,
    choices: Mapping[str, Choice],
    *,
    by: User,
    seen: Mapping[str, Any] | None,
    write: Callable[[Mapping[Field, Any]], None],
) -> bool:
    """Record each decision, and have what is accepted written; return whether the state is new.

    In the caller's transaction, with ``stored`` locked. Raises what ``accept_fields`` raises.
    """
    fields = _decided(stored, choices)
    before = {field.key: field.target.read(record, stored.language) for field in fields}
    if any(key in before and before[key] != value for key, value in (seen or {}).items()):
        raise changed_meanwhile()
    accepted = {
        field: _accepted(stored, field, choices[field.key])
        for field in fields
        if choices[field.key].outcome != Outcome.REFUSED
    }
    if accepted:
        write(accepted)
    Decision.objects.bulk_create(
        Decision(
            field=field.key,
            outcome=choices[field.key].outcome,
            old_value=before[field.key],
            proposed_value=stored.values[field.key],
            accepted_value=accepted.get(field),
            by=by,
            **{stored.decided_as: stored},
        )
        for field in fields
    )
    return _note_status(stored, record, by)


def _decided(stored: Reviewed, choices: Mapping[str, Choice]) -> list[Field]:
    """Return the fields of the choices. Raises ``ValidationError`` for what is not proposed."""
    if not choices:
        raise ValidationError(_("Choose at least one value."), code="nothing_chosen")
    proposed = {field.key: field for field, _value in stored.proposed}
    if not choices.keys() <= proposed.keys():
        raise ValidationError(_("The submission does not propose all of this."), code="unknown")
    return [field for key, field in proposed.items() if key in choices]


def _accepted(stored: Reviewed, field: Field, choice: Choice) -> Any:
    if choice.outcome == Outcome.ACCEPTED:
        return stored.values[field.key]
    if choice.value in (None, "", [], {}):
        raise ValidationError(
            _("“%(field)s” is empty. Leave it out instead."),
            code="empty",
            params={"field": field.label},
        )
    return choice.value


def _note_status(stored: Reviewed, record: Any, by: User) -> bool:
    """Say how far it is accepted by now; return whether that is another state than before.

    A value that the record has already, whoever wrote it there, needs no decision.
    """
    decisions = Decision.objects.filter(**{stored.decided_as: stored}).order_by("at", "pk")
    latest = dict(decisions.values_list("field", "outcome"))
    accepted = {key for key, outcome in latest.items() if outcome != Outcome.REFUSED}
    proposed = stored.proposed
    if not accepted & {field.key for field, _value in proposed}:
        raise ValidationError(
            _("Nothing is accepted. Accept a value, or refuse or return the submission."),
            code="nothing_accepted",
        )
    is_whole = all(
        field.key in accepted or field.target.read(record, stored.language) == value
        for field, value in proposed
    )
    to = stored.Status.ACCEPTED if is_whole else stored.Status.PARTLY_ACCEPTED
    changes: dict[str, Any] = {
        "reviewer": by,
        "reviewed_at": timezone.now(),
        "version": stored.version + 1,
    }
    if stored.status != to:
        move(stored, to, **changes)
        return True
    for name, value in changes.items():
        setattr(stored, name, value)
    stored.save(update_fields=list(changes))
    return False
