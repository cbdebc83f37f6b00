import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from events.models import Event, Expert, Organization, Session
from registrations.models import Registration
from tests import factories
from tests.backoffice.posting import errors, filled, post_at_once, save, url
from tests.factories import at

SESSION = {"kind": "keynote", "title_en": "Blood", "room_en": "Hall"}


def noise(format):
    """A picture that takes many bytes."""
    buffer = io.BytesIO()
    Image.effect_noise((400, 300), 80).convert("RGB").save(buffer, format)
    return buffer.getvalue()


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


@pytest.mark.django_db(transaction=True)
def test_two_events_given_one_venue_at_once_do_not_both_get_the_room(organizer, superuser):
    pages = []
    for person in (organizer, superuser):
        event = factories.event(venue_en=f"Venue of {person.user}")
        factories.session(event=event, room_en="Hall")
        data = filled(person.get(url(event, "change")))
        pages.append((person, url(event, "change"), {**data, "venue_en": "Centre"}))

    assert post_at_once(*pages) == [200, 302]
    assert Event.objects.filter(venue_en="Centre").count() == 1


def test_shortened_event_is_refused_with_the_session_that_sticks_out(organizer):
    event = factories.session(starts_at=at(10), ends_at=at(11)).event

    response = save(organizer, event, starts_at="2020-10-29T10:30")

    assert "is outside its event" in str(errors(response)["__all__"])
    assert "Move the programme" in str(errors(response)["__all__"])


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
