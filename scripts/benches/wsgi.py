"""Calls a WSGI application as a server does, and measures it."""

import io
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

HOST = "summit.example"
# A database connection belongs to its thread: in this one there is none.
_WITHOUT_DATABASE = ThreadPoolExecutor(1)


type Application = Callable[..., Iterable[bytes]]


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def get(application: Application, address: str) -> Answer:
    """Ask for an address as a browser does that takes gzip, and close as a server does."""
    address, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": address,
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": HOST,
        "HTTP_ACCEPT": "text/html,application/xhtml+xml",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate",
        "HTTP_ACCEPT_LANGUAGE": "en",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    started: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        started.update(status=int(status[:3]), headers=dict(headers))

    response = application(environ, start_response)
    try:
        body = b"".join(response)
    finally:
        if hasattr(response, "close"):
            response.close()
    return Answer(started["status"], started["headers"], body)


class Queries:
    """Counts the statements of a connection, for ``execute_wrapper``, and the time they take."""

    number = 0
    seconds = 0.0

    def __call__(self, execute: Callable[..., object], *args: object) -> object:
        self.number += 1
        start = time.perf_counter()
        try:
            return execute(*args)
        finally:
            self.seconds += time.perf_counter() - start


def queries(application: Application, address: str) -> int:
    """Return how many statements one answer takes."""
    counted = Queries()
    with connection.execute_wrapper(counted):
        answer = get(application, address)
    if answer.status != 200:
        raise AssertionError(f"{address} answered {answer.status}")
    return counted.number


def cpu_ms(application: Application, address: str, times: int) -> float:
    """Return the mean CPU time of this process per answer, in milliseconds."""
    before = time.process_time()
    for _ in range(times):
        get(application, address)
    return (time.process_time() - before) * 1000 / times


def _empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("", _empty)]


class _EmptyRequest(WSGIRequest):
    urlconf = __name__


def empty_view() -> WSGIHandler:
    """Return an application of one empty view, with no middleware."""
    with override_settings(MIDDLEWARE=[]):
        handler = WSGIHandler()
    handler.request_class = _EmptyRequest
    return handler


def empty_cpu_ms(handler: WSGIHandler, times: int) -> float:
    """Like ``cpu_ms``, for the empty view in a thread that has opened no database."""
    return _WITHOUT_DATABASE.submit(cpu_ms, handler, "/", times).result()
