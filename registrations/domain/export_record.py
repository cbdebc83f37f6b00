"""Who exported which attendees: written before the first row is made, and after the last.

Whether the file then arrives, nobody here can know.
"""

import datetime as dt
from collections.abc import Generator, Iterable, Mapping, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest

from audit import trail
from events.models import Event
from registrations.audited import Action
from registrations.models import ExportRecord

Outcome = ExportRecord.Outcome
# The filters whose values are a choice or a day. What else was asked for, such as a search,
# is recorded as having been asked for: the text may be a person's name.
CHOSEN = frozenset(
    {
        *("statuses", "categories", "checked_in", "languages", "registered_since"),
        *("registered_before", "headers", "language", "order", "column_set", "selected"),
        *("purpose", "phone"),
        *("audience", "left_out"),
    }
)


def begin(
    event: Event,
    *,
    by: User | None,
    user_name: str,
    source: str,
    file_format: str,
    file_name: str,
    columns: Sequence[str],
    filters: Mapping[str, object],
    expected: int,
    purpose: str = "",
    recipient: str = "",
    is_abroad: bool = False,
    request: HttpRequest | None = None,
) -> ExportRecord:
    """Record that somebody begins to export the event's attendees, in the audit trail too.

    Its transaction ends before the first of them leaves, so that the record stands.
    ``columns`` are names of columns. Of ``filters`` the values of choices are kept, and of all
    else only that it was used. ``purpose`` and ``recipient`` are what somebody typed or people
    agreed to: why the list leaves, and to whom. ``expected`` is how many people match: the trail
    says so before the first of them leaves, whatever happens then.
    """
    return _record(
        event,
        Action.EXPORTED,
        expected=expected,
        request=request,
        by=by,
        user_name=user_name,
        source=source,
        file_format=file_format,
        file_name=file_name,
        columns=list(columns),
        filters=without_texts(filters),
        purpose=purpose,
        recipient=recipient,
        is_abroad=is_abroad,
    )


def refuse(
    event: Event,
    *,
    by: User,
    source: str,
    file_format: str = "",
    columns: Sequence[str] = (),
    filters: Mapping[str, object] | None = None,
    request: HttpRequest | None = None,
) -> ExportRecord:
    """Record that somebody asked for the event's attendees who may not have them."""
    return _record(
        event,
        Action.EXPORT_REFUSED,
        request=request,
        by=by,
        user_name=by.get_username(),
        source=source,
        outcome=Outcome.REFUSED,
        file_format=file_format,
        columns=list(columns),
        filters=without_texts(filters or {}),
    )


@transaction.atomic
def _record(
    event: Event,
    action: Action,
    *,
    by: User | None,
    request: HttpRequest | None,
    expected: int | None = None,
    **fields: object,
) -> ExportRecord:
    record = ExportRecord(event=event, user=by, **fields)
    # An export without a filter is one all the same.
    record.full_clean(exclude=["columns", "filters"])
    record.save()
    trail.record(
        action,
        by=by,
        request=request,
        subject=f"event · {event.slug}",
        source=record.source,
        file_format=record.file_format,
        rows=expected,
        **({"abroad": True} if record.is_abroad else {}),
    )
    return record


def without_texts(filters: Mapping[str, object]) -> dict[str, object]:
    """Return what of the filters may be recorded, as plain values; empty ones are left out."""
    used = {name: value for name, value in filters.items() if value not in (None, "", [], ())}
    return {name: _plain(value) if name in CHOSEN else True for name, value in used.items()}


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    return value if isinstance(value, (bool, int)) else str(value)


def counted[T](record: ExportRecord, rows: Iterable[T]) -> Generator[T]:
    """Pass the rows of an export through, and record how many there were and how it ended.

    Complete once all are made; interrupted, with those so far, when the
    iterator is closed or forgotten before, even before its first row, or when
    making a row fails. Give it the rows, not the chunks of a file.
    """
    passing = _counting(record, rows)
    # A generator that has not begun is closed without a word.
    next(passing)
    return passing


def _counting[T](record: ExportRecord, rows: Iterable[T]) -> Generator[T]:
    count = 0
    try:
        yield None  # type: ignore[misc]  # taken by ``counted``
        for row in rows:
            count += 1
            yield row
    except BaseException:
        close = getattr(rows, "close", None)
        if close:
            close()
        _end(record, Outcome.INTERRUPTED, count)
        raise
    _end(record, Outcome.COMPLETE, count)


def interrupt(record: ExportRecord) -> None:
    """Record that the file did not become whole, though its last row may have been made."""
    _end(record, Outcome.INTERRUPTED, record.rows or 0)


def _end(record: ExportRecord, outcome: str, rows: int) -> None:
    record.outcome, record.rows = outcome, rows
    record.save(update_fields=["outcome", "rows"])
