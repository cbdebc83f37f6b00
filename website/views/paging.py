"""Pages of a list that is not the only one of its view."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest


def page_of(rows: Sequence[Any] | QuerySet[Any], length: int, request: HttpRequest) -> Page:
    """Return the page that the address asks for, as ``ListView`` does; 404 where there is none."""
    try:
        return Paginator(rows, length).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(str(error)) from error
