"""How much may be sent, by whom and where to: decided by the header, before a body is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from backoffice.kit.upload_addresses import takes_files
from website.views import site
from website.views.expert_proposal import takes_uploads
from website.views.submission_files import takes_attachments

PIECE = 64 * 1024


class BodyLimitMiddleware:
    """Refuses what is too large by its announced length, without keeping any of it.

    Stands behind ``staff.middleware.LoginMiddleware``, to know who is logged in as the
    views do. It asks for that, at the cost of a session, only where more is sent than any
    public form is long. What is refused is not read: ops/web_worker.py then closes the
    connection.

    A proxy that keeps a body until it is whole asks before, by the header alone with
    ``X-Forwarded-Method``: a cookie is soon made up, and only here is it looked at.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "HTTP_X_FORWARDED_METHOD" in request.META:
            return _told_to_proxy(request)
        if "HTTP_TRANSFER_ENCODING" in request.META:
            # Nobody knows how long it is, and Django would take it for an empty form.
            return site.refused(request, 411)
        length = _length(request)
        if length > settings.FORM_MAX_BYTES:
            limit = largest_body(request)
            if length > limit:
                if limit > settings.FORM_MAX_BYTES and length <= settings.BODY_MAX_BYTES:
                    _read_to_its_end(request)
                return site.refused(request, 413)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a body that broke off or came too slowly: no error of the program."""
        if isinstance(exception, UnreadablePostError):
            return site.refused(request, 408)
        return None


def _told_to_proxy(request: HttpRequest) -> HttpResponse:
    """Say whether more than a form may follow: nginx takes 403 alone for a no."""
    may_send = largest_body(request) > settings.FORM_MAX_BYTES
    return HttpResponse(status=204) if may_send else site.refused(request, 403)


def largest_body(request: HttpRequest) -> int:
    """Return how many bytes this visitor may send to this address.

    Costs the queries of a login, or one for the bearer of a key that is part of the address:
    it is asked from the address alone, without touching the body.
    """
    if takes_attachments(request.path_info) or takes_uploads(request.path_info):
        return settings.UPLOAD_MAX_BYTES
    if not request.path_info.startswith("/admin/") or not request.user.is_authenticated:
        return settings.FORM_MAX_BYTES
    if takes_files(request.path_info):
        return settings.UPLOAD_MAX_BYTES
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _read_to_its_end(request: HttpRequest) -> None:
    """Take and forget the body: a proxy whose sending breaks off makes a 502 of the refusal.

    Only of who may send files: it keeps a thread busy.
    """
    try:
        while request.read(PIECE):
            pass
    except UnreadablePostError:
        # They went away, or took too long: the refusal is sent all the same.
        return
