"""Pages of a site that has grown for years: queries, CPU and weight of each, nothing kept."""

import datetime as dt
import platform
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from events.models import Affiliation, Appearance, Event, EventSeries, Expert, Session
from projects.models import CooperationIntention, IntentionProject, Project, Recommendation
from scripts.benches import wsgi
from scripts.benches.measuring import verdict
from scripts.benches.pages import MAX_QUERIES, plain
from scripts.benches.world import DAY, PARAGRAPHS, SUMMARIES, TITLES, World, both
from tests import factories

FEW = {"series": 2, "events": 40, "projects": 80, "experts": 30, "intentions": 20}
MANY = {"series": 40, "events": 2_000, "projects": 20_000, "experts": 5_000, "intentions": 2_000}
ROUNDS = 5
PAGES = {
    "home": "/en/",
    "series": "/en/series/grown-0/",
    "list of series": "/en/series/",
    "past events": "/en/events/?when=past",
    "event": "/en/events/grown-0/",
    "experts": "/en/experts/",
    "organizations": "/en/organizations/",
    "experts, a search": "/en/experts/?q=hale+22",
    "projects": "/en/projects/",
    "projects, a search": "/en/projects/?q=blood+22",
    "projects of an event": "/en/projects/?event=grown-7",
    "signed intentions": "/en/intentions/",
    "feed": "/en/feed.xml",
    "sitemap, its index": "/sitemap.xml",
    "sitemap, one file": "/sitemap-projects.xml",
}


def run() -> bool:
    from summit.wsgi import application

    settings.PAGE_CACHE = False
    world = Grown()
    world.grow(**FEW)
    few = queries(application)
    began = time.perf_counter()
    world.grow(**MANY)
    seconds = time.perf_counter() - began
    return report(application, few, queries(application), seconds)


class Grown:
    """Rows past the checks of their models, as an import would make them by the thousand."""

    def __init__(self) -> None:
        world = World()
        world.grow(sessions=1, experts=3, projects=3, intentions=1)
        self.signed = world.intention
        self.owners = [factories.organization() for _ in range(20)]
        self.rows: dict[type[models.Model], list[Any]] = {}

    @transaction.atomic
    def grow(
        self, *, series: int, events: int, projects: int, experts: int, intentions: int
    ) -> None:
        """Add what is missing up to the numbers given."""
        self._add(EventSeries, series, self._series)
        self._add(Event, events, self._event)
        self._add(Session, events, self._session)
        self._add(Expert, experts, self._expert)
        self._add(Affiliation, experts, self._affiliation)
        self._add(Appearance, experts, self._appearance)
        self._add(Project, projects, self._project)
        self._add(Recommendation, projects, self._recommendation)
        self._add(CooperationIntention, intentions, self._intention)
        self._add(IntentionProject, intentions, self._named_project)

    def _add(
        self, model: type[models.Model], number: int, make: Callable[[int], dict[str, Any]]
    ) -> None:
        rows = self.rows.setdefault(model, [])
        new = [model(**make(n)) for n in range(len(rows), number)]
        rows += model._default_manager.bulk_create(new, batch_size=500)

    def _get(self, model: type[models.Model], number: int) -> Any:
        return self.rows[model][number % len(self.rows[model])]

    def _series(self, n: int) -> dict[str, Any]:
        return {"slug": f"grown-{n}", **both("title", ("Series", "系列活动"), n)}

    def _event(self, n: int) -> dict[str, Any]:
        return {
            "slug": f"grown-{n}",
            "series": self._get(EventSeries, n),
            "status": Event.Status.PUBLISHED,
            "published_at": factories.at(8),
            "starts_at": factories.at(8) - dt.timedelta(days=n),
            "ends_at": factories.at(18) - dt.timedelta(days=n),
            **both("title", ("Summit", "对接会"), n),
            **both("summary", SUMMARIES),
            **both("description", PARAGRAPHS),
        }

    def _session(self, n: int) -> dict[str, Any]:
        event = self._get(Event, n)
        return {
            "slug": f"grown-{n}",
            "event": event,
            "starts_at": event.starts_at,
            "ends_at": event.ends_at,
            **both("title", TITLES, n),
        }

    def _expert(self, n: int) -> dict[str, Any]:
        return {"slug": f"grown-{n}", **both("name", ("Ann Hale", "安·黑尔"), n)}

    def _affiliation(self, n: int) -> dict[str, Any]:
        owner = self.owners[n % len(self.owners)]
        return {"expert": self._get(Expert, n), "organization": owner, "is_primary": True}

    def _appearance(self, n: int) -> dict[str, Any]:
        return {"expert": self._get(Expert, n), "session": self._get(Session, n)}

    def _project(self, n: int) -> dict[str, Any]:
        return {
            "slug": f"grown-{n}",
            "owner": self.owners[n % len(self.owners)],
            "status": Project.Status.PUBLISHED,
            "published_at": factories.at(9) - dt.timedelta(hours=n),
            "maturity": n % 9 + 1,
            **both("title", TITLES, n),
            **both("summary", SUMMARIES),
            **both("description", PARAGRAPHS),
        }

    def _recommendation(self, n: int) -> dict[str, Any]:
        session = self._get(Session, n)
        return {
            "project": self._get(Project, n),
            "expert": self._get(Expert, n),
            "session": session,
            "event": session.event,
        }

    def _intention(self, n: int) -> dict[str, Any]:
        return {
            "reference": f"GROWN-{n:05}",
            "event": self._get(Event, n),
            "company": self.owners[n % len(self.owners)],
            "expert": self._get(Expert, n),
            "status": CooperationIntention.Status.SIGNED,
            "signed_on": DAY - dt.timedelta(days=n),
            "snapshot": self.signed.snapshot,
        }

    def _named_project(self, n: int) -> dict[str, Any]:
        return {
            "intention": self._get(CooperationIntention, n),
            "project": self.signed.projects.first(),
        }


def queries(application: wsgi.Application) -> dict[str, int]:
    for address in PAGES.values():
        wsgi.get(application, address)
    return {name: wsgi.queries(application, address) for name, address in PAGES.items()}


def report(
    application: wsgi.Application, few: dict[str, int], many: dict[str, int], seconds: float
) -> bool:
    print(f"\n━━ growth · {connection.vendor} · Python {platform.python_version()} ━━")
    print(
        "{series} series, {events:,} events, {projects:,} projects, {experts:,} experts, "
        "{intentions:,} signed intentions,\nmade in {seconds:.0f} s. Queries are those of a "
        "small site and of this one.\n".format(seconds=seconds, **MANY)
    )
    is_steady = True
    for name, address in PAGES.items():
        passed = few[name] == many[name] <= MAX_QUERIES
        is_steady = is_steady and passed
        cpu = median(wsgi.cpu_ms(application, address, 1) for _ in range(ROUNDS))
        text = plain(wsgi.get(application, address))
        print(
            f"{name:21}{few[name]:4} / {many[name]:<4}{verdict(passed):5}"
            f"{cpu:9.1f} ms{len(text) / 1000:9.0f} kB"
        )
    print(f"\nAim: at most {MAX_QUERIES} queries, the same however many rows.")
    return is_steady
