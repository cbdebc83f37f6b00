"""Figures for Prometheus, switched on by ``METRICS_TOKEN``; nobody's data among them.

Each gunicorn worker counts in files that ``gunicorn.conf.py`` has prepared, and any of
them answers for all. What lies in the database is read when it is asked for.
"""

from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.http import require_safe
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)
from prometheus_client.core import GaugeMetricFamily, Metric

from ops import figures
from summit.lib.web.bearer_token import has_bearer_token

# The 0.0.4 text format, which every version of Prometheus reads.
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Counters:
    """What one web process counts, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "summit_requests_total",
            "Requests answered, by page and class of status.",
            ["route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "summit_request_seconds",
            "Time until an answer begins to be sent.",
            ["route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.pages = Counter(
            "summit_public_pages_total",
            "Public pages answered from memory (kept) or rendered.",
            ["how"],
            registry=self.registry,
        )


@cache
def counters() -> Counters:
    return Counters()


def count(route: str, response: HttpResponse, seconds: float) -> None:
    """Count an answer; does nothing where nobody may ask for the figures."""
    if not settings.METRICS_TOKEN:
        return
    ours = counters()
    ours.requests.labels(route, f"{response.status_code // 100}xx").inc()
    ours.seconds.labels(route).observe(seconds)
    if getattr(response, "kept_route", ""):
        ours.pages.labels("kept").inc()
    elif getattr(response, "is_shared_page", False):
        ours.pages.labels("rendered").inc()


class DatabaseFigures:
    """The figures that all processes share, read from the database for each answer."""

    def collect(self) -> Iterator[Metric]:
        try:
            found = figures.read()
        except DatabaseError:
            # What the processes counted is worth most just then.
            found = {}
        up = GaugeMetricFamily("summit_database_up", "Whether the database answered.")
        up.add_metric([], bool(found))
        yield up
        for name, (explanation, value) in found.items():
            family = GaugeMetricFamily(f"summit_{name}", explanation)
            family.add_metric([], value)
            yield family


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the figures to who sends the token; others find no such page."""
    if not has_bearer_token(request, settings.METRICS_TOKEN):
        # Too early in the middleware for the page of the site.
        return HttpResponseNotFound("Not found\n", content_type="text/plain")
    text = generate_latest(_process_figures()) + generate_latest(_database_figures())
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(text, content_type=CONTENT_TYPE, headers=headers)


def _process_figures() -> CollectorRegistry:
    ours = counters().registry
    if values.ValueClass.__name__ == "MutexValue":  # one process, as for developers
        return ours
    shared = CollectorRegistry()
    multiprocess.MultiProcessCollector(shared)
    return shared


def _database_figures() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(DatabaseFigures())
    return registry
