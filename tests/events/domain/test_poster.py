"""Posters follow their events by themselves: drawn, drawn anew, removed, and never twice."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from events.domain import event as events
from events.domain import poster, postponement
from events.models import Event, Poster, SiteProfile
from events.poster_content import content_of
from tests import factories
from tests.logged import logged
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]

KINDS = {(language, shape) for language in ("en", "zh-hans") for shape in ("tall", "wide")}


def stored():
    """Return the names of the pictures that lie in the storage."""
    place = Path(storages["private"].location)
    return {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}


def named():
    return set(Poster.objects.values_list("file", flat=True))


def codes():
    return set(Poster.objects.values_list("code", flat=True))


def content(event, language="en", sponsors=()):
    with translation.override(language):
        return content_of(event, sponsors, SiteProfile.load())


def lines(event, language="en", sponsors=()):
    return {line.label: line.text for line in content(event, language, sponsors).lines}


def test_a_published_event_gets_a_poster_of_each_kind():
    title = "𬱖䶮㛃" + "项目对接会与技术转移论坛" * 5
    event = factories.event(title_zh_hans=title, cover=factories.picture())
    factories.role(event=event)

    assert poster.draw_due() == 4

    assert {(each.language, each.shape) for each in event.posters.all()} == KINDS
    assert stored() == named()
    for each in event.posters.all():
        with each.file.open() as file:
            data = file.read()
        assert data.startswith(b"\x89PNG")
        assert (len(data), each.missing) == (each.size, "")


def test_nothing_is_drawn_twice():
    factories.event()
    poster.draw_due()
    before = codes()

    assert poster.draw_due() == 0

    assert codes() == before


def test_a_draft_has_none():
    factories.event(status="draft")

    assert poster.draw_due() == 0

    assert not stored()


def test_what_it_shows_has_changed_so_it_is_drawn_anew(django_capture_on_commit_callbacks):
    event = factories.event()
    poster.draw_due()
    before, files = codes(), stored()
    # The city falls back to Chinese in English too.
    event.city_zh_hans = "石家庄"
    event.save()

    with django_capture_on_commit_callbacks(execute=True):
        assert poster.draw_due() == 4

    assert not codes() & before
    assert not stored() & files
    assert stored() == named()


def test_a_change_of_one_language_leaves_the_other_as_it_is():
    event = factories.event()
    poster.draw_due()
    event.title_en = "Another title"
    event.save()

    assert poster.draw_due() == 2


def test_no_longer_published_it_is_removed(django_capture_on_commit_callbacks):
    event = factories.event()
    poster.draw_due()
    events.return_to_draft(event)

    with django_capture_on_commit_callbacks(execute=True):
        assert poster.draw_due() == 4

    assert not Poster.objects.exists()
    assert not stored()


def test_a_worker_killed_before_it_saved_has_its_work_done_again():
    factories.event()
    left = storages["private"].save("posters/ab/left-behind", ContentFile(b"half"))

    assert poster.draw_due() == 4

    assert stored() == named() | {left}


def test_pictures_without_a_poster_are_swept_after_a_day():
    factories.event()
    poster.draw_due()
    storages["private"].save("posters/ab/left-behind", ContentFile(b"half"))
    assert poster.sweep() == 0
    old = (timezone.now() - dt.timedelta(days=2)).timestamp()
    for name in stored():
        os.utime(storages["private"].path(name), (old, old))

    assert poster.sweep() == 1

    assert stored() == named()


def test_a_sign_that_no_font_has_is_recorded_and_not_tried_again():
    event = factories.event(title_en="Docking 😀", title_zh_hans="对接会")
    with logged() as log:
        assert poster.draw_due() == 4

    lacking = Poster.objects.filter(language="en").values_list("missing", "file")
    assert list(lacking) == [("😀", ""), ("😀", "")]
    assert Poster.objects.drawn().count() == 2
    assert "😀" in str(log.of("events.domain.poster"))
    assert poster.draw_due() == 0
    event.title_en = "Docking"
    event.save()
    assert poster.draw_due() == 2
    assert Poster.objects.drawn().count() == 4


def test_fonts_that_were_added_are_tried(settings):
    factories.event()
    poster.draw_due()
    settings.POSTER_FONTS = ["/nowhere/font.otf"]

    assert poster.draw_due() == 4


def test_one_that_cannot_be_drawn_keeps_no_other_out(settings):
    factories.upcoming_event(title_en="First 😀", title_zh_hans="甲😀")
    other = factories.event()
    # The sign is looked for in a font that is not there.
    settings.POSTER_FONTS = ["/nowhere/font.otf"]

    assert poster.draw_due() == 4

    assert set(Poster.objects.values_list("event", flat=True)) == {other.pk}


def test_a_round_ends_and_the_next_one_goes_on(monkeypatch):
    factories.event()
    monkeypatch.setattr(poster, "SECONDS", 0)
    assert poster.draw_due() == 0
    monkeypatch.setattr(poster, "SECONDS", 60)

    assert poster.draw_due() == 4


@pytest.mark.django_db(transaction=True)
def test_two_workers_leave_one_poster_of_each_kind():
    factories.event()

    results = at_once(poster.draw_due, poster.draw_due)

    assert not [each for each in results if isinstance(each, Exception)]
    assert Poster.objects.count() == 4
    assert stored() == named()


def test_a_round_costs_the_same_for_one_event_and_three():
    counts = []
    for more in (1, 2):
        for _number in range(more):
            factories.role(event=factories.event())
        poster.draw_due()
        with CaptureQueriesContext(connection) as queries:
            poster.draw_due()
        counts.append(len(queries))

    assert counts == [5, 5]


def test_day_place_and_sponsors_are_in_the_language_of_the_poster():
    event = factories.event(
        city_en="Shijiazhuang",
        city_zh_hans="石家庄",
        venue_en="Conference Centre",
        venue_zh_hans="会议中心",
    )

    assert lines(event, "en", ["Bureau"]) == {
        "When": "29 October 2020 (Thu) 09:00–17:00 China time",
        "Where": "Conference Centre, Shijiazhuang",
        "Sponsors": "Bureau",
    }
    assert lines(event, "zh-hans", ["甲局", "乙局", "丙局", "丁局"]) == {
        "时间": "2020年10月29日（星期四）09:00–17:00（北京时间）",
        "地点": "石家庄 会议中心",
        "主办单位": "甲局；乙局；丙局等",
    }


def test_a_postponed_event_says_so_in_place_of_its_day():
    event = factories.upcoming_event()
    postponement.postpone(event)

    assert content(event).notice == "Postponed: the new date will be announced"
    assert "When" not in lines(event)


@pytest.mark.parametrize(
    ("status", "notice"), [("published", ""), ("cancelled", "This event has been cancelled")]
)
def test_a_cancelled_event_says_so(status, notice):
    event = factories.event(status=status)

    assert content(event).notice == notice
    assert "When" in lines(event)


def test_an_event_with_a_new_date_and_an_invented_one_say_so():
    event = factories.upcoming_event(is_demonstration=True)
    postponement.postpone(event, to=event.starts_at + dt.timedelta(days=9))

    assert content(event).notice == "New date; An invented event, for demonstration"


def test_hidden_sponsors_are_on_no_poster():
    event = factories.event()
    shown = factories.role(event=event).organization
    hidden = factories.role(event=event, organization=factories.organization(is_public=False))

    texts = [str(content) for _event, content, _shape, _digest in poster._due(Event.objects.all())]

    assert [shown.name_en in text or shown.name_zh_hans in text for text in texts] == [True] * 4
    assert not any(hidden.organization.name_en in text for text in texts)


def test_the_code_leads_to_the_page_in_the_language_of_the_poster(settings):
    settings.SITE_URL = "https://summit.example.org"
    event = factories.event(slug="sjz-2020")

    assert content(event, "zh-hans").address == (
        "https://summit.example.org/zh-hans/events/sjz-2020/"
    )


def test_an_event_that_is_deleted_takes_its_posters_along():
    event = factories.event()
    poster.draw_due()

    Event.objects.filter(pk=event.pk).delete()

    assert not Poster.objects.exists()


def test_organizers_are_told_what_is_being_drawn_and_what_cannot_be():
    event = factories.event(title_en="Docking 😀", title_zh_hans="对接会")
    kinds = [("zh-hans", "tall"), ("zh-hans", "wide"), ("en", "tall"), ("en", "wide")]
    assert [each[:2] for each in poster.states_of(event)] == kinds
    assert [(each.poster, each.is_due) for each in poster.states_of(event)] == [(None, True)] * 4
    poster.draw_due()

    states = poster.states_of(event)

    assert [each.is_due for each in states] == [False] * 4
    assert [each.poster.missing for each in states] == ["", "", "😀", "😀"]
    event.title_zh_hans = "洽谈会"
    event.save()
    assert [each.is_due for each in poster.states_of(event)] == [True, True, False, False]


def test_of_a_draft_there_is_nothing_to_tell():
    assert poster.states_of(factories.event(status="draft")) == []
