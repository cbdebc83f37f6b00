"""The page of messages of an event, and the outbox that shows each mail."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mail import delivery
from mail.models import OutboundMail
from registrations.domain import announcement, personal_link, privacy
from registrations.emails import personal_url
from registrations.models import Message
from tests import factories
from tests.backoffice.posting import url

pytestmark = pytest.mark.django_db

WRITTEN = {
    "statuses": ["confirmed"],
    "subject_en": "Bring a coat",
    "text_en": "Dear {name}, it is cold.",
    "subject_zh_hans": "温馨提示",
    "text_zh_hans": "{姓名}，天气寒冷。",
}


@pytest.fixture
def event():
    made = factories.registration_settings(event=factories.upcoming_event()).event
    for language in ("en", "zh-hans", "zh-hans"):
        factories.registered(made, language=language)
    OutboundMail.objects.all().delete()
    return made


def page_of(event):
    return url(event, "messages")


def post(person, event, **changes):
    data = {**WRITTEN, "key": str(uuid.uuid4()), **changes}
    return person.post(page_of(event), data)


def test_preview_shows_both_languages_and_the_count_and_sends_nothing(organizer, event):
    response = post(organizer, event)

    text = response.text
    assert "English: 1 person" in text
    assert "中文: 2 people" in text
    assert "Dear [name of the person], it is cold." in text
    assert "Send to 3 people" in text
    assert not Message.objects.exists()


def test_confirming_sends_and_lands_on_the_list(organizer, event):
    key = str(uuid.uuid4())

    first = post(organizer, event, key=key, confirm="1")
    again = post(organizer, event, key=key, confirm="1")

    assert (first.status_code, again.status_code) == (302, 302)
    assert OutboundMail.objects.count() == 3
    delivery.deliver_due()
    text = organizer.get(page_of(event)).text
    assert "3 of 3 sent" in text
    assert "Bring a coat" in text
    assert "confirmed" in text


@pytest.mark.parametrize("key", ["", "no key", "k" * 5000])
@pytest.mark.parametrize("step", ["preview", "confirm"])
def test_form_without_its_key_is_shown_again_with_what_was_typed(organizer, event, key, step):
    refused = post(organizer, event, key=key, statuses=["confirmed", "waitlisted"], **{step: "1"})

    text = refused.text
    assert "This page was out of date, so nothing has been sent." in text
    assert "Key" not in text
    assert "Dear {name}, it is cold." in text and "温馨提示" in text
    assert not Message.objects.exists()
    assert refused.context["form"]["statuses"].value() == ["confirmed", "waitlisted"]
    fresh = refused.context["form"]["key"].value()
    assert post(organizer, event, key=fresh, confirm="1").status_code == 302
    assert Message.objects.count() == 1


def test_what_is_wrong_is_said_and_nothing_is_lost(organizer, event):
    response = post(organizer, event, text_en="Dear {nobody}", confirm="1")

    assert "is not a placeholder" in response.text
    assert "Dear {nobody}" in response.text
    assert not Message.objects.exists()


def test_message_to_nobody_is_refused_in_plain_words(organizer, event):
    response = post(organizer, event, statuses=["waitlisted"])

    assert "Nobody with an e-mail address matches" in response.text
    assert "Bring a coat" in response.text


def test_writing_goes_on_after_the_preview(organizer, event):
    response = post(organizer, event, edit="1")

    assert "Bring a coat" in response.text
    assert "Preview" in response.text


def test_page_says_whether_replies_reach_anybody(organizer, event):
    assert "has no address for replies" in organizer.get(page_of(event)).text

    type(event).objects.update(contact_email="office@example.org")

    assert "office@example.org" in organizer.get(page_of(event)).text


def test_page_points_to_changes_that_nobody_was_told_of_and_lists_those_told(organizer, event):
    type(event).objects.update(venue_en="Hall 2", venue_zh_hans="二号厅")
    assert "3 attendees have not been told" in organizer.get(page_of(event)).text
    event.refresh_from_db()

    announcement.announce(event, message={"en": "It has moved."}, by=organizer.user)

    text = organizer.get(page_of(event)).text
    assert "Changes: venue" in text
    assert "have not been told" not in text


def test_auditor_reads_what_was_sent_and_writes_nothing(organizer, auditor, event):
    post(organizer, event, confirm="1")

    response = auditor.get(page_of(event))

    assert "Bring a coat" in response.text
    assert "Preview" not in response.text
    assert post(auditor, event, confirm="1").status_code in (403, 405)
    assert Message.objects.count() == 1


def test_list_costs_the_same_for_one_message_and_for_three(organizer, event):
    post(organizer, event, confirm="1")
    organizer.get(page_of(event))
    with CaptureQueriesContext(connection) as few:
        organizer.get(page_of(event))

    for _number in range(2):
        post(organizer, event, confirm="1")
    organizer.get(page_of(event))
    with CaptureQueriesContext(connection) as many:
        organizer.get(page_of(event))

    assert len(many) == len(few)


# The outbox


@pytest.fixture
def wei(event):
    made = factories.registered(event, name="王伟", email="wei@example.org", language="zh-hans")
    return personal_link.prove(made)


def outbox():
    return reverse("admin:mail_outboundmail_changelist")


def found(organizer, words):
    answer = organizer.post(outbox(), {"q": words})
    assert answer.status_code == 302
    assert words not in answer.url
    changelist = organizer.get(answer.url).context["cl"]
    return {row.subject or row.user for row in changelist.result_list}


@pytest.mark.parametrize("words", ["王伟", "wangwei", "wei@example.org"])
def test_mails_are_found_by_person_and_no_address_tells_whose(organizer, event, wei, words):
    post(organizer, event, confirm="1")

    assert found(organizer, words) == {wei}


def test_mails_to_staff_are_found_by_their_name(organizer, event):
    OutboundMail.objects.create(kind="staff_password", user=organizer.user)

    assert found(organizer, "organizer") == {organizer.user}


def test_page_of_a_mail_shows_recipient_text_and_state_without_the_link(organizer, event, wei):
    post(organizer, event, confirm="1", text_zh_hans="{姓名}：{链接}")
    mail = wei.mails.get(kind="message")

    text = organizer.get(url(mail, "change")).text

    assert "王伟：" in text
    assert "wei@example.org" in text
    assert "温馨提示" in text
    assert "queued" in text
    assert personal_url(wei) not in text
    assert "/my/" not in text
    mail.refresh_from_db()
    assert mail.payload == {"message": Message.objects.get().pk}


def test_text_of_a_mail_that_is_true_no_longer_is_shown_all_the_same(organizer, event, wei):
    mail = OutboundMail.objects.create(kind="reminder", subject=wei, status="sent")
    type(event).objects.update(status="cancelled")

    text = organizer.get(url(mail, "change")).text

    assert "that was sent may have been different" in text
    assert event.title_zh_hans in text


def test_mail_to_staff_is_never_shown_as_it_holds_a_key(organizer):
    mail = OutboundMail.objects.create(kind="staff_password", user=organizer.user)

    assert "not shown" in organizer.get(url(mail, "change")).text


def test_mails_of_the_erased_show_nobody(organizer, event, wei):
    mail = OutboundMail.objects.create(kind="link", subject=wei)
    privacy.erase([wei])
    left = OutboundMail.objects.filter(pk=mail.pk).first()

    text = organizer.get(url(left, "change") if left else outbox()).text

    assert "wei@example.org" not in text


def test_at_a_hybrid_event_alone_it_is_asked_who_takes_part_how(organizer, event):
    assert 'name="online"' not in organizer.get(page_of(event)).text
    type(event).objects.filter(pk=event.pk).update(format="hybrid")
    event.refresh_from_db()
    factories.registered(event, online=True)

    assert 'name="online"' in organizer.get(page_of(event)).text
    post(organizer, event, online="yes", confirm="1")

    [sent] = Message.objects.all()
    assert (sent.recipients, sent.audience["online"]) == (1, True)
    assert "online" in organizer.get(page_of(event)).text
