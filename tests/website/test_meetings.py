"""A participant's own side of the meetings, by the personal page."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from meetings.domain import participation
from meetings.domain import request as requests
from meetings.domain.profile import MOST_A_DAY
from meetings.domain.rather_not import rather_not
from meetings.models import (
    Meeting,
    MeetingPerson,
    MeetingRequest,
    Participant,
    ProfileView,
    RatherNot,
)
from registrations.domain import place
from summit.lib.web.signed_links import sign
from tests import cast, factories
from tests.meetings import rows

pytestmark = pytest.mark.django_db
WHY = "Your method could help our hospital."
ENTRY = {"languages": ["zh", "en"], "topics": "Stroke units", "listed": "on"}


def url(who, name="my-meetings", language="en", **more):
    registration = getattr(who, "registration", who)
    with translation.override(language):
        return reverse(name, kwargs={"code": sign(registration.code), **more})


@pytest.fixture
def pair(db):
    """Somebody of a company and an owner whose contact is a canary, each admitted and listed."""
    event = rows.meeting_event()
    me = rows.participant(event, name="Li Min")
    registration = factories.proven(
        event,
        name="Sue Grant",
        email="canary@example.org",
        phone="+8613900001111",
        organization_name="Stroke Institute",
        position="Director",
    )
    other = rows.owner(event, registration=registration, topics="Stroke units", languages=["en"])
    return me, other


# Taking part


def test_the_personal_page_leads_to_meetings_of_an_event_that_has_them(client):
    with_meetings = factories.proven(rows.meeting_event())
    without_event = factories.upcoming_event()
    factories.registration_settings(event=without_event)
    without = factories.proven(without_event)

    leads = url(with_meetings) in client.get(url(with_meetings, "my-registration")).text
    leads_not = url(without) in client.get(url(without, "my-registration")).text

    assert (leads, leads_not) == (True, False)
    assert client.get(url(without)).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_somebody_applies_and_sees_where_the_application_is(client, language):
    registration = factories.proven(rows.meeting_event())
    page = client.get(url(registration, language=language))
    form = client.get(url(registration, "my-meetings-entry", language))
    assert (page.status_code, form.status_code) == (200, 200)

    answer = client.post(url(registration, "my-meetings-entry", language), ENTRY)

    assert answer.status_code == 302
    found = Participant.objects.get()
    assert (found.status, found.languages, found.topics) == (
        "applied",
        ["zh", "en"],
        ENTRY["topics"],
    )
    assert found.listed_at is not None
    applied = {"en": "You have applied", "zh-hans": "您已提交申请"}[language]
    assert applied in client.get(answer["Location"]).text


def test_an_entry_is_changed_and_of_two_windows_the_second_one_is_told(client, pair):
    me, _other = pair

    first = client.post(url(me, "my-meetings-entry"), ENTRY | {"version": 1, "topics": "New"})
    second = client.post(url(me, "my-meetings-entry"), ENTRY | {"version": 1, "topics": "Mine"})

    me.refresh_from_db()
    assert (first.status_code, second.status_code, me.topics) == (302, 422, "New")
    assert "another window" in second.text
    assert "Mine" in second.text
    third = client.post(url(me, "my-meetings-entry"), ENTRY | {"version": 2, "topics": "Mine"})
    me.refresh_from_db()
    assert (third.status_code, me.topics) == (302, "Mine")


def test_an_application_without_languages_is_refused(client):
    registration = factories.proven(rows.meeting_event())

    answer = client.post(url(registration, "my-meetings-entry"), {"topics": "x" * 501})

    assert answer.status_code == 422
    assert not Participant.objects.exists()


def test_who_takes_part_online_names_the_time_zone(client):
    registration = factories.proven(rows.meeting_event(format="online"))

    client.post(url(registration, "my-meetings-entry"), ENTRY | {"time_zone": "Europe/London"})

    assert Participant.objects.get().time_zone == "Europe/London"


def test_who_leaves_is_asked_before(client, pair):
    me, _other = pair

    assert "called off" in client.get(url(me, "my-meetings-leave")).text
    client.post(url(me, "my-meetings-leave"))

    me.refresh_from_db()
    assert me.status == "left"
    assert "apply again" in client.get(url(me)).text


def test_who_is_not_admitted_finds_nothing(client, pair):
    me, other = pair
    request = rows.request(other, me)
    meeting = rows.meeting(me, other)
    pages = [
        url(me, "my-meetings-people"),
        url(me, "my-meetings-person", number=other.pk),
        url(me, "my-meetings-request", number=request.pk),
        url(me, "my-meetings-who", number=meeting.pk),
        url(me, "my-meetings-away"),
    ]
    assert {client.get(page).status_code for page in pages} == {200}

    for status in ("applied", "refused", "left"):
        Participant.objects.filter(pk=me.pk).update(status=status)
        assert {client.get(page).status_code for page in pages} == {404}
        assert "Sue Grant" not in client.get(url(me)).text
    Participant.objects.filter(pk=me.pk).update(status="admitted")
    place.cancel(me.registration)
    assert {client.get(page).status_code for page in pages} == {404}


# Whom one may meet


def test_the_list_shows_who_agreed_and_never_a_contact(client, pair):
    me, other = pair
    project = factories.project()
    other.projects.add(project)
    rows.owner(me.event, name="Not Listed", listed_at=None)
    rows.participant(me.event, name="Same Side")

    page = client.get(url(me, "my-meetings-people"))
    profile = client.get(url(me, "my-meetings-person", number=other.pk))

    for text in (page.text, profile.text):
        for shown in ("Sue Grant", "Stroke Institute", "Director", "Stroke units", "English"):
            assert shown in text
        assert project.title_en in text
        assert "canary@example.org" not in text
        assert "13900001111" not in text
    assert "Not Listed" not in page.text
    assert "Same Side" not in page.text
    assert page["Cache-Control"].startswith("max-age=0")
    assert "noindex" in page["X-Robots-Tag"]


def test_people_are_found_by_what_they_show_and_not_by_a_contact(client, pair):
    me, other = pair
    project = factories.project()
    sector = factories.sector()
    project.sectors.add(sector)
    other.projects.add(project)
    rows.owner(me.event, name="王伟", languages=["zh"])

    def found(**query):
        page = client.get(url(me, "my-meetings-people"), query)
        return [each.registration.name for each, _projects in page.context["people"]]

    assert found(q="sue grant") == ["Sue Grant"]
    assert found(q="stroke institute") == ["Sue Grant"]
    assert found(q="units") == ["Sue Grant"]
    assert found(q="wang wei") == ["王伟"]
    assert found(q="canary@example.org") == []
    assert found(q="13900001111") == []
    assert found(q="139") == []
    assert found(language="en") == ["Sue Grant"]
    assert found(language="zh") == ["王伟"]
    assert found(project=project.pk) == ["Sue Grant"]
    assert found(sector=sector.pk) == ["Sue Grant"]
    assert len(found(sector="x")) == 2


def test_the_list_costs_the_same_for_one_and_for_many(client, pair):
    me, other = pair
    other.projects.add(factories.project())

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(url(me, "my-meetings-people"))
            client.get(url(me))
        return len(queries)

    cost()
    rows.request(other, me)
    rows.meeting(me, rows.owner(me.event))
    one = cost()
    for _number in range(3):
        more = rows.owner(me.event)
        more.projects.add(factories.project())
        rows.request(more, me)
        rows.request(me, more)
        rows.meeting(me, more)
    assert cost() == one


def test_twenty_stand_on_a_page(client, pair):
    me, _other = pair
    for _number in range(20):
        rows.owner(me.event)

    first = client.get(url(me, "my-meetings-people"))
    second = client.get(url(me, "my-meetings-people"), {"page": 2})

    assert (len(first.context["people"]), len(second.context["people"])) == (20, 1)
    assert client.get(url(me, "my-meetings-people"), {"page": 3}).status_code == 404


def test_profiles_are_noted_once_a_day_and_limited(client, pair):
    me, other = pair
    page = url(me, "my-meetings-person", number=other.pk)

    client.get(page)
    client.get(page)
    today = timezone.localdate(timezone=me.event.zone)
    assert list(ProfileView.objects.values_list("viewer", "viewed", "viewed_on")) == [
        (me.pk, other.pk, today)
    ]

    third = rows.owner(me.event)
    for _number in range(MOST_A_DAY - 1):
        ProfileView.objects.create(viewer=me, viewed=rows.owner(me.event), viewed_on=today)
    refused = client.get(url(me, "my-meetings-person", number=third.pk))
    assert refused.status_code == 429
    assert "60 profiles today" in refused.text
    assert third.registration.name not in refused.text
    assert client.get(page).status_code == 200


def test_who_is_kept_apart_or_a_stranger_is_not_found(client, pair):
    me, other = pair
    stranger = rows.owner(rows.meeting_event())
    rather_not(other, me, by=cast.make_organizer().user)

    for number in (other.pk, stranger.pk, 0, 10**30):
        assert client.get(url(me, "my-meetings-person", number=number)).status_code == 404


# Asking and answering


def test_a_meeting_is_asked_for_and_accepted(client, pair):
    me, other = pair
    project = factories.project()
    other.projects.add(project)

    refused = client.post(url(me, "my-meetings-person", number=other.pk), {"ask": "", "reason": ""})
    asked = client.post(
        url(me, "my-meetings-person", number=other.pk),
        {"ask": "", "reason": WHY, "projects": [project.pk]},
    )
    request = MeetingRequest.objects.get()
    seen = client.get(url(other)).text
    page = client.get(url(other, "my-meetings-request", number=request.pk)).text
    accepted = client.post(url(other, "my-meetings-request", number=request.pk), {"accept": ""})

    assert (refused.status_code, asked.status_code, accepted.status_code) == (422, 302, 302)
    assert list(request.projects.all()) == [project]
    assert "Li Min" in seen
    assert WHY in page
    assert me.registration.email not in seen + page
    assert Meeting.objects.get().status == "agreed"
    own = client.get(url(me)).text
    assert "Sue Grant" in own
    assert "canary@example.org" not in own


def test_past_the_time_for_requests_the_page_says_so(client, pair):
    me, other = pair
    settings = me.event.meeting_settings
    settings.requests_until = timezone.now() - dt.timedelta(hours=1)
    settings.save()

    page = client.get(url(me, "my-meetings-person", number=other.pk))
    answer = client.post(url(me, "my-meetings-person", number=other.pk), {"ask": "", "reason": WHY})

    assert "time for requests is over" in client.get(url(me)).text
    assert "time for requests is over" in page.text
    assert (answer.status_code, MeetingRequest.objects.count()) == (409, 0)


def test_a_request_is_withdrawn_and_only_by_who_made_it(client, pair):
    me, other = pair
    request = rows.request(me, other)

    wrong = client.post(url(other, "my-meetings-request", number=request.pk), {"withdraw": ""})
    mine = client.post(url(me, "my-meetings-request", number=request.pk), {"accept": ""})
    client.post(url(me, "my-meetings-request", number=request.pk), {"withdraw": ""})

    request.refresh_from_db()
    assert (wrong.status_code, mine.status_code, request.status) == (404, 404, "withdrawn")
    late = client.post(url(other, "my-meetings-request", number=request.pk), {"accept": ""})
    assert late.status_code == 404
    stranger = rows.participant(me.event)
    page = client.get(url(stranger, "my-meetings-request", number=request.pk))
    assert page.status_code == 404


def test_an_answer_that_comes_too_late_is_told(client, pair):
    me, other = pair
    request = rows.request(me, other, expires_at=timezone.now())

    answer = client.post(url(other, "my-meetings-request", number=request.pk), {"accept": ""})

    assert answer.status_code == 409
    assert "expired" in answer.text


def test_an_agreed_meeting_is_called_off_on_the_page_of_the_request(client, pair):
    me, other = pair
    request = requests.accept(rows.request(me, other))

    client.post(url(other, "my-meetings-request", number=request.pk), {"decline": ""})

    request.refresh_from_db()
    assert (request.status, Meeting.objects.get().status) == ("declined", "cancelled")


# Rather not


def test_declined_and_rather_not_look_the_same_to_who_asked(client, pair):
    me, other = pair
    second = rows.owner(me.event, name="Sue Grant", languages=["en"])
    declined, avoided = rows.request(me, other), rows.request(me, second)

    client.post(url(other, "my-meetings-request", number=declined.pk), {"decline": ""})
    client.post(url(second, "my-meetings-request", number=avoided.pk), {"rather_not": ""})

    assert RatherNot.objects.count() == 1
    declined.refresh_from_db()
    avoided.refresh_from_db()
    assert (declined.status, avoided.status) == ("declined", "declined")
    listed = client.get(url(me, "my-meetings-people"))
    assert {each.pk for each, _projects in listed.context["people"]} == {other.pk, second.pk}
    for page in (url(me), url(me, "my-meetings-person", number=second.pk)):
        assert "rather not meet this person.</p>" not in client.get(page).text
    texts = []
    for request in (declined, avoided):
        text = client.get(url(me, "my-meetings-request", number=request.pk)).text
        texts.append(text[text.index("<main") : text.index("<dl")])
    assert texts[0] == texts[1]


def test_who_is_avoided_asks_in_vain_and_the_other_one_does_not_see_it(client, pair):
    me, other = pair
    client.post(url(other, "my-meetings-person", number=me.pk), {"rather_not": ""})

    asked = client.post(url(me, "my-meetings-person", number=other.pk), {"ask": "", "reason": WHY})

    request = MeetingRequest.objects.get()
    assert (asked.status_code, request.status) == (302, "open")
    assert WHY not in client.get(url(other)).text
    hidden = client.get(url(other, "my-meetings-request", number=request.pk))
    assert hidden.status_code == 404
    assert "Whom you would rather not meet" in client.get(url(other)).text
    client.post(url(other, "my-meetings-person", number=me.pk), {"take_back": ""})
    assert not RatherNot.objects.exists()
    assert WHY in client.get(url(other)).text


# Away, and who comes


def test_times_away_are_ticked_and_typed_in_the_zone_of_the_event(client, pair):
    me, _other = pair
    first = me.event.meeting_slots.first()
    start = (me.event.ends_at - dt.timedelta(hours=2)).replace(second=0, microsecond=0)
    end = start + dt.timedelta(hours=1)

    def wall(moment):
        return f"{moment.astimezone(me.event.zone):%Y-%m-%dT%H:%M}"

    sent = {"version": 1, "slots": [first.pk], "from_0": wall(start), "until_0": wall(end)}
    answer = client.post(url(me, "my-meetings-away"), sent)

    assert answer.status_code == 302
    assert list(me.absences.values_list("starts_at", "ends_at")) == [
        (first.starts_at, first.ends_at),
        (start, end),
    ]
    page = client.get(url(me, "my-meetings-away"))
    assert page.context["form"].initial["slots"] == [str(first.pk)]
    assert wall(start) in page.text
    late = client.post(url(me, "my-meetings-away"), sent)
    assert late.status_code == 422
    assert "another window" in late.text
    half = client.post(url(me, "my-meetings-away"), {"version": 2, "from_0": wall(start)})
    wrong = {"version": 2, "from_0": wall(end), "until_0": wall(start)}
    turned = client.post(url(me, "my-meetings-away"), wrong)
    assert (half.status_code, turned.status_code, me.absences.count()) == (422, 422, 2)


def test_who_of_a_delegation_comes_is_chosen(client):
    event = rows.meeting_event()
    group = rows.delegation(event)
    me = rows.participant(event, delegation=group)
    colleague = rows.participant(event, delegation=group, name="Colleague")
    meeting = rows.meeting(me, rows.owner(event))
    page = url(me, "my-meetings-who", number=meeting.pk)
    chosen = {f"person_{me.pk}": "may", f"person_{colleague.pk}": "must", "least": 1}

    assert "Colleague" in client.get(page).text
    answer = client.post(page, chosen | {"version": 1})
    again = client.post(page, chosen | {"version": 1})
    few = client.post(
        page, {f"person_{me.pk}": "not", f"person_{colleague.pk}": "not", "least": 1, "version": 2}
    )

    assert (answer.status_code, again.status_code, few.status_code) == (302, 422, 422)
    people = MeetingPerson.objects.filter(side=1).values_list("participant", "must")
    assert sorted(people) == [(me.pk, False), (colleague.pk, True)]
    stranger = rows.participant(event)
    elsewhere = client.get(url(stranger, "my-meetings-who", number=meeting.pk))
    assert elsewhere.status_code == 404


def test_own_data_tell_of_the_meetings(client, pair):
    me, other = pair
    rows.request(me, other, reason=WHY)
    participation.change(me, version=1, topics="Stroke units")

    data = client.get(url(me, "my-data")).json()
    page = client.get(url(me, "my-data-page")).text

    assert data["meetings"]["requests_made"][0]["reason"] == WHY
    assert "canary@example.org" not in str(data)
    assert "Stroke units" in page
    assert "Sue Grant" in page
