import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from events.models import Event, Expert, Organization, Session
from registrations.models import Registration
from tests import factories
from tests.backoffice.posting import errors, filled, inline, post_at_once, save, url
from tests.factories import at

SESSION = {"kind": "keynote", "title_en": "Blood", "room_en": "Hall"}


def noise(format):
    """A picture that takes many bytes."""
    buffer = io.BytesIO()
    Image.effect_noise((400, 300), 80).convert("RGB").save(buffer, format)
    return buffer.getvalue()


def new_session(start, end, **fields):
    return {
        **SESSION,
        "starts_at": f"2020-10-29T{start}",
        "ends_at": f"2020-10-29T{end}",
        **fields,
    }


def test_times_are_shown_and_typed_in_the_zone_of_the_event(organizer):
    event = factories.event(time_zone="Europe/London", starts_at=at(16), ends_at=at(20))

    page = organizer.get(url(event, "change"))

    assert 'value="2020-10-29T08:00"' in page.text
    assert "In the event's time zone, London time." in page.text

    save(organizer, event, starts_at="2020-10-29T09:30")

    event.refresh_from_db()
    assert event.starts_at == dt.datetime(2020, 10, 29, 9, 30, tzinfo=dt.UTC)


def test_saving_without_a_change_changes_nothing(organizer):
    event = factories.session().event
    before = list(Event.objects.values()), list(Session.objects.values())

    save(organizer, event)

    assert (list(Event.objects.values()), list(Session.objects.values())) == before
    assert event.sessions.get().history.count() == 1


def test_changing_the_zone_alone_keeps_the_times_as_they_read(organizer):
    event = factories.event(starts_at=at(9), ends_at=at(17))
    session = factories.session(event=event, starts_at=at(10), ends_at=at(11))

    save(organizer, event, time_zone="Europe/London")

    event.refresh_from_db()
    session.refresh_from_db()
    assert event.starts_at == dt.datetime(2020, 10, 29, 9, tzinfo=dt.UTC)
    assert session.starts_at == dt.datetime(2020, 10, 29, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize("moment", ["2020-03-29T01:30", "2020-10-25T01:30"])
def test_hour_that_summer_time_skips_or_repeats_is_refused(organizer, moment):
    event = factories.event(time_zone="Europe/London")

    response = save(organizer, event, starts_at=moment, ends_at="2020-10-30T12:00")

    assert "couldn’t be interpreted in time zone Europe/London" in str(
        errors(response)["starts_at"]
    )


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ends_at": "2020-10-29T08:00"}, "ends_at", "must end after it starts"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "is not a time zone"),
        ({"time_zone": ""}, "time_zone", "required"),
        ({"slug": "taken"}, "slug", "already exists"),
        ({"title_en": "", "title_zh_hans": ""}, "title_en", "in English or in Chinese"),
        ({"online_link": "javascript:alert(1)"}, "online_link", "valid URL"),
        ({"starts_at": "yesterday"}, "starts_at", "valid date/time"),
    ],
)
def test_bad_input_is_refused_beside_its_field(organizer, changes, field, words):
    factories.event(slug="taken")
    event = factories.event()
    before = list(Event.objects.values())

    response = save(organizer, event, **changes)

    assert words in str(errors(response)[field])
    assert list(Event.objects.values()) == before


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("big.jpg", b"\xff\xd8\xff" + b"0" * 20_000_000), "at most"),
        (
            SimpleUploadedFile("disguised.png", b"MZ this is a program"),
            "not a readable JPEG, PNG, WebP or AVIF",
        ),
        (
            SimpleUploadedFile("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            "not a readable JPEG, PNG, WebP or AVIF",
        ),
        (SimpleUploadedFile("empty.png", b""), "empty"),
        (
            SimpleUploadedFile("half.jpg", noise("JPEG")[:20_000]),
            "not a readable JPEG, PNG, WebP or AVIF",
        ),
    ],
    ids=["20 MB", "disguised", "svg", "empty", "broken off"],
)
def test_bad_picture_is_refused_beside_its_field(organizer, upload, words):
    event = factories.event()

    response = save(organizer, event, cover=upload)

    assert words in str(errors(response)["cover"])
    event.refresh_from_db()
    assert not event.cover


def test_hostile_markdown_is_stored_and_harmless(organizer):
    event = factories.event()

    save(organizer, event, description_en="<script>alert(1)</script>[x](javascript:alert(1))")

    event.refresh_from_db()
    assert "<script>" in event.description_en
    assert "<script>alert" not in organizer.get(url(event, "change")).text
    assert "<script>alert" not in organizer.get(url(event, "history")).text


def test_sessions_are_added_with_their_experts_on_the_page_of_the_event(organizer):
    event = factories.event()
    hale, ward = factories.expert(), factories.expert()

    save(
        organizer,
        event,
        **inline("sessions", new_session("10:00", "11:00", people=[ward.pk, hale.pk])),
    )

    session = event.sessions.get()
    assert (session.starts_at, session.slug) == (at(10), "blood")
    appearances = list(session.appearances.values_list("expert", "role", "order"))
    assert appearances == [(ward.pk, "speaker", 0), (hale.pk, "speaker", 1)]


def test_expert_taken_off_a_session_leaves_the_others_their_roles(organizer):
    session = factories.session()
    stays = factories.appearance(session=session, role="moderator")
    leaves = factories.appearance(session=session, order=1)

    save(organizer, session.event, **{"sessions-0-people": [stays.expert_id]})

    assert list(session.appearances.values_list("pk", "role")) == [(stays.pk, "moderator")]
    assert leaves.history.latest().history_type == "-"


def test_two_new_sessions_of_one_title_are_told_apart(organizer):
    event = factories.event()

    save(
        organizer,
        event,
        **inline("sessions", new_session("10:00", "11:00"), new_session("11:00", "12:00")),
    )

    assert list(event.sessions.values_list("slug", flat=True)) == ["blood", "blood-2"]


def test_two_sessions_change_places_in_one_go(organizer):
    event = factories.event()
    one = factories.session(event=event, room_en="Hall", starts_at=at(10), ends_at=at(11))
    two = factories.session(event=event, room_en="Hall", starts_at=at(11), ends_at=at(12))

    response = save(
        organizer,
        event,
        **{
            "sessions-0-starts_at": "2020-10-29T11:00",
            "sessions-0-ends_at": "2020-10-29T12:00",
            "sessions-1-starts_at": "2020-10-29T10:00",
            "sessions-1-ends_at": "2020-10-29T11:00",
        },
    )

    assert response.status_code == 302
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.starts_at, two.starts_at) == (at(11), at(10))


@pytest.mark.django_db(transaction=True)
def test_two_events_moved_at_once_to_the_same_hours_do_not_both_get_the_room(organizer, superuser):
    pages = []
    for day, person in ((28, organizer), (30, superuser)):
        start, end = (at(hour) + dt.timedelta(days=day - 29) for hour in (9, 17))
        event = factories.event(venue_en="Centre", starts_at=start, ends_at=end)
        factories.session(
            event=event, room_en="Hall", starts_at=start, ends_at=start + dt.timedelta(hours=1)
        )
        data = filled(person.get(url(event, "change")))
        moved = {
            name: value.replace(f"2020-10-{day}", "2020-10-29")
            for name, value in data.items()
            if name.endswith("s_at")
        }
        pages.append((person, url(event, "change"), {**data, **moved}))

    assert post_at_once(*pages) == [200, 302]
    assert Session.objects.filter(starts_at=at(9)).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_new_events_at_once_do_not_both_get_the_room(organizer, superuser):
    pages = [
        (
            person,
            url(Event, "add"),
            {
                **filled(person.get(url(Event, "add"))),
                **{"title_en": title, "venue_en": "Centre"},
                **{"starts_at": "2020-10-29T09:00", "ends_at": "2020-10-29T17:00"},
                **inline("sessions", new_session("10:00", "11:00")),
            },
        )
        for person, title in ((organizer, "One"), (superuser, "Two"))
    ]

    assert post_at_once(*pages) == [200, 302]
    assert Event.objects.count() == 1


def test_session_outside_its_event_is_refused_beside_its_start(organizer):
    event = factories.event()

    response = save(organizer, event, **inline("sessions", new_session("18:00", "19:00")))

    assert "is outside its event" in str(errors(response)["sessions-0-starts_at"])
    assert not event.sessions.exists()


def test_room_taken_twice_is_refused_with_the_name_of_the_other_session(organizer):
    event = factories.event()
    factories.session(event=event, title_en="Opening", room_en="Hall")

    response = save(
        organizer, event, **inline("sessions", new_session("10:30", "11:30"), initial=1)
    )

    assert "taken by “Opening”" in str(errors(response)["sessions-1-room_en"])


def test_expert_in_two_places_is_refused_with_the_name_of_the_other_session(organizer):
    appearance = factories.appearance()
    event = appearance.session.event

    row = new_session("10:30", "11:30", people=[appearance.expert_id])
    response = save(organizer, event, **inline("sessions", row, initial=1))

    assert str(appearance.session) in str(errors(response)["sessions-1-people"])
    assert event.sessions.count() == 1


def test_shortened_event_is_refused_beside_the_session_that_sticks_out(organizer):
    event = factories.session(starts_at=at(10), ends_at=at(11)).event

    response = save(organizer, event, starts_at="2020-10-29T10:30")

    assert "is outside its event" in str(errors(response)["sessions-0-starts_at"])


def test_session_that_something_refers_to_is_not_deleted(organizer):
    session = factories.session()
    factories.recommendation(session=session)

    response = save(organizer, session.event, **{"sessions-0-DELETE": "on"})

    assert response.status_code == 200
    assert "protected related objects" in response.text
    assert Session.objects.filter(pk=session.pk).exists()


def test_photos_are_added_on_the_page(organizer):
    event = factories.event()

    save(
        organizer,
        event,
        **inline("photos", {"image": factories.picture(), "credit_en": "courtesy", "order": 0}),
    )

    assert event.photos.get().image.name.endswith(".webp")


@pytest.mark.parametrize("model", [Event, Session, Organization, Expert])
def test_list_costs_the_same_with_one_and_three_rows(organizer, django_assert_num_queries, model):
    queries = {Event: 12, Session: 13, Organization: 13, Expert: 14}[model]
    rows = {
        Event: factories.appearance,
        Session: factories.appearance,
        Organization: factories.affiliation,
        Expert: factories.affiliation,
    }[model]
    rows()
    organizer.get(url(model, "changelist"))
    with django_assert_num_queries(queries):
        organizer.get(url(model, "changelist"))
    rows()
    rows()
    with django_assert_num_queries(queries):
        organizer.get(url(model, "changelist"))


@pytest.mark.parametrize("term", ["wangwei", "wang wei", "王伟", "Wang Wei", "WANG"])
def test_expert_is_found_in_chinese_english_and_pinyin(organizer, term):
    factories.expert(name_en="Wei Wang", name_zh_hans="王伟", slug="found")
    factories.expert(name_en="Ann Hale", name_zh_hans="安·黑尔", slug="other")

    page = organizer.get(url(Expert, "changelist"), {"q": term})

    assert [expert.slug for expert in page.context["cl"].result_list] == ["found"]


@pytest.mark.parametrize("make", [factories.event, factories.series, factories.expert])
def test_form_sent_without_an_address_and_titles_says_what_is_missing(organizer, make):
    """Its links were made from the address that was typed, which is none."""
    row = make()

    page = organizer.post(url(row, "change"), {"slug": ""})

    assert page.status_code == 200
    assert "errornote" in page.text
    assert row.get_absolute_url() in page.text


@pytest.mark.parametrize("model", [Event, Session, Registration])
def test_key_that_no_database_holds_is_of_nothing(organizer, model):
    address = url(model, "change", "9" * 5000)

    assert organizer.get(address).status_code == 302
    assert organizer.post(address, {}).status_code == 302
