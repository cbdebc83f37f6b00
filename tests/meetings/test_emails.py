"""The mails about requests for meetings: to whom, in which language, and what they do not say."""

import pytest
from django.core import mail

from mail.delivery import deliver_due
from mail.models import OutboundMail
from meetings.domain import participation
from meetings.domain import request as requests
from meetings.domain.rather_not import rather_not
from meetings.mail_kinds import Kind
from registrations.domain import privacy
from registrations.models import Registration
from summit.lib.web.signed_links import sign
from tests import cast, factories
from tests.meetings import rows

pytestmark = pytest.mark.django_db
WHY = "Your method could help our hospital."


def somebody(event, address, side="company", **fields):
    registration = factories.proven(event, email=address, **fields)
    return rows.participant(event, registration=registration, side=side)


@pytest.fixture
def pair(db):
    event = rows.meeting_event()
    asker = somebody(event, "asker@example.org", name="Li Min", language="en")
    asked = somebody(event, "asked@example.org", "owner", name="王伟", language="zh-hans")
    OutboundMail.objects.all().delete()
    return asker, asked


def sent():
    """Deliver what is due; return the mails to each address, and forget them."""
    deliver_due()
    found = {}
    for each in mail.outbox:
        found.setdefault(each.to[0].partition("<")[2].rstrip(">") or each.to[0], []).append(each)
    mail.outbox.clear()
    return found


def test_a_request_is_mailed_in_the_language_of_who_was_asked_with_the_personal_link(pair):
    asker, asked = pair
    asker.registration.organization_name = "Canary Hospital"
    asker.registration.save()
    project = factories.project(title_en="Biochip", title_zh_hans="生物芯片")

    requests.ask(asker, asked, reason=WHY, projects=[project])

    [message] = sent()["asked@example.org"]
    assert message.subject.startswith("有人申请与您洽谈")
    for part in (message.body, message.alternatives[0].content):
        for words in ("Li Min", "Canary Hospital", WHY, "生物芯片", sign(asked.registration.code)):
            assert words in part
        assert "asker@example.org" not in part
        assert sign(asker.registration.code) not in part


def test_every_answer_is_told_once_and_only_while_it_holds(pair):
    asker, asked = pair
    by = cast.make_organizer().user
    request = requests.ask(asker, asked, reason=WHY)
    sent()

    requests.decline(request)
    requests.accept(request, by=by)

    mails = sent()
    assert [each.subject.partition(":")[0] for each in mails["asker@example.org"]] == [
        "Your request for a meeting is accepted"
    ]
    assert len(mails["asked@example.org"]) == 1
    dropped = OutboundMail.objects.filter(status=OutboundMail.Status.DROPPED)
    assert [each.kind for each in dropped] == [Kind.ANSWERED]


def test_a_request_that_was_withdrawn_or_avoided_before_the_mail_left_is_not_mailed(pair):
    asker, asked = pair
    requests.withdraw(requests.ask(asker, asked, reason=WHY))
    second = somebody(asker.event, "second@example.org", "owner")
    requests.ask(asker, second, reason=WHY)
    rather_not(second, asker)

    mails = sent()

    assert "asked@example.org" not in mails
    assert not [m for m in mails.get("second@example.org", []) if "meet you" in m.subject]


def test_no_mail_goes_to_an_address_that_is_not_verified(pair):
    asker, asked = pair
    Registration.objects.filter(pk=asked.registration_id).update(proven_at=None, proof="")

    requests.ask(asker, asked, reason=WHY)

    assert sent() == {}


def test_who_left_or_is_erased_gets_no_mail(pair):
    asker, asked = pair
    requests.ask(asker, asked, reason=WHY)
    participation.leave(asked)
    privacy.erase([asker.registration])

    assert sent() == {}


def test_an_admission_is_mailed(pair):
    asker, _asked = pair
    by = cast.make_organizer().user
    fresh = somebody(asker.event, "fresh@example.org", language="en")
    fresh.status = "applied"
    fresh.save()
    sent()

    participation.admit(fresh, by=by)
    participation.admit(fresh, by=by)

    [message] = sent()["fresh@example.org"]
    assert message.subject.startswith("You take part in the one-to-one meetings")
