"""Participants of meetings in the admin: admitted, added, changed, brought together, kept apart."""

import pytest
from django.contrib.admin.models import LogEntry

from events.models import OrganizerScope
from mail.models import OutboundMail
from meetings.mail_kinds import Kind
from meetings.models import Delegation, Meeting, MeetingRequest, Participant, RatherNot
from registrations.models import Registration
from tests import factories
from tests.backoffice.posting import (
    buttons,
    do,
    filled,
    inline,
    save,
    select,
    url,
    use_on_selected,
)
from tests.backoffice.workspace.pages import cost
from tests.meetings import rows

pytestmark = pytest.mark.django_db
Status = Participant.Status


@pytest.fixture
def event():
    return rows.meeting_event()


@pytest.fixture
def ann(event):
    return rows.participant(event, name="Ann")


@pytest.fixture
def bao(event):
    return rows.owner(event, name="鲍明")


def listed(person, query=""):
    page = person.get(url(Participant, "changelist") + query)
    return [row.registration.name for row in page.context["cl"].result_list]


# Finding them


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?status__exact=admitted", ["Ann", "鲍明"]),
        ("?status__exact=applied", []),
        ("?side__exact=owner", ["鲍明"]),
        ("?speaks=en", ["鲍明"]),
        ("?listed=no", ["鲍明"]),
    ],
)
def test_list_is_filtered(organizer, ann, bao, query, names):
    Participant.objects.filter(pk=bao.pk).update(listed_at=None, languages=["en", "de"])

    assert listed(organizer, query) == names


@pytest.mark.parametrize(("words", "names"), [("baoming", ["鲍明"]), ("Ann", ["Ann"]), ("zzz", [])])
def test_search_finds_by_name_and_pinyin_and_no_address_tells_it(organizer, ann, bao, words, names):
    answer = organizer.post(url(Participant, "changelist"), {"q": words})

    assert words not in answer.url.split("?q=")[0]
    page = organizer.get(answer.url)
    assert [row.registration.name for row in page.context["cl"].result_list] == names


def test_list_is_filtered_by_the_delegations_of_its_event(organizer, event, ann, bao):
    ours = rows.delegation(event, name="Ours")
    rows.delegation(rows.meeting_event(), name="Others’")
    Participant.objects.filter(pk=ann.pk).update(delegation=ours)

    page = organizer.get(url(Participant, "changelist"), {"event__id__exact": event.pk})
    assert "Ours" in page.text
    assert "Others’" not in page.text
    assert listed(organizer, f"?event__id__exact={event.pk}&delegation={ours.pk}") == ["Ann"]


def test_list_costs_as_much_with_one_and_with_three(organizer, event):
    rows.participant(event)
    one = cost(organizer, url(Participant, "changelist"))
    rows.participant(event)
    rows.owner(event)

    assert cost(organizer, url(Participant, "changelist")) == one


# Admitting


def test_one_is_admitted_and_told(organizer, event):
    applied = rows.participant(event, status=Status.APPLIED, admitted_at=None)

    do(organizer, applied, "admit")

    applied.refresh_from_db()
    assert (applied.status, applied.admitted_by) == (Status.ADMITTED, organizer.user)
    assert OutboundMail.objects.filter(kind=Kind.ADMITTED).count() == 1


def test_many_are_admitted_at_once(organizer, event):
    people = [rows.participant(event, status=Status.APPLIED, admitted_at=None) for _ in range(2)]

    use_on_selected(organizer, "admit", *people)

    assert Participant.objects.admitted().count() == 2


def test_who_is_refused_is_told_of_what_ends(organizer, ann, bao):
    meeting = rows.meeting(ann, bao)

    page = organizer.get(url(ann, "action", "refuse"))
    do(organizer, ann, "refuse")

    assert "鲍明" in page.text
    ann.refresh_from_db()
    meeting.refresh_from_db()
    assert (ann.status, meeting.status) == (Status.REFUSED, Meeting.Status.CANCELLED)


def test_buttons_are_those_that_fit(organizer, ann):
    assert buttons(organizer, ann) == [
        *("ask", "arrange", "delegation", "keep-apart", "leave", "refuse"),
    ]


def test_attendees_are_added_from_their_list(organizer, event, ann):
    person = factories.proven(event, name="Cheng")

    use_on_selected(
        organizer,
        "add-to-meetings",
        person,
        ann.registration,
        side="owner",
        languages=["zh", "en"],
        listed="on",
    )

    added = Participant.objects.get(registration=person)
    assert (added.status, added.side, added.languages) == (Status.ADMITTED, "owner", ["zh", "en"])
    assert added.listed_at is not None
    ann.refresh_from_db()
    # Who was there already stays as they were.
    assert ann.side == "company"


def test_attendee_of_an_event_without_meetings_is_not_added(organizer):
    person = factories.proven(factories.registration_settings().event)

    assert "add-to-meetings" not in buttons(organizer, person)
    page = organizer.get(url(person, "action", "add-to-meetings"))
    assert "offers no one-to-one meetings" in page.text


def test_experts_of_the_programme_are_registered_and_admitted_in_one_step(organizer, event):
    expert = factories.expert(name_en="Dr Hale", name_zh_hans="黑尔", languages=["en"])
    session = factories.session(event=event, starts_at=event.starts_at, ends_at=event.ends_at)
    factories.appearance(session=session, expert=expert)
    project = factories.project()
    factories.recommendation(event=event, session=session, expert=expert, project=project)

    page = do(
        organizer,
        event,
        "admit-experts",
        experts=[expert.pk],
        language="zh-hans",
        source="The programme",
    )

    assert page.status_code == 302
    added = Participant.objects.get(expert=expert)
    assert (added.status, added.side, added.languages) == (Status.ADMITTED, "owner", ["en"])
    assert added.registration.name == "黑尔"
    assert added.registration.category == Registration.Category.SPEAKER
    assert list(added.projects.all()) == [project]
    again = organizer.get(url(event, "action", "admit-experts"))
    assert list(again.context["form"].fields["experts"].queryset) == []


def test_experts_without_a_language_are_asked_for_one(organizer, event):
    expert = factories.expert(name_en="Dr Hale", languages=[])
    session = factories.session(event=event, starts_at=event.starts_at, ends_at=event.ends_at)
    factories.appearance(session=session, expert=expert)
    given = {"experts": [expert.pk], "language": "en", "source": "The programme"}

    refused = do(organizer, event, "admit-experts", **given)
    do(organizer, event, "admit-experts", **given, languages=["de"])

    assert "none are known of Dr Hale" in refused.text
    assert Participant.objects.get(expert=expert).languages == ["de"]


# Changing


def test_what_is_said_of_a_person_is_changed(organizer, event, ann):
    group = rows.delegation(event)

    save(
        organizer,
        ann,
        **{"side": "owner", "languages": ["zh", "en"], "topics": "Blood", "listed": None},
        delegation=str(group.pk),
    )

    ann.refresh_from_db()
    assert (ann.side, ann.languages, ann.topics) == ("owner", ["zh", "en"], "Blood")
    assert (ann.delegation, ann.listed_at, ann.version) == (group, None, 2)


def test_times_away_are_typed_in_the_zone_of_the_event(organizer, event, ann):
    day = event.starts_on.isoformat()
    away = {"starts_at": f"{day}T09:00", "ends_at": f"{day}T10:00"}

    save(organizer, ann, **inline("absences", away))

    [absence] = ann.absences.all()
    assert absence.starts_at.astimezone(event.zone).strftime("%H:%M") == "09:00"


def test_of_two_who_edit_a_participant_the_second_is_told(organizer, superuser, ann):
    page = url(ann, "change")
    opened = {**filled(organizer.get(page)), "topics": "Mine"}
    save(superuser, ann, topics="Theirs")

    refused = organizer.post(page, {**opened, "_save": "Save"})

    assert "This was changed after you opened it" in refused.text
    ann.refresh_from_db()
    assert ann.topics == "Theirs"


def test_people_are_put_into_a_delegation_by_its_name(organizer, event, ann):
    other = rows.participant(event)

    use_on_selected(organizer, "delegation", ann, other, name="Hebei Hospital")

    made = Delegation.objects.get()
    assert (made.name, made.event, made.members.count()) == ("Hebei Hospital", event, 2)

    do(organizer, ann, "delegation", name="")

    assert made.members.count() == 1


def test_people_of_two_events_come_in_no_one_delegation(organizer, ann):
    other = rows.participant(rows.meeting_event())

    page = use_on_selected(organizer, "delegation", ann, other, name="Mixed")

    assert "Choose people of one event." in page.text
    assert not Delegation.objects.exists()


# Two people


def test_organizer_asks_for_somebody_on_the_phone(organizer, ann, bao):
    do(organizer, ann, "ask", other=bao.pk, reason="Blood tests", priority="1")

    asked = MeetingRequest.objects.get()
    assert (asked.asker, asked.asked, asked.entered_by) == (ann, bao, organizer.user)
    assert (asked.reason, asked.priority, asked.status) == ("Blood tests", 1, "open")


def test_meeting_of_two_is_agreed_at_once_and_both_are_told(organizer, ann, bao):
    do(organizer, ann, "arrange", other=bao.pk, priority="0")

    meeting = Meeting.objects.get()
    assert (meeting.origin, meeting.request) == (Meeting.Origin.ORGANIZER, None)
    assert [person.participant for person in meeting.people.all()] == [ann, bao]
    assert OutboundMail.objects.filter(kind=Kind.ARRANGED).count() == 2


def test_meeting_of_the_selected_two_is_agreed(organizer, ann, bao):
    use_on_selected(organizer, "arrange-two", ann, bao, priority="2")

    assert Meeting.objects.get().priority == 2


def test_of_three_no_meeting_is_agreed(organizer, event, ann, bao):
    page = use_on_selected(organizer, "arrange-two", ann, bao, rows.owner(event), priority="0")

    assert "Select exactly two people." in page.text
    assert not Meeting.objects.exists()


def test_pair_that_is_kept_apart_is_not_brought_together(organizer, ann, bao):
    do(organizer, ann, "keep-apart", other=bao.pk)

    refused = do(organizer, bao, "arrange", other=ann.pk, priority="0")

    assert RatherNot.objects.get().entered_by == organizer.user
    assert "kept apart" in refused.text
    assert not Meeting.objects.exists()


# Who may


def test_auditor_reads_and_does_nothing(auditor, event, ann, bao):
    assert auditor.get(url(ann, "change")).status_code == 200
    assert buttons(auditor, ann) == []
    for name in ("admit", "refuse", "leave", "ask", "arrange", "keep-apart", "delegation"):
        assert auditor.post(url(ann, "action", name), {"other": bao.pk}).status_code == 403
    assert auditor.get(url(event, "apart")).status_code == 403
    assert auditor.get(url(RatherNot, "changelist")).status_code == 403


def test_limited_organizer_finds_nobody_of_other_events(organizer, ann):
    OrganizerScope.objects.create(user=organizer.user, series=factories.series())

    assert listed(organizer) == []
    assert organizer.get(url(ann, "change")).status_code == 302
    assert organizer.post(url(ann, "action", "refuse")).status_code == 302
    ann.refresh_from_db()
    assert ann.status == Status.ADMITTED


def test_nobody_is_deleted_or_added_by_hand(superuser, ann):
    assert superuser.get(url(Participant, "add")).status_code == 403
    assert superuser.get(url(ann, "delete")).status_code == 403


def test_hostile_names_are_shown_as_they_are_written(organizer, event):
    hostile = "<script>alert('x')</script>"
    one = rows.participant(event, name=hostile)
    other = rows.owner(event, name=hostile)
    rows.request(one, other, reason=hostile)
    pages = [
        url(Participant, "changelist"),
        url(one, "change"),
        url(one, "action", "ask"),
        url(MeetingRequest, "changelist"),
        url(MeetingRequest.objects.get(), "change"),
        url(event, "apart"),
        url(event, "delegations"),
    ]

    for page in pages:
        assert "<script>alert" not in organizer.get(page).text, page


def test_no_log_of_the_admin_names_anybody(organizer, event):
    one = rows.participant(event, name="Unmistakable")
    do(organizer, one, "refuse")
    save(organizer, one, topics="x")

    told = "".join(f"{each.object_repr} {each.change_message}" for each in LogEntry.objects.all())
    assert LogEntry.objects.count() >= 2
    assert "Unmistakable" not in told


def test_pages_are_in_both_languages(organizer, ann, bao, settings):
    rows.request(ann, bao)
    organizer.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"

    page = organizer.get(url(ann, "change"))

    assert "洽谈" in page.text
    assert "设置回避" in page.text
    assert select(organizer, "admit", ann).status_code == 200
