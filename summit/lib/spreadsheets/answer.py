"""A table as the answer to a request."""

from collections.abc import Generator, Iterator
from typing import BinaryIO

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


class _Chunks:
    """A file on its way. The rows end with it, even where nobody has read the first chunk."""

    def __init__(self, chunks: Generator[bytes], rows: Generator[object]) -> None:
        self.chunks, self.rows = chunks, rows

    def __iter__(self) -> Iterator[bytes]:
        return self.chunks

    def close(self) -> None:
        self.chunks.close()
        self.rows.close()


def file_answer(
    content: Generator[bytes] | BinaryIO, file_name: str, *, rows: Generator[object]
) -> HttpResponseBase:
    """Answer with the chunks of a CSV file, or with an XLSX file, made of ``rows``.

    Kept by no cache, and opened as nothing else than what it is.
    """
    response: HttpResponseBase
    if isinstance(content, Generator):
        response = StreamingHttpResponse(_Chunks(content, rows), content_type=CSV)
    else:
        response = FileResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
