"""What organizers do with an expression of interest on its pages."""

import pytest
from django.utils import timezone

from events.models import Event
from interests.domain import link
from interests.models import HandOver, Interest, InterestAnswer
from meetings.models import MeetingRequest
from projects.models import CooperationIntention
from tests import cast, factories
from tests.backoffice.posting import buttons, confirm_seen, do, url
from tests.meetings import rows

pytestmark = pytest.mark.django_db


def agreed(**fields):
    return factories.interest(consented_at=timezone.now(), consent_wording="1", **fields)


def test_an_organizer_answers_in_a_form_and_the_page_shows_the_answer(organizer):
    interest = factories.interest()

    do(organizer, interest, "answer", text="Come and see it.")

    page = organizer.get(url(interest, "change"))
    assert "Come and see it." in page.text
    assert interest.answers.get().by == organizer.user


def test_of_two_who_have_the_answer_page_open_the_second_is_told(organizer):
    interest = factories.interest()
    other = cast.make_superuser()
    pages = [person.get(url(interest, "action", "answer")) for person in (organizer, other)]

    confirm_seen(organizer, interest, "answer", pages[0], text="First.")
    told = confirm_seen(other, interest, "answer", pages[1], text="Second.")

    assert [each.text for each in InterestAnswer.objects.all()] == ["First."]
    assert "Second." in told.text and "First." in told.text


def test_passing_on_offers_the_contacts_of_the_owner(organizer):
    interest = agreed()
    contact = factories.contact(organization=interest.project.owner, name="Gate Keeper")
    factories.contact(name="Somebody Else")

    page = organizer.get(url(interest, "action", "pass-on"))
    do(organizer, interest, "pass-on", contact=contact.pk)

    assert "Gate Keeper" in page.text and "Somebody Else" not in page.text
    assert HandOver.objects.get().contact == contact


def test_without_consent_or_contact_the_page_says_why(organizer):
    refused, lacking = factories.interest(), agreed()

    assert "pass-on" not in buttons(organizer, refused)
    assert "has not agreed" in organizer.get(url(refused, "action", "pass-on")).text
    assert "add one on the page" in organizer.get(url(lacking, "action", "pass-on")).text
    do(organizer, refused, "pass-on", contact=factories.contact().pk)
    assert not HandOver.objects.exists()


def test_a_meeting_is_requested_in_one_click_and_the_visitor_reads_of_it(organizer, client):
    to_come = factories.upcoming_event()
    recommendation = factories.recommendation(event=factories.event())
    interest = factories.interest(project=recommendation.project, event=recommendation.event)
    form = organizer.get(url(interest, "action", "meeting")).context["form"]
    assert [event for event in form.fields["event"].queryset] == [to_come]

    do(organizer, interest, "meeting", event=form["event"].initial)

    interest.refresh_from_db()
    assert (interest.status, interest.event) == ("meeting", to_come)
    assert "meeting" not in buttons(organizer, interest)
    assert "arranging a meeting" in client.get(link.path_of(interest)).text
    page = organizer.get(url(to_come, "interests"))
    assert interest.name in page.text
    assert page.context["numbers"].meetings == 1


def test_an_event_that_is_to_come_and_was_asked_about_is_proposed_alone(organizer):
    factories.upcoming_event()
    asked = factories.upcoming_event()
    interest = factories.interest(event=asked)

    form = organizer.get(url(interest, "action", "meeting")).context["form"]

    assert [event for event in form.fields["event"].queryset] == [asked]


def test_without_an_event_to_come_the_page_says_so(organizer):
    page = organizer.get(url(factories.interest(), "action", "meeting"))

    assert "There is no event to come" in page.text


def test_a_draft_is_made_in_one_click_and_its_page_follows(organizer):
    recommendation = factories.recommendation()
    interest = factories.interest(
        project=recommendation.project, event=recommendation.event, organization_name="某某公司"
    )
    page = organizer.get(url(interest, "action", "draft"))
    form = page.context["form"]
    proposed = {name: form[name].initial for name in ("company", "event")}

    answer = do(organizer, interest, "draft", **proposed)

    made = CooperationIntention.objects.get()
    assert made.company.name_zh_hans == "某某公司"
    assert answer.url == url(made, "change")
    assert "draft" not in buttons(organizer, interest)


def test_an_organization_like_the_typed_one_is_proposed_first(organizer):
    known = factories.organization(name_en="Harbour Works Ltd")
    interest = factories.interest(event=factories.event(), organization_name="harbour works ltd")

    form = organizer.get(url(interest, "action", "draft")).context["form"]

    assert form["company"].initial == str(known.pk)


def test_the_workspace_of_its_event_lists_it_and_counts(organizer):
    event = factories.event()
    factories.interest(event=event, name="Li Min")
    factories.interest(event=event, name="Done Already", status="closed")

    page = organizer.get(url(event, "interests"))

    assert "Li Min" in page.text and "Done Already" not in page.text
    assert page.context["numbers"].received == 2
    assert "interests" in str(page.context["entry"])


def test_the_start_page_counts_new_ones_and_those_of_the_reader(organizer):
    assert "expression" not in organizer.get("/admin/").text.split('id="content"')[1]
    factories.interest()
    factories.interest(status="assigned", assigned_to=organizer.user)

    page = organizer.get("/admin/").text

    assert "1 new expression of interest" in page
    assert "1 expression of interest is assigned to you" in page


def test_the_report_of_the_event_tells_the_chain_and_so_does_its_file(organizer):
    event = factories.event()
    factories.interest(event=event)

    page = organizer.get(f"/admin/report/event/{event.slug}/")
    file = organizer.get(f"/admin/report/event/{event.slug}/report.csv").content.decode()

    assert "Interest received" in page.text
    assert "interest_received,Expressions of interest,Interest received,,1" in file


@pytest.mark.parametrize("model", [Interest, Event])
def test_an_auditor_finds_nobody(auditor, model):
    event = factories.event()
    factories.interest(event=event, name="Li Min")

    for path in (url(Interest, "changelist"), url(event, "interests")):
        assert auditor.get(path).status_code == 403


def test_what_was_sent_is_named_alike_on_the_pages_of_actions(organizer):
    interest = factories.interest(name="Ann", email="ann@example.org", phone="+8613800138000")

    facts = organizer.get(url(interest, "action", "answer")).context["facts"]

    names = [str(name) for name, _fact in facts]
    assert {"Name", "Phone", "E-mail"} <= set(names)
    assert [name for name in names if name[:1].islower()] == []


# Where the event has one-to-one meetings


def test_meeting_of_two_participants_is_requested_for_an_interest(organizer):
    event = rows.meeting_event()
    visitor = rows.participant(event, name="Li Min")
    owner = rows.owner(event, name="Dr Hale")
    interest = factories.interest(event=event, email=visitor.registration.email)

    page = organizer.get(url(interest, "action", "meeting"))
    do(organizer, interest, "meeting", event=event.pk, asker=visitor.pk, asked=owner.pk)

    assert page.context["form"].fields["asker"].initial == visitor.pk
    made = MeetingRequest.objects.get()
    assert (made.asker, made.asked, made.interest) == (visitor, owner, interest)
    interest.refresh_from_db()
    assert interest.meeting_requested_at is not None


def test_of_a_meeting_both_people_are_chosen_or_neither(organizer):
    event = rows.meeting_event()
    visitor, stranger = rows.participant(event), rows.owner(rows.meeting_event())
    interest = factories.interest(event=event)

    half = do(organizer, interest, "meeting", event=event.pk, asker=visitor.pk)
    elsewhere = do(
        organizer, interest, "meeting", event=event.pk, asker=visitor.pk, asked=stranger.pk
    )

    assert "Choose both people of the meeting, or neither." in half.text
    assert elsewhere.status_code == 200
    assert not MeetingRequest.objects.exists()

    do(organizer, interest, "meeting", event=event.pk)

    interest.refresh_from_db()
    assert interest.meeting_requested_at is not None
