"""Who asks and over which scheme: from headers only where a configured proxy wrote them."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# What proxies write, and what anybody else can write as well.
_WRITTEN_BY_PROXIES = re.compile(
    r"HTTP_(X_FORWARDED_\w+|X_FORWARDED|FORWARDED|X_REAL_IP|X_REQUEST_ID)"
)


class TrustedProxyMiddleware:
    """Makes ``REMOTE_ADDR`` the client's address and drops every header that proxies write.

    Three remain where a trusted proxy wrote them, in the form that others read:
    ``X-Forwarded-Proto`` with one word, ``X-Request-ID``, and ``X-Forwarded-Method`` of a
    request that is to follow. The host is always ``Host``: a proxy has to pass it on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        written = {
            name: meta.pop(name) for name in list(meta) if _WRITTEN_BY_PROXIES.fullmatch(name)
        }
        peer = meta.get("REMOTE_ADDR", "")
        if settings.TRUSTED_PROXIES.trusts(peer):
            forwarded_for = written.get("HTTP_X_FORWARDED_FOR", "")
            meta["REMOTE_ADDR"] = settings.TRUSTED_PROXIES.client(peer, forwarded_for)
            # The nearest proxy wrote the last one.
            scheme = written.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
            if scheme in ("http", "https"):
                meta["HTTP_X_FORWARDED_PROTO"] = scheme
            for name in ("HTTP_X_REQUEST_ID", "HTTP_X_FORWARDED_METHOD"):
                if name in written:
                    meta[name] = written[name]
        return self.get_response(request)
