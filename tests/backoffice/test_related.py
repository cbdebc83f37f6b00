"""What belongs to a series, an organization and an expert is in sight on the page of each."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice import related
from events.models import Affiliation, Event, Expert, OrganizerScope
from projects.models import CooperationIntention
from tests import factories
from tests.backoffice.posting import filled, save, url

pytestmark = pytest.mark.django_db


def parts(person, row):
    page = person.get(url(row, "change"))
    return {part.name: part for part in page.context["related"]}


def labels(part):
    return [str(line.label) for line in part.lines]


def listed(person, part):
    return set(person.get(part.all_url).context["cl"].result_list)


def test_series_shows_its_events_and_adds_one(organizer):
    series = factories.series()
    first, latest = factories.event(series=series), factories.upcoming_event(series=series)
    factories.event()

    part = parts(organizer, series)["events"]

    assert labels(part) == [str(latest.title), str(first.title)]
    assert (part.total, part.has_more) == (2, False)
    assert listed(organizer, part) == {first, latest}
    assert organizer.get(part.add_url).context["adminform"].form["series"].value() == str(series.pk)


def test_organization_shows_people_projects_events_attendees_and_intentions(organizer):
    place = factories.organization()
    at = factories.affiliation(organization=place, position_en="Director")
    project = factories.project(owner=place)
    role = factories.role(organization=place)
    intention = factories.intention(company=place)
    event = factories.upcoming_event()
    factories.registration_settings(event=event)
    person = factories.registered(event)
    person.organization = place
    person.save()

    found = parts(organizer, place)

    assert {name: part.total for name, part in found.items()} == {
        "people": 1,
        "projects": 1,
        "events": 1,
        "attendees": 1,
    }
    assert labels(found["people"]) == [str(at.expert.display_name)]
    assert found["people"].lines[0].facts == ["Director"]
    assert found["attendees"].lines == []
    assert listed(organizer, found["people"]) == {at.expert}
    assert listed(organizer, found["projects"]) == {project}
    assert listed(organizer, found["events"]) == {role.event}
    assert listed(organizer, found["attendees"]) == {person}
    shown = organizer.get(url(place, "change")).context["intentions"]
    assert shown["rows"] == [intention]
    form = organizer.get(shown["add_url"]).context["adminform"].form
    assert form["company"].value() == str(place.pk)


def test_expert_shows_sessions_and_recommended_projects(organizer):
    expert = factories.expert()
    appearance = factories.appearance(expert=expert)
    recommendation = factories.recommendation(expert=expert)

    found = parts(organizer, expert)

    assert labels(found["sessions"]) == [str(appearance.session.title)]
    assert labels(found["projects"]) == [str(recommendation.project)]
    assert listed(organizer, found["sessions"]) == {appearance.session}
    assert listed(organizer, found["projects"]) == {recommendation.project}


def test_new_expert_of_an_organization_begins_with_the_affiliation(organizer):
    place = factories.organization()
    address = parts(organizer, place)["people"].add_url

    page = organizer.get(address)
    posted = {**filled(page), "name_en": "Ann Hale", "_save": "Save"}
    answer = organizer.post(address, posted)

    assert answer.url == url(place, "change")
    assert list(
        Affiliation.objects.values_list("expert__name_en", "organization", "is_primary")
    ) == [("Ann Hale", place.pk, True)]


@pytest.mark.parametrize("key", ["x", "0", "9" * 40])
def test_new_expert_of_no_organization_has_no_affiliation(organizer, key):
    page = organizer.get(url(Expert, "add"), {"organization": key})

    assert page.status_code == 200
    assert "affiliations-0-organization" not in filled(page)


def test_part_tells_the_first_and_leads_to_all(organizer):
    series = factories.series()
    for _ in range(related.SHOWN + 2):
        factories.event(series=series)

    part = parts(organizer, series)["events"]

    assert (len(part.lines), part.total, part.has_more) == (related.SHOWN, 12, True)
    assert "Show all 12" in organizer.get(url(series, "change")).text


def test_nothing_beyond_ones_limits_is_told(organizer):
    mine = factories.event(series=factories.series())
    beyond = factories.upcoming_event(series=factories.series(), title_en="Hidden")
    place, expert = factories.organization(), factories.expert()
    project = factories.project(title_en="Hidden project")
    hours = {"starts_at": beyond.starts_at, "ends_at": beyond.ends_at}
    factories.role(event=beyond, organization=place)
    factories.appearance(
        session=factories.session(event=beyond, title_en="Hidden talk", **hours), expert=expert
    )
    factories.recommendation(event=beyond, expert=expert, project=project)
    assert parts(organizer, place)["events"].total == 1
    assert {part.total for part in parts(organizer, expert).values()} == {1}
    OrganizerScope.objects.create(user=organizer.user, series=mine.series)

    of_place, of_expert = parts(organizer, place), parts(organizer, expert)

    assert of_place["events"].total == 0
    assert {part.total for part in of_expert.values()} == {0}
    for part in (of_place["events"], *of_expert.values()):
        assert listed(organizer, part) == set()
    assert "Hidden" not in organizer.get(url(expert, "change")).text


def test_auditor_is_offered_to_add_nothing(auditor):
    place = factories.organization()
    factories.affiliation(organization=place)

    assert {part.add_url for part in parts(auditor, place).values()} == {""}
    assert auditor.get(url(place, "change")).context["intentions"]["add_url"] == ""


def test_parts_cost_the_same_for_few_and_many(organizer):
    place, expert = factories.organization(), factories.expert()

    def add():
        factories.affiliation(organization=place, expert=factories.expert())
        factories.role(organization=place, event=factories.event())
        factories.project(owner=place)
        factories.appearance(expert=expert, session=factories.session(event=factories.event()))
        factories.recommendation(expert=expert)

    def count(row):
        with CaptureQueriesContext(connection) as queries:
            organizer.get(url(row, "change"))
        return len(queries)

    add()
    for row in (place, expert):
        count(row)
    few = count(place), count(expert)
    for _ in range(3):
        add()

    assert (count(place), count(expert)) == few


def test_filter_by_a_row_that_is_not_there_finds_nothing(organizer):
    factories.affiliation()

    for key in ("x", "0", "9" * 40, ""):
        page = organizer.get(url(Expert, "changelist"), {"organization__id__exact": key})
        assert page.status_code == 200
        assert list(page.context["cl"].result_list) == []


def test_saving_a_row_with_parts_changes_none_of_them(organizer):
    place = factories.affiliation().organization
    factories.role(organization=place)

    save(organizer, place, name_en="Renamed")

    place.refresh_from_db()
    assert place.name_en == "Renamed"
    assert place.affiliations.count() == 1
    assert Event.objects.filter(roles__organization=place).count() == 1
    assert not CooperationIntention.objects.exists()


def moved_away(place, until):
    return factories.affiliation(organization=place, ends_on=until).expert


def test_present_and_former_people_of_an_organization_are_apart(organizer):
    place = factories.organization()
    present = factories.affiliation(organization=place).expert
    former = moved_away(place, "2021-06-30")
    back = moved_away(place, "2020-06-30")
    factories.affiliation(organization=place, expert=back, starts_on="2022-01-01")

    found = parts(organizer, place)

    assert set(labels(found["people"])) == {str(present.display_name), str(back.display_name)}
    assert labels(found["former-people"]) == [str(former.display_name)]
    assert found["former-people"].lines[0].facts[-1] == "until 2021"
    assert listed(organizer, found["people"]) == {present, back}
    assert listed(organizer, found["former-people"]) == {former}
    assert "Former experts" in organizer.get(url(place, "change")).text


def test_organization_without_former_people_says_nothing_of_them(organizer):
    assert "former-people" not in parts(organizer, factories.affiliation().organization)


def test_people_of_an_organization_are_those_of_the_event_that_led_there(organizer):
    event = factories.event()
    place = factories.organization()
    then = moved_away(place, "2021-06-30")
    later = factories.affiliation(organization=place, starts_on="2022-01-01").expert
    page = {"_back": url(event, "organizations")}

    found = {
        part.name: part for part in organizer.get(url(place, "change"), page).context["related"]
    }

    assert labels(found["people"]) == [str(then.display_name)]
    assert found["people"].heading == "Experts at the time of the event"
    assert "former-people" not in found
    assert labels(parts(organizer, place)["people"]) == [str(later.display_name)]
