"""However an address is written: one seat, one limit, one erasure, one recipient."""

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from events.models import SiteProfile
from mail import delivery
from mail.models import OutboundMail
from registrations.domain import check_in, privacy
from registrations.models import Registration
from staff.domain import account
from tests import factories, stamps
from tests.refusals import codes_of
from throttle.models import RateCount

pytestmark = pytest.mark.django_db

MAILBOX = "ann@xn--fsqu00a.cn"
WAYS = [
    "ann@例子.cn",
    "ann@xn--fsqu00a.cn",
    "ａｎｎ＠例子．ｃｎ",
    "ann@例子。cn",
    "an\u00adn@例子.cn",
    "ⓐⓝⓝ@例子.cn",
    "ann@例\u200b子.cn",
    "ANN@例子.CN",
]


@pytest.fixture
def event(db):
    return factories.registration_settings().event


def posted(client, event, *emails):
    people = {
        f"people-{number}-{name}": value
        for number, email in enumerate(emails)
        for name, value in (("name", "Ann Hale"), ("email", email))
    }
    shared = {"organization_name": "W", "category": "company", "consent": "on"}
    stamp = {"shown_at": stamps.of_registration(event)}
    total = {"people-TOTAL_FORMS": len(emails), "people-INITIAL_FORMS": 0}
    return client.post(f"/en/events/{event.slug}/register/", shared | people | stamp | total)


def test_one_person_with_one_mailbox_gets_one_seat(client, event, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": (100, 3600)}
    answers = [posted(client, event, way).status_code for way in WAYS]

    assert answers == [302] * len(WAYS)
    assert set(Registration.objects.values_list("email_key", flat=True)) == {MAILBOX}
    assert Registration.objects.seated().count() == 1
    assert Registration.objects.filter(status="double").count() == len(WAYS) - 1


def test_one_person_stands_in_a_form_once(client, event):
    answer = posted(client, event, WAYS[0], WAYS[2])

    assert answer.status_code == 422
    assert "This person stands above already." in answer.text
    assert Registration.objects.count() == 0


def test_quoted_mailbox_is_refused_in_words(client, event):
    answer = posted(client, event, '"ann"@例子.cn')

    assert answer.status_code == 422
    assert "Enter the e-mail address without quotation marks." in answer.text


@pytest.mark.parametrize("way", [*WAYS, '"ann"@例子.cn'])
def test_any_way_to_write_the_mailbox_erases(event, way):
    factories.registered(event, email=WAYS[0])
    other = factories.registered(event)

    call_command("erase_attendee", way)

    left = Registration.objects.exclude(email="")
    assert list(left) == [other]
    assert list(left.values_list("email_key", flat=True)) == [other.email]


def test_erasing_what_is_no_address_says_so_and_erases_nobody(event):
    factories.registered(event, email=WAYS[0])

    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("erase_attendee", "ann")

    assert Registration.objects.filter(erased_at=None).count() == 1
    with pytest.raises(ValidationError):
        privacy.erase_attendee("ann")


def test_lost_link_counts_and_finds_one_mailbox(client, event, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"link": (100, 3600), "mailbox": (100, 3600)}
    factories.registered(event, email=WAYS[0])
    OutboundMail.objects.all().delete()

    for way in WAYS:
        client.post("/en/my/", {"email": way, "shown_at": stamps.of_lost_link()})

    assert OutboundMail.objects.count() == len(WAYS)
    # One for the network, one for the mailbox. Besides, each stamp is used once.
    counts = list(RateCount.objects.values_list("count", flat=True))
    assert counts.count(len(WAYS)) == 2


@pytest.mark.parametrize("way", WAYS)
def test_walk_in_with_a_mailbox_that_has_a_place_is_told(event, organizer, way):
    factories.registered(event, name="Ann Hale", email=WAYS[0])
    person = factories.applicant(name="ann  hale", email=way, ticket="0123456789")

    with pytest.raises(check_in.PersonKnown):
        check_in.walk_in(event, person, by=organizer.user)


def test_registration_with_an_impossible_address_is_refused_by_its_field(event):
    with pytest.raises(ValidationError) as refusal:
        factories.registered(event, email="ann@localhost")

    assert list(refusal.value.error_dict) == ["email"]
    assert codes_of(refusal.value) == ["no_dot"]


def test_column_stores_no_other_form(event):
    mine = factories.registered(event)
    mine.email = WAYS[2]
    mine.save()
    SiteProfile.load()
    profile = SiteProfile.objects.get()
    profile.email = WAYS[3]
    profile.save()

    assert Registration.objects.get().email == MAILBOX
    assert SiteProfile.objects.get().email == MAILBOX
    mine.email = "ann@localhost"
    with pytest.raises(ValidationError):
        mine.save()


def test_person_reads_the_domain_and_is_found_by_it(event, client):
    mine = factories.registered(event, email=WAYS[1])

    assert mine.readable_email == "ann@例子.cn"
    for text in ("ann@例子", "ann＠例子", "xn--fsqu00a"):
        assert Registration.objects.search(text).get() == mine


def test_mail_server_gets_an_ascii_domain(event):
    factories.registered(event, email=WAYS[2])

    delivery.deliver_due()

    message = outbox.outbox[0]
    assert message.recipients() == [MAILBOX]


@pytest.mark.parametrize("stored", [WAYS[0], WAYS[2], MAILBOX])
@pytest.mark.parametrize("way", [WAYS[1], WAYS[4], WAYS[7]])
def test_forgotten_password_finds_and_counts_one_mailbox(client, stored, way):
    # As Django's own command stores what it is given.
    User.objects.create_user("ann", stored, "x", is_staff=True)
    User.objects.create_user("bo", "not an address", "x", is_staff=True)

    client.post("/staff/forgotten/", {"email": way})
    client.post("/staff/forgotten/", {"email": MAILBOX})

    assert OutboundMail.objects.filter(user__username="ann").count() == 2
    assert sorted(RateCount.objects.values_list("count", flat=True)) == [2, 2]


def test_accounts_are_made_with_the_canonical_address(superuser):
    groups = Group.objects.filter(name="Organizer")

    account.invite(User(username="ann", email=WAYS[2]), groups=groups, by=superuser.user)
    call_command("first_superuser", "bo", WAYS[4])

    emails = User.objects.filter(username__in=["ann", "bo"]).values_list("email", flat=True)
    assert list(emails) == [MAILBOX, MAILBOX]
    with pytest.raises(CommandError, match="quotation marks"):
        call_command("first_superuser", "cy", '"cy"@example.org')
