import datetime as dt
import re

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from registrations.domain import check_in, place
from registrations.models import CheckIn, Registration, RegistrationSettings
from tests import factories


@pytest.fixture
def mine(event):
    return factories.registered(event, name="王伟")


def standing():
    return CheckIn.objects.standing().count()


@pytest.mark.parametrize("script", [True, False])
def test_a_tap_checks_in_and_brings_counts_and_arrivals_up_to_date(clerk, mine, tap, script):
    page = tap("desk-check-in", ticket=mine.ticket, q="wang", script=script)

    assert page.status_code == 200
    assert "desk-card-new" in page.text
    assert 'data-count="arrived">1<' in page.text
    assert "<b>王伟</b>" in page.text
    assert CheckIn.objects.get().checked_in_by == clerk.user
    assert page.text.startswith("<!doctype html>") is not script
    if not script:
        assert 'value="wang"' in page.text


def test_the_answer_to_a_script_is_the_card_and_what_it_changes(mine, tap):
    page = tap("desk-check-in", ticket=mine.ticket)

    assert re.findall(r'data-part="([^"]+)"', page.text) == [
        f"person-{mine.ticket}",
        "counts",
        "latest",
    ]
    assert re.search(r"<p data-said>\s*王伟: Checked in\s*<", page.text)


def test_a_script_says_of_somebody_found_what_the_card_says(mine, tap):
    tap("desk-check-in", ticket=mine.ticket)

    page = tap("desk-door", q="王伟")

    assert 'desk-card-done">Checked in already<' in page.text
    assert re.search(r"<p data-said>\s*王伟: Checked in already\s*<", page.text)


def test_to_admit_all_the_same_is_the_first_thing_on_offer(event, tap):
    RegistrationSettings.objects.update(capacity=0)
    waits = factories.registered(event)

    page = tap("desk-admit", ticket=waits.ticket)

    assert re.findall(r'<button class="button button-tap"[^>]*>\s*([^<]+?)\s*<', page.text) == [
        "Admit anyway"
    ]


def test_a_second_tap_says_who_and_when_and_counts_once(clerk, organizer, event, mine, tap):
    check_in.check_in(mine, by=organizer.user)

    page = tap("desk-check-in", ticket=mine.ticket)

    assert page.status_code == 200
    assert "Checked in already" in page.text
    assert "by organizer" in page.text
    assert CheckIn.objects.count() == 1


def test_an_account_that_is_gone_leaves_when(mine, tap):
    CheckIn.objects.create(registration=mine, checked_in_at=factories.at(9, 30))

    page = tap("desk-check-in", ticket=mine.ticket)

    assert "29 October 2020 (Thu) 09:30" in strip_tags(page.text)
    assert ", by" not in page.text


def test_undoing_is_recorded_and_offers_to_check_in_again(clerk, mine, tap):
    made = check_in.check_in(mine, by=clerk.user).check_in

    page = tap("desk-undo", ticket=mine.ticket, seen=made.pk)

    assert "Undone: not checked in" in page.text
    assert "Nobody has come yet." in page.text
    made.refresh_from_db()
    assert made.undone_by == clerk.user
    assert "Undone: not checked in" in tap("desk-undo", ticket=mine.ticket, seen=made.pk).text


def test_undoing_again_leaves_a_newer_check_in(clerk, organizer, mine, tap):
    seen = check_in.check_in(mine, by=clerk.user).check_in
    check_in.undo(mine, by=clerk.user)
    check_in.check_in(mine, by=organizer.user)

    page = tap("desk-undo", ticket=mine.ticket, seen=seen.pk)

    assert page.status_code == 409
    assert (
        "Somebody has checked this person in again in the meantime. Nothing was undone."
        in page.text
    )
    assert "by organizer" in page.text
    assert standing() == 1


@pytest.mark.parametrize("seen", ["", "x", "-1", "９" * 30, "9" * 30])
def test_nonsense_for_a_check_in_breaks_nothing(clerk, mine, tap, seen):
    check_in.check_in(mine, by=clerk.user)

    assert tap("desk-undo", ticket=mine.ticket, seen=seen).status_code in (200, 409)


def test_a_seat_is_given_and_the_person_checked_in(event, tap):
    RegistrationSettings.objects.update(needs_approval=True)
    mine = factories.registered(event)

    page = tap("desk-admit", ticket=mine.ticket)

    assert "desk-card-new" in page.text
    assert Registration.objects.get().status == "confirmed"
    assert standing() == 1


def test_where_every_seat_is_given_staff_admit_all_the_same(event, tap):
    RegistrationSettings.objects.update(capacity=0)
    mine = factories.registered(event)

    page = tap("desk-admit", ticket=mine.ticket)

    assert page.status_code == 409
    assert "Every seat is taken." in page.text
    assert 'name="beyond"' in page.text
    assert standing() == 0
    assert "desk-card-new" in tap("desk-admit", ticket=mine.ticket, beyond="1").text
    assert standing() == 1


def test_who_was_cancelled_meanwhile_is_refused_with_the_card_as_it_is(clerk, mine, tap):
    place.cancel(mine, by=clerk.user)

    for name in ("desk-check-in", "desk-admit"):
        page = tap(name, ticket=mine.ticket)

        assert page.status_code == 409
        assert "Register a walk-in instead." in page.text
        assert "Register as a walk-in" in page.text
    assert standing() == 0


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("name", ["desk-check-in", "desk-undo", "desk-admit"])
def test_a_ticket_of_another_event_is_refused(tap, name, script):
    other = factories.registered(factories.registration_settings().event, name="Elsewhere")

    page = tap(name, ticket=other.ticket, script=script)

    assert page.status_code == 409
    assert "This code is for another event" in page.text
    assert "Elsewhere" not in page.text
    assert standing() == 0


@pytest.mark.parametrize("name", ["desk-check-in", "desk-undo", "desk-admit"])
def test_a_tap_without_a_ticket_is_refused(tap, name):
    assert "A code has 10 characters, this has 0." in tap(name).text


@pytest.mark.parametrize("name", ["desk-check-in", "desk-undo", "desk-admit"])
def test_following_a_link_does_nothing_and_leads_to_the_door(clerk, url, name):
    response = clerk.get(url(name))

    assert (response.status_code, response.url) == (302, url("desk-door"))


def test_messages_are_in_the_language_of_the_user(clerk, mine, tap):
    clerk.cookies["django_language"] = "zh-hans"
    check_in.check_in(mine, by=clerk.user)
    CheckIn.objects.update(checked_in_at=factories.at(9, 30))

    page = tap("desk-check-in", ticket=mine.ticket, script=False)

    assert '<html lang="zh-Hans">' in page.text
    assert "2020年10月29日（星期四）09:30" in strip_tags(page.text)
    assert "北京时间" in page.text


# In sessions


@pytest.fixture
def session(event):
    RegistrationSettings.objects.update(takes_session_attendance=True)
    return factories.session(
        event=event,
        title_en="Opening talk",
        starts_at=event.starts_at,
        ends_at=event.starts_at + dt.timedelta(hours=1),
    )


def test_a_session_is_chosen_and_stays_while_working(clerk, session, mine, tap, url):
    page = clerk.get(url("desk-door") + f"?session={session.slug}")

    assert re.search(rf'<option value="{session.slug}" selected>\d\d:\d\d–', page.text)
    assert f'name="session" value="{session.slug}"' in page.text
    assert f"counts.json?session={session.slug}" in page.text
    found = tap("desk-door", q="wang wei", session=session.slug)
    assert f'name="session" value="{session.slug}"' in found.text


def test_attendance_of_a_session_is_taken_beside_the_door(clerk, session, mine, tap, url):
    check_in.check_in(mine, by=clerk.user)

    assert "At the door:" in tap("desk-door", q="wang wei", session=session.slug).text
    page = tap("desk-check-in", ticket=mine.ticket, session=session.slug)

    assert "desk-card-new" in page.text
    assert set(CheckIn.objects.values_list("session", flat=True)) == {None, session.pk}
    counts = clerk.get(url("desk-counts") + f"?session={session.slug}").json()
    assert counts == {"expected": 1, "arrived": 1, "waiting": 0}
    tap("desk-undo", ticket=mine.ticket, session=session.slug)
    assert CheckIn.objects.standing().get().session is None


def test_a_session_that_is_gone_checks_nobody_in(clerk, session, mine, tap, url):
    for name in ("desk-door", "desk-check-in", "desk-admit", "desk-undo", "desk-walk-in"):
        page = tap(name, ticket=mine.ticket, q=mine.ticket, at_once="1", session="gone")

        assert page.status_code == 409
        assert "Choose where you check in." in page.text
    assert clerk.get(url("desk-door") + "?session=gone").status_code == 409
    assert clerk.get(url("desk-walk-in") + "?session=gone").status_code == 409
    assert clerk.get(url("desk-counts") + "?session=gone").status_code == 409
    assert CheckIn.objects.count() == 0


def test_sessions_are_offered_only_where_attendance_is_taken(clerk, session, url):
    factories.session(event=session.event, kind="break", title_en="Tea")
    assert "Opening talk" in clerk.get(url("desk-door")).text
    assert "Tea" not in clerk.get(url("desk-door")).text

    RegistrationSettings.objects.update(takes_session_attendance=False)

    assert "Opening talk" not in clerk.get(url("desk-door")).text


def test_sessions_of_several_days_are_told_apart(clerk, session, event, url):
    event.ends_at = event.starts_at + dt.timedelta(days=2)
    event.save()

    day = timezone.localtime(session.starts_at, event.zone)
    assert f">{day.day} {day:%B} (" in clerk.get(url("desk-door")).text


def test_a_tap_costs_the_same_with_one_arrival_and_three(
    clerk, event, tap, django_assert_num_queries
):
    people = [factories.registered(event) for _each in range(4)]
    Registration.objects.update(proven_at=timezone.now(), proof=Registration.Proof.LINK)
    tap("desk-check-in", ticket=people[0].ticket)
    with django_assert_num_queries(25):
        tap("desk-check-in", ticket=people[1].ticket)
    tap("desk-check-in", ticket=people[2].ticket)
    with django_assert_num_queries(25):
        tap("desk-check-in", ticket=people[3].ticket)


@pytest.mark.parametrize("seen", ["9" * 5000, "9" * 18, "-1", "x", "\0"])
def test_what_no_page_has_shown_undoes_nothing(mine, tap, seen):
    tap("desk-check-in", ticket=mine.ticket)

    # What no text can hold is refused for the whole site.
    refusal = 400 if "\0" in seen else 409
    assert tap("desk-undo", ticket=mine.ticket, seen=seen).status_code == refusal
    assert standing() == 1


def test_contact_is_confirmed_as_the_card_shows_it(event, mine, tap):
    # There is nothing to confirm in advance once it has begun.
    event.starts_at, event.ends_at = (timezone.now() + dt.timedelta(days=n) for n in (1, 2))
    event.save()
    before = tap("desk-door", q=mine.ticket).text
    [seen] = re.findall(r'name="contact" value="([^"]+)"', before)
    Registration.objects.update(phone="139 0013 9000")

    refused = tap("desk-prove", ticket=mine.ticket, contact=seen)
    unproven = Registration.objects.get().proven_at
    [now] = re.findall(r'name="contact" value="([^"]+)"', refused.text)
    done = tap("desk-prove", ticket=mine.ticket, contact=now)

    assert mine.email in before
    assert (refused.status_code, unproven) == (409, None)
    assert "nothing was confirmed" in refused.text and "139 0013 9000" in refused.text
    assert "Contact confirmed" in done.text
    assert Registration.objects.get().proof == "staff"
