"""Public pages: SQL queries, CPU against an empty Django view, weight."""

import gzip
import platform
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation

from scripts.benches import wsgi
from scripts.benches.measuring import verdict
from scripts.benches.weight import Weight, weigh
from scripts.benches.world import World

SMALL = {"sessions": 1, "experts": 3, "projects": 3, "intentions": 1}
LARGE = {"sessions": 40, "experts": 30, "projects": 300, "intentions": 12}
MAX_QUERIES, MAX_BYTES, MAX_REQUESTS = 10, 60_000, 6
# How many times an empty view a page may cost when its content has not changed.
AIMS = {"event": 12, "projects": 10, "project": 6}
ROUNDS, COLD, WARM, EMPTY = 7, 3, 60, 120
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@dataclass
class Page:
    name: str
    address: dict[str, str]
    queries: list[int] = field(default_factory=list)
    warm_queries: int = 0
    cold_ms: list[float] = field(default_factory=list)
    warm_ms: list[float] = field(default_factory=list)
    weights: list[Weight] = field(default_factory=list)

    @property
    def has_steady_queries(self) -> bool:
        return len(set(self.queries)) == 1 and self.queries[0] <= MAX_QUERIES

    @property
    def is_light(self) -> bool:
        return all(
            w.bytes <= MAX_BYTES and w.requests <= MAX_REQUESTS and not w.elsewhere
            for w in self.weights
        )


def run() -> bool:
    from summit.wsgi import application

    world = World()
    world.grow(**SMALL)
    pages = public_pages(world)
    count_queries(application, pages)
    world.grow(**LARGE)
    count_queries(application, pages)
    empty_ms = measure_cpu(application, pages)
    for page in pages:
        page.weights = [weight_of(application, address) for address in page.address.values()]
    return report(pages, empty_ms)


def public_pages(world: World) -> list[Page]:
    named: dict[str, tuple[str, list[Any]]] = {
        "home": ("home", []),
        "series": ("series", [world.series.slug]),
        "events": ("events", []),
        "event": ("event", [world.event.slug]),
        "session": ("session", [world.event.slug, world.session.slug]),
        "experts": ("experts", []),
        "expert": ("expert", [world.expert.slug]),
        "organization": ("organization", [world.organization.slug]),
        "projects": ("projects", []),
        "project": ("project", [world.project.slug]),
        "intentions": ("intentions", []),
        "intention": ("intention", [world.intention.reference]),
        "about": ("about", []),
    }
    pages = []
    for name, (view, args) in named.items():
        addresses = {}
        for language in LANGUAGES:
            with translation.override(language):
                addresses[language] = reverse(view, args=args)
        # The world's event is over, and the list begins with those to come.
        if name == "events":
            addresses = {key: f"{value}?when=past" for key, value in addresses.items()}
        pages.append(Page(name, addresses))
    return pages


def count_queries(application: wsgi.Application, pages: list[Page]) -> None:
    for page in pages:
        settings.PAGE_CACHE = False
        page.queries += [wsgi.queries(application, each) for each in page.address.values()]
        settings.PAGE_CACHE = True
        wsgi.get(application, page.address["en"])
        page.warm_queries = wsgi.queries(application, page.address["en"])


def measure_cpu(application: wsgi.Application, pages: list[Page]) -> list[float]:
    """Fill in each page's times, round by round beside the empty view's, which it returns."""
    handler = wsgi.empty_view()
    wsgi.empty_cpu_ms(handler, EMPTY)
    empty_ms = []
    for _ in range(ROUNDS):
        empty_ms.append(wsgi.empty_cpu_ms(handler, EMPTY))
        for page in pages:
            address = page.address["en"]
            settings.PAGE_CACHE = True
            wsgi.get(application, address)
            page.warm_ms.append(wsgi.cpu_ms(application, address, WARM))
            settings.PAGE_CACHE = False
            page.cold_ms.append(wsgi.cpu_ms(application, address, COLD))
    return empty_ms


def weight_of(application: wsgi.Application, address: str) -> Weight:
    def fetch(path: str) -> bytes:
        answer = wsgi.get(application, path)
        if answer.status != 200:
            raise AssertionError(f"{address} needs {path}, which answers {answer.status}")
        return plain(answer)

    html = plain(wsgi.get(application, address)).decode()
    url = f"https://{wsgi.HOST}{address}"
    return weigh(url, html, fetch, media=settings.MEDIA_URL)


def plain(answer: wsgi.Answer) -> bytes:
    is_compressed = answer.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(answer.body) if is_compressed else answer.body


def report(pages: list[Page], empty_ms: list[float]) -> bool:
    database = f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}"
    print(f"\n━━ pages · {database} · Python {platform.python_version()} ━━")
    print(
        "An event of {sessions} sessions, {experts} experts and 20 of {projects} projects. "
        "Ratios are to an empty Django view\nwithout middleware or database in the same rounds: "
        "{empty:.3f} ms.".format(empty=median(empty_ms), **LARGE)
    )
    print(
        "Rendered: no page kept. Kept: the page is in memory and the content's version is asked."
        f"\nCPU is the median of {ROUNDS} rounds; queries are those with few rows and with many,"
        " in both languages.\n"
    )
    print(
        f"{'':13}{'SQL':>8}{'':7}{'rendered':>12}{'':9}{'kept':>11}{'':9}{'aim':>8}{'':9}{'weight':>10}"
    )
    for page in pages:
        print(_line(page, empty_ms))
    structure = all(page.has_steady_queries and page.is_light for page in pages)
    print(
        f"\nAims: at most {MAX_QUERIES} queries, the same however many rows; HTML, CSS and JS at "
        f"most {MAX_BYTES / 1000:.0f} kB\ncompressed in at most {MAX_REQUESTS} requests, none to "
        f"another host; the ratios above. Structure: {verdict(structure)}"
    )
    return structure


def _line(page: Page, empty_ms: list[float]) -> str:
    counts = sorted(set(page.queries))
    sql = f"{'/'.join(map(str, counts))} → {page.warm_queries}"
    ratio = {
        kind: median(own / empty for own, empty in zip(ms, empty_ms, strict=True))
        for kind, ms in (("cold", page.cold_ms), ("warm", page.warm_ms))
    }
    aim = AIMS.get(page.name)
    heaviest = max(page.weights, key=lambda weight: weight.bytes)
    return (
        f"{page.name:13}{sql:>8} {verdict(page.has_steady_queries):5}"
        f"{median(page.cold_ms):8.2f} ms {ratio['cold']:6.0f} ×"
        f"{median(page.warm_ms):8.3f} ms {ratio['warm']:6.1f} ×"
        + (f"   ≤ {aim:2} × {verdict(ratio['warm'] <= aim):5}" if aim else f"{'':15}")
        + f"{heaviest.bytes / 1000:8.1f} kB in {max(w.requests for w in page.weights)} "
        + verdict(page.is_light)
        + "".join(f" {url}" for url in sorted(set().union(*(w.elsewhere for w in page.weights))))
    )
