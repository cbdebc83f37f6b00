"""The work list of submissions: who sees what, how it is filtered, and what is done with many."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from mail.models import OutboundMail
from submissions.domain import privacy, review
from submissions.domain.acceptance import accept_fields
from submissions.domain.decisions import Choice
from submissions.models import Decision, Submission
from tests import factories
from tests.backoffice.posting import buttons, confirm, confirm_seen, do, select, url
from tests.cast import make_organizer
from tests.two_series import world

pytestmark = pytest.mark.django_db

LIST = url(Submission, "changelist")
ACCEPT = Choice(Decision.Outcome.ACCEPTED)


def sent(call=None, **fields):
    return factories.submission(call, **{"status": "sent"} | fields)


def named(name, call=None, **fields):
    return sent(call, values=factories.NEED | {"need_title": name}, **fields)


def listed(person, query=""):
    page = person.get(LIST + query)
    assert page.status_code == 200
    return [row.title for row in page.context["cl"].result_list]


def test_what_waits_stands_at_the_top_and_drafts_below(organizer):
    factories.submission(values={"need_title": "draft"})
    returned = named("returned")
    review.return_with_reason(returned, reason="More", by=organizer.user)
    named("first")
    named("second")

    assert listed(organizer) == ["second", "first", "returned", "draft"]


def test_filters(organizer):
    call = factories.call()
    call.closes_at = timezone.now() + dt.timedelta(days=3)
    district = factories.district()
    full = factories.NEED | {
        "need_title": "whole",
        "existing_basis": "A line and ten people",
        "sectors": [factories.sector().slug],
        "budget": {"negotiable": True},
        "keywords": "blood",
    }
    sent(call, values=full, district=district, proven_at=timezone.now())
    mine = named("mine")
    review.assign(mine, to=organizer.user)
    factories.submission(values={"need_title": "draft"})

    assert listed(organizer, "?complete=yes") == ["whole"]
    assert listed(organizer, "?complete=no") == ["mine", "draft"]
    assert listed(organizer, "?review=mine") == ["mine"]
    assert listed(organizer, "?review=waiting") == ["mine", "whole"]
    assert listed(organizer, "?review=nobody") == ["whole"]
    assert listed(organizer, f"?call__id__exact={call.pk}") == ["whole"]
    assert listed(organizer, f"?district__id__exact={district.pk}") == ["whole"]
    assert listed(organizer, f"?event__id__exact={call.event_id}") == ["whole"]
    assert listed(organizer, "?status__exact=draft") == ["draft"]


def test_what_is_searched_for_is_in_no_address(organizer):
    named("Rapid", by=factories.sender(contact_name="Zephyrine Quill"))
    named("Slow")

    answer = organizer.post(LIST, {"q": "Zephyrine"})

    assert "Zephyrine" not in answer.url
    page = organizer.get(answer.url)
    assert [row.title for row in page.context["cl"].result_list] == ["Rapid"]


def test_the_list_costs_the_same_for_one_and_for_three(
    organizer, django_assert_max_num_queries, django_assert_num_queries
):
    call = factories.call()
    named("one", call)
    listed(organizer)
    with django_assert_max_num_queries(40) as counted:
        listed(organizer)
    for name in "two", "three":
        named(name, call)

    with django_assert_num_queries(len(counted.captured_queries)):
        assert len(listed(organizer)) == 3


def test_who_is_limited_sees_those_of_the_own_events():
    two = world()
    named("ours", factories.call(event=two.mine.event))
    theirs = named("theirs", factories.call(event=two.beyond.event))
    named("of series", factories.call(series=two.mine.series, event=None))

    assert set(listed(two.organizer)) == {"ours", "of series"}
    assert two.organizer.get(url(theirs, "change")).status_code == 302
    assert do(two.organizer, theirs, "throw-away").status_code == 302
    assert Submission.objects.filter(pk=theirs.pk).exists()
    assert "2 submissions are waiting" in two.organizer.get(reverse("admin:index")).text


def test_auditors_see_none(auditor):
    named("ours")

    assert auditor.get(LIST).status_code == 403
    assert "waiting for review" not in auditor.get(reverse("admin:index")).text


def test_assigned_to_me(organizer):
    one, two = named("one"), named("two")
    done = named("done")
    review.refuse(done, reason="No", by=organizer.user)

    page = select(organizer, "assign-to-me", one, two, done)
    confirm(organizer, page)

    assert listed(organizer, "?review=mine&status__exact=sent") == ["two", "one"]
    assert page.context["left_out"] == 1


def test_assigned_to_a_colleague_who_finds_it(organizer):
    one, two = named("one"), named("two")
    colleague = make_organizer("colleague")

    page = select(organizer, "assign", one, two)
    confirm(organizer, page, reviewer=colleague.user.pk)

    assert listed(colleague, "?review=for-me") == ["two", "one"]
    assert listed(organizer, "?review=for-me") == []
    assert "2 submissions are assigned to you" in colleague.get(reverse("admin:index")).text
    assert "assigned to you</a>" not in organizer.get(reverse("admin:index")).text
    review.refuse(one, reason="No", by=colleague.user)
    one.refresh_from_db()
    assert listed(colleague, "?review=for-me") == ["two"]
    assert listed(colleague, "?review=mine") == ["two", "one"]


def test_what_began_lately_and_who_confirmed_nothing_are_found(organizer):
    old = named("old", proven_at=timezone.now())
    Submission.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=3))
    named("new")

    assert listed(organizer, "?begun=hour") == listed(organizer, "?begun=day") == ["new"]
    assert listed(organizer, "?begun=week") == ["new", "old"]
    assert listed(organizer, "?confirmed=no") == ["new"]
    assert listed(organizer, "?confirmed=yes") == ["old"]


def test_a_wave_of_spam_is_thrown_away_in_one_go(organizer):
    kept = named("kept")
    accept_fields(kept, {"need_title": ACCEPT}, by=organizer.user)
    wave = [named(f"Buy now {number}") for number in range(3)]
    draft = factories.submission(values={"need_title": "Buy a draft"})

    confirm(organizer, select(organizer, "throw-away", *wave, draft, kept))

    assert listed(organizer) == ["kept"]
    assert not OutboundMail.objects.exclude(submission=kept).exists()
    entry = AuditEntry.objects.get(action="submissions_erased")
    assert entry.details == {"people": 4, "reason": "spam"}
    assert LogEntry.objects.filter(object_repr__startswith="submission N").count() == 4


def test_a_wave_that_grew_while_the_page_was_open_is_refused(organizer):
    one, other = named("one"), named("other")
    page = select(organizer, "throw-away", one, other)
    accept_fields(one, {"need_title": ACCEPT}, by=organizer.user)

    confirm(organizer, page, _shown=page.context["shown"])

    assert Submission.objects.count() == 2


def test_several_are_returned_or_refused_with_one_reason(organizer):
    one, two = named("one"), named("two")

    confirm(organizer, select(organizer, "return", one), reason="Name a budget.")
    confirm(organizer, select(organizer, "refuse", one, two), reason="Not medical.")

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.status, one.reason) == ("returned", "Name a budget.")
    assert (two.status, two.reason, two.reviewer) == ("refused", "Not medical.", organizer.user)


def test_without_a_reason_the_page_says_so_and_keeps_the_rest(organizer):
    made = named("one")

    page = do(organizer, made, "refuse", reason=" ")

    assert "reason" in page.context["form"].errors
    made.refresh_from_db()
    assert made.status == "sent"


def test_the_reason_to_return_begins_with_what_is_missing_in_the_own_language(organizer):
    made = named("one")

    page = organizer.get(url(made, "action", "return"))

    assert "No budget is given." in page.context["form"]["reason"].value()
    assert "e-mail" not in page.context["form"]["reason"].value()


def test_returned_after_the_deadline_with_a_day_until_which_it_may_be_sent(organizer):
    made = named("one")
    call = made.call
    call.closes_at = timezone.now() - dt.timedelta(hours=1)
    call.save()
    day = timezone.localdate(timezone.now() + dt.timedelta(days=5), call.zone)

    do(organizer, made, "return", reason="Name a budget.", until=day.isoformat())

    made = Submission.objects.select_related("call__event").get()
    assert made.may_be_sent
    assert timezone.localtime(made.late_until, call.zone).date() == day
    assert made.mails.filter(kind="submission_returned").count() == 1
    assert not made.mails.filter(kind="submission_late").exists()
    assert AuditEntry.objects.filter(action="submission_late").count() == 1


def test_late_sending_is_permitted_for_a_draft_until_the_end_of_a_day(organizer):
    draft = factories.submission()
    past = timezone.localdate() - dt.timedelta(days=2)

    refused = do(organizer, draft, "permit-late", until=past.isoformat())
    assert "until" in refused.context["form"].errors
    missing = do(organizer, draft, "permit-late")
    assert "until" in missing.context["form"].errors
    do(organizer, draft, "permit-late", until=timezone.localdate().isoformat())

    draft.refresh_from_db()
    assert draft.is_permitted_late


def test_refused_while_somebody_else_decides(organizer):
    made = named("one")
    page = organizer.get(url(made, "action", "refuse"))
    accept_fields(made, {"need_title": ACCEPT}, by=organizer.user)

    answer = confirm_seen(organizer, made, "refuse", page, reason="Typed with care")

    assert "Typed with care" in answer.text
    made.refresh_from_db()
    assert made.status == "partly_accepted"


def test_what_is_offered(organizer):
    made = named("one")
    assert buttons(organizer, made) == [
        *("assign-to-me", "assign", "return", "confirm-contact", "refuse", "throw-away", "erase"),
    ]
    accept_fields(made, dict.fromkeys(made.values, ACCEPT), by=organizer.user)
    assert buttons(organizer, made) == ["erase"]


def test_the_project_says_where_it_came_from(organizer, auditor):
    made = sent(by=factories.sender(organization_name="Quillfeather"))
    accept_fields(made, dict.fromkeys(made.values, ACCEPT), by=organizer.user)

    address = url(made.project, "change")

    assert url(made, "change") in organizer.get(address).text
    assert "Quillfeather" in organizer.get(address).text
    assert "Quillfeather" not in auditor.get(address).text


def test_a_project_that_only_waits_for_a_change_says_nothing(organizer):
    project = factories.project(kind="request")
    made = sent()
    Submission.objects.filter(pk=made.pk).update(project=project)

    assert "came-from" not in organizer.get(url(project, "change")).text


def test_the_workspace_of_the_event_counts_them(organizer):
    made = named("Rapid")
    named("Slow", made.call)
    factories.submission(made.call)
    event = made.call.event

    page = organizer.get(url(event, "overview"))

    counts = {str(label): (number, link) for label, number, link in page.context["counts"]}
    assert counts["Calls"] == (1, url(event, "calls"))
    assert counts["Submissions"] == (2, url(event, "submissions"))
    assert any("Call closes" in str(step.words) for step in page.context["steps"])


def test_the_pages_of_the_event_show_its_calls_and_what_waits(organizer):
    event = factories.event(series=factories.series())
    made = named("Rapid", factories.call(event=event))
    ours = factories.call(event=None, series=event.series)
    for call in (ours, factories.call()):
        named("Elsewhere", call)
    done = named("Done", made.call)
    review.refuse(done, reason="No.", by=organizer.user)

    calls = organizer.get(url(event, "calls"))
    waiting = organizer.get(url(event, "submissions"))

    assert {(row.pk, row.handed_in, row.waiting) for row, *_ in calls.context["calls"]} == {
        (made.call.pk, 2, 1),
        (ours.pk, 1, 1),
    }
    assert [row.title for row, *_ in waiting.context["submissions"]] == ["Rapid"]
    assert waiting.context["numbers"] == {
        **{"handed_in": 2, "waiting": 1, "accepted": 0, "drafts": 0}
    }
    inside = organizer.get(url(made, "change"))
    assert f'href="{url(event, "submissions")}" aria-current="page"' in inside.text


def test_what_was_erased_waits_for_nobody(organizer):
    event = factories.event()
    made = named("Rapid", factories.call(event=event))
    privacy.erase([made], reason="own_wish")
    named("Next", made.call)

    start = organizer.get(reverse("admin:index")).text
    calls = organizer.get(url(event, "calls")).context["calls"]
    inside = organizer.get(url(event, "submissions")).context

    assert listed(organizer, "?review=waiting") == listed(organizer, "?review=nobody") == ["Next"]
    assert listed(organizer) == ["Next", ""]
    assert "1 submission is waiting" in start
    assert [(row.handed_in, row.waiting) for row, *_ in calls] == [(2, 1)]
    assert [row.title for row, *_ in inside["submissions"]] == ["Next"]
    assert (inside["numbers"]["handed_in"], inside["numbers"]["waiting"]) == (2, 1)


def test_the_pages_of_the_event_cost_the_same_with_one_and_three(
    organizer, django_assert_num_queries, django_assert_max_num_queries
):
    made = named("one")
    for page in ("calls", "submissions"):
        address = url(made.call.event, page)
        organizer.get(address)
        with django_assert_max_num_queries(30) as counted:
            organizer.get(address)
        named("two", made.call)
        named("three", factories.call(event=made.call.event))
        with django_assert_num_queries(len(counted.captured_queries)):
            organizer.get(address)


def test_a_mail_leads_to_its_submission(organizer):
    made = named("one")

    page = organizer.get(reverse("admin:mail_outboundmail_changelist"))

    assert url(made, "change") in page.text
