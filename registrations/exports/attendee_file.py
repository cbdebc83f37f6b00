"""A list of attendees as a file that is downloaded, and recorded as such."""

from collections.abc import Generator, Iterator, Mapping

from django.contrib.auth.models import User
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from registrations.domain import export_record
from registrations.exports.attendees import AttendeeList

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Chunks:
    """A file on its way. The rows end with it, even where nobody has read the first chunk."""

    def __init__(self, chunks: Generator[bytes], rows: Generator[object]) -> None:
        self.chunks, self.rows = chunks, rows

    def __iter__(self) -> Iterator[bytes]:
        return self.chunks

    def close(self) -> None:
        self.chunks.close()
        self.rows.close()


def download(
    attendees: AttendeeList,
    *,
    file_format: str,
    by: User,
    source: str,
    filters: Mapping[str, object],
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
    )
    rows = export_record.counted(record, attendees.rows())
    if file_format == "csv":
        response = StreamingHttpResponse(
            _Chunks(attendees.csv(rows), rows), content_type="text/csv; charset=utf-8"
        )
    else:
        response = FileResponse(attendees.xlsx(rows), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, record.file_name)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
