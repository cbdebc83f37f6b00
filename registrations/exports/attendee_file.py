"""A list of attendees as a file that is downloaded, and recorded as such."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase

from registrations.domain import export_record
from registrations.exports.attendees import AttendeeList
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
    """Answer with the file. The record of it stands before the first row is read.

    Kept by no cache, and opened as nothing else than what it is. Raises
    ``TooManyRows`` where a worksheet cannot hold the list, which is recorded as interrupted.
    """
    record = export_record.begin(
        attendees.event,
        by=by,
        user_name=by.get_username(),
        source=source,
        file_format=file_format,
        file_name=attendees.file_name(file_format),
        columns=[column.name for column in attendees.columns],
        filters={
            **filters,
            **{name: getattr(attendees, name) for name in ("headers", "language", "order")},
        },
        expected=attendees.count(),
        request=request,
        **reasons,
    )
    rows = export_record.counted(record, attendees.rows())
    if file_format == "csv":
        return file_answer(attendees.csv(rows), record.file_name, rows=rows)
    return file_answer(attendees.xlsx(rows), record.file_name, rows=rows)
