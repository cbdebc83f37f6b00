import datetime as dt
import io

import pytest
from dateutil.relativedelta import relativedelta
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.models import AuditEntry
from events.models import OrganizerScope
from events.models.scope import readable
from interests.domain import interest as domain
from interests.domain import privacy
from interests.models import Interest
from mail.models import OutboundMail
from registrations.domain.privacy import erase_person
from summit.lib.database.states import MoveRefused
from tests import cast, factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db
Status = Interest.Status


def ago(**time):
    return timezone.now() - relativedelta(**time)


def limited_to(event):
    organizer = cast.make_organizer().user
    OrganizerScope.objects.create(user=organizer, event=event)
    return User.objects.get(pk=organizer.pk)


def test_assigning_moves_a_new_one_and_taking_it_back_makes_it_new_again():
    organizer = cast.make_organizer().user
    interest = factories.interest()

    domain.assign(interest, to=organizer)
    assert (interest.status, interest.assigned_to) == (Status.ASSIGNED, organizer)

    domain.assign(interest, to=None)
    assert (interest.status, interest.assigned_to) == (Status.NEW, None)


def test_who_may_not_see_it_is_assigned_none():
    interest = factories.interest(event=factories.event())
    others = limited_to(factories.event())

    for person in (cast.make_auditor().user, others):
        with pytest.raises(ValidationError, match="cannot see"):
            domain.assign(interest, to=person)

    interest.refresh_from_db()
    assert interest.status == Status.NEW


def test_closing_and_taking_up_again_are_steps_that_count_for_the_retention():
    interest = factories.interest(last_step_at=ago(months=6))

    domain.close(interest)
    assert interest.status == Status.CLOSED
    assert timezone.now() - interest.last_step_at < dt.timedelta(minutes=1)

    domain.reopen(interest)
    assert interest.status == Status.NEW


def test_closing_twice_is_refused():
    interest = domain.close(factories.interest())

    with pytest.raises(MoveRefused):
        domain.close(interest)


def test_a_wave_of_spam_is_thrown_away_at_once_and_recorded():
    wave = [factories.interest() for _number in range(3)]
    taken_up = factories.interest(status=Status.ANSWERED)

    assert domain.throw_away([*wave, taken_up]) == 3

    assert set(Interest.objects.counted()) == {taken_up}
    [entry] = AuditEntry.objects.filter(action="interests_spam")
    assert entry.details["interests"] == 3


def test_who_is_limited_reads_those_of_own_events_and_of_own_rows_without_an_event():
    event = factories.event()
    project = factories.recommendation(event=event).project
    own = factories.interest(event=event)
    of_project = factories.interest(project=project)
    factories.interest(project=project, event=factories.event())
    factories.interest(project=factories.recommendation().project)
    factories.interest(event=factories.event())

    found = readable(Interest.objects.all(), limited_to(event))

    assert set(found) == {own, of_project}


def test_withdrawing_consent_keeps_the_rest():
    interest = factories.interest(consented_at=timezone.now(), consent_wording="1")

    privacy.withdraw_consent(interest)
    first = interest.withdrawn_at
    privacy.withdraw_consent(interest)

    assert not interest.is_agreed
    assert interest.withdrawn_at == first
    assert interest.name


def test_erasing_takes_its_mails_along_and_names_nobody(settings):
    interest = factories.interest(email="li@example.org")
    OutboundMail.objects.create(kind="interest_received", subject=interest)

    assert privacy.erase([interest]) == 1
    assert privacy.erase([interest]) == 0

    assert not Interest.objects.exists() and not OutboundMail.objects.exists()
    [entry] = AuditEntry.objects.filter(action="interests_erased")
    assert entry.details["interests"] == 1
    assert "li@" not in str(entry.details)


def test_a_person_is_erased_by_address_and_by_number():
    factories.interest(email="Li@example.org")
    factories.interest(email="", phone="+8613800138000")
    factories.interest(email="other@example.org")

    assert erase_person("li@EXAMPLE.org")["interests"] == 1
    assert erase_person("138 0013 8000")["interests"] == 1

    assert [each.email for each in Interest.objects.all()] == ["other@example.org"]


def test_what_is_kept_for_long_enough_is_erased_and_spam_sooner(settings):
    settings.INTEREST_KEEP_MONTHS, settings.SPAM_KEEP_DAYS = 12, 30
    old = factories.interest(last_step_at=ago(months=12, days=1))
    old_spam = factories.interest(status=Status.SPAM, last_step_at=ago(days=31))
    kept = [
        factories.interest(last_step_at=ago(months=11)),
        factories.interest(status=Status.SPAM, last_step_at=ago(days=29)),
    ]

    assert privacy.erase_expired() == 2

    assert set(Interest.objects.all()) == set(kept)
    assert old.kept_until < timezone.now() and old_spam.kept_until < timezone.now()


@pytest.mark.django_db(transaction=True)
def test_two_who_erase_the_same_at_once_erase_it_once():
    rows = [factories.interest() for _number in range(3)]

    done = at_once(lambda: privacy.erase(rows), lambda: privacy.erase(rows[::-1]))

    assert sorted(done) == [0, 3]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_and_throw_away_at_once_one_wins():
    interest = factories.interest()
    same = Interest.objects.get(pk=interest.pk)

    closed, thrown = at_once(lambda: domain.close(interest), lambda: domain.throw_away([same]))

    interest = Interest.objects.get(pk=interest.pk)
    assert interest.status == (Status.SPAM if thrown else Status.CLOSED)
    assert isinstance(closed, MoveRefused) == bool(thrown)


def test_the_command_erases_by_address_and_by_number():
    factories.interest(email="li@example.org")
    factories.interest(email="", phone="+8613800138000")
    said = io.StringIO()

    call_command("erase_interest", "LI@example.org", stdout=said)
    call_command("erase_interest", "138 0013 8000", stdout=said)
    with pytest.raises(CommandError, match="no such"):
        call_command("erase_interest", "138 0013 8000")

    assert said.getvalue() == "Erased 1 expressions of interest.\n" * 2
    assert not Interest.objects.exists()
