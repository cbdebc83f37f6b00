"""Answers 503 to everybody while a backup is put back."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import translation
from django.utils.csp import CSP, build_policy

from summit.backup.marker import restoring
from summit.lib.languages import TAGS

# They say themselves how the site is, to machines.
HEALTH = ("/healthz", "/readyz")


class RestoringMiddleware:
    """Nobody may read or write a site that is half the old and half the restored one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not restoring() or request.path in HEALTH:
            return self.get_response(request)
        # Before the session and the language of the visitor are known, which need the database.
        language = translation.get_language_from_request(request, check_path=True)
        with translation.override(language):
            page = loader.render_to_string("503.html", {"lang": TAGS.get(language, language)})
        headers = {
            "Retry-After": "60",
            "Cache-Control": "no-store",
            # The middleware of the policy comes after the page cache, and this one before it.
            CSP.HEADER_ENFORCE: build_policy(settings.SECURE_CSP),
        }
        return HttpResponse(page, status=503, headers=headers)
