"""Accepting what a submission proposes, value by value."""

import pytest
from django.core.exceptions import ValidationError

from contacts.models import Contact
from projects.models import Project
from submissions.domain import review
from submissions.domain import submission as submissions
from submissions.domain.acceptance import accept_fields, owners_alike
from submissions.domain.comparison import compare
from submissions.domain.decisions import ChangedMeanwhile, Choice
from submissions.models import Decision, Submission
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db
ACCEPT, REFUSE = Choice(Decision.Outcome.ACCEPTED), Choice(Decision.Outcome.REFUSED)


def edit(value):
    return Choice(Decision.Outcome.EDITED, value)


def all_of(submission):
    return dict.fromkeys(submission.values, ACCEPT)


def test_accepting_all_makes_a_draft_request(organizer):
    values = factories.NEED | {
        "keywords": "blood, POCT",
        "budget": {"from": "50", "to": "80"},
        "needed": [2027, 2028],
        "solution_mode": "joint",
        "sectors": [factories.sector(slug="medicine").slug],
    }
    made = factories.submission(
        factories.call(), values=values, status="sent", district=factories.district()
    )

    accept_fields(made, all_of(made), by=organizer.user)

    [project] = Project.objects.all()
    assert (project.kind, project.status) == ("request", "draft")
    assert project.title_en == "Rapid blood test"
    assert project.summary_en.startswith("Tests take two hours")
    assert project.description_en == (
        "### Key technology needed\n\nA cartridge that needs no laboratory.\n\n"
        "### Expected results\n\nResults within ten minutes."
    )
    assert project.price == "500,000–800,000 CNY"
    assert (project.needed_from.year, project.needed_until.year) == (2027, 2028)
    assert project.sectors.get().slug == "medicine"
    assert project.district == made.district
    assert project.history.latest().history_user == organizer.user
    assert Submission.objects.get().status == "accepted"
    assert made.mails.filter(kind="submission_accepted").count() == 1
    assert Contact.objects.get().project == project
    assert Decision.objects.filter(by=organizer.user).count() == len(values)


def test_accepted_values_read_back_as_they_were_proposed(organizer):
    values = factories.NEED | {
        "goal": "# not a heading\n### Key technology needed\nstill the goal",
        "budget": {"negotiable": True},
        "needed": [None, 2028],
        "industry": factories.industry().code,
    }
    made = factories.submission(factories.call(), values=values, status="sent")
    accept_fields(made, all_of(made), by=organizer.user)

    assert {each.field.key: each.current for each in compare(made)} == values


def test_some_values_accepted_and_the_rest_later(organizer):
    made = factories.submission(status="sent")
    accept_fields(made, {"need_title": ACCEPT, "goal": REFUSE}, by=organizer.user)

    project = Project.objects.get()
    assert (made.status, project.summary_en, project.description_en) == ("partly_accepted", "", "")

    rest = {key: ACCEPT for key in made.values if key != "need_title"}
    accept_fields(made, rest, by=organizer.user)
    assert made.status == "accepted"
    assert Project.objects.get().summary_en


@pytest.mark.parametrize(
    ("wish", "choices", "disclosure"),
    [
        ("bureau", {}, "bureau"),
        ("仅评审专家可见", {}, "bureau"),
        ("title", {"disclosure": ACCEPT}, "title"),
        ("bureau", {"disclosure": REFUSE}, "public"),
        ("bureau", {"disclosure": edit("participants")}, "participants"),
    ],
)
def test_wish_to_stay_private_holds_until_it_is_decided_otherwise(
    organizer, wish, choices, disclosure
):
    values = {"need_title": "Rapid blood test", "disclosure": wish}
    made = factories.submission(values=values, status="sent")

    accept_fields(made, {"need_title": ACCEPT, **choices}, by=organizer.user)

    assert Project.objects.get().disclosure == disclosure


def test_wish_changes_nothing_of_a_project_that_is_there(organizer):
    made = changes_to(factories.project(), offer_title="Better", disclosure="bureau")

    accept_fields(made, {"offer_title": ACCEPT}, by=organizer.user)

    assert Project.objects.get().disclosure == "public"


def test_edited_value_is_what_the_project_gets(organizer):
    made = factories.submission(status="sent")

    accept_fields(made, all_of(made) | {"need_title": edit("Better")}, by=organizer.user)

    decision = Decision.objects.get(field="need_title")
    assert Project.objects.get().title_en == "Better"
    assert (decision.outcome, decision.proposed_value, decision.accepted_value) == (
        *("edited", "Rapid blood test", "Better"),
    )


def test_without_a_title_nothing_is_made(organizer):
    made = factories.submission(status="sent")

    with pytest.raises(ValidationError):
        accept_fields(made, {"goal": ACCEPT}, by=organizer.user)

    assert not Project.objects.exists()
    assert not Decision.objects.exists()
    assert Submission.objects.get().status == "sent"


def test_refusing_every_value_is_no_acceptance(organizer):
    made = factories.submission(status="sent")

    with pytest.raises(ValidationError, match="Nothing is accepted"):
        accept_fields(made, dict.fromkeys(made.values, REFUSE), by=organizer.user)
    assert not Decision.objects.exists()


def changes_to(project, **values):
    made = submissions.propose_changes(
        factories.call(kind="offer"), project, factories.sender(), language="en"
    )
    submissions.save(made, factories.sender(email=made.email), values, version=made.version)
    return submissions.send(made, version=made.version)


def test_change_of_a_project_touches_what_was_accepted_alone(organizer):
    project = factories.project(
        summary_en="Old", summary_zh_hans="旧", advantages_en="Good", description_en="Long"
    )
    made = changes_to(project, summary="New", description="Longer")

    accept_fields(made, {"summary": ACCEPT}, by=organizer.user)

    project.refresh_from_db()
    assert (project.summary_en, project.description_en) == ("New", "Long")
    assert (project.advantages_en, project.summary_zh_hans) == ("Good", "旧")
    assert project.outdated_language == "zh-hans"
    assert project.status == "published"


def test_what_staff_wrote_meanwhile_just_as_proposed_needs_no_decision(organizer):
    project = factories.project(summary_en="Old", advantages_en="Good")
    made = changes_to(project, summary="New", advantages="Better")
    project.summary_en = "New"
    project.save()

    accept_fields(made, {"advantages": ACCEPT}, by=organizer.user)

    assert made.status == "accepted"


def test_left_out_and_different_stays_partly_accepted_until_it_is_accepted(organizer):
    project = factories.project(summary_en="Old", advantages_en="Good")
    made = changes_to(project, summary="New", advantages="Better")
    accept_fields(made, {"summary": REFUSE, "advantages": edit("Best")}, by=organizer.user)
    assert made.status == "partly_accepted"
    project.summary_en = "New"
    project.save()

    accept_fields(made, {"advantages": ACCEPT}, by=organizer.user)

    assert made.status == "accepted"


def test_three_values_are_shown_where_staff_changed_the_project(organizer):
    project = factories.project(summary_en="Old")
    made = changes_to(project, summary="New")
    project.summary_en = "By staff"
    project.save()

    [row] = compare(Submission.objects.get())
    assert (row.base, row.current, row.proposed) == ("Old", "By staff", "New")
    assert row.is_conflict

    with pytest.raises(ChangedMeanwhile):
        accept_fields(made, {"summary": ACCEPT}, by=organizer.user, seen={"summary": "Old"})
    accept_fields(made, {"summary": ACCEPT}, by=organizer.user, seen={"summary": "By staff"})
    project.refresh_from_db()
    assert project.summary_en == "New"


def test_term_that_is_gone_is_refused(organizer):
    made = factories.submission(values=factories.NEED | {"sectors": ["gone"]}, status="sent")

    with pytest.raises(ValidationError, match="renamed or deleted"):
        accept_fields(made, all_of(made), by=organizer.user)
    assert not Project.objects.exists()


def test_draft_and_returned_ones_cannot_be_accepted(organizer):
    made = factories.submission()
    with pytest.raises(MoveRefused):
        accept_fields(made, all_of(made), by=organizer.user)


def test_return_and_refuse_need_a_reason_and_mail_it(organizer):
    made = factories.submission(status="sent")
    with pytest.raises(ValidationError):
        review.return_with_reason(made, reason=" ", by=organizer.user)

    review.return_with_reason(made, reason="No budget.", by=organizer.user)

    assert (made.status, made.reason, made.is_editable) == ("returned", "No budget.", True)
    assert made.mails.filter(kind="submission_returned").count() == 1
    with pytest.raises(MoveRefused):
        review.refuse(made, reason="No.", by=organizer.user)


def test_owner_is_proposed_by_credit_code_and_by_name():
    by_code = factories.organization(credit_code="91350100M000100Y43")
    by_name = factories.organization(name_en="Blue Pump Ltd")
    made = factories.submission(
        by=factories.sender(organization_name="blue pump ltd", credit_code=by_code.credit_code)
    )

    assert owners_alike(made) == [by_code, by_name]


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_make_one_project(organizer):
    made = factories.submission(status="sent")

    def accept():
        row = Submission.objects.get(pk=made.pk)
        try:
            return accept_fields(row, all_of(made), by=organizer.user, version=made.version).status
        except ChangedMeanwhile:
            return "refused"

    assert sorted(at_once(accept, accept)) == ["accepted", "refused"]
    assert Project.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_person_who_withdraws_and_reviewer_who_accepts_at_once(organizer):
    made = factories.submission(status="sent")

    def accept():
        row = Submission.objects.get(pk=made.pk)
        try:
            return accept_fields(row, all_of(made), by=organizer.user).status
        except MoveRefused:
            return "refused"

    def withdraw():
        row = Submission.objects.get(pk=made.pk)
        try:
            return submissions.withdraw(row, version=made.version).status
        except (ChangedMeanwhile, MoveRefused):
            return "refused"

    outcome = sorted(at_once(accept, withdraw))
    assert outcome in (["accepted", "refused"], ["refused", "withdrawn"])
    assert Project.objects.count() == (1 if "accepted" in outcome else 0)
