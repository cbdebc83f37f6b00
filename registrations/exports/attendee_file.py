"""A list of attendees as a file, and recorded as such."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from registrations.domain import export_record
from registrations.exports.attendees import AttendeeList
from registrations.models import ExportRecord
from registrations.models.export import REASON_LENGTH
from summit.lib.spreadsheets.answer import file_answer


def download(
    attendees: AttendeeList,
    *,
    file_format: str,
    by: User,
    source: str,
    filters: Mapping[str, object],
    reasons: Mapping[str, str],
    request: HttpRequest | None = None,
) -> HttpResponseBase:
    """Answer with the file, which is recorded as ``record`` does.

    Kept by no cache, and opened as nothing else than what it is. Raises
    ``TooManyRows`` where a worksheet cannot hold the list, which is recorded as interrupted.
    """
    made = record(
        attendees,
        by=by,
        user_name=by.get_username(),
        source=source,
        file_format=file_format,
        file_name=attendees.file_name(file_format),
        filters=filters,
        reasons=reasons,
        request=request,
    )
    rows = export_record.counted(made, attendees.rows())
    if file_format == "csv":
        return file_answer(attendees.csv(rows), made.file_name, rows=rows)
    return file_answer(attendees.xlsx(rows), made.file_name, rows=rows)


@transaction.atomic
def record(
    attendees: AttendeeList,
    *,
    by: User | None,
    user_name: str,
    source: str,
    file_format: str,
    file_name: str,
    filters: Mapping[str, object],
    reasons: Mapping[str, str],
    request: HttpRequest | None = None,
) -> ExportRecord:
    """Record a list before its first row is read; how many agree is counted with it.

    Whoever withdraws a consent after that, and before the list is read, is not on it either. A
    list for a recipient is recorded with who that is, whatever somebody typed.
    """
    used = dict(filters)
    if attendees.to is not None:
        used |= {"audience": attendees.to.kind, "left_out": attendees.left_out()}
    return export_record.begin(
        attendees.event,
        by=by,
        user_name=user_name,
        source=source,
        file_format=file_format,
        file_name=file_name,
        columns=[column.name for column in attendees.columns],
        filters={
            **used,
            **{name: getattr(attendees, name) for name in ("headers", "language", "order")},
        },
        expected=attendees.count(),
        is_abroad=attendees.to is not None and attendees.to.is_abroad,
        request=request,
        **_reasons(attendees, reasons),
    )


def _reasons(attendees: AttendeeList, typed: Mapping[str, str]) -> dict[str, str]:
    """Return purpose and recipient, as people agreed to them where the list needs that."""
    to = attendees.to
    if to is None:
        return {"purpose": typed["purpose"], "recipient": typed["recipient"]}
    is_handed_out = to.kind == to.Kind.RECIPIENT
    return {
        "purpose": str(to.purpose or to.label)[:REASON_LENGTH],
        "recipient": str(to.recipient)[:REASON_LENGTH] if is_handed_out else typed["recipient"],
    }
