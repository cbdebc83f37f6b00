"""Where saving a row ends: the address of a form may name the page that led to it.

``…/session/add/?event=3&_back=/admin/events/event/3/programme/`` prefills the event, and ends
on its programme. “Save and add another” keeps both, for Django keeps the address.
"""

from urllib.parse import unquote, urlencode, urlsplit

from django.db.models import Model
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from events.models import Event
from events.models.scope import readable
from summit.lib.database.numbers import rows_by_keys
from summit.lib.given import given

FIELD = "_back"


def way_back(request: HttpRequest) -> str:
    """Return the page to end on, as the address names it; nothing unless it is of the admin."""
    address = request.GET.get(FIELD, "")
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return ""
    path = urlsplit(address).path
    try:
        found = resolve(path)
    except Resolver404:
        return ""
    is_page = found.app_name == "admin" and bool(found.url_name) and ".." not in unquote(path)
    return address if is_page else ""


def event_led_from(request: HttpRequest) -> Event | None:
    """Return the event from whose workspace somebody was led here, if one may read it."""
    address = way_back(request)
    found = resolve(urlsplit(address).path) if address else None
    if found is None or not given(found.url_name).startswith("events_event_"):
        return None
    keys = [found.kwargs.get("object_id", "")]
    return rows_by_keys(readable(Event.objects.all(), request.user), keys).first()


def add_url(model: type[Model], back: str, **prefilled: object) -> str:
    """Return the address that adds a row, with some of it filled in, and ends on ``back``."""
    return with_way_back(_reverse(model, "add"), back, **prefilled)


def change_url(row: Model, back: str) -> str:
    """Return the address of the page of a row that ends on ``back``."""
    return with_way_back(_reverse(type(row), "change", row.pk), back)


def with_way_back(address: str, back: str, **prefilled: object) -> str:
    """Return the address of a form, such as that of an action, that ends on ``back``."""
    return f"{address}?{urlencode({**prefilled, FIELD: back})}"


def _reverse(model: type[Model], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)
