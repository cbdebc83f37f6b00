"""What organizers see of meetings that were held, and do with what came of them."""

import datetime as dt
import io

import openpyxl
import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from audit.models import AuditEntry
from events.models import Organization, OrganizerScope, SiteProfile
from meetings.models import (
    Meeting,
    MeetingFeedback,
    MeetingOutcome,
    MeetingRequest,
    Participant,
    RatherNot,
)
from projects.models import CooperationIntention
from tests import factories
from tests.backoffice.posting import buttons, confirm_seen, do, select, url
from tests.factories import save
from tests.meetings import rows

pytestmark = pytest.mark.django_db

LISTED = url(Meeting, "changelist")
Kind = MeetingOutcome.Kind


def held(event=None, names=("Wang Li", "Tobias Rennick"), **fields):
    """A meeting that was held at a past event, of a company and an expert."""
    event = event or rows.meeting_event()
    one = rows.participant(event, name=names[0])
    other = rows.owner(event, name=names[1], **fields)
    return rows.meeting(one, other, status=Meeting.Status.HELD)


def outcome(meeting, kind=Kind.KEEP_TALKING, **fields):
    return save(MeetingOutcome(meeting=meeting, kind=kind, **fields))


def listed(person, query=""):
    answer = person.get(LISTED + query)
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


def found(person, words):
    answer = person.post(LISTED, {"q": words})
    return listed(person, answer.url.removeprefix(LISTED))


def test_the_list_finds_by_pinyin_of_either_side(organizer):
    first = held(names=("王丽", "Tobias Rennick"))
    second = held(names=("李敏", "Amelia Thornfield"))

    assert found(organizer, "wangli") == [first]
    assert found(organizer, "Rennick 王丽") == [first]
    assert found(organizer, "thornfield") == [second]
    assert found(organizer, "Rennick 李敏") == []


def test_the_filters_leave_what_they_say(organizer):
    event = rows.meeting_event()
    today = timezone.localdate()
    missing = held(event)
    late = held(event)
    outcome(late, next_step="Send", due_on=today - dt.timedelta(days=1))
    soon = held(event)
    outcome(soon, Kind.INTENTION, next_step="Call", due_on=today)
    done = held(event)
    outcome(done, Kind.NONE, next_step="Call", done_on=today)

    for query, expected in (
        ("outcome=missing", [missing]),
        ("outcome=keep_talking", [late]),
        ("step=overdue", [late]),
        ("step=soon", [soon]),
        ("step=open", [late, soon]),
        ("step=done", [done]),
        ("intention=no", [soon]),
        ("status__exact=agreed", []),
    ):
        assert sorted(listed(organizer, f"?{query}"), key=lambda row: row.pk) == expected, query


def test_figures_of_the_report_lead_to_their_meetings(organizer):
    meeting = held()
    other = held(meeting.event)
    outcome(other)

    query = f"?figure=meetings_outcome_not_told&scope=event:{meeting.event.slug}"

    assert listed(organizer, query) == [meeting]
    page = organizer.get(f"/admin/report/event/{meeting.event.slug}/")
    assert query.replace("&", "&amp;") in page.text


@pytest.mark.parametrize("model", [Participant, MeetingRequest])
def test_figures_of_people_and_requests_lead_to_their_lists(organizer, model):
    event = rows.meeting_event()
    one, other = rows.participant(event), rows.owner(event)
    rows.request(one, other)
    figure = "meetings_participants" if model is Participant else "meetings_requested"

    query = f"?figure={figure}&scope=event:{event.slug}"

    page = organizer.get(f"/admin/report/event/{event.slug}/")
    assert query.replace("&", "&amp;") in page.text
    found = organizer.get(url(model, "changelist") + query).context["cl"].result_list
    assert len(found) == model.objects.count()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_tells_who_when_where_and_what_came_of_it(organizer, language):
    meeting = held()
    outcome(meeting, note="They want samples.", next_step="Send samples", next_step_by="Wang Li")
    version = rows.published(meeting.event)
    rows.placed(version, meeting, interpreter=rows.interpreter(meeting.event, name="Chen Yu"))
    organizer.cookies["django_language"] = language

    page = organizer.get(url(meeting, "change"))

    for text in (
        "Wang Li",
        "Tobias Rennick",
        "A1",
        "Chen Yu",
        "They want samples.",
        "Send samples",
    ):
        assert text in page.text, text


def test_nobody_types_over_a_meeting_or_deletes_it(organizer):
    meeting = held()

    assert organizer.post(url(meeting, "change"), {"origin": "queue"}).status_code == 403
    assert organizer.post(url(meeting, "delete"), {"post": "yes"}).status_code == 403
    assert organizer.get(url(Meeting, "add")).status_code == 403


RECORDED = {"kind": "keep_talking", "note": "They want samples.", "next_step": "Send samples"}


def test_an_outcome_is_recorded_and_changed(organizer):
    meeting = held()

    do(organizer, meeting, "outcome", **RECORDED, due_on="2030-02-01", version=0)
    do(organizer, meeting, "outcome", **RECORDED | {"kind": "intention"}, version=1)

    made = MeetingOutcome.objects.get()
    assert (made.kind, made.note, made.next_step) == ("intention", *list(RECORDED.values())[1:])
    assert (made.due_on, made.recorded_by, made.version) == (None, organizer.user, 2)


def test_two_who_record_an_outcome_at_once_are_told(organizer):
    meeting = held()
    page = organizer.get(url(meeting, "action", "outcome"))
    do(organizer, meeting, "outcome", kind="none", version=0)

    answer = confirm_seen(organizer, meeting, "outcome", page, **RECORDED)

    assert "Somebody else recorded “no interest” in the meantime." in answer.text
    assert "They want samples." in answer.text
    assert MeetingOutcome.objects.get().kind == "none"
    confirm_seen(organizer, meeting, "outcome", answer, **RECORDED)
    assert MeetingOutcome.objects.get().kind == "keep_talking"


@pytest.mark.parametrize("status", ["cancelled", "no_show"])
def test_what_was_not_held_has_no_outcome(organizer, status):
    meeting = held()
    Meeting.objects.update(status=status)

    page = do(organizer, meeting, "outcome", **RECORDED, version=0)

    assert page.status_code == 200
    assert not MeetingOutcome.objects.exists()


def test_an_intention_is_drafted_with_what_is_known(organizer):
    recommended = factories.recommendation()
    event = recommended.event
    company = factories.organization(name_en="Hebei Kangyuan Medical")
    event_ = rows.meeting_event()
    meeting = held(event_, expert=recommended.expert)
    meeting.projects.add(recommended.project)
    one = meeting.people.get(side=1).participant.registration
    one.organization_name = "Hebei Kangyuan Medical"
    one.save()

    page = organizer.get(url(meeting, "action", "draft"))
    assert page.context["form"]["company"].value() == str(company.pk)
    do(organizer, meeting, "draft", company=company.pk)

    intention = CooperationIntention.objects.get()
    assert (intention.event, intention.company, intention.expert) == (
        event_,
        company,
        recommended.expert,
    )
    assert [link.project for link in intention.project_links.all()] == [recommended.project]
    assert meeting.event != event
    made = MeetingOutcome.objects.get()
    assert (made.meeting, made.kind, made.intention) == (meeting, Kind.INTENTION, intention)


def test_an_intention_is_drafted_with_a_new_organization_and_once(organizer):
    meeting = held()
    one = meeting.people.get(side=1).participant.registration
    one.organization_name = "Shijiazhuang Ruikang"
    one.save()

    do(organizer, meeting, "draft", company="new")

    [added] = Organization.objects.filter(name_en="Shijiazhuang Ruikang")
    assert not added.is_public
    assert CooperationIntention.objects.get().company == added
    assert "draft" not in buttons(organizer, meeting)
    page = do(organizer, meeting, "draft", company="")
    assert "There is an intention from this meeting already." in page.text
    assert CooperationIntention.objects.count() == 1


def test_an_abandoned_intention_is_drafted_anew(organizer):
    meeting = held()
    do(organizer, meeting, "draft", company="")
    CooperationIntention.objects.update(status="abandoned", closed_on=timezone.localdate())

    do(organizer, meeting, "draft", company="")

    assert CooperationIntention.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "agreed"}, "Only a meeting that was held leads to an intention."),
        ({"kind": Kind.NONE}, "Record “intention to be signed” as the outcome"),
    ],
)
def test_a_draft_is_refused_in_words(organizer, change, words):
    meeting = held()
    if "kind" in change:
        outcome(meeting, change["kind"])
    else:
        Meeting.objects.update(**change)

    page = do(organizer, meeting, "draft", company="")

    assert words in page.text
    assert not CooperationIntention.objects.exists()


def test_a_next_step_is_done_once_and_on_no_day_to_come(organizer):
    meeting = held()
    assert "step-done" not in buttons(organizer, meeting)
    step = outcome(meeting, next_step="Send samples")
    tomorrow = meeting.event.today + dt.timedelta(days=1)

    page = do(organizer, meeting, "step-done", done_on=tomorrow.isoformat())
    assert "This day is still to come." in page.text
    do(organizer, meeting, "step-done", done_on=meeting.event.today.isoformat())

    step.refresh_from_db()
    assert step.done_on == meeting.event.today
    page = do(organizer, meeting, "step-done", done_on=meeting.event.today.isoformat())
    assert "The next step is done already." in page.text


def test_the_admins_log_names_nobody(organizer):
    meeting = held()
    outcome(meeting, next_step="Call Wang Li")

    do(organizer, meeting, "step-done", done_on=meeting.event.today.isoformat())

    told = " ".join(
        f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all()
    )
    assert "Wang" not in told and "Rennick" not in told


def test_who_is_limited_reaches_nothing_beyond(organizer):
    event = rows.meeting_event(series=factories.series())
    OrganizerScope.objects.create(user=organizer.user, series=event.series)
    own, beyond = held(event), held()

    assert listed(organizer) == [own]
    assert organizer.get(url(beyond, "change")).status_code == 302
    assert do(organizer, beyond, "draft", company="").status_code == 302
    assert not CooperationIntention.objects.exists()


def test_auditors_read_and_do_nothing(auditor):
    meeting = held()
    outcome(meeting, next_step="Send")

    assert auditor.get(url(meeting, "change")).status_code == 200
    assert buttons(auditor, meeting) == []
    assert do(auditor, meeting, "draft", company="").status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_list_and_page_take_the_same_queries(organizer, django_assert_max_num_queries, number):
    SiteProfile.load()
    event = rows.meeting_event()
    version = rows.published(event)
    for place in range(number):
        meeting = held(event)
        outcome(meeting, next_step="Send")
        rows.placed(version, meeting, slot=place)

    with django_assert_max_num_queries(30) as queries:
        organizer.get(LISTED)

    assert len(queries) == 13


# The file


def export(person, file_format="csv", **given):
    return person.post(
        f"{LISTED}export/all/",
        {"file_format": file_format, "purpose": "report", "recipient": "bureau"} | given,
    )


def test_the_file_names_people_and_is_recorded(organizer):
    meeting = held()
    outcome(meeting, Kind.FIRST_CONTACT, note="=2+2", next_step="Send samples")
    rows.placed(rows.published(meeting.event), meeting)

    answer = export(organizer)

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    for part in ("Wang Li", "Tobias Rennick", "A1", "first contact", "Send samples"):
        assert part in text
    entry = AuditEntry.objects.filter(action="list_exported").get()
    assert entry.subject == "list · meetings.meeting"
    assert (entry.details["rows"], entry.details["recipient"]) == (1, "bureau")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(export(organizer, "xlsx"))))
    assert "Wang Li" in str([[cell.value for cell in row] for row in book.active])


def test_who_may_not_export_attendees_gets_no_names(auditor, organizer):
    held()

    assert export(auditor).status_code == 403


# Feedback


def test_feedback_is_read_by_organizers_and_changed_by_nobody(organizer):
    meeting = held()
    people = [row.participant for row in meeting.people.all()]
    said = save(
        MeetingFeedback(meeting=meeting, participant=people[0], rating=4, note="A good talk.")
    )

    page = organizer.get(url(MeetingFeedback, "changelist")).text

    assert "Wang Li" in page and "Tobias Rennick" in page and "A good talk." in page
    assert organizer.post(url(said, "change"), {"rating": 1}).status_code == 403
    assert organizer.post(url(said, "delete"), {"post": "yes"}).status_code == 403


def test_kept_apart_pairs_in_the_schedule_are_found_by_the_report(organizer):
    meeting = held()
    Meeting.objects.update(status="agreed")
    one, other = (row.participant for row in meeting.people.all())
    save(RatherNot(participant=one, other=other))
    rows.placed(rows.published(meeting.event), meeting)

    query = f"?figure=meetings_unwanted&scope=event:{meeting.event.slug}"

    assert listed(organizer, query) == [meeting]
    assert select(organizer, "export_rows", meeting).status_code == 200
