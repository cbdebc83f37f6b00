"""How heavy pages are, and what they ask of the database: structure, not timings."""

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scripts.benches.pages import MAX_BYTES, MAX_REQUESTS, public_pages
from scripts.benches.weight import weigh
from scripts.benches.world import World

HOST = "http://testserver"
LITTLE = {"sessions": 1, "experts": 3, "projects": 3, "intentions": 1}
MUCH = {"sessions": 40, "experts": 30, "projects": 30, "intentions": 12}


def static_file(path):
    return Path(finders.find(path.removeprefix(settings.STATIC_URL))).read_bytes()


def addresses(world):
    return {
        (page.name, language): address
        for page in public_pages(world)
        for language, address in page.address.items()
    }


def weight_of(html, url=f"{HOST}/en/"):
    return weigh(url, html, static_file, media=settings.MEDIA_URL)


@pytest.mark.django_db
def test_every_page_is_light_and_asks_no_other_host(client):
    world = World()
    world.grow(**MUCH)

    weights = {
        key: weight_of(client.get(address).text, HOST + address)
        for key, address in addresses(world).items()
    }

    assert {key: w.elsewhere for key, w in weights.items() if w.elsewhere} == {}
    assert {key: w.bytes for key, w in weights.items() if w.bytes > MAX_BYTES} == {}
    assert {key: w.fetched for key, w in weights.items() if w.requests > MAX_REQUESTS} == {}
    assert weights["event", "en"].photographs


@pytest.mark.django_db(transaction=True)
def test_every_page_is_kept_and_then_takes_one_query(client, settings):
    settings.PAGE_CACHE = True
    world = World()
    world.grow(**LITTLE)
    pages = addresses(world)
    first = {key: client.get(address).content for key, address in pages.items()}

    assert {key: _count(client, address) for key, address in pages.items()} == dict.fromkeys(
        pages, 1
    )
    assert {key: client.get(address).content for key, address in pages.items()} == first


def _count(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


# What weighing looks at


def test_sheets_modules_and_icons_are_fetched_and_what_they_name():
    files = {
        "/static/a.css": b'@import "b.css"; p { background: url(c.svg) }',
        "/static/b.css": b'@import url("https://fonts.example/x.css");',
        "/static/c.svg": b"<svg/>",
        "/static/d.js": b'import { e } from "./e.js"; import("./f.js")',
        "/static/e.js": b"",
        "/static/f.js": b"",
        "/static/icon.svg": b"<svg/>",
    }
    html = (
        '<link rel="stylesheet" href="/static/a.css"><link rel="icon" href="/static/icon.svg">'
        '<script type="module" src="/static/d.js"></script><link rel="canonical" href="https://x.y">'
        '<img src="/media/p.webp" srcset="/media/p.480.webp 480w, https://cdn.example/p.webp 2x">'
        '<a href="https://elsewhere.example/">a link</a><img src="data:image/png;base64,AAAA">'
    )

    weight = weigh(f"{HOST}/en/", html, files.__getitem__, media="/media/")

    assert {url.removeprefix(HOST) for url in weight.fetched} == {"/en/", *files}
    assert weight.photographs == {f"{HOST}/media/p.webp", f"{HOST}/media/p.480.webp"}
    assert weight.elsewhere == {"https://fonts.example/x.css", "https://cdn.example/p.webp"}
    assert weight.fetched[f"{HOST}/en/"] == len(gzip.compress(html.encode(), 6))


def test_page_of_seven_requests_is_seen():
    html = "".join(f'<link rel="stylesheet" href="/static/css/base.css?{n}">' for n in range(6))

    assert weight_of(html).requests == 7
