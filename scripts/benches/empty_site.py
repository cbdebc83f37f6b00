"""An empty view without middleware, as an application of its own for a server."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "summit.settings")
django.setup()

from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from scripts.benches.wsgi import empty_view  # noqa: E402


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


application = empty_view()
application.request_class.urlconf = __name__


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("", empty), path("healthz", healthz)]
