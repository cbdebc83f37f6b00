"""What the person does with a submission: begin, save, send, withdraw."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from interests.domain import link as interests
from mail.models import OutboundMail
from submissions.domain import finding, link, review
from submissions.domain import submission as domain
from submissions.domain.decisions import ChangedMeanwhile
from submissions.domain.submission import CallClosed, Incomplete
from submissions.models import Submission
from subscriptions.domain import subscription
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.threads import at_once
from throttle.rate_limit import TooManyTries

pytestmark = pytest.mark.django_db


def kinds_mailed(submission):
    return list(submission.mails.order_by("pk").values_list("kind", flat=True))


def close(call):
    call.closes_at = timezone.now() - dt.timedelta(minutes=1)
    call.save()


def test_begin_keeps_a_draft_and_mails_the_link():
    made = factories.submission(values={"need_title": "Blood test", "goal": "", "stage": "x"})

    # What is empty and what a need has not are left out.
    assert made.values == {"need_title": "Blood test"}
    assert made.status == "draft"
    assert kinds_mailed(made) == ["submission_saved"]


def test_begin_is_limited_by_network(settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "submission": (1, 600)}
    call = factories.call()
    domain.begin(call, factories.sender(), {}, language="en", network="192.0.2.1")

    with pytest.raises(TooManyTries):
        domain.begin(call, factories.sender(), {}, language="en", network="192.0.2.1")
    assert Submission.objects.count() == 1


def test_begin_mails_an_address_no_more_than_it_may_get(settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "mailbox": (1, 86400)}
    sender = factories.sender()

    first, second = (factories.submission(by=sender) for _each in range(2))

    assert [kinds_mailed(each) for each in (first, second)] == [["submission_saved"], []]


def test_what_else_is_typed_for_an_address_keeps_nobody_from_registering(settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "mailbox": (1, 86400)}
    event, email = factories.registration_settings().event, "wei@example.org"
    for _each in range(2):
        factories.submission(by=factories.sender(email=email))
        interests.renew(factories.interest(email=email))
        subscription.ask(email, kind="", sectors=[factories.sector()], language="en")

    assert factories.registered(event, email=email).mails.count() == 1
    made = OutboundMail.objects.exclude(kind="confirmed").values_list("kind", flat=True)
    assert sorted(made) == ["interest_link", "submission_saved", "subscription_code"]


def test_begin_without_contact_is_refused():
    with pytest.raises(ValidationError, match="Enter a mobile number"):
        factories.submission(by=factories.sender(email=""))


def test_begin_like_another_keeps_the_proof_of_the_same_address():
    sender = factories.sender()
    first = factories.submission(by=sender)
    first.proven_at = timezone.now()
    first.save()

    same = domain.begin(first.call, sender, {}, language="en", like=first)
    other = domain.begin(first.call, factories.sender(), {}, language="en", like=first)

    assert same.proven_at
    assert other.proven_at is None


def test_save_writes_and_counts_the_version():
    made = factories.submission()
    sender = factories.sender(email=made.email, organization_name="Other Ltd")

    domain.save(made, sender, {"need_title": "New"}, version=made.version)

    stored = Submission.objects.get()
    assert (stored.organization_name, stored.values) == ("Other Ltd", {"need_title": "New"})
    assert stored.version == 2


def test_save_of_an_old_page_is_refused_and_changes_nothing():
    made = factories.submission()
    domain.save(made, factories.sender(email=made.email), {"need_title": "A"}, version=1)

    with pytest.raises(ChangedMeanwhile, match="another window"):
        domain.save(made, factories.sender(email=made.email), {"need_title": "B"}, version=1)
    assert Submission.objects.get().values == {"need_title": "A"}


def test_another_address_has_to_be_proven_anew_and_is_mailed():
    made = factories.submission()
    link.open_link(link.token_of(made, is_mailed=True))
    made.refresh_from_db()

    domain.save(made, factories.sender(), {}, version=made.version)

    stored = Submission.objects.get()
    assert stored.proven_at is None
    assert kinds_mailed(stored) == ["submission_saved", "submission_saved"]


def test_send_hands_in_and_mails_the_receipt():
    made = factories.submission(status="sent")

    stored = Submission.objects.get()
    assert stored.status == "sent"
    assert stored.sent_at
    assert kinds_mailed(made) == ["submission_saved", "submission_sent"]


def test_send_names_what_is_missing():
    made = factories.submission(
        factories.call(required=["goal"]),
        values={"need_title": "T"},
        by=factories.sender(contact_name=""),
    )

    with pytest.raises(Incomplete) as refusal:
        domain.send(made, version=made.version)

    assert set(refusal.value.message_dict) == {"contact_name", "goal"}
    assert Submission.objects.get().status == "draft"


def test_sent_one_cannot_be_written_or_sent_again():
    made = factories.submission(status="sent")

    with pytest.raises(ChangedMeanwhile):
        domain.save(made, factories.sender(), {}, version=made.version)
    with pytest.raises(ChangedMeanwhile):
        domain.send(made, version=made.version)


def test_closed_call_keeps_what_is_typed_and_takes_it_late_with_permission():
    made = factories.submission()
    close(made.call)
    domain.save(made, factories.sender(email=made.email), factories.NEED, version=1)

    with pytest.raises(CallClosed, match="saved as a draft"):
        domain.send(made, version=made.version)
    assert Submission.objects.get().values == factories.NEED

    made.late_until = timezone.now() + dt.timedelta(days=1)
    made.save()
    domain.send(made, version=made.version)
    assert Submission.objects.get().status == "sent"


def test_draft_is_kept_where_the_call_closed_before_it_was_first_saved():
    call = factories.call()
    close(call)

    made = factories.submission(call)

    assert made.status == "draft"
    assert not made.may_be_sent


def test_withdraw_takes_it_back_and_it_can_be_sent_again():
    made = factories.submission(status="sent")

    domain.withdraw(made, version=made.version)
    assert made.is_editable

    domain.send(made, version=made.version)
    assert Submission.objects.get().status == "sent"


def test_withdraw_of_what_was_decided_is_refused():
    made = factories.submission(status="sent")
    Submission.objects.update(status="accepted")
    made.refresh_from_db()

    with pytest.raises(MoveRefused):
        domain.withdraw(made, version=made.version)


def test_change_of_a_project_proposes_only_what_differs():
    project = factories.project(
        kind="offer", summary_en="Old", advantages_en="Good", title_en="Pump"
    )
    call = factories.call(kind="offer")
    made = domain.propose_changes(call, project, factories.sender(), language="en")
    typed = {"offer_title": "Pump", "summary": "New", "advantages": ""}

    domain.save(made, factories.sender(email=made.email), typed, version=made.version)

    assert made.base["summary"] == "Old"
    assert made.values == {"summary": "New"}
    assert domain.missing_of(made) == {}


def test_link_of_a_mail_proves_the_address_and_that_of_the_screen_does_not():
    made = factories.submission()

    assert link.open_link(link.token_of(made)) == made
    assert Submission.objects.get().proven_at is None

    link.open_link(link.token_of(made, is_mailed=True))
    assert Submission.objects.get().proven_at


def test_link_that_was_mailed_to_another_address_opens_it_and_proves_nothing():
    made = factories.submission()
    mailed_before = link.token_of(made, is_mailed=True)
    domain.save(made, factories.sender(), {}, version=made.version)

    assert link.open_link(mailed_before) == made
    assert Submission.objects.get().proven_at is None

    link.open_link(link.token_of(made, is_mailed=True))
    assert Submission.objects.get().proven_at


def test_address_that_changes_while_the_link_of_before_is_opened_is_not_proven(monkeypatch):
    made = factories.submission()
    mailed_before = link.token_of(made, is_mailed=True)
    read = link.read_link

    def read_and_change(token):
        found = read(token)
        domain.save(made, factories.sender(), {}, version=made.version)
        return found

    monkeypatch.setattr(link, "read_link", read_and_change)
    link.open_link(mailed_before)

    assert Submission.objects.get().proven_at is None


def test_what_staff_decide_is_mailed_though_strangers_used_the_mailbox_up(settings, organizer):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "mailbox": (1, 86400)}
    sender = factories.sender()
    made = factories.submission(by=sender, status="sent")
    project = factories.project(kind="request")

    review.return_with_reason(made, reason="No budget.", by=organizer.user)
    asked = domain.propose_changes(made.call, project, sender, language="en")
    link.renew(made, by=organizer.user)

    assert kinds_mailed(made) == ["submission_saved", "submission_returned", "submission_link"]
    assert kinds_mailed(asked) == ["submission_asked"]


def test_taking_back_and_sending_again_floods_no_mailbox(settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "link": (2, 3600)}
    made = factories.submission(proven_at=timezone.now())

    for _each in range(4):
        domain.send(made, version=made.version)
        domain.withdraw(made, version=made.version)

    assert kinds_mailed(made) == ["submission_saved", "submission_sent", "submission_sent"]


def test_link_that_is_renewed_old_or_forged_opens_nothing():
    made = factories.submission()
    old = link.token_of(made)
    link.renew(made)

    assert link.open_link(old) is None
    assert link.open_link(made.code) is None
    assert link.open_link(link.token_of(made)) == made

    long_ago = timezone.now() - dt.timedelta(days=400)
    type(made.call).objects.update(opens_at=long_ago - dt.timedelta(days=1), closes_at=long_ago)
    Submission.objects.update(saved_at=long_ago)
    assert link.open_link(link.token_of(made)) is None


def test_query_code_finds_it_with_the_whole_number():
    from registrations.domain.query_code import NotFound, code_of, find_among

    sender = replace(factories.sender(email=""), phone="+8613800138000")
    made = factories.submission(by=sender)

    assert find_among(finding.with_contact, "138 0013 8000", code_of(made), network="n") == made
    with pytest.raises(NotFound):
        find_among(finding.with_contact, "138 0013 8001", code_of(made), network="n")


def test_query_code_finds_nothing_whose_link_has_ended():
    made = factories.submission(by=factories.sender(email="", phone="+8613800138000"))
    long_ago = timezone.now() - dt.timedelta(days=400)
    type(made.call).objects.update(opens_at=long_ago - dt.timedelta(days=1), closes_at=long_ago)
    Submission.objects.update(saved_at=long_ago)

    assert finding.with_contact("+8613800138000") == []


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_send_at_once_send_once():
    made = factories.submission()

    def send():
        try:
            return domain.send(Submission.objects.get(pk=made.pk), version=made.version).status
        except ChangedMeanwhile:
            return "refused"

    assert sorted(at_once(send, send)) == ["refused", "sent"]
    assert kinds_mailed(made) == ["submission_saved", "submission_sent"]
