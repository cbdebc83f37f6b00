"""In which compression an answer may come."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_ZERO = re.compile(r"q\s*=\s*0(\.0*)?")


class AcceptEncodingMiddleware:
    """Leaves in ``Accept-Encoding`` only what the client takes, without weights.

    Django, whitenoise and the page cache look for the name of an encoding anywhere in the
    header, and so would send to a client what it refuses by ``gzip;q=0``. Stands outside of
    all of them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_ACCEPT_ENCODING", "")
        if "=" in given or "*" in given:
            request.META["HTTP_ACCEPT_ENCODING"] = ", ".join(accepted(given))
        return self.get_response(request)


def accepted(header: str) -> list[str]:
    """Return the encodings that a header accepts, in its order (RFC 9110, section 12.5.3).

    A star stands for those that are not named. It makes an answer compressed only where
    plain ones are refused.
    """
    takes = {}
    for item in header.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        if name:
            takes[name] = not any(_ZERO.fullmatch(each) for each in parameters)
    refuses_plain = not takes.get("identity", True)
    if takes.pop("*", False) and refuses_plain:
        takes.setdefault("gzip", True)
    return [name for name, is_taken in takes.items() if is_taken]
