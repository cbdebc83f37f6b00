import uuid

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError

from mail import delivery
from mail.models import OutboundMail
from registrations.domain import check_in, personal_link, place, privacy
from registrations.domain import message as domain
from registrations.domain.audience import Audience
from registrations.domain.message import MessageRefused
from registrations.models import Message, Registration
from tests import factories
from tests.threads import at_once
from tests.trail import entries

pytestmark = pytest.mark.django_db

TEXTS = {
    "subject_en": "Bring a coat to {event}",
    "text_en": "Dear {name},\nit is cold. {link}",
    "subject_zh_hans": "关于{活动}的提示",
    "text_zh_hans": "{姓名}：\n天气寒冷。{链接}",
}
ALL = Audience()
IN_ENGLISH = TEXTS | {"subject_zh_hans": "", "text_zh_hans": ""}


@pytest.fixture
def event():
    return factories.registration_settings(event=factories.upcoming_event()).event


def person(event, **fields):
    made = personal_link.prove(factories.registered(event, **fields))
    OutboundMail.objects.all().delete()
    return made


def send(event, by, *, audience=ALL, texts=TEXTS, key=None):
    key = key or uuid.uuid4()
    return domain.send(event, texts=texts, audience=audience, key=key, by=by)


def delivered():
    django_mail.outbox.clear()
    delivery.deliver_due()
    return django_mail.outbox


def test_each_gets_the_message_in_their_language_with_everything_filled_in(event, organizer):
    person(event, name="Ann Hale", email="ann@example.org", language="en")
    person(event, name="王伟", email="wei@example.org", language="zh-hans")

    sent = send(event, organizer.user)

    english, chinese = sorted(delivered(), key=lambda mail: mail.to)
    assert sent.recipients == 2
    assert english.subject == f"Bring a coat to {event.title_en}"
    assert english.body.startswith("Dear Ann Hale,\nit is cold. http://testserver/en/my/")
    assert chinese.subject == f"关于{event.title_zh_hans}的提示"
    assert chinese.body.startswith("王伟：\n天气寒冷。http://testserver/zh-hans/my/")
    assert "Your personal page" not in english.body


def test_who_reads_the_other_language_gets_this_one_with_a_note(event, organizer):
    person(event, language="zh-hans", name="王伟")

    send(event, organizer.user, texts=IN_ENGLISH)

    [mail] = delivered()
    assert mail.subject == f"Bring a coat to {event.title_en}"
    assert mail.body.startswith("主办方仅提供英文内容。\n\nDear 王伟,")


def test_address_that_is_not_proven_hears_nothing_that_was_typed(event, organizer):
    factories.registered(event, name="Buy now at spam.example", language="en")
    OutboundMail.objects.all().delete()

    send(event, organizer.user)

    [mail] = delivered()
    assert mail.body.startswith("Dear attendee,")
    assert "spam.example" not in mail.message().as_string()


def test_replies_go_to_the_contact_of_the_event_if_it_has_one(event, organizer):
    person(event)
    send(event, organizer.user)
    [mail] = delivered()
    assert mail.reply_to == []

    type(event).objects.update(contact_email="office@example.org")
    send(event, organizer.user)

    [mail] = delivered()
    assert mail.reply_to == ["office@example.org"]


def test_hostile_text_is_text(event, organizer):
    person(event, language="en")

    send(event, organizer.user, texts=IN_ENGLISH | {"text_en": "<script>alert(1)</script>"})

    [mail] = delivered()
    [html] = [content for content, kind in mail.alternatives if kind == "text/html"]
    assert "<script>" not in html


def test_queue_and_message_hold_no_personal_data(event, organizer):
    person(event, name="Ann Hale", email="ann@example.org")

    sent = send(event, organizer.user)

    [row] = OutboundMail.objects.values("kind", "payload")
    assert row == {"kind": "message", "payload": {"message": sent.pk}}
    assert sent.audience == {}
    assert entries()[-1] == (
        "message_sent",
        "organizer",
        f"event · {event.slug}",
        {"people": 1, "message": sent.pk},
    )


# To whom


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience(), {"company", "media", "waiting", "came"}),
        (Audience(statuses=("confirmed",)), {"company", "media", "came"}),
        (Audience(statuses=("waitlisted",)), {"waiting"}),
        (Audience(categories=("media",)), {"media"}),
        (Audience(has_arrived=True), {"came"}),
        (Audience(has_arrived=False, statuses=("confirmed",)), {"company", "media"}),
        (Audience(language="en"), {"media"}),
    ],
)
def test_audience_is_who_has_all_of_it_in_common(event, organizer, audience, expected):
    for name, fields in {
        "company": {"category": "company"},
        "media": {"category": "media", "language": "en"},
        "came": {"category": "other"},
        "cancelled": {"category": "media"},
        "erased": {"category": "media"},
        # Last: nobody cancels after it, so that nobody moves up.
        "waiting": {"category": "other"},
    }.items():
        made = person(event, **{"language": "zh-hans"} | fields, name=name)
        if name == "came":
            check_in.check_in(made, by=organizer.user)
        if name == "waiting":
            Registration.objects.filter(pk=made.pk).update(status="waitlisted")
        if name == "cancelled":
            place.cancel(made)
        if name == "erased":
            privacy.erase([made])
    factories.registered(factories.registration_settings().event)

    assert set(audience.people(event).values_list("name", flat=True)) == expected


def test_audience_of_a_session_is_who_is_checked_in_there(event, organizer):
    times = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    here, elsewhere = (factories.session(event=event, **times) for _number in range(2))
    came, _other = person(event), person(event)
    check_in.check_in(came, by=organizer.user, session=here)

    assert [*Audience(session=here.pk).people(event)] == [came]
    assert not Audience(session=elsewhere.pk).people(event)
    assert Audience(session=here.pk).in_words({here.pk: "Keynote"}) == "checked in at “Keynote”"
    assert Audience.stored(Audience(session=here.pk).as_stored()) == Audience(session=here.pk)


def test_audience_of_a_hybrid_event_is_who_takes_part_likewise():
    hybrid = factories.upcoming_event(format="hybrid")
    event = factories.registration_settings(event=hybrid).event
    here, away = person(event), person(event, online=True)
    there, online = Audience(online=False), Audience(online=True)

    assert ([*there.people(event)], [*online.people(event)]) == ([here], [away])
    assert (there.in_words({}), online.in_words({})) == ("in person", "online")
    assert [Audience.stored(each.as_stored()) for each in (there, online)] == [there, online]


@pytest.mark.parametrize("end", [place.cancel, lambda row: privacy.erase([row])])
def test_who_cancels_or_is_erased_before_the_mail_leaves_gets_none(event, organizer, end):
    stays, goes = person(event, email="stays@example.org"), person(event)
    send(event, organizer.user)

    end(goes)

    told = [mail for mail in delivered() if "天气寒冷" in mail.body or "it is cold" in mail.body]
    assert [stays.email in mail.to[0] for mail in told] == [True]


# Refused


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        (dict.fromkeys(TEXTS, ""), "text_en", "Write the message"),
        ({"subject_en": " "}, "subject_en", "Enter a subject for this text"),
        ({"text_zh_hans": ""}, "text_zh_hans", "Enter a text"),
        ({"text_en": "Dear {nmae}"}, "text_en", "“{nmae}” is not a placeholder"),
        ({"subject_zh_hans": "｛称呼｝"}, "subject_zh_hans", "“{称呼}” is not a placeholder"),
        ({"subject_en": "See {link}"}, "subject_en", "Put the personal link in the text"),
    ],
)
def test_what_cannot_be_sent_is_refused_beside_its_field(event, organizer, changes, field, said):
    person(event)

    with pytest.raises(MessageRefused) as refused:
        send(event, organizer.user, texts=TEXTS | changes)

    assert said in refused.value.message_dict[field][0]
    assert not Message.objects.exists()
    assert not OutboundMail.objects.exists()


def test_message_to_nobody_is_refused_and_leaves_nothing(event, organizer):
    person(event)

    with pytest.raises(ValidationError, match="Nobody with an e-mail address"):
        send(event, organizer.user, audience=Audience(statuses=("waitlisted",)))

    assert not Message.objects.exists()
    assert entries() == []


def test_people_without_an_address_are_nobody(event, organizer):
    made = person(event)
    Registration.objects.filter(pk=made.pk).update(email="", email_key="")

    with pytest.raises(MessageRefused):
        send(event, organizer.user)


# Twice


def test_form_that_is_sent_twice_is_one_message(event, organizer):
    person(event)
    key = uuid.uuid4()

    first = send(event, organizer.user, key=key)

    assert send(event, organizer.user, key=key) == first
    assert OutboundMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_form_that_is_sent_twice_at_once_is_one_message(event, organizer):
    person(event)
    key = uuid.uuid4()

    results = at_once(*[lambda: send(event, organizer.user, key=key) for _ in range(3)])

    assert {type(each) for each in results} == {Message}
    assert OutboundMail.objects.count() == 1
