"""Visits of experts: asked for, saved by two at once, erased, never put together by a merger."""

import datetime as dt
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from audit.models import AuditEntry
from events.domain import merging
from submissions.domain import expert_link, expert_privacy, passport, visit
from submissions.domain.decisions import ChangedMeanwhile
from submissions.models import ExpertLink, ExpertVisit, PassportData
from tests import factories
from tests.cast import make_organizer
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_organizer().user


def ended(days, **fields):
    end = timezone.now() - dt.timedelta(days=days)
    return factories.event(starts_at=end - dt.timedelta(hours=8), ends_at=end, **fields)


def test_asked_again_keeps_what_was_entered(user):
    link = factories.expert_link()
    event = factories.upcoming_event()
    asked = visit.ask(link.expert, event, travel=True, passport=True, by=user)
    visit.save_travel(asked, {"arrival_by": "CA 938"}, version=asked.version, link=link)
    factories.passport_data(asked)

    again = visit.ask(link.expert, event, travel=False, passport=True, by=user)

    assert again.pk == asked.pk
    assert (again.arrival_by, again.asks_travel) == ("CA 938", False)
    assert again.version > asked.version
    assert PassportData.objects.filter(visit=again).exists()


def test_a_new_link_keeps_the_visit(user):
    kept = factories.passport_data().visit
    until = timezone.now() + dt.timedelta(days=9)

    expert_link.issue(kept.expert, email="n@example.org", language="en", ends_at=until, by=user)

    assert [each.pk for each in visit.open_visits(kept.expert)] == [kept.pk]


def test_nothing_is_asked_for_an_event_that_is_over_or_cancelled(user):
    expert = factories.expert()

    for event in (ended(1), factories.upcoming_event(status="cancelled")):
        with pytest.raises(ValidationError, match="over or cancelled"):
            visit.ask(expert, event, travel=True, passport=False, by=user)
    with pytest.raises(ValidationError, match="Tick what to ask for"):
        visit.ask(expert, factories.upcoming_event(), travel=False, passport=False, by=user)
    assert not ExpertVisit.objects.exists()


def test_a_postponed_event_has_no_days_to_be_far_from():
    event = factories.upcoming_event(status="postponed", previous_starts_at=timezone.now())
    arrives = event.starts_at + dt.timedelta(days=300)

    visit.check_travel(ExpertVisit(event=event, arrives_at=arrives))


def test_revoked_while_it_is_typed(user):
    link = factories.expert_link()
    asked = factories.expert_visit(link)
    expert_link.revoke(link.expert, by=user)

    with pytest.raises(ChangedMeanwhile, match="link has ended"):
        visit.save_travel(asked, {"arrival_by": "CA 938"}, version=asked.version, link=link)
    with pytest.raises(ChangedMeanwhile, match="link has ended"):
        passport.save(asked, {}, agreed_to="", link=link)


def test_erased_while_it_is_typed():
    link = factories.expert_link()
    asked = factories.expert_visit(link)
    visit.erase([asked])

    with pytest.raises(ChangedMeanwhile, match="erased"):
        visit.save_travel(asked, {"arrival_by": "CA 938"}, version=1, link=link)
    assert not ExpertVisit.objects.exists()


def test_two_kinds_of_link_have_codes_of_their_own():
    first, second = factories.expert_link(), factories.expert_link()

    assert passport.code_of(first, "k") != passport.code_of(second, "k")
    assert passport.code_of(first, "k") != passport.code_of(first, "l")
    assert passport.code_of(first, "k") == passport.code_of(first, "k")


# Erasure and what a person is shown


def test_visits_are_erased_thirty_days_after_the_event():
    old = factories.passport_data(factories.expert_visit(event=ended(31))).visit
    fresh = factories.passport_data(factories.expert_visit(event=ended(29))).visit
    # Without new days, the former ones count.
    postponed = factories.passport_data(
        factories.expert_visit(
            event=ended(90, status="postponed", previous_starts_at=timezone.now())
        )
    ).visit
    cancelled = factories.passport_data(
        factories.expert_visit(event=factories.upcoming_event(status="cancelled"))
    ).visit

    assert visit.erase_expired() == 3
    assert visit.erase_expired() == 0

    assert set(ExpertVisit.objects.all()) == {fresh}
    assert [each.visit for each in PassportData.objects.all()] == [fresh]
    gone = {old.pk, postponed.pk, cancelled.pk}
    assert gone.isdisjoint(ExpertVisit.objects.values_list("pk", flat=True))
    entry = AuditEntry.objects.get(action="expert_visits_erased")
    assert (entry.details["visits"], entry.details["reason"]) == (3, "retention")


def test_the_period_follows_an_event_that_is_moved():
    asked = factories.expert_visit(event=ended(31))
    event = asked.event
    event.starts_at = timezone.now() + dt.timedelta(days=9)
    event.ends_at = event.starts_at + dt.timedelta(hours=1)
    event.save()

    assert visit.erase_expired() == 0
    asked.refresh_from_db()
    assert asked.kept_until == event.ends_at + dt.timedelta(days=30)


def test_the_periodic_step_runs():
    factories.passport_data(factories.expert_visit(event=ended(31)))

    call_command("run_periodic", stdout=StringIO())

    assert not PassportData.objects.exists()


def test_it_goes_with_the_event_and_with_the_expert():
    of_draft = factories.passport_data(
        factories.expert_visit(event=factories.upcoming_event(status="draft"))
    )
    of_expert = factories.passport_data()

    of_draft.visit.event.delete()
    of_expert.visit.expert.delete()

    assert not ExpertVisit.objects.exists()
    assert not PassportData.objects.exists()


def test_erased_by_the_address_of_the_link():
    link = factories.expert_link()
    factories.passport_data(factories.expert_visit(link))
    another = factories.passport_data()

    expert_privacy.erase_by_email(link.email)

    assert list(PassportData.objects.all()) == [another]
    assert not ExpertLink.objects.filter(pk=link.pk).exists()


def test_an_address_to_which_a_link_went_by_mistake_takes_no_visit_along():
    expert = factories.expert()
    long_ago = timezone.now() - dt.timedelta(days=3)
    wrong = factories.expert_link(expert, made_at=long_ago, revoked_at=timezone.now())
    right = factories.expert_link(expert)
    factories.expert_link(expert, email="")
    kept = factories.passport_data(factories.expert_visit(right))

    expert_privacy.erase_by_email(wrong.email)
    assert PassportData.objects.get() == kept
    expert_privacy.erase_by_email(right.email)

    assert not PassportData.objects.exists()


def test_a_link_is_kept_as_long_as_a_visit_is_found_by_it():
    long_ago = timezone.now() - dt.timedelta(days=900)
    link = factories.expert_link(made_at=long_ago, ends_at=long_ago + dt.timedelta(days=1))
    asked = factories.expert_visit(link)

    expert_privacy.erase_expired()
    assert ExpertLink.objects.filter(pk=link.pk).exists()
    visit.erase([asked])
    expert_privacy.erase_expired()

    assert not ExpertLink.objects.filter(pk=link.pk).exists()


def test_own_data_is_masked_and_for_a_link_that_works():
    link = factories.expert_link()
    data = factories.passport_data(factories.expert_visit(link))

    [row] = expert_privacy.own_data(link.email)
    assert row["visits"][0]["passport_number"] == "•••••••77"
    assert data.number not in str(row)
    ExpertLink.objects.update(revoked_at=timezone.now())

    [row] = expert_privacy.own_data(link.email)
    assert row["visits"] == []


def test_passports_of_two_experts_are_never_merged(user):
    kept = factories.passport_data().visit
    other = factories.expert_visit(event=kept.event)

    with pytest.raises(ValidationError, match="Erase one of the visits first"):
        merging.merge(kept.expert, [other.expert], by=user)
    visit.erase([other])
    merging.merge(kept.expert, [other.expert], by=user)

    assert ExpertVisit.objects.get() == kept


def test_nobody_is_named_by_a_row():
    data = factories.passport_data()

    assert (str(data.visit), str(data)) == (
        f"visit of an expert {data.visit.pk}",
        f"passport data {data.pk}",
    )


@pytest.mark.django_db(transaction=True)
def test_expert_and_organizer_save_at_once():
    link = factories.expert_link()
    asked = factories.expert_visit(link)

    def save(words):
        row = ExpertVisit.objects.get(pk=asked.pk)
        try:
            visit.save_travel(row, {"arrival_by": words}, version=1, link=link)
        except ChangedMeanwhile:
            return False
        return True

    assert sorted(at_once(lambda: save("one"), lambda: save("two"))) == [False, True]
    asked.refresh_from_db()
    assert asked.version == 2


@pytest.mark.django_db(transaction=True)
def test_passport_saved_twice_at_once_is_one_row():
    link = factories.expert_link()
    asked = factories.expert_visit(link)
    values = {name: getattr(factories.passport_data(), name) for name in passport.ENTERED}

    def save():
        agreed = passport.mark_of(passport.consent_to(asked))
        return passport.save(asked, values, agreed_to=agreed, link=link)

    at_once(save, save)

    assert PassportData.objects.filter(visit=asked).count() == 1


@pytest.mark.django_db(transaction=True)
def test_saved_while_it_is_erased_leaves_nothing_behind():
    link = factories.expert_link()
    asked = factories.expert_visit(link)

    def save():
        try:
            visit.save_travel(asked, {"arrival_by": "CA 938"}, version=1, link=link)
        except ChangedMeanwhile:
            return "refused"
        return "saved"

    at_once(save, lambda: visit.erase([asked]))

    assert not ExpertVisit.objects.exists()
