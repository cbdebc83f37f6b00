"""How files without an address of their own are given out, once a view knows who may have one."""

import logging
import re
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from summit.lib.files.file_types import plain_name
from summit.lib.given import given

log = logging.getLogger(__name__)

HEADERS = {
    "Cache-Control": "no-store, private",
    # Should a browser show it after all, it runs nothing there.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
# Of what everybody may have: it is asked for anew each time, since that may end.
PUBLIC_HEADERS = {"Cache-Control": "no-cache", "X-Robots-Tag": "all"}


def give_out(
    file: FieldFile,
    *,
    size: int,
    content_type: str,
    name: str,
    is_public: bool = False,
    is_shown: bool = False,
) -> HttpResponseBase:
    """Return the file to keep, or the word to the proxy that sends it.

    ``is_shown`` lets a browser show it, as a picture of our own making may be.
    Raises ``OSError`` where it is gone or has another size than it should.
    """
    path = given(file.name)
    stored = file.storage.size(path)
    if stored != size:
        raise OSError(f"{path} has {stored} bytes")
    if settings.X_ACCEL_PREFIX:
        response: HttpResponseBase = HttpResponse()
        response.headers["X-Accel-Redirect"] = settings.X_ACCEL_PREFIX + quote(path)
    else:
        response = FileResponse(file.open("rb"))
    about = {
        "Content-Type": content_type,
        "Content-Disposition": content_disposition_header(not is_shown, name) or "inline",
    }
    of_public = PUBLIC_HEADERS if is_public else {}
    for header, value in (HEADERS | of_public | about).items():
        response.headers[header] = value
    return response


def give_out_or_404(file: FieldFile, **about: Any) -> HttpResponseBase:
    """Do as ``give_out``. Raises ``Http404`` where the file cannot be read, which is logged."""
    try:
        return give_out(file, **about)
    except OSError as error:
        log.error("A file cannot be read: %s (%s)", file.name, error)
        raise Http404 from error


def named_for_disk(name: str, ending: str) -> str:
    """Return a name as any file system takes it, with its ending."""
    # File systems take 255 bytes, of which a Chinese character needs three.
    stem = plain_name(re.sub(r'[\\/:*?"<>|]+', " ", name.removesuffix(ending)), 80)
    return stem.rstrip(" .") + ending
