"""Answers for public pages from memory, at the cost of one query for the content's version."""

import gzip
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import re_accepts_gzip
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from website.page_cache.content import version
from website.page_cache.expiry import next_change

# Longer ones are answered, but an endless supply of them shall not push out the rest.
MAX_QUERY_LENGTH = 200
MAX_BODY_BYTES = 500_000
VARIES_BY = ("Accept-Encoding", "Cookie")

type View = Callable[..., HttpResponseBase]


def cached_page(view: View) -> View:
    """Let the page of ``view`` be kept and shown to everybody who is not logged in.

    The view may depend on nothing but its address, the content in watched tables
    and the clock as ``moments`` knows it.
    """

    @wraps(view)
    def shared(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.is_shared_page = True  # type: ignore[attr-defined]  # for the middleware
        return response

    return shared


def keep_page_for(response: HttpResponse, at_most: timedelta) -> None:
    """Let a page be kept no longer than that, for a figure from a table that is not watched."""
    response.kept_at_most = at_most  # type: ignore[attr-defined]  # for the middleware


class Page(NamedTuple):
    """A page as it was sent, and the time in which it is right."""

    valid_from: datetime
    valid_until: datetime
    headers: dict[str, str]
    body: bytes
    route: str


class PageCacheMiddleware:
    """Stands outside of compression, log-in and language, so that a hit needs none of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        # The version must be read before anything of the page is: content.py says why.
        current = version() if settings.PAGE_CACHE and _is_for_everybody(request) else None
        if current is None:
            return self._render(request)
        pages, key = caches["pages"], _key(request, current)
        page = pages.get(key)
        is_kept = page is not None and page.valid_from <= now < page.valid_until
        if not is_kept:
            response = self._render(request)
            if not _may_be_kept(request, response):
                return response
            page = _page(request, response, now)
            pages.set(key, page)
        response = _answer(request, page)
        response.is_shared_page = True  # type: ignore[attr-defined]  # as above
        # For the log and the figures: nobody has looked the address of a kept page up.
        response.kept_route = page.route if is_kept else ""  # type: ignore[attr-defined]  # as above
        return response

    def _render(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "is_shared_page", False) and "Cache-Control" not in response:
            # Browsers may keep it, but ask each time whether it is still right.
            private = "" if _is_anonymous(request) else "private, "
            response.headers["Cache-Control"] = f"{private}no-cache"
            patch_vary_headers(response, VARIES_BY)
        return response


def _is_anonymous(request: HttpRequest) -> bool:
    # A message may wait in its cookie for somebody without a session.
    return "HTTP_AUTHORIZATION" not in request.META and not (
        "HTTP_COOKIE" in request.META
        and (settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES)
    )


def _is_for_everybody(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and len(request.META.get("QUERY_STRING", "")) <= MAX_QUERY_LENGTH
        and _is_anonymous(request)
    )


def _key(request: HttpRequest, current: str) -> str:
    """Return all that a page depends on, as one short name. The language is in the path."""
    accepts_gzip = bool(re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))
    parts = (
        current,
        request.scheme,
        request.get_host(),
        request.path,
        request.META.get("QUERY_STRING", ""),
        accepts_gzip,
    )
    return hashlib.blake2b(repr(parts).encode(), digest_size=24).hexdigest()


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    varies_by = {name.strip() for name in response.get("Vary", "").split(",")}
    return (
        getattr(response, "is_shared_page", False)
        and request.method == "GET"
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and len(response.content) <= MAX_BODY_BYTES
        and response["Cache-Control"] == "no-cache"
        and varies_by <= set(VARIES_BY)
        and "'nonce-" not in response.get("Content-Security-Policy", "")
    )


def _page(request: HttpRequest, response: HttpResponse, rendered_at: datetime) -> Page:
    """Return what to keep of a response that was rendered from ``rendered_at`` on.

    Its ETag is weak and made of the plain text: each process compresses for itself,
    with other bytes, and all of them mean the same.
    """
    body = response.content
    is_compressed = response.get("Content-Encoding") == "gzip"
    digest = hashlib.blake2b(gzip.decompress(body) if is_compressed else body, digest_size=16)
    headers = dict(response.items())
    headers["ETag"] = f'W/"{digest.hexdigest()}"'
    headers["Content-Length"] = str(len(body))
    route = request.resolver_match.view_name if request.resolver_match else ""
    valid_until = next_change(rendered_at)
    if hasattr(response, "kept_at_most"):
        valid_until = min(valid_until, rendered_at + response.kept_at_most)
    return Page(rendered_at, valid_until, headers, body, route)


def _answer(request: HttpRequest, page: Page) -> HttpResponse:
    # Without its body the answer to HEAD keeps the length of the page.
    body = b"" if request.method == "HEAD" else page.body
    response = HttpResponse(body, headers=page.headers)
    if "HTTP_IF_NONE_MATCH" in request.META:
        etag = page.headers["ETag"]
        return get_conditional_response(request, etag=etag, response=response) or response
    return response
