import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from events.models import SiteProfile
from projects.domain import follow_up as domain
from projects.domain import intention as intentions
from projects.domain import signing
from projects.domain.follow_up import FollowUpRefused
from projects.models import CooperationIntention, FollowUp
from tests import factories
from tests.refusals import codes_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY = dt.date(2020, 10, 29)
LATER = dt.date(2021, 2, 1)


def found(**fields):
    return {"outcome": "progressing", "done_on": LATER} | fields


def refused(do, *args, **fields):
    """Return the codes of the refusal, which must leave no trace."""
    before = list(FollowUp.objects.order_by("pk").values())
    with pytest.raises(FollowUpRefused) as refusal:
        do(*args, **fields)
    assert list(FollowUp.objects.order_by("pk").values()) == before
    return codes_of(refusal.value)


def end(intention):
    """Give an intention up."""
    user = User.objects.get_or_create(username="organizer")[0]
    intentions.terminate(intention, reason="Changed plans.", terminated_on=LATER, by=user)


def today():
    return timezone.localdate()


# Planned by the signature


def test_signing_plans_the_follow_ups_of_the_profile_for_who_signed(organizer):
    profile = SiteProfile.load()
    profile.follow_up_months = "12，1、 6"
    factories.save(profile)

    signed = signing.sign(factories.intention(), signed_on=DAY, by=organizer.user)

    rows = signed.follow_ups.all()
    assert [row.due_on for row in rows] == [
        dt.date(2020, 11, 29),
        dt.date(2021, 4, 29),
        dt.date(2021, 10, 29),
    ]
    assert {row.assigned_to for row in rows} == {organizer.user}
    assert {row.history.get().history_user for row in rows} == {organizer.user}


def test_a_month_that_is_shorter_ends_the_interval_earlier():
    event = factories.event(series=factories.series(), starts_at=factories.at(9, day=DAY))

    signed = factories.signed_intention(event=event, signed_on=dt.date(2021, 8, 31))

    assert [row.due_on for row in signed.follow_ups.all()] == [
        dt.date(2021, 9, 30),
        dt.date(2022, 2, 28),
        dt.date(2022, 8, 31),
    ]


# Which are due


def test_due_are_only_those_of_intentions_that_are_alive(organizer):
    kept, ended = factories.follow_up(in_days=-1), factories.follow_up(in_days=-1)
    converted, done = factories.follow_up(in_days=-1), factories.follow_up(in_days=-1)
    intentions.convert(converted.intention, kind="licence", contracted_on=LATER, by=organizer.user)
    domain.record(done, by=organizer.user, **found())

    end(ended.intention)

    assert set(FollowUp.objects.due()) == {kept, converted}
    assert set(FollowUp.objects.overdue()) == {kept, converted}
    assert set(FollowUp.objects.done()) == {done}
    ended.refresh_from_db()
    assert (ended.is_overdue, ended.is_done) == (False, False)


def test_today_is_upcoming_and_yesterday_is_overdue():
    days = {days: factories.follow_up(in_days=days) for days in (-1, 0, 30, 31)}

    assert list(FollowUp.objects.overdue()) == [days[-1]]
    assert list(FollowUp.objects.upcoming()) == [days[0], days[30]]
    assert list(FollowUp.objects.due_within()) == [days[-1], days[0], days[30]]
    assert [row.is_overdue for row in days.values()] == [True, False, False, False]


# Recording


def test_record_keeps_what_was_found_by_whom_and_when(organizer):
    row = factories.follow_up()

    domain.record(row, by=organizer.user, note=" They meet. ", next_step=" A visit ", **found())

    stored = FollowUp.objects.get()
    assert (stored.outcome, stored.done_on, stored.done_by) == (
        "progressing",
        LATER,
        organizer.user,
    )
    assert (stored.note, stored.next_step) == ("They meet.", "A visit")
    assert stored.history.latest().history_user == organizer.user


def test_record_plans_the_next_for_the_same_person(organizer, auditor):
    row = factories.follow_up(assigned_to=auditor.user)

    domain.record(row, by=organizer.user, next_due_on=dt.date(2021, 5, 1), **found())

    following = FollowUp.objects.get(done_on=None)
    assert (following.intention, following.due_on) == (row.intention, dt.date(2021, 5, 1))
    assert following.assigned_to == auditor.user
    assert following.history.get().history_user == organizer.user


def test_the_next_goes_to_who_recorded_where_the_other_has_left(organizer, auditor):
    row = factories.follow_up(assigned_to=auditor.user)
    User.objects.filter(pk=auditor.user.pk).update(is_active=False)

    domain.record(row, by=organizer.user, next_due_on=dt.date(2021, 5, 1), **found())

    assert FollowUp.objects.get(done_on=None).assigned_to == organizer.user


def test_record_twice_is_refused_and_the_first_stays(organizer, auditor):
    row = factories.follow_up()
    domain.record(row, by=organizer.user, **found())

    assert refused(domain.record, row, by=auditor.user, **found(outcome="stalled")) == ["done"]


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"outcome": ""}, ["no_outcome"]),
        ({"outcome": "magnificent"}, ["no_outcome"]),
        ({"outcome": "", "done_on": None}, ["no_outcome", "no_date"]),
        ({"done_on": dt.date(2020, 10, 28)}, ["before_signature"]),
        ({"done_on": dt.date(9999, 1, 1)}, ["future"]),
        ({"next_due_on": LATER}, ["not_later"]),
    ],
)
def test_record_refuses_what_cannot_be(organizer, given, codes):
    assert (
        refused(domain.record, factories.follow_up(), by=organizer.user, **found(**given)) == codes
    )


def test_what_was_found_is_recorded_after_the_end_too_but_nothing_follows(organizer):
    row = factories.follow_up()
    end(row.intention)

    codes = refused(domain.record, row, by=organizer.user, **found(next_due_on=dt.date(2021, 5, 1)))
    domain.record(row, by=organizer.user, **found(outcome="concluded"))

    assert codes == ["not_alive"]
    assert FollowUp.objects.get().outcome == "concluded"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_record_at_once_one_does(organizer, auditor):
    pk = factories.follow_up().pk

    def record(outcome, person):
        def do():
            row = FollowUp.objects.get(pk=pk)
            return domain.record(
                row, by=person.user, next_due_on=dt.date(2021, 5, 1), **found(outcome=outcome)
            )

        return do

    results = at_once(record("stalled", organizer), record("concluded", auditor))

    lost = [result for result in results if isinstance(result, FollowUpRefused)]
    won = [result for result in results if isinstance(result, FollowUp)]
    assert (len(lost), len(won)) == (1, 1)
    assert [error.code for error in lost[0].error_list] == ["done"]
    stored = FollowUp.objects.get(pk=pk)
    assert (stored.outcome, stored.done_by) == (won[0].outcome, won[0].done_by)
    assert FollowUp.objects.filter(done_on=None).count() == 1


# Planning another one


def test_add_plans_one_more(organizer):
    signed = factories.signed_intention()

    made = domain.add(signed, due_on=LATER, assigned_to=organizer.user, by=organizer.user)

    assert made in signed.follow_ups.all()
    assert made.history.get().history_user == organizer.user


def test_add_refuses_drafts_ends_missing_and_early_days_and_doubles():
    signed, ended = factories.signed_intention(), factories.signed_intention()
    end(ended)

    def add(intention, due_on):
        return refused(domain.add, intention, due_on=due_on, assigned_to=None)

    assert add(factories.intention(), LATER) == ["not_alive"]
    assert add(ended, LATER) == ["not_alive"]
    assert add(signed, None) == ["no_date"]
    assert add(signed, dt.date(2020, 10, 28)) == ["before_signature"]
    assert add(signed, dt.date(2020, 11, 29)) == ["planned"]


def test_add_looks_at_the_intention_as_it_is_now():
    signed = factories.signed_intention()
    end(CooperationIntention.objects.get())

    assert signed.status == "signed"
    assert refused(domain.add, signed, due_on=LATER, assigned_to=None) == ["not_alive"]


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_plans_one():
    signed = factories.signed_intention()

    def add():
        return domain.add(signed, due_on=LATER, assigned_to=None)

    results = at_once(add, add)

    assert sum(isinstance(result, FollowUp) for result in results) == 1
    assert signed.follow_ups.filter(due_on=LATER).count() == 1


# Another day


def test_reschedule_moves_the_day(organizer):
    row = factories.follow_up()

    domain.reschedule(row, due_on=LATER, by=organizer.user)

    assert FollowUp.objects.get().due_on == LATER
    assert row.history.latest().history_user == organizer.user


def test_reschedule_refuses_what_is_done_and_days_that_cannot_be(organizer):
    row, done = factories.follow_up(), factories.follow_up()
    domain.record(done, by=organizer.user, **found())

    def reschedule(row, day):
        return refused(domain.reschedule, row, due_on=day, by=organizer.user)

    assert reschedule(row, None) == ["no_date"]
    assert reschedule(row, dt.date(2020, 10, 28)) == ["before_signature"]
    assert reschedule(done, LATER) == ["done"]


# Assigning


def test_assign_changes_hands_of_those_that_are_to_be_done(organizer, auditor):
    rows = [factories.follow_up(), factories.follow_up(assigned_to=auditor.user)]
    done = factories.follow_up()
    domain.record(done, by=organizer.user, **found())

    first = domain.assign([*rows, done], to=auditor.user, by=organizer.user)
    again = domain.assign([*rows, done], to=auditor.user, by=organizer.user)

    assert (first, again) == (1, 0)
    assert set(FollowUp.objects.of(auditor.user)) == set(rows)
    assert rows[0].history.latest().history_user == organizer.user
    assert rows[1].history.count() == 1


def test_assign_to_nobody_takes_it_away(organizer):
    row = factories.follow_up(assigned_to=organizer.user)

    domain.assign([row], to=None, by=organizer.user)

    assert FollowUp.objects.get().assigned_to is None


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}, {}])
def test_assign_refuses_who_cannot_see_follow_ups(organizer, fields):
    row = factories.follow_up()
    person = organizer.user if fields else User.objects.create_user("nobody", is_staff=True)
    User.objects.filter(pk=person.pk).update(**{"is_staff": True} | fields)

    codes = refused(domain.assign, [row], to=User.objects.get(pk=person.pk), by=organizer.user)

    assert codes == ["cannot_see"]


@pytest.mark.django_db(transaction=True)
def test_assigning_what_is_recorded_at_that_moment_loses_nothing(organizer, auditor):
    row = factories.follow_up()

    at_once(
        lambda: domain.assign([row], to=auditor.user, by=organizer.user),
        lambda: domain.record(FollowUp.objects.get(), by=organizer.user, **found()),
    )

    stored = FollowUp.objects.get()
    assert (stored.outcome, stored.done_by) == ("progressing", organizer.user)


# Done before anybody recorded it here


def close(*rows, person, **given):
    given = {"done_on": LATER, "note": "By phone, as the ledger of 2021 says."} | given
    found = FollowUp.objects.filter(pk__in=[row.pk for row in rows])
    return domain.close_as_done_earlier(found, by=person.user, **given)


def test_overdue_ones_are_closed_together_as_done_earlier(organizer):
    first, second = factories.signed_intention().follow_ups.all()[:2]

    assert close(first, second, person=organizer) == 2

    for row in FollowUp.objects.filter(pk__in=[first.pk, second.pk]):
        assert (row.outcome, row.done_on, row.done_by) == ("earlier", LATER, organizer.user)
        assert row.note == "By phone, as the ledger of 2021 says."
        assert row.history.first().history_user == organizer.user
    assert not FollowUp.objects.overdue().filter(pk__in=[first.pk, second.pk]).exists()


def test_what_is_done_or_not_overdue_stays_as_it_is(organizer):
    ahead = factories.follow_up(in_days=3)
    done = domain.record(factories.follow_up(), by=organizer.user, **found())

    assert close(ahead, done, person=organizer) == 0

    done.refresh_from_db()
    assert done.outcome == "progressing"


def test_closing_without_a_note_or_a_fitting_day_closes_none(organizer):
    old = factories.signed_intention().follow_ups.first()
    young = factories.signed_intention(signed_on=dt.date(2021, 6, 1)).follow_ups.first()
    both = (old, young)

    assert refused(close, *both, person=organizer, note=" ") == ["before_signature", "no_note"]
    assert refused(close, *both, person=organizer, done_on=None) == ["no_date"]
    assert refused(close, old, person=organizer, done_on=today() + dt.timedelta(days=2)) == [
        "future"
    ]


def test_no_look_finds_that_it_was_done_earlier(organizer):
    row = factories.follow_up()

    assert refused(domain.record, row, by=organizer.user, **found(outcome="earlier")) == [
        "no_outcome"
    ]


@pytest.mark.django_db(transaction=True)
def test_recording_and_closing_at_once_leave_one_of_both(organizer):
    row = factories.follow_up(in_days=-1)

    def record():
        domain.record(FollowUp.objects.get(pk=row.pk), by=organizer.user, **found(done_on=today()))

    at_once(record, lambda: close(row, person=organizer, done_on=today()))

    row.refresh_from_db()
    assert (row.outcome, bool(row.note)) in [("progressing", False), ("earlier", True)]
