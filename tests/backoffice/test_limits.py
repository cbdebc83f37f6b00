"""Limits and desks are given on record, and what limits somebody is not deleted."""

import pytest
from django.contrib.auth.models import User

from audit.models import AuditEntry
from events.models import Event, OrganizerScope
from registrations.models import DeskAssignment
from tests import factories
from tests.backoffice.posting import errors, inline, save, url
from tests.cast import make_clerk

pytestmark = pytest.mark.django_db


def told():
    return list(AuditEntry.objects.order_by("pk").values_list("action", "subject", "details"))


def test_limits_are_given_and_taken_away_on_record(superuser, organizer):
    series, event = factories.series(slug="sjz"), factories.event(slug="2020")
    page = User.objects.get(pk=organizer.user.pk)
    before = len(told())

    save(superuser, page, **inline("organizer_scopes", {"series": series.pk}))
    [scope] = OrganizerScope.objects.all()
    replaced = {"organizer_scopes-0-series": "", "organizer_scopes-0-event": event.pk}
    save(superuser, page, **replaced)
    save(superuser, page, **{"organizer_scopes-0-DELETE": "on"})

    assert not OrganizerScope.objects.exists()
    subject = "account · organizer"
    of_series = {"assignment": "limit", "series": "sjz"}
    of_event = {"assignment": "limit", "event": "2020"}
    assert told()[before:] == [
        ("assigned", subject, of_series),
        ("unassigned", subject, of_series),
        ("assigned", subject, of_event),
        ("unassigned", subject, of_event),
    ]
    assert scope.user == organizer.user


def test_same_limit_twice_on_one_page_is_refused(superuser, organizer):
    row = {"series": factories.series().pk}

    response = save(
        superuser,
        User.objects.get(pk=organizer.user.pk),
        **inline("organizer_scopes", row, row),
    )

    assert "organizer_scopes-1-__all__" in errors(response)


def test_limit_names_a_series_or_an_event(superuser, organizer):
    row = {"series": factories.series().pk, "event": factories.event().pk}

    response = save(
        superuser, User.objects.get(pk=organizer.user.pk), **inline("organizer_scopes", row)
    )

    assert "organizer_scopes-0-__all__" in errors(response)


def test_desk_is_given_and_taken_away_on_record(organizer):
    clerk, event = make_clerk(), factories.event(slug="2020")

    given = inline("desk_assignments", {"user": clerk.user.pk})
    save(organizer, event, "attendees", **given)
    save(organizer, event, "attendees", **{"desk_assignments-0-DELETE": "on"})

    assert not DeskAssignment.objects.exists()
    told_of = ("account · clerk", {"assignment": "desk", "event": "2020"})
    assert told() == [("assigned", *told_of), ("unassigned", *told_of)]


def test_event_that_limits_somebody_is_not_deleted(superuser, organizer):
    event = factories.event(status="draft")
    OrganizerScope.objects.create(user=organizer.user, event=event)

    for person in (organizer, superuser):
        page = person.get(url(event, "delete"))
        assert "organizer is limited to it" in page.text
        person.post(url(event, "delete"), {"post": "yes"})

    assert Event.objects.filter(pk=event.pk).exists()


def test_event_that_limits_nobody_is_deleted(organizer):
    event = factories.event(status="draft")

    organizer.post(url(event, "delete"), {"post": "yes"})

    assert not Event.objects.filter(pk=event.pk).exists()
