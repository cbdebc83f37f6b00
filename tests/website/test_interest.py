"""Expressing interest, as a visitor does it and as an attacker tries it."""

import re

import pytest
from django.core import mail
from django.test import Client

from interests.models import Interest
from mail.delivery import deliver_due
from summit.lib.web.signed_links import INTEREST, REGISTRATION, sign
from tests import factories, stamps

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "王伟",
    "organization_name": "石家庄某医院",
    "phone": "138 0013 8000",
    "email": "wei@example.org",
    "message": "想了解合作方式。",
    "agrees": "on",
}


@pytest.fixture
def project(db):
    return factories.project(status="published")


def send(about, client=None, path=None, language="en", **typed):
    path = path or f"/{language}/{about._meta.model_name}s/{about.slug}/interest/"
    data = {"shown_at": stamps.of_interest(about)} | TYPED | typed
    return (client or Client()).post(path, data)


def own(interest, more="", language="en"):
    return f"/{language}/my/interest/{sign(interest.code, INTEREST)}/{more}"


def test_the_pages_of_project_expert_and_event_lead_to_the_form(client, project):
    event = factories.upcoming_event()
    expert = factories.expert()
    hidden = factories.project(status="published", disclosure="title")

    for about in (project, hidden, expert, event):
        page = client.get(about.get_absolute_url())
        assert f'{about.get_absolute_url()}interest/"' in page.text
        assert client.get(f"{about.get_absolute_url()}interest/").status_code == 200


def test_the_page_of_a_signed_intention_leads_to_the_form_of_its_project(client, project):
    intention = factories.signed_intention(projects=[project])

    page = client.get(intention.get_absolute_url())

    assert f"/projects/{project.slug}/interest/?event={intention.event.slug}" in page.text


def test_what_is_sent_is_kept_and_the_same_screen_shows_the_way_to_it(client, project):
    answer = send(project, client)

    interest = Interest.objects.get()
    page = client.get(answer["Location"])
    assert answer["Location"] == "/en/interests/sent/"
    assert own(interest) in page.text
    assert "no-store" in page["Cache-Control"]
    assert (interest.name, interest.is_agreed, interest.language) == ("王伟", True, "en")


def test_another_browser_sees_nothing_of_it(client, project):
    send(project)

    page = client.get("/en/interests/sent/")

    assert "Nothing is kept here" in page.text
    assert project.title_en not in page.text


def test_leaving_the_computer_forgets_it(client, project):
    send(project, client)

    page = client.post("/en/interests/leave/", follow=True)

    assert "Nothing is kept here" in page.text


def test_consent_is_off_unless_ticked_and_an_event_does_not_ask_for_it(client, project):
    event = factories.upcoming_event()

    form = client.get(f"/en/projects/{project.slug}/interest/").text
    asked = client.get(f"/en/events/{event.slug}/interest/").text
    send(project, agrees="")
    send(event)

    assert re.search(r'<input type="checkbox" name="agrees"[^>]*>', form)[0].find("checked") == -1
    assert 'name="agrees"' not in asked
    assert [each.is_agreed for each in Interest.objects.all()] == [False, False]


def test_the_form_of_an_event_names_its_contact(client):
    event = factories.upcoming_event(contact_name_en="Conference office")

    assert "Conference office" in client.get(f"/en/events/{event.slug}/interest/").text


def test_the_receipt_holds_the_link_and_nothing_that_was_typed(project):
    send(project, language="zh-hans")
    deliver_due()

    [receipt] = mail.outbox
    text = receipt.body + receipt.subject
    assert own(Interest.objects.get(), language="zh-hans") in text
    assert project.title_zh_hans in text
    assert not [typed for typed in ("王伟", "医院", "合作方式", "13800138000") if typed in text]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"phone": "", "email": ""}, "Enter a phone number or an e-mail address."),
        ({"phone": "12"}, "This is not a whole phone number."),
        ({"email": "wei"}, "valid email address"),
        ({"name": "http://spam.example"}, "without a web address"),
        ({"message": ""}, "This field is required."),
        ({"message": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(project, typed, words):
    answer = send(project, **typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert "石家庄某医院" in answer.text
    assert not Interest.objects.exists()


def test_a_program_falls_into_the_trap_and_a_person_gets_out_of_it(project):
    answer = send(project, leave_empty="http://spam.example")

    assert answer.status_code == 422 and not Interest.objects.exists()
    data = {"shown_at": answer.context["form"]["shown_at"].value()}
    assert send(project, **data).status_code == 302


def test_the_other_language_keeps_what_was_typed_and_sends_nothing(project):
    page = send(project, again="1")

    assert page.status_code == 200
    assert 'value="王伟"' in page.text and "想了解合作方式。" in page.text
    # Whoever agrees, agrees to the words that they read.
    assert page.context["form"]["agrees"].value() is not True
    assert not page.context["form"].errors
    assert not Interest.objects.exists()


def test_a_form_sent_twice_is_kept_once(project):
    data = {"shown_at": stamps.of_interest(project)}

    first, second = send(project, **data), send(project, **data)

    assert (first.status_code, second.status_code) == (302, 422)
    assert "already been sent" in second.text
    assert Interest.objects.count() == 1


def test_the_stamp_of_another_form_is_not_taken(project):
    other = factories.project(status="published")

    answer = send(project, shown_at=stamps.of_interest(other))

    assert answer.status_code == 422


def test_a_form_from_elsewhere_is_refused_as_forged(project):
    assert send(project, Client(enforce_csrf_checks=True)).status_code == 403


@pytest.mark.parametrize("disclosure", ["participants", "bureau"])
def test_hidden_rows_answer_as_if_they_were_not_there(client, disclosure):
    hidden = factories.project(status="published", disclosure=disclosure)
    draft = factories.project(status="draft")
    private = factories.expert(is_public=False)
    event = factories.event(status="draft")
    nothing = client.get("/en/projects/nowhere/interest/")

    for about in (hidden, draft, private, event):
        assert send(about).status_code == 404
        page = client.get(f"{about.get_absolute_url()}interest/")
        assert page.status_code == 404
        assert len(page.text) == pytest.approx(len(nothing.text), abs=60)
    assert not Interest.objects.exists()


def test_the_event_that_led_here_counts_it_and_no_other_one(project):
    older, newer = factories.event(), factories.upcoming_event()
    for event in (older, newer):
        factories.recommendation(project=project, event=event)
    foreign = factories.event()
    path = f"/en/projects/{project.slug}/interest/?event="

    for slug in (older.slug, foreign.slug, "nowhere"):
        send(project, path=path + slug)

    events = [each.event for each in Interest.objects.order_by("pk")]
    assert events == [older, newer, newer]


def test_a_former_address_leads_to_the_form(client, project):
    former = project.slug
    project.slug = "another-slug"
    project.save()

    answer = client.get(f"/en/projects/{former}/interest/")

    assert answer["Location"] == "/en/projects/another-slug/interest/"


# The personal page


def test_the_own_page_shows_what_was_sent_and_nothing_of_others(client, project):
    send(project)
    factories.interest(project=project, name="Somebody Else")

    page = client.get(own(Interest.objects.get(name="王伟")))

    assert all(text in page.text for text in ("王伟", "wei@example.org", "想了解合作方式。"))
    assert "Somebody Else" not in page.text
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"


def test_notes_of_staff_and_who_works_on_it_are_on_no_page(client, organizer, project):
    organizer.user.first_name = "Quill"
    organizer.user.save()
    interest = factories.interest(
        project=project, staff_note="rather not", assigned_to=organizer.user, status="assigned"
    )

    page = client.get(own(interest)).text

    assert "rather not" not in page
    assert "Quill" not in page


def test_consent_is_withdrawn_by_a_button_and_not_by_looking(client, project):
    send(project)
    interest = Interest.objects.get()

    assert client.get(own(interest, "withdraw/")).status_code == 405
    client.post(own(interest, "withdraw/"))

    interest.refresh_from_db()
    assert not interest.is_agreed
    assert "You withdrew your consent" in client.get(own(interest)).text


def test_deleting_asks_first_and_then_the_link_works_no_more(client, project):
    send(project)
    interest = Interest.objects.get()

    client.get(own(interest, "delete/"))
    assert Interest.objects.exists()
    page = client.post(own(interest, "delete/"))

    assert "have been erased" in page.text
    assert not Interest.objects.exists()
    assert client.get(own(interest)).status_code == 404


def test_no_other_key_opens_it(client, project):
    interest = factories.interest(project=project)
    person = factories.registered(factories.registration_settings().event)
    signed = sign(interest.code, INTEREST)
    forged = [
        interest.code,
        sign(interest.code, REGISTRATION),
        sign(person.code, INTEREST),
        signed[:-1] + ("A" if signed[-1] != "A" else "B"),
        str(interest.pk),
    ]

    for code in forged:
        assert client.get(f"/en/my/interest/{code}/").status_code == 404
        assert client.post(f"/en/my/interest/{code}/delete/").status_code == 404
    assert Interest.objects.filter(pk=interest.pk).exists()


def test_guesses_are_counted(settings, client):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"code": (2, 600)}

    answers = [client.get("/en/my/interest/guess/").status_code for _number in range(3)]

    assert answers == [404, 404, 429]
