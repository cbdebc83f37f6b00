import datetime as dt

import pytest
from django.utils import timezone

from events.domain import event as domain
from events.domain.event import EventReferredTo
from events.models import Event
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.factories import at
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def outcome(result):
    return "refused" if isinstance(result, MoveRefused) else result.status


# publish


def test_publish_shows_a_draft(organizer):
    draft = factories.event(status="draft")

    domain.publish(draft, by=organizer.user)

    stored = Event.objects.get()
    assert stored.status == "published"
    assert timezone.now() - stored.published_at < dt.timedelta(minutes=1)
    assert Event.objects.visible().get() == draft


def test_publish_is_written_down_with_who_did_it(organizer):
    draft = factories.event(status="draft")

    domain.publish(draft, by=organizer.user)

    latest = draft.history.first()
    assert (latest.status, latest.history_user) == ("published", organizer.user)


def test_publish_twice_is_refused_and_changes_nothing():
    event = domain.publish(factories.event(status="draft"))
    published_at = event.published_at

    with pytest.raises(MoveRefused, match="published"):
        domain.publish(event)

    assert Event.objects.get().published_at == published_at


def test_publish_refuses_a_programme_that_does_not_fit():
    draft = factories.event(status="draft")
    session = factories.session(event=draft)
    # As an import or the shell might: past the rules.
    type(session).objects.update(ends_at=at(23))

    with pytest.raises(domain.ValidationError, match="outside its event"):
        domain.publish(draft)

    assert Event.objects.get().status == "draft"


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_are_one_and_a_refusal():
    draft = factories.event(status="draft")

    results = at_once(*[lambda: domain.publish(Event.objects.get(pk=draft.pk)) for _ in range(2)])

    assert sorted(map(outcome, results)) in (["published", "refused"],)
    assert draft.history.filter(status="published").count() == 1


# cancel


def test_cancel_keeps_the_page_and_says_when():
    event = domain.cancel(factories.event())

    assert Event.objects.visible().get() == event
    assert event.is_cancelled
    assert event.cancelled_at is not None


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_cancel_is_refused_for_what_is_not_published(status):
    event = factories.event(status=status)

    with pytest.raises(MoveRefused, match="cannot become"):
        domain.cancel(event)

    assert Event.objects.get().status == status


def test_cancel_is_refused_to_one_who_looks_at_an_old_page():
    event = factories.event()
    domain.cancel(Event.objects.get())

    with pytest.raises(MoveRefused, match="in the meantime"):
        domain.cancel(event)


@pytest.mark.django_db(transaction=True)
def test_two_who_cancel_at_once_are_one_and_a_refusal():
    event = factories.event()

    results = at_once(*[lambda: domain.cancel(Event.objects.get(pk=event.pk)) for _ in range(2)])

    assert sorted(map(outcome, results)) == ["cancelled", "refused"]


# return to draft


@pytest.mark.parametrize("status", ["published", "cancelled"])
def test_return_to_draft_takes_the_event_off_the_pages(status):
    event = domain.return_to_draft(factories.event(status=status))

    assert Event.objects.get().status == "draft"
    assert (event.published_at, event.cancelled_at) == (None, None)
    assert not Event.objects.visible().exists()


def test_return_to_draft_names_what_refers_to_the_event():
    recommendation = factories.recommendation()

    with pytest.raises(EventReferredTo) as refusal:
        domain.return_to_draft(recommendation.event)

    assert str(recommendation) in refusal.value.messages[0]
    assert Event.objects.get().status == "published"


def test_return_to_draft_is_not_hindered_by_the_events_own_parts():
    event = factories.event()
    factories.appearance(session=factories.session(event=event))
    factories.role(event=event)

    domain.return_to_draft(event)

    assert Event.objects.get().status == "draft"


def test_return_to_draft_of_a_draft_is_refused():
    with pytest.raises(MoveRefused):
        domain.return_to_draft(factories.event(status="draft"))


# copy


def test_copy_brings_programme_and_roles_to_new_days():
    event = factories.event(title_en="Summit", online_link="https://example.org/")
    role = factories.role(event=event)
    session = factories.session(event=event, room_en="Hall 1")

    new = domain.copy(event, starts_on=dt.date(2027, 3, 1), with_experts=False)

    assert (new.status, new.title_en, new.online_link) == ("draft", "Summit", "")
    assert (new.starts_at, new.ends_at) == (
        at(9, day=dt.date(2027, 3, 1)),
        at(17, day=dt.date(2027, 3, 1)),
    )
    assert [(r.organization, r.role) for r in new.roles.all()] == [(role.organization, role.role)]
    copied = new.sessions.get()
    assert (copied.slug, copied.room_en) == (session.slug, "Hall 1")
    assert copied.starts_at == at(10, day=dt.date(2027, 3, 1))


def test_copy_leaves_photos_outcome_and_the_old_event_alone():
    event = factories.event(outcome_en="Three intentions.")
    factories.photo(event=event)

    new = domain.copy(event, starts_on=dt.date(2027, 3, 1))

    assert (new.photos.count(), new.outcome_en) == (0, "")
    event.refresh_from_db()
    assert (event.photos.count(), event.outcome_en) == (1, "Three intentions.")


def test_copy_brings_how_registration_is_taken_and_leaves_the_attendees():
    settings = factories.registration_settings(
        capacity=80,
        needs_approval=True,
        event=factories.event(),
        opens_at=factories.at(9, day=dt.date(2020, 10, 1)),
        calendar_sequence=3,
        told={"venue": "old"},
    )
    factories.question(settings=settings, text_en="Diet", text_zh_hans="饮食")

    new = domain.copy(settings.event, starts_on=dt.date(2021, 10, 29))

    copied = new.registration_settings
    assert (copied.capacity, copied.needs_approval) == (80, True)
    assert copied.opens_at == factories.at(9, day=dt.date(2021, 10, 1))
    assert (copied.told, copied.calendar_sequence) == (None, 0)
    assert [question.text_zh_hans for question in copied.questions.all()] == ["饮食"]
    assert settings.questions.count() == 1


def test_copy_keeps_the_time_of_day_across_summer_time():
    event = factories.event(
        time_zone="Europe/London",
        starts_at=dt.datetime(2020, 10, 29, 9, tzinfo=dt.UTC),
        ends_at=dt.datetime(2020, 10, 29, 17, tzinfo=dt.UTC),
    )

    new = domain.copy(event, starts_on=dt.date(2021, 6, 1))

    assert timezone.localtime(new.starts_at, new.zone).time() == dt.time(9)


def test_copy_brings_the_experts_where_asked():
    appearance = factories.appearance()
    event = appearance.session.event

    without = domain.copy(event, starts_on=dt.date(2027, 3, 1), with_experts=False)
    along = domain.copy(event, starts_on=dt.date(2027, 3, 2), with_experts=True)

    assert list(without.sessions.get().experts.all()) == []
    assert list(along.sessions.get().experts.all()) == [appearance.expert]


def test_copy_brings_the_other_people_with_the_experts():
    host = factories.programme_person(session=factories.session())
    event = host.event
    leader = factories.programme_person(event=event, role="leader")

    without = domain.copy(event, starts_on=dt.date(2027, 3, 1))
    along = domain.copy(event, starts_on=dt.date(2027, 3, 2), with_experts=True)

    assert not without.programme_people.exists()
    copied = {(each.name_en, each.session) for each in along.programme_people.all()}
    assert copied == {(host.name_en, along.sessions.get()), (leader.name_en, None)}


def test_copy_takes_a_title_of_its_own_and_an_address_of_it():
    event = factories.event(title_en="Summit 2026", title_zh_hans="2026年对接会")
    titles = {"title_en": "Summit 2027", "title_zh_hans": "2027年对接会"}

    new = domain.copy(event, starts_on=dt.date(2027, 3, 1), titles=titles)

    assert (new.title_en, new.title_zh_hans, new.slug) == (*titles.values(), "summit-2027")


def test_copy_without_any_title_is_refused_and_copies_nothing():
    event = factories.event()
    titles = {"title_en": "", "title_zh_hans": ""}

    with pytest.raises(domain.ValidationError):
        domain.copy(event, starts_on=dt.date(2027, 3, 1), titles=titles)

    assert Event.objects.get() == event


def test_copy_refuses_an_expert_who_is_elsewhere_then_and_copies_nothing():
    appearance = factories.appearance()
    event = appearance.session.event
    domain.copy(event, starts_on=dt.date(2027, 3, 1), with_experts=True)

    with pytest.raises(domain.ValidationError, match=str(appearance.expert)):
        domain.copy(event, starts_on=dt.date(2027, 3, 1), with_experts=True)

    assert Event.objects.count() == 2


@pytest.mark.parametrize("length", [5, 89, 96, 97, 98, 99, 100])
def test_day_stands_in_the_address_of_every_copy_of_whatever_title(length):
    event = factories.event(slug=("ab-" * 40)[: length - 1] + "x")

    days = [dt.date(2028, 10, 29) + dt.timedelta(days=number // 3) for number in range(21)]
    copies = [domain.copy(event, starts_on=day) for day in days]
    again = domain.copy(copies[0], starts_on=dt.date(2029, 10, 29))

    for day, copy in zip(days, copies, strict=True):
        assert f"-{day}" in copy.slug
    assert again.slug.endswith("-2029-10-29") and "2028" not in again.slug
    assert max(len(each.slug) for each in [*copies, again]) <= 100


def test_copy_twice_to_a_day_gives_two_addresses():
    event = factories.event(slug="summit")

    copies = [domain.copy(event, starts_on=dt.date(2027, 3, 1)) for _ in range(2)]

    assert [copy.slug for copy in copies] == ["summit-2027-03-01", "summit-2027-03-01-2"]
