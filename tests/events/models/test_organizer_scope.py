import pytest
from django.contrib.auth.models import AnonymousUser, User

from events.models import Event, EventSeries, OrganizerScope
from events.models.limits import limits_of
from projects.models import FollowUp
from registrations.domain.desk import events_at_desk_of
from tests import factories
from tests.cast import make_clerk

pytestmark = pytest.mark.django_db


@pytest.fixture
def series():
    return factories.series()


@pytest.fixture
def inside(series):
    return factories.event(series=series, status="draft")


@pytest.fixture
def outside():
    return factories.event(series=factories.series(), status="draft")


def limit(person, **to):
    OrganizerScope.objects.create(user=person.user, **to)
    person.user = User.objects.get(pk=person.user.pk)


def test_who_has_no_limit_runs_everything(organizer, inside, outside):
    assert set(Event.objects.run_by(organizer.user)) == {inside, outside}
    assert EventSeries.objects.run_by(organizer.user).count() == 2


def test_limit_to_a_series_is_its_events_those_to_come_too(organizer, series, inside, outside):
    limit(organizer, series=series)

    later = factories.event(series=series)

    assert set(Event.objects.run_by(organizer.user)) == {inside, later}
    assert list(EventSeries.objects.run_by(organizer.user)) == [series]


def test_limit_to_an_event_lets_its_series_be_read(organizer, series, inside, outside):
    factories.event(series=series)
    limit(organizer, event=inside)

    assert list(Event.objects.run_by(organizer.user)) == [inside]
    assert list(EventSeries.objects.run_by(organizer.user)) == []
    assert list(EventSeries.objects.read_by(organizer.user)) == [series]


def test_limits_add_up(organizer, series, inside, outside):
    limit(organizer, series=series)
    limit(organizer, event=outside)

    assert set(Event.objects.run_by(organizer.user)) == {inside, outside}


def test_superusers_and_visitors_are_never_limited(superuser, outside, series):
    limit(superuser, series=series)

    assert limits_of(superuser.user) is None
    assert limits_of(AnonymousUser()) is None


def test_auditors_are_limited_alike(auditor, series, inside, outside):
    limit(auditor, series=series)

    assert list(Event.objects.visible_to(auditor.user)) == [inside]


def test_limits_are_read_once(organizer, series, django_assert_num_queries):
    limit(organizer, series=series)

    with django_assert_num_queries(1):
        for _time in range(3):
            limits_of(organizer.user)


def test_drafts_beyond_are_not_seen_and_what_is_public_is(organizer, series, inside, outside):
    public = factories.event()
    limit(organizer, series=series)

    assert set(Event.objects.visible_to(organizer.user)) == {inside, public}


def test_desk_is_of_what_one_runs_and_of_what_a_clerk_is_assigned_to(organizer, series):
    mine = factories.registration_settings(event=factories.upcoming_event(series=series)).event
    other = factories.registration_settings().event
    limit(organizer, series=series)
    clerk = make_clerk(other)

    assert list(events_at_desk_of(organizer.user)) == [mine]
    assert list(events_at_desk_of(clerk.user)) == [other]


def test_follow_ups_of_other_events_are_nobodys_to_do_who_is_limited(organizer, auditor, series):
    mine = factories.follow_up(
        intention=factories.signed_intention(event=factories.event(series=series)),
        assigned_to=organizer.user,
    )
    beyond = factories.follow_up(assigned_to=organizer.user)
    of_another = factories.follow_up(assigned_to=auditor.user)
    assert set(FollowUp.objects.of(organizer.user)) == {mine, beyond}

    limit(organizer, series=series)

    assert list(FollowUp.objects.of(organizer.user)) == [mine]
    assert beyond not in FollowUp.objects.within_limits()
    assert {mine, of_another} <= set(FollowUp.objects.within_limits())
