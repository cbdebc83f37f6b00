"""The page on which a submission is reviewed."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from events.models import Organization
from projects.models import Project
from submissions.domain import review
from submissions.domain import submission as submissions
from submissions.models import Decision, Submission
from tests import factories
from tests.backoffice.posting import buttons, confirm_seen, do, url
from tests.cast import make_organizer
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def sent(**fields):
    return factories.submission(**{"status": "sent"} | fields)


def page_of(person, submission):
    return person.get(url(submission, "change"))


def as_shown(page) -> dict:
    """Return what a browser sends of the review page if nothing is touched."""
    form, data = page.context["form"], {"_seen": str(page.context["seen"])}
    for bound in form:
        value, widget = bound.value(), bound.field.widget
        parts = getattr(widget, "widgets", None)
        if parts is None:
            data[bound.html_name] = "" if value is None else value
            continue
        for number, part in enumerate(widget.decompress(value)):
            if part not in (None, False):
                data[f"{bound.html_name}_{number}"] = part
    return data


def decide(person, submission, page=None, *, do="chosen", **typed):
    page = page or page_of(person, submission)
    return person.post(url(submission, "change"), as_shown(page) | {"do": do} | typed)


def refusals(page):
    return page.context["form"].non_field_errors()


def outcomes():
    return dict(Decision.objects.values_list("field", "outcome"))


FULL = factories.NEED | {
    "problem": "First line.\r\nSecond line, which is long enough to be no remark.  ",
    "budget": {"from": "50", "to": "80.5"},
    "needed": [None, 2028],
    "solution_mode": "joint",
}


def test_accept_all_makes_a_draft_of_exactly_what_was_proposed(organizer):
    sector = factories.sector()
    made = sent(values=FULL | {"sectors": [sector.slug], "industry": factories.industry().code})

    response = decide(organizer, made, do="all")

    assert response.status_code == 302
    assert set(outcomes().values()) == {"accepted"}
    assert {each.field: each.accepted_value for each in Decision.objects.all()} == made.values
    [project] = Project.objects.all()
    assert (project.kind, project.status) == ("request", "draft")
    made.refresh_from_db()
    assert (made.status, made.project, made.reviewer) == ("accepted", project, organizer.user)


def test_the_chosen_ones_are_accepted_changed_or_left_out(organizer):
    made = sent()

    decide(
        organizer,
        made,
        mark_need_title="accept",
        mark_problem="accept",
        value_problem="A better text of the problem.",
        mark_goal="refuse",
    )

    assert outcomes() == {"need_title": "accepted", "problem": "edited", "goal": "refused"}
    assert Project.objects.get().summary_en == "A better text of the problem."
    made.refresh_from_db()
    assert made.status == "partly_accepted"
    page = page_of(organizer, made)
    assert page.context["may_review"]

    decide(organizer, made, do="all")
    assert len(outcomes()) == len(made.values)
    assert outcomes()["goal"] == "refused"


def test_amounts_years_and_choices_are_changed_too(organizer):
    sector = factories.sector(slug="imaging")
    made = sent(values=FULL | {"sectors": [factories.sector(slug="blood").slug]})

    page = decide(
        organizer,
        made,
        do="all",
        value_needed_0="2029",
        value_budget_0="90",
        value_budget_1="80",
        value_sectors=["imaging"],
    )
    assert list(page.context["form"].errors) == ["value_budget", "value_needed"]
    decide(
        organizer,
        made,
        do="all",
        value_needed_0="2027",
        value_budget_0="60万元",
        value_sectors=["imaging"],
        value_solution_mode="",
        mark_solution_mode="accept",
    )
    decide(
        organizer,
        made,
        do="all",
        value_needed_0="2027",
        value_budget_0="60万元",
        value_sectors=["imaging"],
    )

    accepted = dict(Decision.objects.values_list("field", "accepted_value"))
    assert accepted["needed"] == [2027, 2028]
    assert accepted["budget"] == {"from": "60", "to": "80.5"}
    assert accepted["solution_mode"] == "joint"
    assert list(Project.objects.get().sectors.all()) == [sector]


def test_accept_all_keeps_what_is_left_out_and_what_was_changed(organizer):
    made = sent()

    decide(organizer, made, do="all", mark_goal="refuse", value_problem="Changed " * 5)

    assert outcomes()["goal"] == "refused"
    assert outcomes()["problem"] == "edited"
    assert outcomes()["need_title"] == "accepted"


def test_a_changed_value_that_is_not_chosen_is_kept_on_the_page(organizer):
    made = sent()

    page = decide(organizer, made, mark_need_title="accept", value_goal="Typed with care")

    assert page.status_code == 422
    assert "Typed with care" in page.text
    assert list(page.context["form"].errors) == ["value_goal"]
    assert not Decision.objects.exists()


def test_an_emptied_value_is_refused_in_words(organizer):
    page = decide(organizer, sent(), mark_need_title="accept", value_need_title="")

    assert "Leave out" in page.context["form"].errors["value_need_title"][0]


def test_nothing_chosen(organizer):
    page = decide(organizer, sent())

    assert refusals(page) == ["Choose at least one value."]


def test_without_its_title_the_refusal_stands_at_the_title(organizer):
    page = decide(organizer, sent(), mark_goal="accept")

    assert "value_need_title" in page.context["form"].errors
    assert not Project.objects.exists()


def test_an_organization_of_that_name_is_proposed_as_the_owner(organizer):
    known = factories.organization(name_en="Quillfeather Instruments")
    by = factories.sender(organization_name="Quillfeather Instruments")
    made = sent(by=by)

    assert "Quillfeather Instruments" in page_of(organizer, made).text
    decide(organizer, made, do="all")

    assert Project.objects.get().owner == known


def test_a_new_organization_is_made_and_is_not_public(organizer):
    made = sent(by=factories.sender(organization_name="Nobody Knows It Ltd", credit_code="91X"))

    decide(organizer, made, do="all")

    owner = Organization.objects.get()
    assert Project.objects.get().owner == owner
    assert (owner.name_en, owner.is_public, owner.credit_code) == (
        "Nobody Knows It Ltd",
        False,
        "91X",
    )


def test_no_organization_for_now(organizer):
    decide(organizer, sent(), do="all", owner="")

    assert not Organization.objects.exists()
    assert Project.objects.get().owner is None


def test_the_owner_is_one_that_is_offered(organizer):
    other = factories.organization()

    page = decide(organizer, sent(), do="all", owner=str(other.pk))

    assert "owner" in page.context["form"].errors


def proposing(project, **values):
    call = factories.call(kind="offer" if project.kind == "offer" else "need")
    made = submissions.propose_changes(call, project, factories.sender(), language="en")
    submissions.save(
        made, factories.sender(email=made.email), {**made.base, **values}, version=made.version
    )
    return submissions.send(made, version=made.version)


def test_three_values_where_staff_changed_the_project_meanwhile(organizer):
    project = factories.project(kind="request", title_en="Old title", summary_en="Old summary")
    made = proposing(project, need_title="Proposed title", problem="Proposed summary, much longer")
    project.title_en = "Staff title"
    project.save()

    page = page_of(organizer, made)

    text = " ".join(re.sub(r"<[^>]*>", " ", page.text).split())
    assert "In the project when it was sent Old title" in text
    assert "In the project now Staff title" in text
    assert "Proposed Proposed title" in text
    assert "In the project when it was sent Old summary" not in text
    assert "In the project now Old summary" in text


def test_staff_change_the_project_while_the_page_is_open(organizer):
    project = factories.project(kind="request", title_en="Old title")
    made = proposing(project, need_title="Proposed title")
    page = page_of(organizer, made)
    project.title_en = "Staff title"
    project.save()

    refused = decide(organizer, made, page, mark_need_title="accept", value_need_title="My title")

    assert refused.status_code == 422
    assert "in the meantime" in refusals(refused)[0]
    assert "My title" in refused.text
    assert "Staff title" in refused.text
    assert not Decision.objects.exists()

    # What follows is the page of somebody who has been told.
    decide(organizer, made, refused)
    project.refresh_from_db()
    assert project.title_en == "My title"


def test_the_person_sends_another_text_while_the_page_is_open(organizer):
    made = sent()
    page = page_of(organizer, made)
    submissions.withdraw(made, version=made.version)
    values = made.values | {"need_title": "Slow blood test", "goal": "Another goal"}
    submissions.save(made, factories.sender(), values, version=made.version)
    submissions.send(made, version=made.version)

    refused = decide(
        organizer,
        made,
        page,
        mark_need_title="accept",
        mark_goal="accept",
        value_goal="My own goal",
    )

    assert not Decision.objects.exists()
    changed = {row.compared.field.key: row for row in refused.context["rows"] if row.is_changed}
    assert set(changed) == {"need_title", "goal"}
    assert changed["need_title"].was == "Rapid blood test"
    # A box that nobody touched has what is proposed now; what was typed is kept.
    assert changed["need_title"].box.value() == "Slow blood test"
    assert changed["goal"].box.value() == "My own goal"
    assert changed["goal"].mark.value() == "accept"

    decide(organizer, made, refused)
    assert outcomes() == {"need_title": "accepted", "goal": "edited"}


def test_withdrawn_while_the_page_is_open(organizer):
    made = sent()
    page = page_of(organizer, made)
    submissions.withdraw(made, version=made.version)

    refused = decide(organizer, made, page, mark_goal="accept", value_goal="Typed with care")

    assert not Decision.objects.exists()
    assert "Typed with care" in refused.text
    assert not refused.context["may_review"]
    assert "Nothing can be decided now" in refused.text


def test_two_reviewers_one_after_the_other(organizer):
    other, made = make_organizer("other"), sent()
    page = page_of(other, made)
    decide(organizer, made, mark_need_title="accept")

    refused = decide(other, made, page, mark_need_title="accept", value_need_title="Mine")

    assert refused.status_code == 422
    assert "Mine" in refused.text
    assert outcomes() == {"need_title": "accepted"}


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_make_one_project():
    one, other, made = make_organizer("one"), make_organizer("other"), sent()
    pages = [page_of(one, made), page_of(other, made)]

    answers = at_once(
        lambda: decide(one, made, pages[0], do="all"),
        lambda: decide(other, made, pages[1], do="all"),
    )

    assert sorted(answer.status_code for answer in answers) == [302, 422]
    assert Project.objects.count() == 1
    assert Decision.objects.count() == len(made.values)


def test_a_term_that_was_renamed_since(organizer):
    sector = factories.sector(slug="blood")
    made = sent(values=factories.NEED | {"sectors": ["blood"]})
    sector.slug = "haematology"
    sector.save()

    page = decide(organizer, made, do="all")

    assert "renamed or deleted" in page.context["form"].errors["value_sectors"][0]


def test_what_is_not_sent_is_not_shown(organizer):
    made = factories.submission()

    page = page_of(organizer, made)

    assert "Tests take two hours" not in page.text
    assert "has not been sent" in page.text
    assert buttons(organizer, made) == ["permit-late", "confirm-contact", "throw-away", "erase"]
    assert decide(organizer, made, page, do="all").status_code == 422
    assert not Decision.objects.exists()


def test_who_proposed_and_who_accepted_is_told_afterwards(organizer):
    made = sent(by=factories.sender(contact_name="Li Min", organization_name="Quillfeather"))
    decide(organizer, made, do="all")

    page = page_of(organizer, made)

    assert "Proposed by Li Min, Quillfeather." in page.text
    assert {by for *_told, by in page.context["decisions"]} == {"organizer"}
    assert reverse("admin:projects_project_change", args=[Project.objects.get().pk]) in page.text


def test_hostile_text_is_shown_as_text(organizer):
    hostile = '"><script>alert(1)</script>{{ 7|add:7 }}'
    made = sent(
        values=factories.NEED | {"need_title": hostile, "goal": hostile},
        by=factories.sender(organization_name=hostile, contact_name=hostile),
    )

    assert "<script>alert(1)" not in page_of(organizer, made).text
    assert "<script>alert(1)" not in organizer.get(url(Submission, "changelist")).text
    decide(organizer, made, do="all")
    assert "<script>alert(1)" not in page_of(organizer, made).text


@pytest.mark.parametrize("seen", ["", "x", "[]", "[1,2,3]", '["1",{},{}]', "null", "[" * 10_000])
def test_what_no_page_has_written_breaks_nothing(organizer, seen):
    made = sent()

    response = organizer.post(url(made, "change"), {"_seen": seen, "mark_need_title": "accept"})

    assert response.status_code in (302, 422)


def test_an_erased_one_tells_nothing(organizer):
    made = sent()
    decide(organizer, made, do="all")
    do(organizer, made, "erase")

    page = page_of(organizer, made)

    assert "Li Min" not in page.text
    assert "Tests take two hours" not in page.text
    assert page.context["rows"] == []


def test_auditors_and_strangers_see_none(auditor, stranger):
    made = sent()

    for person in (auditor, stranger):
        assert page_of(person, made).status_code in (302, 403)
        assert person.post(url(made, "change"), {"do": "all"}).status_code in (302, 403)
    assert not Decision.objects.exists()


def test_a_reviewer_who_may_only_read_decides_nothing(organizer):
    made = sent()
    review.assign(made, to=organizer.user)
    reader = make_organizer("reader")
    reader.user.groups.clear()
    reader.user.user_permissions.set(
        Permission.objects.filter(codename__in=["view_submission", "view_call"])
    )

    page = page_of(reader, made)

    assert page.status_code == 200
    assert 'name="do"' not in page.text
    assert reader.post(url(made, "change"), {"do": "all"}).status_code == 403


def test_a_decision_leads_to_the_next_one_waiting_where_that_is_ticked(organizer):
    call = factories.call()
    first, second = sent(call=call), sent(call=call)

    page = page_of(organizer, first)
    assert "Next one waiting (1 more)" in page.text
    answer = decide(organizer, first, page, do="all", next="1")
    assert answer.url == f"{url(second, 'change')}?next=1"
    following = organizer.get(answer.url)

    assert 'name="next" value="1" checked' not in following.text
    assert "Next one waiting" not in following.text
    last = decide(organizer, second, following, do="all", next="1")
    assert last.url == url(second, "change")


def test_a_tick_to_go_on_stays_ticked(organizer):
    first, second, _third = (sent(call=factories.call()) for _number in range(3))

    shown = organizer.get(f"{url(second, 'change')}?next=1")
    refused = decide(organizer, first, next="1")

    assert 'name="next" value="1" checked' in shown.text
    assert refused.status_code == 422
    assert 'name="next" value="1" checked' in refused.text


def test_who_only_reads_and_a_colleague_with_work_of_their_own_are_led_nowhere(organizer):
    first = sent()
    sent(reviewer=make_organizer("other").user)

    assert "Next one waiting" not in page_of(organizer, first).text


def test_contact_is_confirmed_as_it_was_shown(organizer):
    made = sent(by=factories.sender(email="", phone="+8613800138000"))
    page = organizer.get(url(made, "action", "confirm-contact"))
    assert "138 0013 8000" in page.text
    Submission.objects.filter(pk=made.pk).update(phone="+8613900139000")

    refused = confirm_seen(organizer, made, "confirm-contact", page)

    assert refused.status_code == 200
    assert Submission.objects.get().proven_at is None
    assert not AuditEntry.objects.filter(action="submission_contact").exists()

    assert confirm_seen(organizer, made, "confirm-contact", refused).status_code == 302
    assert Submission.objects.get().proven_at
    assert AuditEntry.objects.filter(action="submission_contact").count() == 1
    assert "confirm-contact" not in buttons(organizer, made)


def test_confirmed_contact_is_not_confirmed_again(organizer):
    made = sent(proven_at=timezone.now())

    page = do(organizer, made, "confirm-contact")

    assert "It is confirmed already." in page.text
    assert not AuditEntry.objects.filter(action="submission_contact").exists()


def test_who_reads_alone_confirms_no_contact(auditor):
    made = sent()

    assert do(auditor, made, "confirm-contact").status_code == 403
    assert Submission.objects.get().proven_at is None
