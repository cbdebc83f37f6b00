"""A search of the admin whose words are in no address.

What is typed to find an attendee is personal data, and addresses end up in the logs of
proxies and in the histories of browsers. So the words are posted, and kept in a cookie
of the browser that typed them; the address names them by a token.
"""

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

COOKIE = "searches"
# So that one can go back in the browser, and the cookie stays well below 4 kB.
MOST, LONGEST = 5, 120


class PrivateChangeList(ChangeList):
    """Finds by the words that the token in the address stands for, and shows them."""

    longest_search = LONGEST

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Any]:
        token, kept = request.GET.get(SEARCH_VAR, ""), _kept(request)
        self.query = kept.get(token, "")
        rows = super().get_queryset(request, exclude_parameters)
        # A search that has expired finds nobody: an action on all that were found would reach all.
        return rows if not token or token in kept else rows.none()


class PrivateSearch(ModelAdmin):
    """For the admin of a model whose rows are people. Not for one that others autocomplete.

    Its ``search_form.html`` posts, and its list is a ``PrivateChangeList``. Overrides
    ``changelist_view``.
    """

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST" and SEARCH_VAR in request.POST:
            return _keep(request, request.POST[SEARCH_VAR].strip()[:LONGEST])
        token = request.GET.get(SEARCH_VAR)
        if token and token not in _kept(request):
            messages.warning(request, _("This search has expired. Search again."))
            return redirect(_address(request))
        return super().changelist_view(request, extra_context)


def _kept(request: HttpRequest) -> dict[str, str]:
    """Return what this login searched for, by token, the newest last."""
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=_salt(request))
    except signing.BadSignature:
        return {}


def _keep(request: HttpRequest, words: str) -> HttpResponse:
    """Lead to the list of what was found, its filters kept."""
    if not words:
        return redirect(_address(request))
    token = secrets.token_urlsafe(6)
    kept = dict([*_kept(request).items(), (token, words)][-MOST:])
    response = redirect(_address(request, token))
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=_salt(request), compress=True),
        path=request.path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def _address(request: HttpRequest, token: str = "") -> str:
    query = request.GET.copy()
    for name in (SEARCH_VAR, PAGE_VAR):
        query.pop(name, None)
    if token:
        query[SEARCH_VAR] = token
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _salt(request: HttpRequest) -> str:
    # Another login on the same computer does not read it.
    return f"{__name__}.{request.session.session_key}"
