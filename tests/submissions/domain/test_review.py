"""What organizers do with submissions beside accepting values."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AuditEntry
from events.models import Organization, OrganizerScope
from registrations.domain import query_code
from submissions.domain import attachment, privacy, review
from submissions.domain import submission as submissions
from submissions.domain.acceptance import accept_fields, new_owner
from submissions.domain.decisions import Choice
from submissions.models import Decision, Submission
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.cast import make_organizer
from tests.threads import at_once
from throttle.rate_limit import TooManyTries

pytestmark = pytest.mark.django_db
ACCEPT = Choice(Decision.Outcome.ACCEPTED)


def test_assigned_and_taken_over(organizer):
    made, other = factories.submission(status="sent"), make_organizer("other").user
    version = made.version

    review.assign(made, to=organizer.user)
    review.assign(made, to=other)

    made.refresh_from_db()
    assert (made.reviewer, made.version, made.status) == (other, version, "sent")


def test_nobody_reviews_a_draft(organizer):
    draft = factories.submission()

    with pytest.raises(MoveRefused):
        review.assign(draft, to=organizer.user)
    assert Submission.objects.get().reviewer is None


def test_returned_until_a_time_that_is_past_changes_nothing(organizer):
    made = factories.submission(status="sent")
    past = timezone.now() - dt.timedelta(minutes=1)

    with pytest.raises(ValidationError) as refused:
        review.return_with_reason(made, reason="More", until=past, by=organizer.user)

    assert list(refused.value.error_dict) == ["until"]
    stored = Submission.objects.get()
    assert (stored.status, stored.reason, stored.late_until) == ("sent", "", None)


def test_thrown_away_once(organizer):
    spam, kept = factories.submission(status="sent"), factories.submission(status="sent")
    accept_fields(kept, {"need_title": ACCEPT}, by=organizer.user)

    assert privacy.throw_away([spam, kept], by=organizer.user) == 1
    assert privacy.throw_away([spam, kept], by=organizer.user) == 0
    assert Submission.objects.get() == kept


@pytest.mark.django_db(transaction=True)
def test_thrown_away_while_somebody_accepts():
    made, by = factories.submission(status="sent"), make_organizer().user

    thrown, accepted = at_once(
        lambda: privacy.throw_away([made], by=by),
        lambda: accept_fields(Submission.objects.get(), dict.fromkeys(made.values, ACCEPT), by=by),
    )

    # Either it is gone, or it is accepted and stays.
    is_gone = not Submission.objects.exists()
    refused = (Submission.DoesNotExist, MoveRefused)
    assert is_gone == (thrown == 1) == isinstance(accepted, refused)


def test_a_new_owner_is_saved_with_the_project_alone(organizer):
    by = factories.sender(organization_name="河北康诺医疗器械有限公司")
    made = factories.submission(by=by, status="sent")

    with pytest.raises(ValidationError):
        accept_fields(made, {"goal": ACCEPT}, by=organizer.user, owner=new_owner(made))
    assert not Organization.objects.exists()

    accept_fields(made, {"need_title": ACCEPT}, by=organizer.user, owner=new_owner(made))
    owner = Organization.objects.get()
    assert made.project.owner == owner
    assert (owner.name_zh_hans, owner.is_public, owner.kind) == (
        by.organization_name,
        False,
        "company",
    )


def test_it_is_assigned_to_who_may_review_it_and_given_back(organizer, auditor):
    made = factories.submission(status="sent")
    limited = make_organizer("limited").user
    OrganizerScope.objects.create(user=limited, event=factories.upcoming_event())

    for person in (auditor.user, limited):
        with pytest.raises(ValidationError, match="Choose somebody else"):
            review.assign(made, to=person)
    review.assign(made, to=organizer.user)
    review.assign(made, to=None)

    made.refresh_from_db()
    assert made.reviewer is None


def test_the_next_one_is_of_the_same_call_and_of_nobody_else(organizer):
    call, other = factories.call(), factories.call()
    first, second, third = (factories.submission(call, status="sent") for _number in range(3))
    elsewhere = factories.submission(other, status="sent")
    factories.submission(call, status="sent", reviewer=make_organizer("other").user)
    factories.submission(call)

    rows = review.waiting_for(Submission.objects.all(), organizer.user)

    assert set(rows) == {first, second, third, elsewhere}
    assert review.next_waiting(rows, first) == second
    assert review.next_waiting(rows, third) == first
    assert review.next_waiting(rows, elsewhere) == first
    review.assign(second, to=organizer.user)
    assert review.next_waiting(rows, first) == second
    assert review.next_waiting(rows.filter(pk=first.pk), first) is None


def test_confirmed_contact_takes_files_until_another_number_is_typed(organizer):
    sender = factories.sender(email="", phone="+8613800138000")
    made = factories.submission(by=sender)

    review.confirm_contact(made, by=organizer.user)
    first = made.proven_at
    review.confirm_contact(made, by=organizer.user)

    assert attachment.may_upload(Submission.objects.get())
    assert Submission.objects.get().proven_at == first
    assert AuditEntry.objects.filter(action="submission_contact").count() == 1
    made = Submission.objects.get()
    submissions.save(made, replace(sender, contact_name="Other"), {}, version=made.version)
    assert attachment.may_upload(Submission.objects.get())
    other = replace(sender, phone="+8613900139000")
    submissions.save(made, other, {}, version=made.version)
    assert not attachment.may_upload(Submission.objects.get())


def test_confirmed_number_counts_for_another_submission_with_it_alone(organizer):
    sender = factories.sender(email="", phone="+8613800138000")
    made = review.confirm_contact(factories.submission(by=sender), by=organizer.user)

    same = submissions.begin(made.call, sender, {}, language="en", like=made)
    strange = replace(sender, phone="+8613900139000")
    other = submissions.begin(made.call, strange, {}, language="en", like=made)

    assert (same.proven_at is None, other.proven_at) == (False, None)


def test_contact_of_who_was_erased_is_not_confirmed(organizer):
    made = factories.submission(status="sent")
    privacy.erase([made], by=organizer.user)

    with pytest.raises(MoveRefused):
        review.confirm_contact(Submission.objects.get(), by=organizer.user)
    assert Submission.objects.get().proven_at is None


def test_confirming_lets_the_query_code_be_tried_again(organizer, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"query-contact": (1, 86400)}
    made = factories.submission(by=factories.sender(email="", phone="+8613800138000"))

    def find():
        typed = query_code.code_of(made)
        return query_code.find_among(lambda _key: [made], "13800138000", typed, network="192.0.2.1")

    with pytest.raises(ValidationError):
        query_code.find_among(lambda _key: [], "13800138000", "WRONG2", network="192.0.2.2")
    with pytest.raises(TooManyTries):
        find()
    review.confirm_contact(made, by=organizer.user)

    assert find() == made
