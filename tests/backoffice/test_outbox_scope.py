"""Whose mails a limited organizer reads, beside those of registrations."""

import pytest
from django.utils import timezone

from interests.models import HandOver
from mail import outbox
from mail.models import OutboundMail
from tests import cast, factories
from tests.backoffice.posting import do, url
from tests.two_series import world

pytestmark = pytest.mark.django_db
OUTBOX = "/admin/mail/outboundmail/"


def listed(person, query=""):
    page = person.get(f"{OUTBOX}?{query}")
    assert page.status_code == 200
    return {row.subject for row in page.context["cl"].result_list}


@pytest.fixture
def two():
    told = world()
    OutboundMail.objects.all().delete()
    return told


def test_mails_about_what_was_handed_in_to_their_calls(two):
    mine = factories.submission(factories.call(event=two.mine.event), status="sent")
    of_series = factories.submission(factories.call(event=None, series=two.mine.series))
    theirs = factories.submission(factories.call(event=two.beyond.event), status="sent")
    beyond_series = factories.submission(factories.call(event=None, series=two.beyond.series))

    assert listed(two.organizer) == {mine, of_series}
    row = OutboundMail.objects.filter(submission=mine).first()
    assert two.organizer.get(url(row, "change")).status_code == 200
    for each in (theirs, beyond_series):
        row = OutboundMail.objects.filter(submission=each).first()
        assert two.organizer.get(url(row, "change")).status_code == 302


def test_mails_about_interest_in_their_events(two):
    consent = {"consented_at": timezone.now(), "consent_wording": "1"}
    mine, theirs = (
        factories.interest(event=each.event, project=each.project, **consent)
        for each in (two.mine, two.beyond)
    )
    outbox.queue("interest_received", [mine])
    outbox.queue("interest_received", [theirs])

    assert listed(two.organizer) == {mine}


def test_mails_to_owners_to_whom_an_interest_was_passed_on(two):
    everybody = cast.make_superuser()
    consent = {"consented_at": timezone.now(), "consent_wording": "1"}
    for each in (two.mine, two.beyond):
        interest = factories.interest(event=each.event, project=each.project, **consent)
        contact = factories.contact(project=each.project)
        do(everybody, interest, "pass-on", contact=contact.pk)
    mine, theirs = HandOver.objects.order_by("pk")

    assert mine in listed(two.organizer)
    assert theirs not in listed(two.organizer)


def test_mails_of_subscriptions_and_to_staff_are_for_who_has_no_limits(two):
    subscription = factories.subscription()
    outbox.queue("subscription_code", [subscription])

    assert subscription in listed(cast.make_superuser())
    assert listed(two.organizer) == set()


def test_filters_and_search_find_mails_of_submissions(organizer):
    call = factories.call(event=factories.event(series=factories.series()))
    mine = factories.submission(call, by=factories.sender(contact_name="Zephyrine Quill"))
    factories.submission()

    assert listed(organizer, f"event__id__exact={call.event_id}") == {mine}
    assert listed(organizer, f"series__id__exact={call.event.series_id}") == {mine}
    answer = organizer.post(OUTBOX, {"q": "Zephyrine"}, follow=True)
    assert {row.subject for row in answer.context["cl"].result_list} == {mine}


def test_the_list_costs_the_same_for_one_and_three_of_a_kind(
    two, django_assert_num_queries, django_assert_max_num_queries
):
    def grow():
        factories.submission(factories.call(event=two.mine.event))
        interest = factories.interest(event=two.mine.event, project=two.mine.project)
        outbox.queue("interest_received", [interest])

    grow()
    listed(two.organizer)
    with django_assert_max_num_queries(40) as counted:
        listed(two.organizer)
    grow()
    grow()
    with django_assert_num_queries(len(counted.captured_queries)):
        assert len(listed(two.organizer)) == 6
