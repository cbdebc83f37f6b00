"""A seat that is offered to somebody without an address is accepted on the own screen."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from events.domain import postponement
from events.models import Event
from mail.models import OutboundMail
from registrations.domain import contact_person, place, proof, waiting_list
from registrations.models import Registration, RegistrationSettings
from summit.lib.sms.configuration import Configuration
from tests import factories
from tests.backoffice.posting import buttons, do
from tests.website.registering import sends
from tests.website.test_group import group_page
from tests.website.test_own_screen import PHONE, screen

pytestmark = pytest.mark.django_db
GROUP = {"contact-email": "", "contact-phone": "138 0013 8000"}


def full_event(**fields):
    """An event of two seats, both taken, that offers freed ones."""
    settings = factories.registration_settings(capacity=2, offer_hours=24, **fields)
    for _number in range(2):
        proof.prove(factories.registered(settings.event), Registration.Proof.STAFF)
    return settings.event


def offer(event, number=1):
    for row in Registration.objects.filter(event=event, status="confirmed")[:number]:
        place.cancel(row)


def accept(client, event):
    return client.post(screen(event, "1/accept/"), follow=True)


def test_seat_is_accepted_where_nothing_has_to_be_proven(stranger):
    event = full_event()
    sends(stranger, event, PHONE)
    offer(event)
    before = stranger.get(screen(event)).text

    after = accept(stranger, event)
    again = accept(stranger, event)

    assert "Accept it here before then." in before
    assert "Accept the seat" in before and "e-mail" not in before.split("Accept it here")[0][-300:]
    assert "You have a seat" in after.text and "Accept the seat" not in after.text
    assert again.status_code == 200
    assert Registration.objects.get(phone_key="+8613800138000").status == "confirmed"


def test_number_is_proven_first_where_seats_are_held(stranger):
    event = full_event(hold_hours=24, hold_percent=100)
    sends(stranger, event, PHONE)
    offer(event)
    row = Registration.objects.get(phone_key="+8613800138000")
    before = stranger.get(screen(event)).text
    refused = accept(stranger, event)
    row.refresh_from_db()
    status = row.status

    proof.prove(row, Registration.Proof.STAFF)
    after = accept(stranger, event)

    assert "once your number is confirmed, you can accept it here" in before
    assert "Accept the seat" not in before + refused.text
    assert (status, refused.status_code) == ("offered", 200)
    assert "You have a seat" in after.text


def test_number_is_verified_on_the_screen_by_a_code(stranger, settings):
    settings.SMS = Configuration(provider="console", sign_name="对接会")
    event = full_event(hold_hours=24, hold_percent=100)
    sends(stranger, event, PHONE)
    offer(event)

    page = stranger.get(screen(event)).text

    assert "Verify your number below before then: after that you can accept it here." in page
    assert "Send a code to 138 0013 8000" in page


def test_proven_number_is_told_of_the_offer(
    stranger, settings, capsys, django_capture_on_commit_callbacks
):
    settings.SMS = Configuration(provider="console", sign_name="对接会")
    event = full_event(sends_texts=True)
    sends(stranger, event, PHONE)
    proof.prove(Registration.objects.get(phone_key="+8613800138000"), Registration.Proof.SMS)

    with django_capture_on_commit_callbacks(execute=True):
        offer(event)

    assert [row.kind for row in OutboundMail.objects.filter(channel="sms")] == ["sms_offered"]


def test_who_gave_an_address_accepts_by_its_mail(stranger):
    event = full_event()
    sends(stranger, event, PHONE | {"email": "wei@example.org"})
    offer(event)

    page = accept(stranger, event).text

    assert "Open the link in the e-mail to accept it." in page
    assert "Accept the seat" not in page
    assert Registration.objects.get(email="wei@example.org").status == "offered"


def test_another_browser_accepts_nothing(stranger):
    event = full_event()
    sends(stranger, event, PHONE)
    offer(event)

    assert accept(Client(), event).status_code == 404


def test_offer_that_has_ended_is_said(stranger):
    event = full_event()
    sends(stranger, event, PHONE)
    offer(event)
    Registration.objects.filter(status="offered").update(
        offer_expires_at=timezone.now() - dt.timedelta(minutes=1)
    )

    page = accept(stranger, event).text

    assert "The offer has expired." in page and "Accept the seat" not in page


def test_contact_person_with_a_number_accepts_the_seats_of_the_group(stranger):
    event = full_event()
    sends(stranger, event, {"name": "Ann", "email": ""}, {"name": "Bea", "email": ""}, **GROUP)
    offer(event, 2)
    before = stranger.get(screen(event)).text

    after = accept(stranger, event).text

    assert "Accept the seats" in before
    assert "Accept the seats" not in after
    assert Registration.objects.filter(group__isnull=False, status="confirmed").count() == 2


def test_organizers_accept_for_who_called(organizer):
    event = full_event()
    row = factories.registered(event, email="", phone="+8613800138000")
    offer(event)

    shown = buttons(organizer, row)
    do(organizer, row, "accept-offer")

    row.refresh_from_db()
    assert "accept-offer" in shown
    assert row.status == "confirmed"
    assert "accept-offer" not in buttons(organizer, row)


def corrected_to(name):
    """Return a member with an offer who was corrected to this name and a known address."""
    event = full_event()
    known = factories.registered(event, name="Known", email="known@example.org")
    group = factories.group(event, 2)
    RegistrationSettings.objects.filter(event=event).update(capacity=9)
    waiting_list.refill(event)
    place.accept(Registration.objects.get(pk=known.pk))
    member = group.members.order_by("pk").first()
    return contact_person.correct_member(
        member, answers={}, name=name, email="known@example.org", phone=""
    )


def words_of(client, member):
    """The words of the group's page, but for what was typed and the event."""
    text = re.sub(r"<[^>]+>", " ", client.get(group_page(member.group)).text)
    return re.sub(r"Known|Fresh|Summit \d+|event \d+", "", " ".join(text.split()))


@pytest.mark.parametrize("end", ["accepted", "expired", "cancelled", "postponed", "again"])
def test_corrected_member_with_an_offer_looks_the_same_whether_known_or_not(
    client, time_machine, end
):
    time_machine.move_to(timezone.now(), tick=False)
    pages, states = [], []
    for name in ("Known", "Fresh"):
        member = corrected_to(name)
        states.append(member.status)
        pages.append([words_of(client, member)])
        if end == "accepted":
            client.post(group_page(member.group, "accept/"))
        elif end == "expired":
            Registration.objects.filter(offer_expires_at__isnull=False).update(
                offer_expires_at=timezone.now() - dt.timedelta(minutes=1)
            )
            waiting_list.expire_offers()
        elif end == "cancelled":
            client.post(group_page(member.group, "1/cancel/"))
        elif end == "postponed":
            postponement.postpone(Event.objects.get(pk=member.event_id))
            waiting_list.put_offers_off()
        else:
            contact_person.correct_member(
                member, answers={}, name="Fresh", email="other@example.org", phone=""
            )
        pages[-1].append(words_of(client, member))

    assert states == ["double", "offered"]
    assert "Accept the seats" in pages[0][0]
    assert pages[0] == pages[1]


def test_offer_that_only_looks_like_one_takes_no_seat():
    member = corrected_to("Known")
    taken = Registration.objects.filter(event=member.event, status__in=Registration.SEATED).count()

    place.accept(member)
    place.accept(member)

    seated = Registration.objects.filter(event=member.event, status__in=Registration.SEATED)
    member.refresh_from_db()
    assert (member.status, member.shown_status) == ("double", "confirmed")
    assert seated.count() == taken
