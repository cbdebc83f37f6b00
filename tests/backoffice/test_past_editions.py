"""What an edition of before brings along: a typed attendance, and follow-ups done earlier."""

import datetime as dt

import pytest
from django.urls import reverse

from projects.models import FollowUp
from tests import factories
from tests.backoffice.posting import buttons, do, select, url, use_on_selected

pytestmark = pytest.mark.django_db

NUMBER = {"number": "230", "source": "sign-in sheets"}
EARLIER = {"done_on": "2021-02-01", "note": "As the ledger of 2021 says."}


def report_of(person, subject, ending="", query=""):
    kind = subject._meta.model_name.removeprefix("event") or "event"
    address = reverse(f"admin:report_{kind}{ending}", args=[subject.slug])
    response = person.get(address + query)
    assert response.status_code == 200
    return response.content.decode("utf-8-sig")


# Attendance


def test_attendance_of_an_old_event_is_typed_on_its_page(organizer):
    event = factories.event(series=factories.series())
    assert "type-attendance" in buttons(organizer, event)

    do(organizer, event, "type-attendance", **NUMBER)

    event.refresh_from_db()
    assert (event.typed_attendance, event.typed_attendance_source) == (230, "sign-in sheets")
    page = organizer.get(url(event, "action", "type-attendance"))
    assert page.context["form"].initial == {"number": 230, "source": "sign-in sheets"}


def test_attendance_is_refused_in_words_where_people_registered(organizer):
    event = factories.registration_settings().event
    factories.registered(event)
    type(event).objects.filter(pk=event.pk).update(
        starts_at=factories.at(9), ends_at=factories.at(17)
    )
    event.refresh_from_db()
    assert "type-attendance" not in buttons(organizer, event)

    page = do(organizer, event, "type-attendance", **NUMBER)

    assert "counts the people who were checked in" in page.text


def test_attendance_without_source_keeps_what_was_typed(organizer):
    event = factories.event()

    page = do(organizer, event, "type-attendance", number="230", source="")

    assert "Enter where the number comes from" in page.text
    assert 'value="230"' in page.text


def test_report_names_a_typed_number_with_its_source_and_adds_it_to_none(organizer):
    series = factories.series()
    event = factories.event(
        series=series, typed_attendance=1230, typed_attendance_source="sign-in sheets"
    )

    for subject in (event, series):
        page = report_of(organizer, subject)
        assert "1,230" in page and "entered by hand, source: sign-in sheets" in " ".join(
            page.split()
        )
        lines = report_of(organizer, subject, "_csv").splitlines()
        [line] = [each for each in lines if each.startswith("typed_attendance")]
        assert f"typed_attendance:{event.slug}" in line
        assert line.endswith(
            ',1230,people,"Entered by hand, not counted here. Source: sign-in sheets"'
        )
        [arrived] = [each for each in lines if each.startswith("arrived,")]
        assert ",0," in arrived


@pytest.mark.parametrize("changes", [{"status": "draft"}, {"typed": False}, {"registered": True}])
def test_report_tells_nothing_of_what_is_draft_untyped_or_counted(organizer, changes):
    event = factories.event(
        typed_attendance=None if "typed" in changes else 1230,
        typed_attendance_source="" if "typed" in changes else "sign-in sheets",
        status=changes.get("status", "published"),
    )
    if "registered" in changes:
        factories.registration_settings(event=event)
        type(event).objects.filter(pk=event.pk).update(
            starts_at=factories.at(9, day=dt.date(2999, 1, 1)),
            ends_at=factories.at(10, day=dt.date(2999, 1, 1)),
        )
        event.refresh_from_db()
        factories.registered(event)
        type(event).objects.filter(pk=event.pk).update(
            starts_at=factories.at(9), ends_at=factories.at(17)
        )

    assert "sign-in sheets" not in report_of(organizer, event)


def test_copy_of_an_event_leaves_its_attendance_behind(organizer):
    event = factories.event(typed_attendance=230, typed_attendance_source="sign-in sheets")

    do(organizer, event, "copy", starts_on="2030-01-10", title_en="Another")

    new = type(event).objects.exclude(pk=event.pk).get()
    assert (new.typed_attendance, new.typed_attendance_source) == (None, "")


# Follow-ups


def test_selected_follow_ups_are_closed_as_done_earlier(organizer):
    old = factories.signed_intention().follow_ups.all()
    ahead = factories.follow_up(in_days=5)

    page = select(organizer, "close-earlier", *old, ahead)
    assert page.context["count"], page.context["left_out"] == (len(old), 1)
    use_on_selected(organizer, "close-earlier", *old, ahead, **EARLIER)

    closed = FollowUp.objects.filter(outcome="earlier")
    assert set(closed) == set(old)
    assert {row.note for row in closed} == {EARLIER["note"]}


def test_follow_up_that_is_not_overdue_is_not_closed(organizer):
    ahead = factories.follow_up(in_days=5)
    assert "close-earlier" not in buttons(organizer, ahead)

    page = do(organizer, ahead, "close-earlier", **EARLIER | {"done_on": "2020-12-01"})

    assert "Only overdue follow-ups" in page.text


def test_ceremony_closes_the_overdue_follow_ups_of_what_was_signed_in_it(organizer):
    event = factories.event(series=factories.series())
    session = factories.session(event=event, kind="signing")
    inside = factories.signed_intention(event=event, session=session)
    outside = factories.signed_intention(event=event)
    page = organizer.get(url(session, "action", "close-follow-ups"))
    assert f"Close {inside.follow_ups.count()} overdue follow-ups as done earlier" in page.text

    do(organizer, session, "close-follow-ups", **EARLIER)

    assert {row.outcome for row in inside.follow_ups.all()} == {"earlier"}
    assert {row.outcome for row in outside.follow_ups.all()} == {""}
    assert "close-follow-ups" not in buttons(organizer, session)
    page = do(organizer, session, "close-follow-ups", **EARLIER)
    assert "No follow-up of an intention signed here is overdue." in page.text


def test_ceremony_closes_none_without_a_note(organizer):
    session = factories.session(event=factories.event(series=factories.series()))
    signed = factories.signed_intention(event=session.event, session=session)

    page = do(organizer, session, "close-follow-ups", **EARLIER | {"note": ""})

    assert "Enter who did it" in page.text
    assert not signed.follow_ups.filter(outcome="earlier").exists()


def test_auditor_closes_nothing(auditor):
    session = factories.session(event=factories.event(series=factories.series()))
    signed = factories.signed_intention(event=session.event, session=session)

    assert do(auditor, session, "close-follow-ups", **EARLIER).status_code == 403
    assert do(auditor, signed.follow_ups.first(), "close-earlier", **EARLIER).status_code == 403


def test_report_counts_what_was_done_earlier_apart(organizer):
    signed = factories.signed_intention()
    use_on_selected(organizer, "close-earlier", *signed.follow_ups.all(), **EARLIER)

    lines = report_of(organizer, signed.event, "_csv").splitlines()

    told = {line.partition(",")[0]: line for line in lines}
    assert f",{signed.follow_ups.count()},follow-ups" in told["follow_ups_earlier"]
    assert ",0,follow-ups" in told["follow_ups_done"]
    assert ",0,follow-ups" in told["follow_ups_overdue"]
    assert not any("earlier" in key for key in told if key.startswith("follow_up_outcomes"))
