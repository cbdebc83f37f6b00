"""What no database can hold is kept out here, for the whole site."""

import re
from collections.abc import Callable, Iterable
from itertools import chain

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.utils.translation import gettext_lazy as _

from website.views import site

# PostgreSQL has no text with the first, and the others cannot be written as UTF-8.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ENDLESS_NUMBER = re.compile(r"\d{19}")
_REPLACEMENT = "\ufffd"


class UnstorableInput(BadRequest):
    """What was sent cannot be stored or looked up. The page of the error says why."""

    reason = _(
        "Something in it cannot be stored: a null character, or a number that is too large. "
        "Go back, remove it and send the rest again."
    )


class UnstorableInputMiddleware:
    """Keeps null characters, lone surrogates and numbers without end from the database.

    In an address such a character is read as U+FFFD, as Django reads bytes that are no UTF-8:
    what is understood of the address still holds. A form is refused, since what somebody wants
    to have stored must not change on its way. A number is refused where the database did not
    take it: as text, such as a reference of somebody's, it may have any length.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Routes let it pass, and rows are looked up by it.
        request.path_info = _replace(request.path_info)
        if _is_unstorable(_texts(request.GET)):
            request.GET = _replaced(request.GET)  # type: ignore[assignment]  # any will do
        for name, value in list(request.COOKIES.items()):
            # No cookie of ours, so that it counts as none.
            if _is_unstorable([name, value]):
                del request.COOKIES[name]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        try:
            is_refused = _is_unstorable(chain(_texts(request.POST), request.FILES))
        except UnreadablePostError:
            # It broke off or came too slowly; Django would take it for an empty form.
            return site.refused(request, 408)
        if is_refused:
            raise UnstorableInput
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Refuse what the database, or Python, did not take as a number."""
        if not isinstance(exception, (DataError, OverflowError, ValueError)):
            return
        sent = chain([request.path_info], _texts(request.GET), _texts(request.POST))
        if any(map(_ENDLESS_NUMBER.search, sent)):
            raise UnstorableInput from exception


def _texts(sent: QueryDict) -> Iterable[str]:
    """Yield names and values of a query or a form."""
    for name, values in sent.lists():
        yield name
        yield from values


def _is_unstorable(texts: Iterable[str]) -> bool:
    return any(map(_UNSTORABLE.search, texts))


def _replace(text: str) -> str:
    return _UNSTORABLE.sub(_REPLACEMENT, text)


def _replaced(sent: QueryDict) -> QueryDict:
    result = QueryDict(mutable=True)
    for name, values in sent.lists():
        for value in values:
            result.appendlist(_replace(name), _replace(value))
    return result
