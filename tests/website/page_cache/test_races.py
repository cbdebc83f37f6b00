import threading

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from events.models import Event, Photo, SiteProfile
from tests import factories
from tests.threads import at_once
from website.page_cache import cached_page, triggers
from website.page_cache.content import version

pytestmark = pytest.mark.django_db(transaction=True)


@cached_page
def city(request):
    return HttpResponse(Event.objects.get().city_en)


city.login_required = False
urlpatterns = [path("city/", city)]


@pytest.fixture(autouse=True)
def _cache_on(settings):
    settings.PAGE_CACHE = True
    settings.ROOT_URLCONF = __name__


def test_writers_of_the_same_tables_in_opposite_order_do_not_deadlock():
    """Each writes rows of its own, so that only what all of them share could lock."""
    kinds = [
        [factories.event() for _ in range(4)],
        [factories.organization() for _ in range(4)],
        [factories.project() for _ in range(4)],
    ]

    def writer(index):
        rows = [kind[index] for kind in kinds]
        for _ in range(15):
            with transaction.atomic():
                for row in rows if index % 2 else rows[::-1]:
                    row.save()
        return "done"

    assert at_once(*[lambda index=index: writer(index) for index in range(4)]) == ["done"] * 4


def test_rows_that_a_foreign_key_checks_at_commit_do_not_deadlock_with_their_writers():
    events = [factories.event(), factories.event()]

    def adds_photos():
        for _ in range(20):
            with transaction.atomic():
                Photo.objects.bulk_create([Photo(event=e, image="x.webp") for e in events])
                Photo.objects.bulk_create([Photo(event=e, image="x.webp") for e in events[::-1]])
        return "done"

    def holds_an_event(event):
        for _ in range(20):
            with transaction.atomic():
                # The strongest lock, which the check at the others' commit waits for.
                Event.objects.select_for_update().get(pk=event.pk).save()
        return "done"

    results = at_once(
        adds_photos,
        adds_photos,
        lambda: holds_an_event(events[0]),
        lambda: holds_an_event(events[1]),
    )

    assert results == ["done"] * 4


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_writers_do_not_wait_for_each_other():
    event, organization = factories.event(), factories.organization()
    before = version()
    has_written, may_end = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            event.save()
            has_written.set()
            return may_end.wait(timeout=20)

    def quick():
        has_written.wait(timeout=20)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            organization.save()
        after_quick = version()
        may_end.set()
        return after_quick

    was_let_end, after_quick = at_once(slow, quick)

    assert was_let_end is True
    assert len({before, after_quick, version()}) == 3


def test_page_shows_each_commit_of_another_thread_at_once():
    event = factories.event()
    client = Client()

    for number in range(10):
        at_once(lambda number=number: Event.objects.update(city_en=f"City {number}"))

        assert client.get("/city/").text == f"City {number}"
        assert client.get("/city/").text == f"City {number}"
    event.refresh_from_db()


def test_no_reader_ever_sees_less_than_what_was_committed_before_it_asked():
    factories.event(city_en="0")
    committed = [0]

    def writer():
        for number in range(1, 60):
            with transaction.atomic():
                Event.objects.update(city_en=str(number))
            committed[0] = number
        return "never stale"

    def reader():
        client = Client()
        while committed[0] < 59:
            floor = committed[0]
            shown = int(client.get("/city/").text)
            if shown < floor:
                return f"{shown} shown after {floor} was committed"
        return "never stale"

    assert at_once(writer, reader, reader, reader) == ["never stale"] * 4


def test_servers_that_migrate_at_once_do_not_stumble_over_each_other():
    def migrate():
        for _ in range(5):
            triggers.before_migrate(using="default")
            triggers.after_migrate(using="default")
        return "done"

    assert at_once(migrate, migrate, migrate) == ["done"] * 3
    assert version() is not None


def test_profile_that_a_reader_makes_while_rendering_does_not_hide_a_later_change():
    client = Client()
    factories.event(city_en="Shijiazhuang")

    SiteProfile.load()
    assert client.get("/city/").text == "Shijiazhuang"
    Event.objects.update(city_en="Cangzhou")

    assert client.get("/city/").text == "Cangzhou"
