"""What was printed is remembered: who, when, and whether it is to be printed anew."""

import pytest

from desk.views import badges
from registrations.domain import place, privacy
from registrations.models import Registration
from tests import factories
from tests.cast import make_clerk, make_organizer
from tests.desk.test_badges import ANEW, EVERYBODY, ask_for, errors, printed, url
from tests.threads import at_once, before_commit


def test_first_choice_is_what_is_not_printed_yet(clerk, event):
    factories.registered(event)

    assert clerk.get(url(event)).context["form"]["which"].value() == "not_printed"


def test_badges_are_recorded_with_the_clerk_and_the_moment(clerk, event):
    person = factories.registered(event, name="Ann", organization_name="Harbour Works")
    other = factories.registered(factories.registration_settings().event)

    ask_for(clerk, event, EVERYBODY)
    person.refresh_from_db()
    other.refresh_from_db()

    assert person.badge_printed_at is not None
    assert person.badge_printed_by == clerk.user
    assert (person.badge_name, person.badge_organization_name) == ("Ann", "Harbour Works")
    assert other.badge_printed_at is None


def test_what_was_printed_is_left_out_until_it_is_asked_for(clerk, event):
    factories.registered(event, name="First")
    ask_for(clerk, event, EVERYBODY)
    factories.registered(event, name="Second")

    already = printed(ask_for(clerk, event, EVERYBODY | {"which": "printed"}))
    later = printed(ask_for(clerk, event, EVERYBODY))
    refused = errors(ask_for(clerk, event, EVERYBODY))
    anew = printed(ask_for(clerk, event, ANEW))

    assert (already, later) == (["First"], ["Second"])
    assert refused == ["Nobody with a confirmed place matches. Choose more people."]
    assert anew == ["First", "Second"]


@pytest.mark.parametrize(
    ("field", "is_printed_anew"),
    [("name", True), ("organization_name", True), ("phone", False)],
)
def test_name_or_organization_changed_after_printing_is_printed_anew(
    clerk, event, field, is_printed_anew
):
    person = factories.registered(event, name="Ann")
    factories.registered(event, name="Bo")
    ask_for(clerk, event, EVERYBODY)
    before = clerk.get(url(event)).text
    Registration.objects.filter(pk=person.pk).update(**{field: "13800138000"})
    page = clerk.get(url(event))

    assert (page.context["to_print"], page.context["outdated"]) == 2 * (int(is_printed_anew),)
    assert "All badges are printed." in before
    assert ("changed after printing" in page.text) is is_printed_anew
    if is_printed_anew:
        assert len(printed(ask_for(clerk, event, EVERYBODY))) == 1
    assert clerk.get(url(event)).context["to_print"] == 0


def test_next_batch_is_of_those_who_are_left(clerk, event, monkeypatch):
    monkeypatch.setattr(badges, "BATCH", 2)
    for name in "ABC":
        factories.registered(event, name=name)

    first = ask_for(clerk, event, EVERYBODY)
    second = ask_for(clerk, event, EVERYBODY | first.context["next"])

    assert (printed(first), printed(second)) == (["A", "B"], ["C"])
    assert "1 to 2 of 3 badges" in first.text
    assert second.context["next"] is None


def test_loading_the_page_again_or_changing_the_paper_prints_nobody_else(clerk, event, monkeypatch):
    monkeypatch.setattr(badges, "BATCH", 1)
    factories.registered(event, name="A")
    factories.registered(event, name="B")
    address = clerk.post(url(event), EVERYBODY).url

    again = clerk.get(address)
    on_a6 = clerk.get(f"{address}&size=a6")

    assert printed(again) == printed(on_a6) == ["A"]
    assert on_a6.context["size"].name == "a6"
    assert Registration.objects.exclude(badge_printed_at=None).count() == 1


def test_one_badge_at_the_door_is_recorded_and_shown_on_the_card(clerk, event):
    person = factories.registered(event, name="Ann")
    door = f"/desk/{event.slug}/"

    before = clerk.post(door, {"q": person.ticket}).text
    ask_for(clerk, event, {"ticket": person.ticket})
    after = clerk.post(door, {"q": person.ticket}).text
    Registration.objects.filter(pk=person.pk).update(name="Anne")
    changed = clerk.post(door, {"q": person.ticket}).text

    assert "adge printed" not in before
    assert f"by {clerk.user.get_username()}" in after
    assert "Badge printed" in after
    assert "changed after the badge was printed. Print it again." in changed


def test_jammed_printing_is_marked_as_not_printed(clerk, event):
    factories.registered(event, name="Before")
    ask_for(clerk, event, EVERYBODY)
    people = [factories.registered(event, name=name) for name in ("Jammed", "Printed anew since")]
    jammed = ask_for(clerk, event, EVERYBODY)
    ask_for(clerk, event, {"ticket": people[1].ticket})
    forget = {"forget": jammed.context["printed_at"].isoformat()}

    page = clerk.post(url(event), forget, follow=True)
    again = clerk.post(url(event), forget, follow=True)
    gone = clerk.get(
        jammed.request["PATH_INFO"] + "?" + jammed.request["QUERY_STRING"], follow=True
    )

    assert "1 badge is marked as not printed." in page.text
    assert "0 badges are marked as not printed." in again.text
    assert "These badges were marked as not printed, or printed anew." in gone.text
    assert printed(ask_for(clerk, event, EVERYBODY)) == ["Jammed"]


def test_last_printings_are_listed_to_be_shown_again_or_forgotten(clerk, event):
    factories.registered(event, name="A")
    ask_for(clerk, event, EVERYBODY)
    factories.registered(event, name="B")
    factories.registered(event, name="C")
    ask_for(clerk, event, EVERYBODY)

    page = clerk.get(url(event))

    assert [(each.number, each.by) for each in page.context["printings"]] == [
        (2, clerk.user),
        (1, clerk.user),
    ]
    assert page.text.count('name="forget"') == 2


@pytest.mark.parametrize("moment", ["", "soon", "2026-02-30T10:00:00Z", "9" * 400])
def test_moment_that_is_none_asks_anew(clerk, event, moment):
    factories.registered(event)
    ask_for(clerk, event, EVERYBODY)

    shown = clerk.get(url(event), {"printed": moment})
    forgotten = clerk.post(url(event), {"forget": moment}, follow=True)

    assert (shown.status_code, forgotten.status_code) == (200, 200)
    assert Registration.objects.exclude(badge_printed_at=None).count() == 1


def test_printing_of_another_event_is_neither_shown_nor_forgotten(clerk, event):
    person = factories.registered(event, name="Zephyrine Quill")
    moment = ask_for(clerk, event, EVERYBODY).context["printed_at"].isoformat()
    other = factories.registration_settings().event
    stranger = make_clerk(other)

    shown = stranger.get(url(other), {"printed": moment}, follow=True)
    stranger.post(url(other), {"forget": moment})

    assert "Quill" not in shown.text
    assert Registration.objects.get(pk=person.pk).badge_printed_at is not None


def test_badge_of_who_cancelled_since_is_not_shown_again(clerk, event):
    people = [factories.registered(event, name=name) for name in "AB"]
    address = clerk.post(url(event), EVERYBODY).url
    place.cancel(people[0])

    assert printed(clerk.get(address)) == ["B"]


def test_erasing_a_person_erases_what_stood_on_the_badge(clerk, event):
    person = factories.registered(event, name="Zephyrine Quill", organization_name="Quill Works")
    ask_for(clerk, event, EVERYBODY)

    privacy.erase([person])

    [row] = Registration.objects.values()
    assert "Quill" not in str(row)


# The list of attendees


def test_list_of_attendees_shows_and_filters_by_badge(clerk, event, organizer):
    for name in ("Ann", "Bo", "Cy"):
        factories.registered(event, name=name)
        if name != "Cy":
            ask_for(clerk, event, EVERYBODY)
    Registration.objects.filter(name="Bo").update(organization_name="Moved Works")
    address = "/admin/registrations/registration/"

    def found(**filters):
        return sorted(row.name for row in organizer.get(address, filters).context["cl"].result_list)

    assert found(badge="printed") == ["Ann"]
    assert found(badge="no") == ["Bo", "Cy"]
    assert found(badge="outdated") == ["Bo"]
    page = organizer.get(address).text
    assert clerk.user.get_username() in page
    assert "changed since: print again" in page


# Races


def test_two_clerks_who_print_at_once_get_different_badges(transactional_db, event, monkeypatch):
    monkeypatch.setattr(badges, "BATCH", 3)
    for number in range(6):
        factories.registered(event, name=f"Person {number}")
    clerks = make_clerk(event), make_organizer()

    answers = at_once(*(lambda each=each: each.post(url(event), EVERYBODY) for each in clerks))

    # One after the other, since a client sees every page that any thread renders.
    first, second = (
        printed(each.get(answer.url)) for each, answer in zip(clerks, answers, strict=True)
    )
    assert sorted(first + second) == [f"Person {n}" for n in range(6)]
    assert len(first) == len(second) == 3


def test_second_printing_waits_for_the_first_to_be_recorded(transactional_db, event):
    person = factories.registered(event, name="Ann")
    clerks = make_clerk(event), make_organizer()

    second = before_commit(
        lambda: clerks[0].post(url(event), EVERYBODY) and None,
        lambda: clerks[1].post(url(event), EVERYBODY),
    )

    assert errors(second) == ["Nobody with a confirmed place matches. Choose more people."]
    person.refresh_from_db()
    assert person.badge_printed_by == clerks[0].user
