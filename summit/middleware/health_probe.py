"""Answers to those who ask how the site is: load balancers, monitors and container engines."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import resolve

PATHS = ("/healthz", "/readyz", "/metrics")


class ProbesMiddleware:
    """Stands before all that asks for a host name, a session or the database.

    A load balancer knows this process by its network address, and has to hear from it
    most of all when the database does not answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in PATHS:
            return self.get_response(request)
        request.resolver_match = match = resolve(request.path_info)
        return match.func(request)
