"""Who gets a badge, in which order, and what stands on it."""

import datetime as dt

import pytest

from desk.views import badges
from events.models import Event
from registrations.domain import place, privacy
from registrations.models import Registration
from tests import factories
from tests.cast import make_clerk

EVERYBODY = {"size": "card", "category": "everybody", "which": "not_printed"}
ANEW = EVERYBODY | {"which": "all"}


@pytest.fixture
def event(db) -> Event:
    event = factories.upcoming_event(title_en="Docking Summit", title_zh_hans="项目对接峰会")
    factories.registration_settings(event=event)
    return event


@pytest.fixture
def clerk(event):
    return make_clerk(event)


def url(of: Event) -> str:
    return f"/desk/{of.slug}/badges/"


def ask_for(person, event, data):
    """Choose badges, and load the page on which they are shown."""
    return person.post(url(event), data, follow=True)


def printed(response) -> list[str]:
    """The names on the badges, in their order."""
    assert response.status_code == 200, response
    return [badge.person.text for sheet in response.context["sheets"] for badge in sheet]


def errors(response) -> list[str]:
    assert response.status_code == 422
    return [str(text) for texts in response.context["form"].errors.values() for text in texts]


# Who


def test_badges_are_of_everybody_with_a_confirmed_place_by_pinyin(clerk, event):
    for name in ("Zoe", "王伟", "Adam", "单芳", "万刚", "王安", "Bruno"):
        factories.registered(event, name=name)
    erased = factories.registered(event, name="Erased")
    privacy.erase([erased])
    others = {s: factories.registered(event, name=f"Not {s}") for s in Registration.Status}
    for status, person in others.items():
        factories.put_in_status(person, status, first=others["confirmed"])
    factories.registered(factories.registration_settings().event, name="Elsewhere")

    response = ask_for(clerk, event, EVERYBODY)

    assert printed(response) == [
        "Adam",
        "Bruno",
        "Not confirmed",
        *("单芳", "万刚", "王安", "王伟", "Zoe"),
    ]
    assert clerk.get(url(event)).context["count"] == 8


def test_badges_of_one_category(clerk, event):
    factories.registered(event, name="Press", category="media")
    factories.registered(event, name="Company")

    response = ask_for(clerk, event, EVERYBODY | {"category": "media"})

    assert printed(response) == ["Press"]


def test_badges_of_those_registered_since_a_day_of_the_event(clerk, event):
    # At seven in Shanghai it is still the day before in Greenwich.
    morning = factories.at(7, day=dt.date(2026, 3, 2))
    for name, moment in (("Before", morning - dt.timedelta(hours=8)), ("Since", morning)):
        person = factories.registered(event, name=name)
        Registration.objects.filter(pk=person.pk).update(registered_at=moment)

    response = ask_for(clerk, event, EVERYBODY | {"since": "2026-03-02"})

    assert printed(response) == ["Since"]


def test_batches_follow_each_other_whoever_comes_and_goes_between(clerk, event, monkeypatch):
    monkeypatch.setattr(badges, "BATCH", 2)
    people = {name: factories.registered(event, name=name) for name in "BCDEF"}

    first = ask_for(clerk, event, ANEW)
    place.cancel(people["C"])
    factories.registered(event, name="A")
    second = ask_for(clerk, event, ANEW | first.context["next"])
    third = ask_for(clerk, event, ANEW | second.context["next"])

    assert [printed(each) for each in (first, second, third)] == [["B", "C"], ["D", "E"], ["F"]]
    assert third.context["next"] is None
    assert "1 to 2 of 5 badges" in first.text
    assert "3 to 4 of 5 badges" in second.text
    assert "5 to 5 of 5 badges" in third.text


def test_people_of_one_name_are_in_one_batch_each(clerk, event, monkeypatch):
    monkeypatch.setattr(badges, "BATCH", 1)
    people = [factories.registered(event, name="王伟") for _number in range(3)]

    found, more = [], {}
    while more is not None:
        response = ask_for(clerk, event, ANEW | more)
        [[badge]] = response.context["sheets"]
        found.append(badge.ticket)
        more = response.context["next"]

    assert found == [person.ticket for person in people]


def test_batch_after_somebody_erased_is_refused(clerk, event):
    person = factories.registered(event)
    factories.registered(event)
    privacy.erase([person])

    response = ask_for(clerk, event, EVERYBODY | {"after": person.ticket})

    assert errors(response) == ["The batch before has changed. Begin again with the first one."]
    assert "Begin again" in response.text


# One person


def test_badge_of_one_person_is_asked_for_by_ticket(clerk, event):
    person = factories.registered(event, name="王伟")
    factories.registered(event)
    typed = f"{person.ticket[:5]}-{person.ticket[5:].lower()}"

    response = ask_for(clerk, event, {"ticket": typed})

    assert printed(response) == ["王伟"]
    assert response.context["size"].name == "card"


def test_size_is_kept_for_the_next_badge(clerk, event):
    person = factories.registered(event)

    ask_for(clerk, event, EVERYBODY | {"size": "a6"})
    response = ask_for(clerk, event, {"ticket": person.ticket})
    page = clerk.get(url(event))
    changed = ask_for(clerk, event, {"ticket": person.ticket, "size": "a4"})

    assert response.context["size"].name == "a6"
    assert page.context["form"]["size"].value() == "a6"
    assert changed.context["size"].name == "a4"


@pytest.mark.parametrize("ticket", ["", "ABC", "0000000000", "<script>alert(1)</script>"])
def test_ticket_that_nobody_has_is_refused(clerk, event, ticket):
    factories.registered(event)

    response = ask_for(clerk, event, {"ticket": ticket})

    assert len(errors(response)) == 1
    assert "<script>alert" not in response.text


def test_ticket_of_another_event_is_refused(clerk, event):
    person = factories.registered(factories.registration_settings().event, name="Elsewhere")

    response = ask_for(clerk, event, {"ticket": person.ticket})

    assert "another event" in errors(response)[0]
    assert "Elsewhere" not in response.text


def test_person_without_a_place_has_no_badge(clerk, event):
    person = place.cancel(factories.registered(event))

    response = ask_for(clerk, event, {"ticket": person.ticket})

    assert errors(response) == [
        "This person has no confirmed place (cancelled), so there is no badge."
    ]


# What


def test_badge_says_everything_in_both_languages(clerk, event):
    person = factories.registered(
        event, name="王伟", organization_name="清曜生物", position="研发总监", category="health"
    )

    for language, titles, categories in (
        ("en", ["Docking Summit", "项目对接峰会"], ["medical and health worker", "医疗卫生工作者"]),
        (
            "zh-hans",
            ["项目对接峰会", "Docking Summit"],
            ["医疗卫生工作者", "medical and health worker"],
        ),
    ):
        clerk.cookies["django_language"] = language
        response = ask_for(clerk, event, ANEW)
        [[badge]] = response.context["sheets"]

        assert [title.text for title in response.context["titles"]] == titles
        assert badge.categories == categories
        assert (badge.organization.text, badge.position.text) == ("清曜生物", "研发总监")
        assert badge.spoken_ticket == f"{person.ticket[:5]} {person.ticket[5:]}"
        assert badge.qr in response.text


@pytest.mark.parametrize("missing", ["title_en", "title_zh_hans"])
def test_badge_has_one_title_where_there_is_one(clerk, event, missing):
    Event.objects.filter(pk=event.pk).update(**{missing: ""})
    factories.registered(event)

    for language in ("en", "zh-hans"):
        clerk.cookies["django_language"] = language
        response = ask_for(clerk, event, ANEW)
        assert len(response.context["titles"]) == 1


def test_sheet_holds_ten(clerk, event):
    for _number in range(11):
        factories.registered(event)

    response = ask_for(clerk, event, EVERYBODY | {"size": "a4"})

    assert [len(sheet) for sheet in response.context["sheets"]] == [10, 1]
    assert "css/badges-a4.css" in response.text


def test_hostile_names_run_nowhere(clerk, event):
    hostile = "<script>alert(1)</script>"
    factories.registered(event, name=hostile, organization_name=hostile, position=hostile)

    response = ask_for(clerk, event, EVERYBODY)

    assert hostile not in response.text
    assert "&lt;script&gt;" in response.text
    assert "style=" not in response.text


# The people of the programme


PROGRAMME = {"size": "card", "category": "programme", "which": "not_printed"}


def test_badges_of_the_programme_are_of_those_who_are_no_experts(clerk, event):
    factories.registered(event, name="Attendee")
    factories.appearance(session=factories.session(event=event, **_span(event)))
    bureau = factories.organization(name_en="Science Bureau")
    factories.programme_person(event=event, name_en="Ann Hale", organization=bureau)
    factories.programme_person(event=event, role="interpreter", name_en="Bo Berg")

    response = ask_for(clerk, event, PROGRAMME)

    assert printed(response) == ["Ann Hale", "Bo Berg"]
    [[host], [interpreter]] = response.context["sheets"]
    assert (host.organization.text, host.position.text) == ("Science Bureau", "Deputy Director")
    assert (host.categories, interpreter.categories[0]) == (["host", "主持人"], "interpreter")
    assert "badge-ticket" not in response.text


def test_who_is_in_two_sessions_has_one_badge_with_the_first_role(clerk, event):
    for role in ("interpreter", "host"):
        factories.programme_person(event=event, role=role, name_en="Ann", name_zh_hans="安")

    [[badge]] = ask_for(clerk, event, PROGRAMME).context["sheets"]

    assert badge.categories[0] == "host"


def test_badges_of_the_programme_are_offered_where_nobody_has_registered(clerk, event):
    factories.programme_person(event=event)

    assert 'value="programme"' in clerk.get(url(event)).text


def test_programme_without_other_people_has_no_badges(clerk, event):
    factories.registered(event)

    response = ask_for(clerk, event, PROGRAMME)

    assert errors(response) == ["The programme names only experts so far."]


def _span(event):
    return {"starts_at": event.starts_at, "ends_at": event.starts_at + dt.timedelta(hours=1)}


# Refusals and costs


def test_page_says_that_nobody_has_a_place(clerk, event):
    response = clerk.get(url(event))

    assert "Nobody has a confirmed place yet." in response.text
    assert "<select" not in response.text


def test_nobody_who_matches_is_said(clerk, event):
    factories.registered(event)

    response = ask_for(clerk, event, EVERYBODY | {"category": "media"})

    assert errors(response) == ["Nobody with a confirmed place matches. Choose more people."]


@pytest.mark.parametrize(
    "typed",
    [
        EVERYBODY | {"size": "poster"},
        EVERYBODY | {"category": "nobody"},
        EVERYBODY | {"which": "some"},
        {"size": "card", "category": "everybody"},
        EVERYBODY | {"since": "soon"},
        EVERYBODY | {"since": "0001-01-01"},
        EVERYBODY | {"since": "9999-12-31"},
        EVERYBODY | {"after": "0000000000"},
        {},
    ],
)
def test_bad_input_is_refused_and_shown(clerk, event, typed):
    factories.registered(event, name="Somebody")

    response = ask_for(clerk, event, typed)

    assert len(errors(response)) >= 1
    assert "form-errors" in response.text or "errorlist" in response.text


def test_desk_staff_of_another_event_are_refused(event):
    person = factories.registered(event, name="Zephyrine Quill")
    other = make_clerk(factories.registration_settings().event)

    for response in (
        other.get(url(event)),
        other.post(url(event), EVERYBODY),
        other.post(url(event), {"ticket": person.ticket}),
    ):
        assert response.status_code == 403
        assert "Quill" not in response.text


def test_who_may_print(event, cast):
    answers = {person.user.username: person.get(url(event)).status_code for person in cast}

    assert answers == {"organizer": 200, "auditor": 403, "superuser": 200, "": 302}


def test_tickets_are_in_no_address(clerk, event):
    person = factories.registered(event)

    page = clerk.get(url(event), {"ticket": person.ticket})

    assert "sheets" not in page.context
    assert clerk.get(url(event)).headers["Cache-Control"].count("no-store") == 1


def test_badges_cost_the_same_for_1_and_3(clerk, event, django_assert_num_queries):
    factories.registered(event)
    ask_for(clerk, event, EVERYBODY)

    for number in (1, 3):
        for _more in range(number - 1):
            factories.registered(event)
        # Session, user, permissions, event; the lock, and the people, who are recorded in one
        # transaction.
        with django_assert_num_queries(10):
            response = clerk.post(url(event), ANEW)
        # And the site profile, and how many there are and follow.
        with django_assert_num_queries(9):
            assert len(printed(clerk.get(response.url))) == number
        # And whether the programme names anybody, what is to be printed, what was at last.
        with django_assert_num_queries(12):
            clerk.get(url(event))


def test_badge_of_somebody_of_no_category_names_none(clerk, event):
    factories.registered(event, category="other")
    factories.registered(event, category="guest")

    response = ask_for(clerk, event, EVERYBODY)

    badges = [badge for sheet in response.context["sheets"] for badge in sheet]
    assert sorted(len(badge.categories) for badge in badges) == [0, 2]
    assert response.text.count("badge-category") == 1
