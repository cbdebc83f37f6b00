import re

import pytest
from django.utils import timezone

from registrations.domain import door_counts
from registrations.models import CheckIn, Registration, RegistrationSettings
from tests import factories


@pytest.fixture
def form(clerk, url):
    """What somebody types, with the ticket that the form has chosen."""
    page = clerk.get(url("desk-walk-in")).text
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)[1]
    return {
        "name": "赵敏",
        "email": "",
        "category": "media",
        "language": "zh-hans",
        "consent": "on",
        "ticket": ticket,
    }


@pytest.mark.parametrize("script", [True, False])
def test_a_walk_in_is_registered_and_checked_in(clerk, form, tap, script):
    page = tap("desk-walk-in", script=script, **form, organization_name="海港日报", phone="10086")

    assert page.status_code == 200
    assert "Registered and checked in" in page.text
    assert "desk-card-new" in page.text
    mine = Registration.objects.get()
    assert (mine.name, mine.organization_name, mine.registered_by, mine.status) == (
        *("赵敏", "海港日报", clerk.user),
        "confirmed",
    )
    assert form["ticket"].startswith(mine.ticket)
    assert CheckIn.objects.get().registration == mine


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u200d", "\u00ad", "\u2060", "\ufffc"])
def test_what_nobody_sees_in_a_pasted_name_is_not_kept(form, tap, unseen):
    fields = {"name": f"王{unseen}芳", "organization_name": f"Kappa{unseen} Ltd"}

    tap("desk-walk-in", **{**form, **fields})

    mine = Registration.objects.get()
    assert (mine.name, mine.organization_name) == ("王芳", "Kappa Ltd")


def test_the_form_explains_what_is_not_given_and_where_the_notice_is(clerk, url):
    page = clerk.get(url("desk-walk-in")).text

    assert "Without an address no personal link can be e-mailed." in page
    assert 'href="/en/privacy/" hreflang="en"' in page
    assert 'href="/zh-hans/privacy/" hreflang="zh-Hans"' in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"category": ""}, "This field is required."),
        ({"consent": ""}, "Without this person’s consent the registration may not be kept."),
        ({"email": "nonsense"}, "Enter a valid email address."),
        ({"category": "lost"}, "Select a valid choice."),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"phone": "Test"}, "Enter a phone number, such as"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(form, tap, fields, words):
    typed = form | {"organization_name": "海港日报", "position": "记者"} | fields

    page = tap("desk-walk-in", script=False, **typed)

    assert page.status_code == 422
    assert words in page.text
    assert 'value="海港日报"' in page.text
    assert 'value="记者"' in page.text
    assert form["ticket"] in page.text
    assert Registration.objects.count() == 0


def test_without_a_seat_staff_admit_all_the_same(form, tap):
    RegistrationSettings.objects.update(capacity=0)

    page = tap("desk-walk-in", **form)

    assert page.status_code == 409
    assert "Every seat is taken." in page.text
    assert 'name="beyond"' in page.text
    assert 'value="赵敏"' in page.text
    assert "checked" in re.search(r'<input[^>]*name="consent"[^>]*>', page.text)[0]
    assert Registration.objects.count() == 0
    assert "Registered and checked in" in tap("desk-walk-in", **form, beyond="1").text
    assert Registration.objects.get().status == "confirmed"


def test_a_known_person_is_said_and_offered(event, form, tap):
    known = factories.registered(event, name="赵敏", email="wei@example.org")

    page = tap("desk-walk-in", **form | {"email": "WEI@example.org"})

    assert page.status_code == 409
    assert "This person is registered already with this contact: 赵敏 (confirmed)." in page.text
    assert f'data-part="person-{known.ticket}"' in page.text
    assert 'value="赵敏"' in page.text
    assert CheckIn.objects.count() == 0


def test_a_form_that_is_sent_again_counts_once(event, form, tap):
    tap("desk-walk-in", **form)

    page = tap("desk-walk-in", **form)

    assert "Registered and checked in" in page.text
    assert door_counts.counts(event) == door_counts.Counts(expected=1, arrived=1, waiting=0)


@pytest.mark.parametrize("ticket", ["", "7K2M9QXR41", "7K2M9QXR41:forged"])
def test_only_the_site_chooses_tickets(form, tap, ticket):
    tap("desk-walk-in", **form | {"ticket": ticket})

    assert Registration.objects.get().ticket != "7K2M9QXR41"


def test_a_registration_that_ended_is_carried_into_the_form(event, tap):
    mine = factories.registered(
        event, name="王伟", email="wei@example.org", position="总经理", language="zh-hans"
    )
    Registration.objects.update(status="cancelled", cancelled_at=timezone.now())

    page = tap("desk-walk-in", begin="1", ticket=mine.ticket, script=False)

    assert page.status_code == 200
    for typed in ("王伟", "wei@example.org", "Somewhere Ltd", "总经理"):
        assert f'value="{typed}"' in page.text
    assert '<option value="zh-hans" selected>' in page.text
    assert "checked" not in re.search(r'<input[^>]*name="consent"[^>]*>', page.text)[0]
    assert "This field is required" not in page.text


def test_a_ticket_of_another_event_carries_nothing(tap):
    other = factories.registered(factories.registration_settings().event, name="Elsewhere")

    assert "Elsewhere" not in tap("desk-walk-in", begin="1", ticket=other.ticket).text


@pytest.mark.parametrize(
    ("typed", "carried"), [("Zhao Min", True), ("zhao@example.org", False), ("139 1234", False)]
)
def test_a_name_that_was_searched_for_is_carried_and_a_number_is_not(tap, typed, carried):
    page = tap("desk-walk-in", begin="1", name=typed)

    assert (f'value="{typed}"' in page.text) is carried


def test_what_the_event_does_not_ask_is_not_asked_at_the_door(form, tap, clerk, url):
    RegistrationSettings.objects.update(
        contact="email", ask_phone="no", ask_organization="required", ask_position="no"
    )

    page = clerk.get(url("desk-walk-in")).text

    assert 'name="phone"' not in page
    assert 'name="position"' not in page
    assert "Registered and checked in" in tap("desk-walk-in", **form, phone="123").text
    assert Registration.objects.get().phone == ""


def test_a_walk_in_of_a_session_attends_it(event, form, tap):
    RegistrationSettings.objects.update(takes_session_attendance=True)
    session = factories.session(event=event)

    tap("desk-walk-in", **form, session=session.slug)

    assert set(CheckIn.objects.values_list("session", flat=True)) == {None, session.pk}


def test_an_event_that_is_cancelled_takes_no_walk_in(event, form, tap):
    type(event).objects.update(status="cancelled", cancelled_at=timezone.now())

    page = tap("desk-walk-in", **form)

    assert page.status_code == 409
    assert "This event has been cancelled." in page.text
    assert 'value="赵敏"' in page.text


def test_of_a_full_event_the_first_button_is_the_one_that_is_not_refused_again(form, tap):
    RegistrationSettings.objects.update(capacity=0)

    page = tap("desk-walk-in", **form)

    buttons = re.findall(
        r'<button class="(button[a-z-]*) button-tap"[^>]*>\s*([^<]+?)\s*<', page.text
    )
    assert buttons == [
        ("button", "Admit anyway"),
        ("button-quiet", "Register and check in"),
    ]
