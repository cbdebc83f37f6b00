"""How much may be sent."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

PIECE = 64 * 1024


class BodyLimitMiddleware:
    """Refuses by its announced length what is too large, without keeping any of it.

    Django limits forms but not the files in them. Only the admin takes files; a body
    without a length, which Django does not read, needs no limit.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        takes_files = request.path_info.startswith("/admin/")
        limit = settings.UPLOAD_MAX_BYTES if takes_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        length = _length(request)
        if length > limit:
            if takes_files and length <= settings.BODY_MAX_BYTES:
                _read_to_its_end(request)
            raise RequestDataTooBig
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _read_to_its_end(request: HttpRequest) -> None:
    """Take and forget the body: a proxy whose sending breaks off makes a 502 of the refusal.

    Not where nobody has a reason to send so much: it keeps a thread busy.
    """
    while request.read(PIECE):
        pass
