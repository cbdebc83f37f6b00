import datetime as dt

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from projects.domain import follow_up, signing
from projects.domain import voiding as domain
from projects.domain.follow_up import FollowUpRefused
from projects.domain.voiding import VoidRefused
from projects.models import CooperationIntention, FollowUp, ReferenceCounter
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.threads import at_once
from tests.trail import entries

pytestmark = pytest.mark.django_db

WHY = "The wrong company was chosen."


def another_organizer(name):
    user = User.objects.create_user(name, f"{name}@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name="Organizer"))
    return user


@pytest.fixture
def second(db):
    """The user of a second organizer: the one of the cast signs."""
    return another_organizer("second")


@pytest.fixture
def signed(organizer):
    draft = factories.intention()
    return signing.sign(draft, signed_on=draft.event.starts_on, by=organizer.user)


def kept(intention):
    return CooperationIntention.objects.filter(pk=intention.pk).values().get()


def test_void_keeps_what_was_signed_with_who_voided_it_and_why(signed, second):
    before = kept(signed)

    domain.void(signed, reason=f" {WHY} ", by=second)

    stored = kept(signed)
    assert (stored["status"], stored["voided_by_id"], stored["closing_reason"]) == (
        "voided",
        second.pk,
        WHY,
    )
    assert timezone.now() - stored["voided_at"] < dt.timedelta(minutes=1)
    assert (stored["reference"], stored["snapshot"]) == (before["reference"], before["snapshot"])
    assert signed.history.first().history_user == second
    assert entries() == [("signing_voided", second.username, f"intention · {signed.reference}", {})]


def test_reference_of_what_was_voided_is_not_given_again(signed, second):
    domain.void(signed, reason=WHY, by=second)

    other = factories.intention(event=signed.event)
    signing.sign(other, signed_on=other.event.starts_on)

    assert other.reference.endswith("-002")
    assert ReferenceCounter.objects.get().last == 2


def test_who_signed_cannot_void(signed, organizer):
    before = kept(signed)

    with pytest.raises(VoidRefused, match="another organizer"):
        domain.void(signed, reason=WHY, by=organizer.user)

    assert kept(signed) == before


@pytest.mark.parametrize("signed_at", [None, timezone.now() - dt.timedelta(hours=25)])
def test_after_a_day_it_is_refused_in_words(signed, second, signed_at):
    CooperationIntention.objects.update(signed_at=signed_at)
    before = kept(signed)

    with pytest.raises(VoidRefused, match="Terminate it instead"):
        domain.void(signed, reason=WHY, by=second)

    assert kept(signed) == before


def test_mistake_must_be_named(signed, second):
    with pytest.raises(VoidRefused) as refused:
        domain.void(signed, reason=" ", by=second)

    assert refused.value.message_dict == {"reason": ["Enter what the mistake was."]}


def test_draft_and_what_is_void_already_cannot_be_voided(signed, second):
    domain.void(signed, reason=WHY, by=second)

    for intention in (signed, factories.intention()):
        with pytest.raises(MoveRefused):
            domain.void(intention, reason=WHY, by=second)


def test_what_was_followed_up_is_not_voided(signed, second, organizer):
    look = signed.follow_ups.first()
    CooperationIntention.objects.update(signed_on=signed.event.today)
    follow_up.record(look, outcome="progressing", done_on=signed.event.today, by=organizer.user)

    with pytest.raises(VoidRefused, match="follow-up"):
        domain.void(signed, reason=WHY, by=second)


def test_what_was_voided_is_not_followed_up_and_counts_nowhere(signed, second, organizer):
    assert FollowUp.objects.due().exists()
    assert CooperationIntention.objects.visible().exists()

    domain.void(signed, reason=WHY, by=second)

    look = signed.follow_ups.first()
    with pytest.raises(FollowUpRefused, match="voided"):
        follow_up.record(look, outcome="progressing", done_on=signed.event.today, by=organizer.user)
    assert not FollowUp.objects.due().exists()
    assert not CooperationIntention.objects.signed().exists()
    assert not CooperationIntention.objects.visible().exists()
    assert CooperationIntention.objects.in_register().get() == signed


def test_confidential_one_that_was_voided_is_not_in_the_register(signed, second):
    CooperationIntention.objects.update(is_public=False)
    signed.refresh_from_db()

    domain.void(signed, reason=WHY, by=second)

    assert not CooperationIntention.objects.in_register().exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_void_at_once_are_one_and_a_refusal(signed, second):
    third = another_organizer("third")

    def void(by):
        return domain.void(CooperationIntention.objects.get(), reason=WHY, by=by)

    results = at_once(lambda: void(second), lambda: void(third))

    assert sorted(type(each).__name__ for each in results) == [
        "CooperationIntention",
        "MoveRefused",
    ]
    assert signed.history.filter(status="voided").count() == 1


@pytest.mark.django_db(transaction=True)
def test_voiding_and_recording_a_follow_up_at_once_are_one_and_a_refusal(signed, second, organizer):
    look = signed.follow_ups.first()
    today = signed.event.today

    def void():
        return domain.void(CooperationIntention.objects.get(), reason=WHY, by=second)

    def record():
        row = FollowUp.objects.get(pk=look.pk)
        return follow_up.record(row, outcome="progressing", done_on=today, by=organizer.user)

    results = at_once(void, record)

    refused = [each for each in results if isinstance(each, VoidRefused | FollowUpRefused)]
    assert len(refused) == 1
    is_done = FollowUp.objects.get(pk=look.pk).is_done
    assert (CooperationIntention.objects.get().status == "voided") is not is_done
