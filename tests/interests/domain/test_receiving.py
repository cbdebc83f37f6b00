import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from interests.domain.receiving import Visitor, receive
from interests.models import Interest
from mail.delivery import deliver_due
from mail.models import OutboundMail
from registrations.domain.registration import SentBefore
from registrations.forms.stamp import Stamp
from tests import factories
from tests.threads import at_once
from throttle.rate_limit import TooManyTries

pytestmark = pytest.mark.django_db
WANG = Visitor(
    name="王伟",
    organization_name="石家庄某医院",
    phone="138 0013 8000",
    email="wei@example.org",
    message="想了解合作方式。",
    language="zh-hans",
    agrees=True,
)


def use():
    return Stamp.issue("interest project 1").use


def send(about, visitor=WANG, **more):
    return receive(about, visitor, **{"network": "192.0.2.1", "use_of_form": use()} | more)


def test_what_was_typed_is_kept_with_the_consent_and_its_wording():
    project = factories.project()

    interest = send(project)

    interest.refresh_from_db()
    assert (interest.project, interest.expert, interest.event) == (project, None, None)
    assert (interest.name, interest.organization_name) == ("王伟", "石家庄某医院")
    assert (interest.phone, interest.email) == ("+8613800138000", "wei@example.org")
    assert interest.status == Interest.Status.NEW
    assert interest.consented_at and interest.consent_wording == "1"


def test_without_the_tick_there_is_no_consent():
    interest = send(factories.project(), Visitor("Li", "Hello", "en", email="li@example.org"))

    assert not interest.is_agreed
    assert interest.consent_wording == ""


def test_a_receipt_goes_to_the_address_and_none_to_a_number():
    send(factories.project())
    send(factories.project(), Visitor("Li", "Hello", "en", phone="138 0013 8000"))

    assert [mail.kind for mail in OutboundMail.objects.all()] == ["interest_received"]


def test_it_is_counted_for_the_latest_event_of_what_it_is_about():
    older, newer = factories.event(), factories.upcoming_event()
    project = factories.project()
    for event in (older, newer):
        factories.recommendation(project=project, event=event)

    assert send(project).event == newer
    assert send(project, event=older).event == older


def test_an_expert_is_met_where_they_appear_and_an_event_is_asked_itself():
    session = factories.session(event=factories.upcoming_event())
    expert = factories.appearance(session=session).expert

    assert send(expert).event == session.event
    assert send(session.event).about == session.event


def test_an_event_that_is_not_public_counts_nothing():
    project = factories.recommendation(event=factories.event(status="draft")).project

    assert send(project).event is None


def test_nobody_is_kept_without_a_contact():
    with pytest.raises(ValidationError, match="phone number or an e-mail"):
        send(factories.project(), Visitor("Li", "Hello", "en"))

    assert not Interest.objects.exists()


def test_one_address_gets_so_many_first_mails_and_no_more(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": (2, 24 * 3600)}

    for _number in range(3):
        send(factories.project())

    assert Interest.objects.count() == 3
    assert OutboundMail.objects.count() == 2


def test_one_network_sends_so_many_and_no_more(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"interest": (2, 600)}
    for _number in range(2):
        send(factories.project())

    with pytest.raises(TooManyTries):
        send(factories.project())

    send(factories.project(), network="192.0.2.2")
    assert Interest.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_is_kept_once():
    project, used = factories.project(), use()

    done = at_once(*[lambda: send(project, use_of_form=used)] * 4)

    assert Interest.objects.count() == 1
    assert sum(isinstance(each, SentBefore) for each in done) == 3


def test_dates_of_a_new_one_are_of_now():
    interest = send(factories.project())

    assert interest.kept_until - interest.received_at > dt.timedelta(days=364)


def test_the_contact_of_the_event_is_told_so_often_a_day_and_reads_of_nobody(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": (2, 24 * 3600)}
    event = factories.upcoming_event(
        contact_email="office@example.org", title_en="Summit", title_zh_hans="峰会"
    )
    for number in range(3):
        send(event, Visitor("Li", "Call me", "en", email=f"li{number}@example.org"))
    deliver_due()

    told = [each for each in mail.outbox if each.to == ["office@example.org"]]
    assert len(told) == 2
    interest = Interest.objects.order_by("pk").first()
    assert f"/admin/interests/interest/{interest.pk}/change/" in told[0].body
    assert "峰会" in told[0].subject and "Summit" in told[0].subject
    assert "Call me" not in told[0].body and "li0@" not in told[0].body
