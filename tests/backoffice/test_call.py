"""Calls in the admin: their page, what they ask for, the notice and the summary."""

import pytest

from events.models import OrganizerScope
from submissions.models import Call
from tests import factories
from tests.backoffice.posting import do, save, url

pytestmark = pytest.mark.django_db


def test_new_call_asks_for_everything_and_is_a_draft(organizer):
    event = factories.upcoming_event()
    times = {"opens_at": "2027-03-01T09:00", "closes_at": "2027-04-01T18:00"}

    response = save(
        organizer, Call, "add", title_zh_hans="需求征集", event=event.pk, kind="need", **times
    )

    assert response.status_code == 302, response.context["adminform"].form.errors
    made = Call.objects.get()
    assert (made.status, made.slug) == ("draft", "xu-qiu-zheng-ji")
    assert "goal" in made.asked
    assert made.required == ["need_title"]
    assert made.opens_at == factories.at(9, day=made.opens_at.date())


def test_ticks_say_what_is_asked_and_what_is_required(organizer):
    call = factories.call()

    save(organizer, call, asked=["problem"], required=["goal"])

    call.refresh_from_db()
    # What must be filled in is asked.
    assert call.asked == ["need_title", "problem", "goal"]
    assert call.required == ["need_title", "goal"]


def test_call_that_closes_before_it_opens_is_refused(organizer):
    call = factories.call()

    page = save(organizer, call, opens_at="2027-04-01T09:00", closes_at="2027-03-01T09:00")

    assert "The call must close after it opens." in page.text


def test_call_is_published_and_taken_off_the_site(organizer):
    call = factories.call(status="draft")

    do(organizer, call, "publish")
    call.refresh_from_db()
    assert call.status == "published"

    do(organizer, call, "unpublish")
    call.refresh_from_db()
    assert call.is_draft


def test_call_with_submissions_is_kept_and_says_how_many(organizer):
    call = factories.call(status="draft")
    factories.submission(call)

    page = organizer.post(url(call, "delete"), {"post": "yes"})

    assert Call.objects.exists()
    assert "1 submissions and drafts" in page.text


def test_notice_has_the_address_of_the_district_chosen(organizer):
    district = factories.district(slug="xinhua", name_zh_hans="新华区")
    call = factories.call(title_zh_hans="需求征集", districts=[district])

    page = organizer.get(url(call, "notice") + "?language=zh-hans&district=xinhua")

    assert "需求征集" in page.text
    assert f"http://testserver/zh-hans/calls/{call.slug}/?district=xinhua" in page.text
    assert "<svg" in page.text
    assert "?district" not in organizer.get(url(call, "notice") + "?district=none").text


def test_summary_counts_against_the_target(organizer):
    district = factories.district(name_en="Xinhua")
    call = factories.call(districts=[(district, 4)])
    factories.submission(call, status="sent", district=district)

    text = organizer.get(url(call, "summary")).text

    assert "Xinhua" in text
    assert "25 %" in text


def test_who_is_limited_sees_the_calls_of_their_events_alone(organizer):
    theirs, other = factories.call(), factories.call()
    OrganizerScope.objects.create(user=organizer.user, event=theirs.event)
    person = organizer

    assert person.get(url(theirs, "change")).status_code == 200
    assert person.get(url(other, "change")).status_code == 302
    assert person.get(url(other, "summary")).status_code == 404
    listed = person.get(url(Call, "changelist")).text
    assert theirs.title_en in listed
    assert other.title_en not in listed
