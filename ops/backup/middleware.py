"""Answers 503 to everybody while a backup is put back."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP, build_policy

from summit.lib.process.restoring import restoring
from website.views.site import standalone


class RestoringMiddleware:
    """Nobody may read or write a site that is half the old and half the restored one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not restoring():
            return self.get_response(request)
        headers = {
            "Retry-After": "60",
            "Cache-Control": "no-store",
            # The middleware of the policy comes after the page cache, and this one before it.
            CSP.HEADER_ENFORCE: build_policy(settings.SECURE_CSP),  # type: ignore[arg-type]  # a directive may be True
        }
        return HttpResponse(standalone(request, "errors/503.html"), status=503, headers=headers)
