"""Files of an event at its desk: shown to who works there, and given to nobody else."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events.models import Event, OrganizerScope
from registrations.models import DeskAssignment
from summit.lib.files.file_types import FileType
from tests import factories
from tests.cast import make_clerk
from tests.files import fetch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]

AUDIENCES = ("public", "attendees", "staff")


def by_audience(event):
    return {each: factories.event_file(event=event, audience=each) for each in AUDIENCES}


def at(file, event=None):
    return reverse("desk-file", args=[(event or file.event).slug, file.code])


def status(person, path):
    return fetch(person, path).status_code


def statuses(person, files):
    """What the desk and the public address answer for each audience."""
    return {
        each: (status(person, at(file)), status(person, file.get_absolute_url()))
        for each, file in files.items()
    }


def test_clerk_gets_every_file_at_the_desk_and_no_other_than_public_ones_elsewhere(clerk, event):
    assert statuses(clerk, by_audience(event)) == {
        "public": (200, 200),
        "attendees": (200, 404),
        "staff": (200, 404),
    }


def test_file_at_the_desk_is_an_attachment_that_nothing_keeps(clerk, event):
    data = b"PK\x03\x04 slides"
    file = factories.event_file(
        event=event,
        audience="staff",
        title_en="Run sheet",
        data=data,
        content_type=FileType.PPTX,
    )

    response = fetch(clerk, at(file))

    assert response.bytes == data
    assert response.headers["Content-Type"] == FileType.PPTX
    assert response.headers["Content-Disposition"] == 'attachment; filename="Run sheet.pptx"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_others_get_no_file_of_a_desk(stranger, auditor, organizer, event):
    files = by_audience(event)
    other_clerk = make_clerk(factories.registration_settings().event)

    for person, refused in ((stranger, 302), (auditor, 403), (other_clerk, 403)):
        assert {status(person, at(file)) for file in files.values()} == {refused}
    assert {status(organizer, at(file)) for file in files.values()} == {200}
    OrganizerScope.objects.create(user=organizer.user, event=factories.event())
    assert {status(organizer, at(file)) for file in files.values()} == {403}


def test_file_of_another_event_is_not_given_at_ones_own_desk(clerk, event):
    elsewhere = factories.event_file(audience="staff")

    assert status(clerk, at(elsewhere, event)) == 404
    assert status(clerk, at(elsewhere)) == 403


def test_clerk_loses_the_files_with_the_desk(clerk, event):
    file = factories.event_file(event=event, audience="staff")
    assert status(clerk, at(file)) == 200

    over = timezone.now() - dt.timedelta(days=15)
    Event.objects.filter(pk=event.pk).update(starts_at=over - dt.timedelta(1), ends_at=over)
    assert status(clerk, at(file)) == 403

    Event.objects.filter(pk=event.pk).update(ends_at=timezone.now())
    assert status(clerk, at(file)) == 200
    DeskAssignment.objects.all().delete()
    assert status(clerk, at(file)) == 403


def test_door_lists_the_files_and_for_whom_each_is(clerk, event, url):
    files = by_audience(event)
    hours = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    session = factories.session(event=event, title_en="Opening", **hours)
    slides = factories.event_file(event=event, session=session, kind="slides", audience="staff")
    elsewhere = factories.event_file(audience="staff")

    page = clerk.get(url("desk-door")).text

    for file in (*files.values(), slides):
        assert f'href="{at(file)}"' in page
    for words in ("for everybody", "for attendees", "for staff", "Opening"):
        assert words in page
    assert elsewhere.code not in page


def test_door_without_files_says_nothing_of_them(clerk, url):
    assert "door-files" not in clerk.get(url("desk-door")).text


def test_file_that_is_gone_from_the_storage_is_no_error(clerk, event):
    file = factories.event_file(event=event, audience="staff")
    file.file.storage.delete(file.file.name)

    assert status(clerk, at(file)) == 404


def test_door_costs_the_same_for_few_and_many_files(clerk, event, url):
    hours = {"starts_at": event.starts_at, "ends_at": event.ends_at}

    def count():
        session = factories.session(event=event, **hours)
        factories.event_file(event=event, session=session, audience="staff")
        with CaptureQueriesContext(connection) as queries:
            assert clerk.get(url("desk-door")).status_code == 200
        return len(queries)

    clerk.get(url("desk-door"))

    assert count() == count()
