"""The first page of an event: what is missing, what is next, and how much there is."""

import datetime as dt

import pytest
from django.utils import timezone

from events.models import Event
from tests import factories
from tests.backoffice.posting import filled, url
from tests.backoffice.workspace.pages import cost

pytestmark = pytest.mark.django_db


def words(page):
    return [str(each.words) for each in page.context["missing"]]


def ways(page, beginning):
    [found] = [each for each in page.context["missing"] if str(each.words).startswith(beginning)]
    return dict(found.ways)


def complete_event(**fields):
    """An event that lacks nothing."""
    both = {"title_en": "Summit", "title_zh_hans": "峰会"}
    series = factories.series(reference_prefix="SJZ")
    start = timezone.now().replace(second=0, microsecond=0) + dt.timedelta(days=10)
    event = factories.upcoming_event(
        series=series, starts_at=start, ends_at=start + dt.timedelta(hours=8), **both, **fields
    )
    for each in event.bilingual_names():
        setattr(event, f"{each}_en", "x")
        setattr(event, f"{each}_zh_hans", "某")
    event.save()
    place = factories.organization(name_en="Bureau", name_zh_hans="局")
    factories.role(event=event, organization=place, role="sponsor")
    factories.session(event=event, starts_at=start, ends_at=event.ends_at, **both)
    factories.registration_settings(event=event)
    return event


def test_event_that_lacks_nothing_says_so(organizer):
    page = organizer.get(url(complete_event(), "overview"))

    assert words(page) == []
    assert "Nothing is missing" in page.text


def test_everything_that_is_missing_is_named_with_the_page_that_helps(organizer):
    event = factories.upcoming_event(
        **{"status": "draft", "published_at": None, "series": None},
        **{"venue_en": "", "venue_zh_hans": "", "city_zh_hans": "", "city_en": "Leeds"},
    )

    page = organizer.get(url(event, "overview"))

    told = "\n".join(words(page))
    for each in (
        *("no programme", "No sponsor", "The venue is missing", "Nobody can register"),
        *("does not belong to a series", "in one language only"),
    ):
        assert each in told
    assert ways(page, "No sponsor") == {"Organizations": url(event, "organizations")}
    assert "Missing before publishing" in page.text
    assert "until then only organizers see it" in page.text


def test_series_without_a_prefix_is_pointed_out(organizer):
    event = factories.event(series=factories.series(reference_prefix=""))

    page = organizer.get(url(event, "overview"))

    [address] = ways(page, "The series has no reference prefix").values()
    assert address.startswith(url(event.series, "change"))


def test_drafts_among_recommended_projects_are_asked_about_with_the_way_to_publish(organizer):
    event = complete_event()
    for _number in range(3):
        project = factories.project(
            status="draft", published_at=None, title_en="A", title_zh_hans="甲"
        )
        factories.recommendation(event=event, session=None, project=project)

    page = organizer.get(url(event, "overview"))

    address = ways(page, "3 recommended projects are drafts. Publish them too?")["Publish"]
    assert organizer.post(address).url == url(event, "overview")
    assert not any("drafts" in each for each in words(organizer.get(url(event, "overview"))))


def test_rows_that_lack_a_language_are_named_and_some_only_counted(organizer):
    event = complete_event()
    moment = event.starts_at
    for number in range(7):
        factories.session(
            event=event,
            title_en=f"Talk {number}",
            title_zh_hans="",
            starts_at=moment + dt.timedelta(minutes=number),
            ends_at=moment + dt.timedelta(minutes=number + 1),
        )

    page = organizer.get(url(event, "overview"))

    [found] = page.context["missing"]
    assert [label for label, _url in found.ways] == [f"Talk {number}" for number in range(5)]
    assert found.left_out == 2
    assert "and 2 more" in page.text
    [first, *_others] = [address for _label, address in found.ways]
    session = event.sessions.get(title_en="Talk 0")
    response = organizer.post(first, {**filled(organizer.get(first)), "title_zh_hans": "报告"})
    assert response.url == url(event, "overview")
    session.refresh_from_db()
    assert session.title_zh_hans == "报告"


def test_cancelled_event_lacks_nothing_and_has_nothing_ahead(organizer):
    event = factories.upcoming_event(status="cancelled", cancelled_at=timezone.now())

    page = organizer.get(url(event, "overview"))

    assert (page.context["missing"], page.context["steps"]) == ([], [])


def test_what_is_next_stands_in_the_order_of_time(organizer):
    event = complete_event()
    settings = event.registration_settings
    settings.opens_at = timezone.now() + dt.timedelta(days=1)
    settings.save()
    factories.session(
        event=event,
        kind="signing",
        title_en="Signing",
        starts_at=event.ends_at - dt.timedelta(minutes=5),
        ends_at=event.ends_at,
    )

    steps = organizer.get(url(event, "overview")).context["steps"]

    assert [str(step.words) for step in steps] == [
        "Registration opens",
        "Registration closes",
        "The event begins",
        "Signing",
    ]


def test_after_the_event_drafts_and_follow_ups_are_due_and_the_report_is_there(organizer):
    event = factories.event()
    factories.intention(event=event)
    signed = factories.signed_intention(event=event)

    page = organizer.get(url(event, "overview"))

    told = [(str(step.words), step.is_late) for step in page.context["steps"]]
    assert told[0] == ("1 intention is still a draft", True)
    assert (f"Follow-up of {signed.reference}", True) in told
    assert page.context["report_page"] == url(event, "report")


def test_parts_are_counted(organizer):
    session = factories.session()
    event = session.event
    expert = factories.appearance(session=session).expert
    factories.recommendation(event=event, session=session, expert=expert)
    factories.role(event=event)
    factories.intention(event=event)

    page = organizer.get(url(event, "overview"))

    numbers = {str(label): number for label, number, _url in page.context["counts"]}
    assert numbers["Experts"] == numbers["Projects"] == numbers["Organizations"] == 1
    assert (numbers["Drafts of intentions"], numbers["Signed intentions"]) == (1, 0)


def test_actions_of_the_event_are_offered_and_end_here(organizer):
    event = factories.event(status="draft", published_at=None)

    page = organizer.get(url(event, "overview"))

    address = {action.name: link for action, link in page.context["row_actions"]}["publish"]
    assert organizer.post(address).url == url(event, "overview")


def test_auditor_is_offered_nothing(auditor):
    event = complete_event()
    project = factories.project(status="draft", published_at=None)
    factories.recommendation(event=event, session=None, project=project)

    page = auditor.get(url(event, "overview"))

    assert page.context["row_actions"] == []
    assert "Publish" not in ways(page, "1 recommended project")


def test_report_is_in_the_menu_and_keeps_it(organizer):
    event = factories.event()

    page = organizer.get(url(event, "report"), follow=True)

    assert page.context["event_in_sight"] == event
    assert f'href="{url(event, "report")}" aria-current="page"' in page.text


def test_page_costs_the_same_with_one_and_three_rows(organizer):
    event = factories.event()

    def grow():
        session = factories.session(
            event=event,
            starts_at=event.starts_at + dt.timedelta(minutes=event.sessions.count()),
            ends_at=event.starts_at + dt.timedelta(minutes=event.sessions.count() + 1),
        )
        expert = factories.appearance(session=session).expert
        project = factories.project(status="draft", published_at=None)
        factories.recommendation(event=event, session=None, expert=expert, project=project)
        factories.role(event=event)
        factories.intention(event=event)
        factories.signed_intention(event=event)

    grow()
    few = cost(organizer, url(event, "overview"))
    grow()
    grow()

    assert cost(organizer, url(event, "overview")) == few <= 41


def test_new_event_is_short_and_ends_on_its_overview(organizer):
    page = organizer.get(url(Event, "add"))
    assert "description_en" not in page.context["adminform"].form.fields

    typed = {
        **{"title_en": "Second summit", "title_zh_hans": "第二届峰会"},
        **{"starts_at": "2027-10-28T09:00", "ends_at": "2027-10-28T17:00"},
    }
    response = organizer.post(url(Event, "add"), {**filled(page), **typed})

    assert response.url == url(Event.objects.get(), "overview")


def test_prefix_of_references_is_told_to_who_may_read_intentions(organizer):
    event = factories.event(series=factories.series(reference_prefix="SJZ"))

    page = organizer.get(url(event, "overview"))

    assert "begin with SJZ" in page.text


def test_people_of_the_programme_who_lack_a_language_are_named(organizer):
    event = complete_event()
    factories.programme_person(event=event, name_en="", name_zh_hans="李敏", role="leader")

    page = organizer.get(url(event, "overview"))

    assert [*ways(page, "People of the programme")] == ["李敏 (opening speaker)"]
