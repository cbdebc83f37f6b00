"""Visits of experts in the admin: asked for, corrected, the passport data shown on purpose."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from events.models import OrganizerScope
from submissions.domain import visit
from submissions.models import ExpertLink, ExpertVisit, PassportData
from tests import factories
from tests.backoffice.posting import do, errors, filled, save, url
from tests.cast import make_organizer
from tests.two_series import world

pytestmark = pytest.mark.django_db
SECRETS = ("ZZ9900877", "CANARY", "Canary", "1971")


@pytest.fixture
def hale():
    return factories.expert(name_en="Ann Hale")


@pytest.fixture
def asked(hale):
    return factories.expert_visit(factories.expert_link(hale))


@pytest.fixture
def given(asked):
    return factories.passport_data(asked)


def send_link(person, expert, **typed):
    until = (timezone.localdate() + dt.timedelta(days=30)).isoformat()
    data = {"email": "h@example.org", "language": "en", "until": until} | typed
    return do(person, expert, "send-link", **data)


def sheet_of(visit):
    return reverse("admin:submissions_expertvisit_invitation", args=[visit.pk])


# What is asked


def test_a_link_asks_about_a_visit(organizer, hale):
    event = factories.upcoming_event()

    send_link(organizer, hale, visit_to=event.pk, asks_travel="on")

    made = ExpertVisit.objects.get()
    assert (made.expert, made.event, made.asked_by) == (hale, event, organizer.user)
    assert (made.asks_travel, made.asks_passport) == (True, False)
    assert AuditEntry.objects.get(action="expert_link_sent").details["event"] == event.slug
    page = organizer.get(url(hale, "action", "send-link"))
    assert page.context["form"].initial["visit_to"] == event.pk
    assert str(event.title) in organizer.get(url(hale, "change")).text


@pytest.mark.parametrize(
    ("typed", "name", "said"),
    [
        ({"asks_travel": "on"}, "visit_to", "Choose the event"),
        ({"asks_passport": "on"}, "visit_to", "Choose the event"),
        ({"visit_to": "ours"}, "visit_to", "Tick what to ask for"),
        ({"visit_to": "ours", "asks_passport": "on", "email": ""}, "email", "needs an e-mail"),
        ({"visit_to": "past", "asks_travel": "on"}, "visit_to", "valid choice"),
        ({"visit_to": "off", "asks_travel": "on"}, "visit_to", "valid choice"),
    ],
)
def test_what_cannot_be_asked_is_refused_beside_its_box(organizer, hale, typed, name, said):
    events = {
        "ours": factories.upcoming_event(),
        "past": factories.event(),
        "off": factories.upcoming_event(status="cancelled"),
    }
    if "visit_to" in typed:
        typed = typed | {"visit_to": events[typed["visit_to"]].pk}

    page = send_link(organizer, hale, **typed)

    assert said in str(page.context["form"].errors[name])
    assert not ExpertVisit.objects.exists()
    assert not ExpertLink.objects.exists()


def test_a_link_without_event_keeps_the_visit(organizer, hale, asked):
    send_link(organizer, hale)

    asked.refresh_from_db()
    assert (asked.asks_travel, asked.asks_passport) == (True, True)
    assert ExpertLink.objects.working().count() == 1


# The page of a visit


def test_organizers_correct_how_somebody_travels(organizer, asked):
    day = f"{asked.event.starts_at.astimezone(asked.event.zone):%Y-%m-%dT08:00}"

    response = save(organizer, asked, arrives_at=day, arrival_by="MU 1")

    assert response.status_code == 302
    asked.refresh_from_db()
    assert asked.arrives_at.astimezone(asked.event.zone).hour == 8
    assert (asked.arrival_by, asked.version) == ("MU 1", 2)


def test_times_far_from_the_event_are_refused(organizer, asked):
    page = save(organizer, asked, arrives_at="2001-01-01T08:00")

    assert "more than 60 days before it" in str(errors(page)["arrives_at"])


def test_expert_saves_while_the_page_is_open(organizer, asked):
    opened = filled(organizer.get(url(asked, "change")))
    link = ExpertLink.objects.get()
    visit.save_travel(asked, {"arrival_by": "By Ann"}, version=asked.version, link=link)

    refused = organizer.post(
        url(asked, "change"), opened | {"arrival_by": "By staff", "_save": "Save"}
    )

    assert "was changed after you opened it" in refused.text
    assert "By staff" in refused.text
    asked.refresh_from_db()
    assert asked.arrival_by == "By Ann"


def test_visits_stand_in_the_workspace_of_the_event(organizer, auditor, asked):
    asked.arrival_by = "CA 938"
    asked.arrives_at = asked.event.starts_at - dt.timedelta(days=1)
    asked.save()
    workspace = reverse("admin:events_event_experts", args=[asked.event.pk])

    page = organizer.get(workspace).text

    assert "Ann Hale" in page
    assert "CA 938" in page
    assert "not entered yet" in page
    assert "CA 938" not in auditor.get(workspace).text


def test_workspace_costs_the_same_for_more_visits(organizer, asked, django_assert_max_num_queries):
    workspace = reverse("admin:events_event_experts", args=[asked.event.pk])
    organizer.get(workspace)
    with django_assert_max_num_queries(100) as counted:
        organizer.get(workspace)
    for _number in range(2):
        factories.expert_visit(event=asked.event)

    with django_assert_max_num_queries(len(counted)):
        organizer.get(workspace)


# The passport


def test_passport_data_is_masked_everywhere(organizer, superuser, hale, asked, given):
    pages = [
        url(asked, "change"),
        url(ExpertVisit, "changelist"),
        url(hale, "change"),
        reverse("admin:events_event_experts", args=[asked.event.pk]),
        reverse("admin:submissions_expertvisit_history", args=[asked.pk]),
        url(asked, "action", "erase-passport"),
        sheet_of(asked),
    ]

    for person in (organizer, superuser):
        for address in pages:
            page = person.get(address)
            assert page.status_code == 200
            assert not [secret for secret in SECRETS if secret in page.text], address
    assert "•••••••77" in organizer.get(url(asked, "change")).text


def test_shown_once_for_a_purpose_that_is_recorded(organizer, asked, given):
    shown = organizer.post(sheet_of(asked), {"purpose": "Letter to the foreign affairs office"})

    assert all(secret in shown.text for secret in ("ZZ9900877", "CANARY, ANN QUILL", "1971-02-03"))
    assert "护照号码" in shown.text
    assert "女 · female" in shown.text
    assert "Passport number" in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    assert "noindex" in shown.headers["X-Robots-Tag"]
    entry = AuditEntry.objects.get(action="passport_shown")
    assert entry.actor_name == organizer.user.get_username()
    assert entry.details == {
        "event": asked.event.slug,
        "purpose": "Letter to the foreign affairs office",
    }
    traces = f"{entry.subject}{list(LogEntry.objects.values())}{list(AuditEntry.objects.values())}"
    assert not [secret for secret in SECRETS if secret in traces]
    assert "ZZ9900877" not in organizer.get(sheet_of(asked)).text


@pytest.mark.parametrize("purpose", ["", "   ", None])
def test_without_a_purpose_nothing_is_shown(organizer, asked, given, purpose):
    response = organizer.post(sheet_of(asked), {} if purpose is None else {"purpose": purpose})

    assert response.status_code == 422
    assert "ZZ9900877" not in response.text
    assert not AuditEntry.objects.filter(action="passport_shown").exists()


def test_where_nothing_was_entered_nothing_is_shown(organizer, asked):
    assert "No passport data has been entered." in organizer.get(sheet_of(asked)).text
    assert organizer.post(sheet_of(asked), {"purpose": "Letter"}).status_code == 422


def test_who_has_no_permission_sees_the_visit_alone(asked, given):
    person = make_organizer()
    person.user.groups.clear()
    names = ["view_expertvisit", "change_expertvisit", "view_event", "view_expert"]
    person.user.user_permissions.set(Permission.objects.filter(codename__in=names))

    assert person.get(url(asked, "change")).status_code == 200
    assert person.get(sheet_of(asked)).status_code == 403
    assert person.post(sheet_of(asked), {"purpose": "Letter"}).status_code == 403


def test_auditors_see_no_visits(auditor, asked, given):
    assert auditor.get(url(ExpertVisit, "changelist")).status_code == 403
    assert auditor.get(url(asked, "change")).status_code == 403
    assert auditor.post(sheet_of(asked), {"purpose": "Letter"}).status_code == 403


def test_who_is_limited_reads_those_of_the_own_events():
    two = world()
    ours, theirs = (
        factories.passport_data(ExpertVisit.objects.get(event=each.event)).visit
        for each in (two.mine, two.beyond)
    )

    listed = two.organizer.get(url(ExpertVisit, "changelist")).context["cl"].result_list
    assert list(listed) == [ours]
    assert two.organizer.post(sheet_of(ours), {"purpose": "Letter"}).status_code == 200
    assert two.organizer.post(sheet_of(theirs), {"purpose": "Letter"}).status_code == 404
    do(two.organizer, theirs, "erase-passport")
    assert PassportData.objects.count() == 2
    page = send_link(two.organizer, two.mine.expert, visit_to=theirs.event.pk, asks_travel="on")
    assert "valid choice" in str(page.context["form"].errors["visit_to"])


def test_a_visit_to_an_event_beyond_is_not_named_on_the_expert():
    two = world()
    factories.expert_visit(factories.expert_link(two.mine.expert), two.beyond.event)

    assert OrganizerScope.objects.exists()
    assert "Beyond title" not in two.organizer.get(url(two.mine.expert, "change")).text


def test_passport_data_is_erased_now(organizer, asked, given):
    assert "erase-passport" in buttons_of(organizer, asked)

    do(organizer, asked, "erase-passport")

    assert not PassportData.objects.exists()
    assert ExpertVisit.objects.exists()
    entry = AuditEntry.objects.get(action="expert_visits_erased")
    assert entry.actor_name == organizer.user.get_username()
    assert "erase-passport" not in buttons_of(organizer, asked)


def buttons_of(person, row):
    found = person.get(url(row, "change")).context["row_actions"]
    return [getattr(button, "name", "") for button, _address in found]


def test_a_visit_is_erased_with_its_traces(organizer, asked, given):
    save(organizer, asked, arrival_by="MU 1")

    do(organizer, asked, "erase")

    assert not ExpertVisit.objects.exists()
    assert not PassportData.objects.exists()
    assert "MU 1" not in str(list(LogEntry.objects.values()))


def test_no_export_holds_passport_data(organizer, hale, given):
    experts = "/admin/events/expert/"

    assert organizer.get(url(ExpertVisit, "changelist")).context["action_form"] is None
    offered = organizer.get(experts).context["action_form"].fields["action"].choices
    for name in [name for name, _label in offered if name]:
        ticked = {"action": name, "_selected_action": [hale.pk]}
        response = organizer.post(experts, ticked, follow=True)
        body = response.getvalue() if response.streaming else response.content
        assert b"ZZ9900877" not in body
