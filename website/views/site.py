"""What belongs to the site rather than to one of its nouns: root, media, robots, error pages."""

import logging
import re

from django.conf import settings
from django.contrib.sitemaps.views import SitemapIndexItem, x_robots_tag
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseServerError
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template import loader
from django.templatetags.static import static
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from summit.lib.i18n.languages import TAGS
from summit.lib.web import request_id
from website import sitemaps

log = logging.getLogger(__name__)

YEAR = 365 * 24 * 60 * 60
# Nothing that climbs, hides or is too long for a file's name.
PICTURE = re.compile(r"(?=.{1,200}$)(?:[\w-]+/)*[\w-][\w.-]*\.(?:webp|preview\.jpg)", re.ASCII)


def choose_language(request: HttpRequest) -> HttpResponse:
    """Lead from the bare address to the language that the visitor chose or the browser asks for."""
    with translation.override(translation.get_language_from_request(request)):
        response = redirect("home")
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve the pictures we encoded ourselves, wherever they are stored.

    Their names change with their content, so that a name is as good as a checksum.
    A storage that cannot be reached is 503, which nobody keeps.
    """
    if not PICTURE.fullmatch(path):
        raise Http404(_("There are only pictures here."))
    headers = {
        "Cache-Control": f"public, max-age={YEAR}, immutable",
        "ETag": quote_etag(path.rsplit("/")[-1]),
        "X-Content-Type-Options": "nosniff",
    }
    try:
        file = default_storage.open(path)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise Http404(_("There is no such picture.")) from error
    except OSError:
        log.exception("A picture could not be read")
        return HttpResponse(status=503, headers={"Retry-After": "30", "Cache-Control": "no-store"})
    content_type = "image/webp" if path.endswith(".webp") else "image/jpeg"
    response = FileResponse(file, content_type=content_type, headers=headers)
    answer: HttpResponseBase | None = get_conditional_response(
        request,
        etag=headers["ETag"],
        response=response,  # type: ignore[arg-type]  # it takes any response
    )
    if answer is not response:
        response.close()
    return answer or response


@x_robots_tag
def sitemap(request: HttpRequest) -> HttpResponse:
    """Lead to the files of the map. Not Django's ``index``, whose addresses the request names."""
    files = [SitemapIndexItem(address) for address in sitemaps.files()]
    context = {"sitemaps": files}
    return render(request, "sitemap_index.xml", context, content_type="application/xml")


def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    return sitemap_of(request, sitemaps={**sitemaps.SITEMAPS}, section=section)


def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask unbidden to the drawing that the pages link to."""
    response = redirect(static("favicon.svg"), permanent=False)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 in the visitor's language, naming the languages where the address has none."""
    first = request.path_info.strip("/").split("/")[0]
    context = {
        "other_language": len(first) in (2, 5) and first not in TAGS,
        "first_page": _without_page(request),
    }
    return render(request, "errors/404.html", context, status=404)


def _without_page(request: HttpRequest) -> str:
    """Return the address of the same list from its beginning, if a page of a list was asked for."""
    if "page" not in request.GET:
        return ""
    query = request.GET.copy()
    del query["page"]
    return f"{request.path}?{query.urlencode()}" if query else request.path


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", {"reason": str(exception)}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/403.html", {"csrf": True}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    is_too_much = isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent))
    return refused(request, 413 if is_too_much else 400, reason=getattr(exception, "reason", ""))


def refused(request: HttpRequest, status: int, *, reason: str = "") -> HttpResponse:
    """Answer a request that is not looked at any further, with a page that needs no database."""
    template = "errors/413.html" if status in (403, 413) else "errors/400.html"
    return HttpResponse(standalone(request, template, reason=reason), status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 from a template that needs neither the database nor a context processor."""
    return HttpResponseServerError(standalone(request, "errors/500.html"))


def standalone(request: HttpRequest, template: str, **context: object) -> str:
    """Render a page of the visitor's language that needs no database."""
    language = translation.get_language_from_request(request, check_path=True)
    with translation.override(language):
        common = {"lang": TAGS.get(language, language), "request_id": request_id.current()}
        return loader.render_to_string(template, common | context)
