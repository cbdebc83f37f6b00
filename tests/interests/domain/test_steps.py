"""Answering, passing on, meeting and drafting: accepted, refused, repeated, raced."""

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AuditEntry
from events.models import Organization, OrganizerScope
from interests.domain import answering, drafting, link, meeting, passing_on, privacy
from interests.domain import interest as domain
from interests.domain.counts import Chain, chain_of
from interests.models import HandOver, Interest, InterestCount
from mail.delivery import deliver_due
from projects.report.subject import Subject
from tests import cast, factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db
PAST = timezone.now() - dt.timedelta(days=30)
Status = Interest.Status


def agreed(**fields):
    return factories.interest(consented_at=timezone.now(), consent_wording="1", **fields)


def with_contact(**fields):
    """An interest that may be passed on, and a contact of its project's owner."""
    project = fields.pop("project", None) or factories.project()
    contact = factories.contact(
        organization=project.owner, name="Gate Keeper", email="keeper@example.org", language="en"
    )
    return agreed(project=project, **fields), contact


@pytest.fixture
def by(db):
    return cast.make_organizer().user


def sent():
    """Deliver what is due; return each mail by its recipient, and forget it."""
    deliver_due()
    found = {each.to[0]: each for each in mail.outbox}
    mail.outbox.clear()
    return found


# Answered


def test_an_answer_goes_to_the_visitor_and_stays_with_the_interest(by):
    event = factories.event(contact_email="office@example.org")
    interest = factories.interest(
        project=factories.project(title_en="Biochip"),
        event=event,
        name="Li Min",
        email="li@example.org",
        message="How much is it?",
    )

    answering.answer(interest, "It is for free.", by=by)

    [told] = sent().values()
    assert told.to == ["Li Min <li@example.org>"]
    assert told.reply_to == ["office@example.org"]
    for text in ("Li Min", "It is for free.", "How much is it?", "Biochip", "/en/my/interest/"):
        assert text in told.body
    assert interest.status == Status.ANSWERED
    assert [(each.text, each.by) for each in interest.answers.all()] == [("It is for free.", by)]


def test_the_visitor_reads_the_answer_on_the_own_page(client, by):
    interest, _contact = with_contact(email="li@example.org")
    assert "Answer from the organizers" not in client.get(link.path_of(interest)).text

    answering.answer(interest, "Come on <b>Monday</b>.", by=by)
    page = client.get(link.path_of(interest)).text

    assert "Answer from the organizers" in page
    assert "Come on &lt;b&gt;Monday&lt;/b&gt;." in page


def test_a_second_answer_is_sent_too_and_takes_no_step_back(by):
    interest, contact = with_contact()
    passing_on.pass_on(interest, contact, by=by)

    answering.answer(interest, "More.", by=by)

    assert interest.status == Status.PASSED_ON
    assert interest.answers.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"email": "", "phone": "+8613800138000"}, "no e-mail"), ({"status": "closed"}, "Take it up")],
)
def test_nothing_is_answered_that_cannot_be(by, fields, words):
    interest = factories.interest(**fields)

    with pytest.raises(ValidationError, match=words):
        answering.answer(interest, "Hello", by=by)

    assert not interest.answers.exists()


# Passed on


def test_the_owner_gets_the_visitors_contact_and_the_visitor_never_the_owners(client, by):
    interest, contact = with_contact(name="Li Min", email="li@example.org", message="Call me.")

    passing_on.pass_on(interest, contact, by=by)

    [told] = sent().values()
    assert told.to == ["Gate Keeper <keeper@example.org>"]
    assert told.reply_to == ["li@example.org"]
    assert "Li Min" in told.body and "Call me." in told.body
    made = interest.hand_overs.get()
    assert (made.contact, made.by) == (contact, by)
    assert made.recipient == str(contact.organization.name)
    assert interest.status == Status.PASSED_ON
    [entry] = AuditEntry.objects.filter(action="interest_passed_on")
    assert "Li" not in str(entry.details) and "Gate" not in str(entry.details)
    answering.answer(interest, "Done.", by=by)
    [receipt] = sent().values()
    assert "Gate" not in receipt.body and "keeper@" not in receipt.body


def test_who_owns_it_is_named_as_public_pages_do(by):
    project = factories.project(
        title_en="Biochip", owner=factories.organization(name_en="Hidden Works", is_public=False)
    )
    interest, contact = with_contact(project=project)

    passing_on.pass_on(interest, contact, by=by)

    assert interest.hand_overs.get().recipient == "Biochip"


def test_without_consent_nothing_is_passed_on(by):
    interest, contact = with_contact()
    privacy.withdraw_consent(interest)

    with pytest.raises(ValidationError, match="has not agreed"):
        passing_on.pass_on(interest, contact, by=by)

    assert not HandOver.objects.exists()
    assert sent() == {}


def test_consent_that_is_withdrawn_stops_a_mail_that_waits_and_asks_to_delete(by):
    interest, contact = with_contact(name="Li Min")
    passing_on.pass_on(interest, contact, by=by)
    interest.refresh_from_db()

    privacy.withdraw_consent(interest)
    privacy.withdraw_consent(interest)

    [told] = sent().values()
    assert f"number {interest.pk}" in told.subject
    assert "Li Min" not in told.body


def test_who_erases_everything_has_the_recipients_asked_to_delete_it(by):
    interest, contact = with_contact(name="Li Min")
    passing_on.pass_on(interest, contact, by=by)
    sent()

    privacy.erase([interest], reason="visitor")

    [told] = sent().values()
    assert told.to == ["Gate Keeper <keeper@example.org>"]
    assert "Li Min" not in told.body


def test_a_contact_of_somebody_else_and_one_without_an_address_get_nothing(by):
    interest, contact = with_contact()
    stranger = factories.contact()
    silent = factories.contact(organization=contact.organization, email="")

    for other in (stranger, silent):
        with pytest.raises(ValidationError, match="Choose a contact"):
            passing_on.pass_on(interest, other, by=by)


def test_contacts_of_expert_and_event_are_found(by):
    place = factories.affiliation()
    of_expert = factories.contact(expert=place.expert)
    of_place = factories.contact(organization=place.organization)
    role = factories.role()
    of_role = factories.contact(organization=role.organization)

    assert set(passing_on.contacts_for(agreed(expert=place.expert), by)) == {of_expert, of_place}
    assert set(passing_on.contacts_for(agreed(event=role.event), by)) == {of_role}


def test_who_is_limited_passes_on_to_contacts_that_they_see_and_no_others(by):
    event = factories.event()
    project = factories.recommendation(event=event).project
    factories.recommendation(project=factories.project(owner=project.owner))
    interest, contact = with_contact(project=project, event=event)
    OrganizerScope.objects.create(user=by, event=event)

    assert list(passing_on.contacts_for(interest, by)) == [contact]


@pytest.mark.django_db(transaction=True)
def test_two_who_pass_it_on_at_once_pass_it_on_once():
    interest, contact = with_contact()
    people = [cast.make_organizer().user, cast.make_superuser().user]
    rows = [Interest.objects.get(pk=interest.pk) for _person in people]

    done = at_once(
        *[
            lambda row=row, person=person: passing_on.pass_on(row, contact, by=person)
            for row, person in zip(rows, people, strict=True)
        ]
    )

    assert HandOver.objects.count() == 1
    assert sorted(isinstance(each, ValidationError) for each in done) == [False, True]
    assert len(sent()) == 1


@pytest.mark.django_db(transaction=True)
def test_who_withdraws_while_it_is_passed_on_is_always_heard():
    interest, contact = with_contact()
    by = cast.make_organizer().user
    same = Interest.objects.get(pk=interest.pk)

    passed, _withdrawn = at_once(
        lambda: passing_on.pass_on(interest, contact, by=by),
        lambda: privacy.withdraw_consent(same),
    )

    told = sent()
    if isinstance(passed, HandOver):
        assert all("delete" in each.subject for each in told.values())
    else:
        assert told == {}


# A meeting is requested


def test_a_meeting_is_requested_at_an_event_that_is_to_come():
    interest = factories.interest()
    event = factories.upcoming_event()

    meeting.request_meeting(interest, event=event)

    interest.refresh_from_db()
    assert (interest.status, interest.event) == (Status.MEETING, event)
    assert interest.meeting_requested_at
    with pytest.raises(ValidationError, match="requested already"):
        meeting.request_meeting(interest, event=event)


@pytest.mark.parametrize(
    "fields",
    [{"starts_at": PAST, "ends_at": PAST + dt.timedelta(hours=1)}, {"status": "cancelled"}],
)
def test_nobody_meets_at_an_event_that_is_over_or_cancelled(fields):
    interest = factories.interest()
    event = factories.upcoming_event(**fields)

    with pytest.raises(ValidationError, match="over or cancelled"):
        meeting.request_meeting(interest, event=event)

    interest.refresh_from_db()
    assert (interest.status, interest.event, interest.meeting_requested_at) == ("new", None, None)


def test_closed_interest_asks_for_no_meeting():
    interest = factories.interest(status=Status.CLOSED)

    with pytest.raises(ValidationError, match="Take it up again first"):
        meeting.request_meeting(interest, event=factories.upcoming_event())


@pytest.mark.django_db(transaction=True)
def test_two_who_request_a_meeting_at_once_request_one():
    interest = factories.interest()
    event = factories.upcoming_event()
    rows = [Interest.objects.get(pk=interest.pk) for _number in range(2)]

    done = at_once(*[lambda row=row: meeting.request_meeting(row, event=event) for row in rows])

    assert sorted(isinstance(each, ValidationError) for each in done) == [False, True]


def test_a_draft_follows_a_meeting_and_a_meeting_leaves_a_draft_where_it_is(by):
    first, second = (factories.interest(event=factories.upcoming_event()) for _each in range(2))

    meeting.request_meeting(first, event=first.event)
    drafting.make_draft(first, by=by)
    drafting.make_draft(second, by=by)
    meeting.request_meeting(second, event=second.event)

    assert (first.status, second.status) == (Status.DRAFTED, Status.DRAFTED)


# Drafted


def test_a_draft_names_organization_project_and_the_one_expert(by):
    recommendation = factories.recommendation()
    company = factories.organization(name_en="Harbour Works")
    interest = factories.interest(
        project=recommendation.project,
        event=recommendation.event,
        organization_name="Harbour Works",
    )

    [like] = drafting.organizations_like(interest)
    made = drafting.make_draft(interest, company=like, by=by)

    assert (made.company, made.expert, made.event) == (
        company,
        recommendation.expert,
        recommendation.event,
    )
    assert [link.project for link in made.project_links.all()] == [recommendation.project]
    assert (interest.status, interest.intention) == (Status.DRAFTED, made)


def test_an_organization_is_added_by_what_the_visitor_typed_and_no_page_names_it(by):
    interest = factories.interest(event=factories.event(), organization_name="某某有限公司")

    made = drafting.make_draft(interest, adds_company=True, by=by)

    assert made.company.name_zh_hans == "某某有限公司"
    assert not made.company.is_public


def test_without_an_event_it_asks_for_one_and_adds_nothing(by):
    interest = factories.interest(organization_name="某某有限公司")

    with pytest.raises(ValidationError, match="Choose the event"):
        drafting.make_draft(interest, adds_company=True, by=by)

    assert not Organization.objects.filter(name_zh_hans="某某有限公司").exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_make_a_draft_at_once_make_one():
    interest = factories.interest(event=factories.event())
    people = [cast.make_organizer().user, cast.make_superuser().user]
    rows = [Interest.objects.get(pk=interest.pk) for _person in people]

    done = at_once(
        *[
            lambda row=row, person=person: drafting.make_draft(row, by=person)
            for row, person in zip(rows, people, strict=True)
        ]
    )

    assert sorted(isinstance(each, ValidationError) for each in done) == [False, True]


# Counted


def test_the_chain_counts_and_goes_on_counting_what_was_erased(by):
    event = factories.upcoming_event()
    project = factories.recommendation(event=event).project
    interest, contact = with_contact(project=project, event=event)
    meeting.request_meeting(interest, event=event)
    answering.answer(interest, "Yes.", by=by)
    passing_on.pass_on(interest, contact, by=by)
    drafting.make_draft(interest, by=by)
    factories.interest(project=project, event=event)
    factories.interest(event=event, status=Status.SPAM)
    factories.interest(event=factories.event())
    before = chain_of(Subject(event))

    privacy.erase(Interest.objects.all(), reason="retention")

    assert before == Chain(2, 1, 1, 1, 1, 0, 0)
    assert chain_of(Subject(event)) == before
    assert sum(each.received for each in InterestCount.objects.all()) == 3


def test_a_series_adds_up_its_events():
    series = factories.series()
    for _number in range(2):
        factories.interest(event=factories.event(series=series))

    assert chain_of(Subject(series)).received == 2


def test_what_is_taken_up_again_stands_where_it_stood(by):
    interest = factories.interest()
    answering.answer(interest, "Yes.", by=by)
    domain.close(interest)

    domain.reopen(interest)

    assert interest.status == Status.ANSWERED

    meeting.request_meeting(interest, event=factories.upcoming_event())
    domain.close(interest)
    domain.reopen(interest)

    assert interest.status == Status.MEETING
