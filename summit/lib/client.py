"""Who asks."""

from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """Return the client's network address, for counting only; nothing over a Unix socket.

    ``summit.middleware.proxies`` has put it there: what a client wrote into a header
    itself is not believed.
    """
    return request.META.get("REMOTE_ADDR", "")
