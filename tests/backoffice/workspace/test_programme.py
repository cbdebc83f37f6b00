"""The programme of an event as one table."""

import datetime as dt

import pytest

from events.models import Event, OrganizerScope, ProgrammePerson, Session
from tests import factories
from tests.backoffice.posting import errors, post_at_once, save, url
from tests.backoffice.workspace.pages import new_rows, program, row, typed_in
from tests.factories import DAY, at

pytestmark = pytest.mark.django_db


def add(person, event, *rows, **changes):
    initial = event.sessions.count()
    return program(person, event, **new_rows(*rows, initial=initial), **changes)


def test_page_is_in_the_menu_and_shows_the_sessions_by_day(organizer):
    event = factories.event(ends_at=at(17, day=DAY + dt.timedelta(days=1)))
    factories.session(event=event, title_en="Opening")

    page = organizer.get(url(event, "programme"))

    days = page.context["inline_admin_formsets"][0].formset.days
    stored = [[form.instance.title_en for form in day.forms if form.instance.pk] for day in days]
    assert stored == [["Opening"], []]
    assert 'value="10:00"' in page.text


@pytest.mark.parametrize(
    "typed", ["10:00", "1000", "10", "１０：００", "10.00", "10点", "10时00分"]
)
def test_time_is_read_as_it_is_typed(organizer, typed):
    event = factories.event()

    add(organizer, event, {"starts": typed, "ends": "1130"})

    session = event.sessions.get()
    assert (session.starts_at, session.ends_at) == (at(10), at(11, 30))


@pytest.mark.parametrize("typed", ["", "25:00", "9:75", "soon", "<b>", "24:01", "9" * 400])
def test_what_is_no_time_is_refused_beside_it(organizer, typed):
    event = factories.event()

    response = add(organizer, event, {"starts": typed, "ends": "11:00"})

    assert "sessions-0-starts" in errors(response)
    assert not event.sessions.exists()


def test_twelve_sessions_with_experts_are_saved_at_once(organizer):
    event = factories.event()
    hale, ward = factories.expert(), factories.expert()

    def clock(half_hours):
        return f"{9 + half_hours // 2}:{half_hours % 2 * 30:02}"

    rows = [
        {"starts": clock(number), "ends": clock(number + 1), "title_zh_hans": f"报告{number}"}
        for number in range(12)
    ]
    experts = {f"sessions-{number}-people": [ward.pk, hale.pk] for number in range(12)}

    response = add(organizer, event, *rows, **experts)

    assert (response.status_code, response.url) == (302, url(event, "programme"))
    assert event.sessions.count() == 12
    session = event.sessions.first()
    appearances = list(session.appearances.values_list("expert", "role", "order"))
    assert appearances == [(ward.pk, "speaker", 0), (hale.pk, "speaker", 1)]
    assert session.history.latest().history_user == organizer.user


def test_expert_taken_off_a_session_leaves_the_others_their_roles(organizer):
    session = factories.session()
    stays = factories.appearance(session=session, role="moderator")
    leaves = factories.appearance(session=session, order=1)

    program(organizer, session.event, **{"sessions-0-people": [stays.expert_id]})

    assert list(session.appearances.values_list("pk", "role")) == [(stays.pk, "moderator")]
    assert leaves.history.latest().history_type == "-"


def test_host_and_interpreter_are_typed_below_the_row(organizer):
    event = factories.event()
    bureau = factories.organization(name_zh_hans="石家庄市科技局")
    people = [
        {
            "name_zh_hans": "王建国",
            "position_zh_hans": "副局长",
            "organization_name_zh_hans": "石家庄市科技局 ",
        },
        {"role": "interpreter", "name_en": "Ann Hale", "organization_name_en": "Freelance"},
    ]

    add(organizer, event, {"starts": "9", "ends": "10", "people": people})

    host, interpreter = ProgrammePerson.objects.order_by("order")
    assert (host.session, host.event) == (event.sessions.get(), event)
    assert (host.role, host.organization, host.organization_name_zh_hans) == ("host", bureau, "")
    assert (interpreter.role, interpreter.organization) == ("interpreter", None)
    assert interpreter.organization_name_en == "Freelance"


def test_organization_of_two_that_bear_the_name_stays_a_text(organizer):
    event = factories.event()
    for _number in range(2):
        factories.organization(name_en="Bureau")
    person = {"name_en": "Ann", "organization_name_en": "Bureau"}

    add(organizer, event, {"starts": "9", "ends": "10", "people": [person]})

    assert ProgrammePerson.objects.get().organization_name_en == "Bureau"


def test_people_are_changed_and_removed_and_those_of_the_event_kept_apart(organizer):
    session = factories.session()
    bureau = factories.organization()
    host = factories.programme_person(session=session, organization=bureau)
    gone = factories.programme_person(session=session, order=1)
    leader = factories.programme_person(event=session.event, role="leader")
    page = organizer.get(url(session.event, "programme"))
    assert page.text.count(f'value="{leader.name_en}"') == 1

    program(
        organizer,
        session.event,
        **{
            "sessions-0-people-0-name_en": "Changed",
            "sessions-0-people-1-DELETE": "on",
            "programme_people-0-name_zh_hans": "李局长",
        },
    )

    host.refresh_from_db()
    leader.refresh_from_db()
    assert (host.name_en, host.organization, host.role) == ("Changed", bureau, "host")
    assert not ProgrammePerson.objects.filter(pk=gone.pk).exists()
    assert (leader.name_zh_hans, leader.session) == ("李局长", None)


def test_person_without_a_name_is_refused_and_nothing_is_saved(organizer):
    event = factories.event()
    people = [{"position_en": "Director"}]

    response = add(organizer, event, {"starts": "9", "ends": "10", "people": people})

    assert "Check the other people" in str(errors(response))
    assert "Fill this in, in English or in Chinese." in response.text
    assert not event.sessions.exists()


def test_event_has_people_of_its_own(organizer):
    event = factories.event()

    program(
        organizer,
        event,
        **{
            "programme_people-TOTAL_FORMS": 1,
            "programme_people-0-role": "guest",
            "programme_people-0-name_en": "Ann Hale",
        },
    )

    guest = ProgrammePerson.objects.get()
    assert (guest.event, guest.session, guest.role) == (event, None, "guest")


@pytest.mark.parametrize(
    ("kind", "title"),
    [("meal", ("Meal", "用餐")), ("check_in", ("Registration", "签到"))],
)
def test_pause_without_a_title_is_called_what_it_is(organizer, kind, title):
    event = factories.event()

    add(organizer, event, {"kind": kind, "starts": "12", "ends": "13", "title_en": ""})

    session = event.sessions.get()
    assert (session.title_en, session.title_zh_hans) == title


def test_keynote_without_a_title_is_refused(organizer):
    event = factories.event()

    response = add(organizer, event, {"starts": "12", "ends": "13", "title_en": ""})

    assert "sessions-0-title_en" in errors(response)


def test_session_of_the_night_ends_on_the_next_day_and_reads_so(organizer):
    event = factories.event(ends_at=at(12, day=DAY + dt.timedelta(days=2)))

    add(
        organizer,
        event,
        {"starts": "22:00", "ends": "0030", "title_en": "Dinner"},
        {"starts": "9", "ends": "12", "ends_on": "2020-10-30", "title_en": "Exhibition"},
        {"starts": "20", "ends": "24:00", "title_en": "Party"},
    )

    ends = dict(event.sessions.values_list("title_en", "ends_at"))
    next_day = DAY + dt.timedelta(days=1)
    assert ends == {
        "Dinner": at(0, 30, day=next_day),
        "Exhibition": at(12, day=next_day),
        "Party": at(0, day=next_day),
    }
    # Saved again as they are shown, they stay.
    program(organizer, event)
    assert dict(event.sessions.values_list("title_en", "ends_at")) == ends


def test_end_before_the_start_by_day_is_refused(organizer):
    event = factories.event()

    response = add(organizer, event, {"starts": "11", "ends": "10"})

    assert "must end after it starts" in str(errors(response)["sessions-0-ends"])


def test_hour_that_summer_time_skips_is_refused_beside_it(organizer):
    day = dt.date(2027, 3, 28)
    event = factories.event(
        time_zone="Europe/London",
        starts_at=dt.datetime(2027, 3, 27, tzinfo=dt.UTC),
        ends_at=dt.datetime(2027, 3, 29, tzinfo=dt.UTC),
    )

    response = add(organizer, event, {"day": str(day), "starts": "1:30", "ends": "3"})

    assert "sessions-0-starts" in errors(response)


def test_two_new_sessions_of_one_title_are_told_apart(organizer):
    event = factories.event()

    add(organizer, event, {"starts": "10", "ends": "11"}, {"starts": "11", "ends": "12"})

    assert list(event.sessions.values_list("slug", flat=True)) == ["blood", "blood-2"]


def test_two_sessions_change_places_in_one_go(organizer):
    event = factories.event()
    one = factories.session(event=event, room_en="Hall", starts_at=at(10), ends_at=at(11))
    two = factories.session(event=event, room_en="Hall", starts_at=at(11), ends_at=at(12))

    response = program(
        organizer,
        event,
        **{
            "sessions-0-starts": "11",
            "sessions-0-ends": "12",
            "sessions-1-starts": "10",
            "sessions-1-ends": "11",
        },
    )

    assert response.status_code == 302
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.starts_at, two.starts_at) == (at(11), at(10))


def test_session_outside_its_event_is_refused_beside_its_start(organizer):
    event = factories.event()

    response = add(organizer, event, {"starts": "18", "ends": "19"})

    assert "is outside its event" in str(errors(response)["sessions-0-starts"])
    assert not event.sessions.exists()


def test_room_taken_twice_is_refused_and_nothing_is_half_done(organizer):
    event = factories.event()
    factories.session(event=event, title_en="Opening", room_en="Hall")

    response = add(
        organizer,
        event,
        {"starts": "14", "ends": "15", "title_en": "Fine"},
        {"starts": "10:30", "ends": "11:30", "room_en": "Hall"},
    )

    assert "taken by “Opening”" in str(errors(response)["sessions-2-room_en"])
    assert event.sessions.count() == 1
    assert 'value="Fine"' in response.text


def test_expert_in_two_places_is_refused_with_the_name_of_the_other_session(organizer):
    appearance = factories.appearance()
    event = appearance.session.event

    response = add(
        organizer,
        event,
        {"starts": "10:30", "ends": "11:30"},
        **{"sessions-1-people": [appearance.expert_id]},
    )

    assert str(appearance.session) in str(errors(response)["sessions-1-people"])
    assert event.sessions.count() == 1


def test_row_is_deleted_with_its_people(organizer):
    person = factories.programme_person()

    response = program(organizer, person.event, **{"sessions-0-DELETE": "on"})

    assert response.status_code == 302
    assert not Session.objects.exists()
    assert not ProgrammePerson.objects.exists()


def test_session_that_something_refers_to_is_not_deleted(organizer):
    session = factories.session()
    factories.recommendation(session=session)

    response = program(organizer, session.event, **{"sessions-0-DELETE": "on"})

    assert response.status_code == 200
    assert "protected related objects" in response.text
    assert Session.objects.filter(pk=session.pk).exists()


def test_saving_twice_changes_nothing_and_writes_no_history(organizer):
    person = factories.programme_person(organization=factories.organization())
    factories.appearance(session=person.session)
    before = Session.history.count(), ProgrammePerson.history.count()

    program(organizer, person.event)

    assert (Session.history.count(), ProgrammePerson.history.count()) == before


def test_second_to_save_is_told_and_keeps_what_was_typed(organizer, superuser):
    session = factories.session()
    event = session.event
    data = typed_in(organizer.get(url(event, "programme")))
    program(superuser, event, **{"sessions-0-title_en": "Theirs"})

    mine = {**data, "sessions-0-title_en": "Mine", "_save": "Save"}
    response = organizer.post(url(event, "programme"), mine)

    assert "This was changed by" in response.text
    assert 'value="Mine"' in response.text
    session.refresh_from_db()
    assert session.title_en == "Theirs"


def test_row_that_somebody_deleted_meanwhile_is_typed_anew(organizer):
    person = factories.programme_person()
    event = person.event
    data = typed_in(organizer.get(url(event, "programme")))
    person.session.delete()

    told = organizer.post(url(event, "programme"), {**data, "_save": "Save"})

    assert told.status_code == 200
    again = {**typed_in(told), "_save": "Save"}
    assert organizer.post(url(event, "programme"), again).status_code == 302
    assert event.sessions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_new_sessions_at_once_do_not_both_get_the_room(organizer, superuser):
    pages = []
    for person in (organizer, superuser):
        event = factories.event(venue_en="Centre")
        data = typed_in(person.get(url(event, "programme")))
        typed = new_rows({"starts": "10", "ends": "11", "room_en": "Hall"})
        pages.append((person, url(event, "programme"), data | typed))

    assert post_at_once(*pages) == [200, 302]
    assert Session.objects.count() == 1


# Who


def test_auditor_reads_and_changes_nothing(auditor):
    person = factories.programme_person(name_en="Ann Hale")
    factories.appearance(session=person.session)
    page = auditor.get(url(person.event, "programme"))

    posted = auditor.post(
        url(person.event, "programme"), new_rows({"starts": "9", "ends": "10"}, initial=1)
    )

    assert "Ann Hale" in page.text
    assert "data-add-session" not in page.text
    assert posted.status_code in (302, 403)
    assert Session.objects.count() == 1


def test_limited_organizer_edits_their_own_and_finds_no_other(organizer):
    mine, other = factories.event(), factories.event()
    OrganizerScope.objects.create(user=organizer.user, event=mine)

    add(organizer, mine, {"starts": "9", "ends": "10"})
    posted = organizer.post(url(other, "programme"), new_rows({"starts": "9", "ends": "10"}))

    assert mine.sessions.exists()
    assert posted.status_code == 302
    assert not other.sessions.exists()


def test_rows_of_another_event_are_no_rows_of_this_page(organizer):
    other = factories.programme_person(name_en="Theirs")
    session = factories.session()
    data = {
        "sessions-0-id": other.session.pk,
        "sessions-0-people-TOTAL_FORMS": 1,
        "sessions-0-people-INITIAL_FORMS": 1,
        "sessions-0-people-0-id": other.pk,
        "sessions-0-people-0-name_en": "Mine",
    }

    program(organizer, session.event, **data)

    other.refresh_from_db()
    assert (other.name_en, other.session.event) == ("Theirs", other.event)


def test_hostile_text_is_stored_and_harmless(organizer):
    event = factories.event()
    hostile = "<script>alert(1)</script>"
    people = [{"name_en": hostile, "organization_name_en": hostile}]

    add(organizer, event, {"starts": "9", "ends": "10", "title_en": hostile, "people": people})

    assert event.sessions.get().title_en == hostile
    assert hostile not in organizer.get(url(event, "programme")).text


def test_many_rows_by_number_alone_are_not_made(organizer):
    event = factories.event()
    data = new_rows({"starts": "9", "ends": "10"})

    program(
        organizer,
        event,
        **data | {"sessions-TOTAL_FORMS": 9999, "sessions-0-people-TOTAL_FORMS": 9999},
    )

    assert event.sessions.count() <= 1


def test_page_costs_the_same_with_one_session_and_with_three(
    organizer, django_assert_max_num_queries
):
    def fill(event):
        session = factories.session(event=event)
        factories.appearance(session=session, expert=factories.expert())
        factories.programme_person(session=session, organization=factories.organization())

    event = factories.event()
    fill(event)
    organizer.get(url(event, "programme"))
    with django_assert_max_num_queries(100) as one:
        organizer.get(url(event, "programme"))
    for _number in range(2):
        fill(event)
    with django_assert_max_num_queries(len(one)):
        organizer.get(url(event, "programme"))


def test_page_of_a_session_returns_to_the_programme(organizer):
    session = factories.session()

    page = organizer.get(url(session.event, "programme"))
    response = save(organizer, session, title_en="Renamed")

    assert f"{url(session, 'change')}?_back=" in page.text
    assert response.url == url(session.event, "programme")


def test_event_of_a_year_has_headings_for_the_days_with_sessions(organizer):
    event = factories.event(ends_at=at(17, day=DAY + dt.timedelta(days=364)))
    day = DAY + dt.timedelta(days=100)
    factories.session(event=event, starts_at=at(9, day=day), ends_at=at(10, day=day))

    page = organizer.get(url(event, "programme"))

    days = page.context["inline_admin_formsets"][0].formset.days
    assert [each.date for each in days] == [DAY, day]


def test_sessions_keep_their_times_of_day_when_the_zone_is_changed(organizer):
    session = factories.session()

    save(organizer, session.event, time_zone="Europe/London")

    session.refresh_from_db()
    assert session.starts_at == dt.datetime(2020, 10, 29, 10, tzinfo=dt.UTC)
    assert Event.objects.get().starts_at == dt.datetime(2020, 10, 29, 9, tzinfo=dt.UTC)


def test_rows_that_the_browser_took_off_the_page_are_passed_over(organizer):
    event = factories.event()
    page = organizer.get(url(event, "programme"))
    # Of those that stand ready nothing is sent; their numbers are counted all the same.
    ready = ("sessions-0-", "sessions-1-", "programme_people-0-")
    sent = {name: value for name, value in typed_in(page).items() if not name.startswith(ready)}

    response = organizer.post(
        url(event, "programme"),
        {**sent, **row(2, starts="9:00", ends="9:30"), "sessions-TOTAL_FORMS": 3, "_save": "Save"},
    )

    assert response.status_code == 302, errors(response)
    assert [session.starts_at for session in event.sessions.all()] == [at(9)]
