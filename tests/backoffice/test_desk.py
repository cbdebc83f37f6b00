"""What organizers see of the door: who works there, and who came."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from registrations.domain import check_in
from registrations.domain.desk import events_at_desk_of
from registrations.domain.registration import register
from registrations.models import CheckIn, DeskAssignment, Registration
from tests import factories
from tests.backoffice.posting import errors, inline, save, search, url
from tests.cast import make_clerk


@pytest.fixture
def event(db) -> Event:
    return factories.registration_settings().event


def staff(username, group="Desk", **fields) -> User:
    user = User.objects.create_user(username, **{"is_staff": True} | fields)
    user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user


def offered(page) -> list[str]:
    """The names that can be chosen as desk staff."""
    [formset] = [
        each.formset
        for each in page.context["inline_admin_formsets"]
        if each.formset.model is DeskAssignment
    ]
    choices = formset.empty_form.fields["user"].choices
    return [str(label) for value, label in choices if value]


def assign(person, event, *users, **changes):
    rows = inline("desk_assignments", *({"user": user.pk} for user in users))
    return save(person, event, "attendees", **rows | changes)


# Who works there


def test_desk_staff_are_chosen_from_the_active_ones_of_the_group(organizer, event):
    staff("mei", first_name="Mei", last_name="Lin")
    staff("bo")
    staff("gone", is_active=False)
    staff("volunteer", is_staff=False)
    staff("other", group="Auditor")

    page = organizer.get(url(event, "attendees"))

    assert offered(page) == ["bo", "Mei Lin (mei)"]
    assert "A superuser makes the account" in page.text


def test_organizer_assigns_who_then_sees_the_event_at_the_desk(organizer, event):
    user = staff("mei")

    assign(organizer, event, user)

    assert list(events_at_desk_of(user)) == [event]
    assert list(event.desk_assignments.values_list("user", flat=True)) == [user.pk]


def test_who_is_not_in_the_group_cannot_be_assigned(organizer, event):
    other = staff("other", group="Auditor")

    response = assign(organizer, event, other)

    assert "desk_assignments-0-user" in errors(response)
    assert not event.desk_assignments.exists()


def test_one_person_is_assigned_once(organizer, event):
    user = staff("mei")

    response = assign(organizer, event, user, user)

    assert response.status_code == 200
    assert not event.desk_assignments.exists()


def test_who_has_left_stays_until_removed_and_the_event_can_be_saved(organizer, event):
    user = staff("mei")
    assign(organizer, event, user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    page = organizer.get(url(event, "attendees"))
    save(organizer, event, title_en="Retitled")
    kept = event.desk_assignments.count()
    save(organizer, event, "attendees", **{"desk_assignments-0-DELETE": "on"})

    event.refresh_from_db()
    assert offered(page) == ["mei – has no access to the desk"]
    assert (event.title_en, kept) == ("Retitled", 1)
    assert not event.desk_assignments.exists()


def test_auditor_reads_who_works_there(auditor, event):
    make_clerk(event)

    page = auditor.get(url(event, "attendees"))

    assert "clerk" in page.text
    assert 'name="desk_assignments-0-user"' not in page.text


def test_event_page_costs_the_same_with_one_and_three_at_the_desk(
    organizer, event, django_assert_max_num_queries
):
    counts = []
    for number in range(3):
        DeskAssignment.objects.create(event=event, user=staff(f"staff{number}"))
        if number != 1:
            organizer.get(url(event, "attendees"))
            with django_assert_max_num_queries(60) as queries:
                organizer.get(url(event, "attendees"))
            counts.append(len(queries))

    assert counts[0] == counts[1]


# Who came


def registered(event: Event, **fields) -> Registration:
    """A person whom staff registered, which they may do once the form is closed too."""
    by = User.objects.filter(username="clerk").first() or make_clerk(event).user
    return register(event, [factories.applicant(**fields)], by=by)[0]


def arrived(event: Event, **fields) -> Registration:
    person = registered(event, **fields)
    check_in.check_in(person, by=person.registered_by)
    return person


def names(response) -> list[str]:
    return [row.name for row in response.context["cl"].result_list]


def test_registration_tells_when_and_by_whom_somebody_came(organizer, event):
    Event.objects.filter(pk=event.pk).update(time_zone="Europe/London")
    person = arrived(event)
    check_in.undo(person, by=organizer.user)
    CheckIn.objects.update(
        checked_in_at=dt.datetime(2026, 7, 1, 7, 30, tzinfo=dt.UTC),
        undone_at=dt.datetime(2026, 7, 1, 7, 45, tzinfo=dt.UTC),
    )

    page = organizer.get(url(person, "change"))

    for words in ("at the door", "1 July 2026", "08:30", "08:45", "London", "clerk", "organizer"):
        assert words in page.text


def test_check_ins_are_changed_by_nobody_in_the_admin(superuser, event):
    person = arrived(event)
    before = list(CheckIn.objects.values())

    page = superuser.get(url(person, "change"))
    row = {"id": before[0]["id"], "registration": person.pk, "DELETE": "on"}
    superuser.post(
        url(person, "change"), {**inline("check_ins", row, initial=1), "name": "X", "_save": "Save"}
    )

    assert "check_ins-0-DELETE" not in page.text
    assert list(CheckIn.objects.values()) == before


def test_list_tells_who_came_and_when(organizer, event):
    person = arrived(event, name="Came")
    factories.registered(event, name="Did not")
    undone = arrived(event, name="Undone")
    check_in.undo(undone, by=organizer.user)
    moment = dt.datetime(2026, 7, 1, 1, 30, tzinfo=dt.UTC)
    CheckIn.objects.filter(registration=person).update(checked_in_at=moment)

    page = organizer.get(url(Registration, "changelist"))

    shown = {row.name: row.arrivals for row in page.context["cl"].result_list}
    assert shown == {"Came": [moment], "Did not": [], "Undone": []}
    assert '>2026-07-01</span> <span class="when">09:30<' in page.text


def test_list_is_filtered_by_who_came(organizer, event):
    session = factories.session(event=event, starts_at=event.starts_at, ends_at=event.ends_at)
    person = arrived(event, name="Came")
    check_in.check_in(person, by=organizer.user, session=session)
    check_in.undo(arrived(event, name="Undone"), by=organizer.user)
    factories.registered(event, name="Did not")
    address = url(Registration, "changelist")

    assert names(organizer.get(address, {"checked_in": "yes"})) == ["Came"]
    assert names(organizer.get(address, {"checked_in": "no"})) == ["Did not", "Undone"]
    assert len(names(organizer.get(address, {"checked_in": "perhaps"}))) == 3


def test_list_and_workspace_know_the_days_of_an_event(organizer, event):
    day = dt.timedelta(days=1)
    both, second, _nobody = (factories.registered(event, name=name) for name in ("A", "B", "C"))
    Event.objects.filter(pk=event.pk).update(
        starts_at=factories.at(9), ends_at=factories.at(17) + day
    )
    for person, days in ((both, (0, 1)), (second, (1,))):
        for number in days:
            moment = factories.at(9) + number * day
            check_in.check_in(person, by=organizer.user, tapped_at=moment)
    address, of_event = url(Registration, "changelist"), {"event__id__exact": event.pk}
    first_day, second_day = (str(factories.DAY + n * day) for n in (0, 1))

    page = organizer.get(address, of_event)
    assert f"checked_in={first_day}" in page.text
    assert names(organizer.get(address, of_event | {"checked_in": first_day})) == ["A"]
    assert names(organizer.get(address, of_event | {"checked_in": second_day})) == ["B", "A"]
    assert names(organizer.get(address, of_event | {"checked_in": "yes"})) == ["B", "A"]
    # Of no event in sight there are no days to choose from.
    assert len(names(organizer.get(address, {"checked_in": first_day}))) == 3
    workspace = organizer.get(reverse("admin:events_event_attendees", args=[event.pk]))
    shown = [(number, link) for _day, number, link in workspace.context["arrived_by_day"]]
    assert [number for number, _link in shown] == [1, 2]
    assert all(len(names(organizer.get(link))) == number for number, link in shown)


@pytest.mark.parametrize("typed", ["wangwei", "wang wei", "王", "WEI@example", "ww"])
def test_list_is_searched_as_the_desk_is(organizer, event, typed):
    factories.registered(event, name="王伟", email="wei@example.org")
    factories.registered(event, name="Adam", organization_name="Elsewhere")

    page = organizer.get(search(organizer, typed))

    assert names(page) == ["王伟"]


def test_list_costs_the_same_with_one_and_three_who_came(
    organizer, event, django_assert_max_num_queries
):
    address = url(Registration, "changelist")
    arrived(event)
    organizer.get(address)
    counts = set()

    for number in (1, 3):
        for _more in range(number - 1):
            arrived(event)
        # At most twelve, and as many with a filter and a search.
        came = f"{address}?checked_in=yes"
        for shown in (address, came, search(organizer, "person", "?checked_in=yes")):
            with django_assert_max_num_queries(12) as queries:
                assert len(names(organizer.get(shown))) == number
            counts.add(len(queries))

    assert len(counts) == 1


def test_registration_at_the_door_tells_who_registered(organizer, event):
    clerk = make_clerk(event)
    person = check_in.walk_in(event, factories.applicant(email=""), by=clerk.user)

    page = organizer.get(url(person, "change"))

    assert ">clerk</a>" in page.text.partition("Registered by")[2][:400]


def test_attendance_in_sessions_is_a_setting_of_the_event(organizer, event):
    save(
        organizer, event, "attendees", **{"registration_settings-0-takes_session_attendance": "on"}
    )

    event.registration_settings.refresh_from_db()
    assert event.registration_settings.takes_session_attendance


def test_log_and_messages_name_nobody_who_came(organizer, event):
    person = arrived(event, name="Zephyrine Quill")

    response = save(organizer, person, staff_note="spoke at length")

    told = [str(message) for message in get_messages(response.wsgi_request)]
    logged = [f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all()]
    assert told and logged
    assert not any("Quill" in words for words in [*told, *logged])


# On the organizers' start page


def event_from(hours: float) -> Event:
    """An event with registration that began or begins so many hours from now, for eight hours."""
    start = timezone.now() + dt.timedelta(hours=hours)
    event = factories.event(starts_at=start, ends_at=start + dt.timedelta(hours=8))
    factories.registration_settings(event=event)
    return event


def test_desk_counts_who_came_to_what_runs_and_is_over(organizer):
    running, over = event_from(-1), event_from(-48)
    for event, came, missing in ((running, 2, 1), (over, 1, 3)):
        for _person in range(came):
            arrived(event)
        for _person in range(missing):
            registered(event)
    factories.registered(event_from(240))

    page = organizer.get(reverse("admin:index"))

    assert "2 of 3 arrived" in page.text
    assert "1 of 4 arrived" in page.text
    assert page.text.count(" arrived</a>") == 2
    assert page.text.count(reverse("desk-door", args=[running.slug])) == 1
    assert f"?event__id__exact={over.pk}&amp;checked_in=yes" in page.text


def test_desk_counts_from_the_first_day_in_the_zone_of_the_event(organizer, time_machine):
    # At midnight in Shanghai it is five in the afternoon of the day before in London.
    start = factories.at(9, day=dt.date(2027, 3, 2))
    event = factories.event(starts_at=start, ends_at=start + dt.timedelta(hours=8))
    factories.registration_settings(event=event)

    time_machine.move_to(factories.at(23, 59, day=dt.date(2027, 3, 1)))
    organizer.force_login(organizer.user)
    before = organizer.get(reverse("admin:index")).text
    time_machine.move_to(factories.at(0, 1, day=dt.date(2027, 3, 2)))
    after = organizer.get(reverse("admin:index")).text

    assert "arrived" not in before
    assert "0 of 0 arrived" in after


def test_auditor_reads_the_counts_and_is_led_to_no_desk(auditor):
    over = event_from(-48)
    arrived(over)

    page = auditor.get(reverse("admin:index"))

    assert "1 of 1 arrived" in page.text
    assert reverse("desk-door", args=[over.slug]) not in page.text
