"""An answer is compressed for who takes it so: pages, kept pages, static files."""

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from summit.middleware.encodings import accepted
from tests import factories

pytestmark = pytest.mark.django_db

REFUSING = [
    "gzip;q=0",
    "gzip; q=0",
    "GZIP;Q=0.000",
    "gzip;q=0, deflate",
    "deflate, gzip;q=0, *;q=1",
    "*;q=0",
    "identity",
    "br;q=1, *;q=0",
    "gzip;q=0, identity;q=0",
    "*",
    "",
]
TAKING = [
    "gzip",
    "gzip;q=0.001",
    "GZIP;q=1.0, identity;q=0",
    "*;q=0, gzip",
    "identity;q=0, *",
    "gzip;q=nonsense",
    "deflate;q=0.5, gzip;q=0.1",
]


@pytest.fixture
def static_file():
    """A file that collectstatic has compressed."""
    plain = Path(settings.STATIC_ROOT, "encodings.css")
    zipped = plain.with_name(f"{plain.name}.gz")
    plain.write_text("p {}\n" * 200)
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    yield "/static/encodings.css"
    plain.unlink()
    zipped.unlink()


def encodings(paths, header):
    answers = [Client().get(path, headers={"Accept-Encoding": header}) for path in paths]
    assert {each.status_code for each in answers} == {200}
    for each in answers:
        # The files; it also closes the connection to the database.
        each.close()
    return {each.headers.get("Content-Encoding", "") for each in answers}


@pytest.mark.parametrize(
    ("header", "encoding"),
    [(header, "") for header in REFUSING] + [(header, "gzip") for header in TAKING],
)
def test_answers_are_compressed_for_who_takes_it(static_file, header, encoding):
    event = factories.event()
    # Rendered, and kept: the second time it is answered from memory.
    page = f"/en/events/{event.slug}/"

    assert encodings([page, page, "/admin/login/", static_file], header) == {encoding}


def test_kept_page_of_one_client_is_not_sent_to_another_that_refuses_it(client):
    path = f"/en/events/{factories.event().slug}/"

    answers = [
        client.get(path, headers={"Accept-Encoding": header}).headers.get("Content-Encoding")
        for header in ("gzip", "gzip;q=0", "gzip", "gzip;q=0")
    ]

    assert answers == ["gzip", None, "gzip", None]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("gzip, deflate, br, zstd", ["gzip", "deflate", "br", "zstd"]),
        ("br;q=0, gzip", ["gzip"]),
        (",,;q=0, =, *;=", ["="]),
    ],
)
def test_encodings_are_read_whatever_is_written(header, found):
    assert accepted(header) == found
