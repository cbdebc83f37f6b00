"""Asking the owner of a project for corrections."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.utils import timezone

from mail.delivery import deliver_due
from mail.models import OutboundMail
from submissions.domain import link
from submissions.domain import submission as domain
from submissions.domain.acceptance import Choice, accept_fields
from submissions.models import Call, Decision, Submission
from tests import factories
from tests.backoffice.posting import do, url
from tests.cast import make_organizer
from tests.two_series import world

pytestmark = pytest.mark.django_db
SOON = (timezone.localdate() + dt.timedelta(days=7)).isoformat()


@pytest.fixture
def project():
    owner = factories.organization(name_en="Bright Pumps Ltd")
    return factories.project(kind="offer", title_en="Pump", summary_en="Old", owner=owner)


def ask(person, project, call, **fields):
    given = {"call": call.pk, "asked": ["summary"], "until": SOON, "language": "en"}
    return do(person, project, "ask-owner", **given | fields)


def test_link_goes_to_a_known_contact_with_what_is_asked(organizer, project):
    contact = factories.contact(project=project, name="Ann", email="ann@example.org")
    factories.contact(name="Elsewhere", email="else@example.org")
    call = factories.call(kind="offer")

    page = organizer.get(url(project, "action", "ask-owner"))
    assert "ann@example.org" in page.text and "else@example.org" not in page.text
    ask(organizer, project, call, contact=contact.pk, note="The figures are of 2024.")

    [made] = Submission.objects.all()
    assert (made.project, made.call, made.status) == (project, call, "draft")
    assert (made.contact_name, made.email) == ("Ann", "ann@example.org")
    assert made.organization_name == "Bright Pumps Ltd"
    assert made.reason == "To be checked: Summary.\nThe figures are of 2024."
    assert made.base["summary"] == "Old" and made.values == {}
    assert made.title == "Pump"
    assert OutboundMail.objects.get().kind == "submission_asked"


def test_mail_says_what_is_asked_and_the_page_too(organizer, project, client):
    ask(organizer, project, factories.call(kind="offer"), name="Bo", email="bo@example.org")

    deliver_due()

    [sent] = mail.outbox
    assert sent.subject == "Please check your project: Pump"
    assert "To be checked: Summary." in sent.body
    address = next(word for word in sent.body.split() if "/submissions/" in word)
    page = client.get(address, follow=True)
    assert "To be checked: Summary." in page.text and "Old" in page.text


def test_what_the_owner_changes_is_reviewed_and_the_project_says_so(organizer, project):
    closed = factories.call(
        kind="offer",
        opens_at=timezone.now() - dt.timedelta(days=9),
        closes_at=timezone.now() - dt.timedelta(days=2),
    )
    ask(organizer, project, closed, name="Bo", email="bo@example.org")
    made = Submission.objects.select_related("call__event").get()
    page = organizer.get(url(project, "change"))
    assert url(made, "change") in page.text and "not decided yet" in page.text

    domain.save(made, factories.sender(email=made.email), {"summary": "New"}, version=made.version)
    domain.send(made, version=made.version)
    accept_fields(made, {"summary": Choice(Decision.Outcome.ACCEPTED)}, by=organizer.user)

    project.refresh_from_db()
    assert (project.summary_en, made.status) == ("New", "accepted")
    assert "not decided yet" not in organizer.get(url(project, "change")).text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "", "email": ""}, {"name", "email"}),
        ({"name": "Bo", "email": "bo@"}, {"email"}),
        ({"asked": []}, {"asked"}),
        ({"asked": ["need_title"]}, {"asked"}),
        ({"until": ""}, {"until"}),
        ({"until": "2020-01-01"}, {"until"}),
    ],
)
def test_what_is_refused_is_said_beside_the_field(organizer, project, fields, wrong):
    given = {"name": "Bo", "email": "bo@example.org"} | fields

    page = ask(organizer, project, factories.call(kind="offer"), **given)

    assert set(page.context["form"].errors) == wrong
    assert not Submission.objects.exists()


def test_fields_that_the_call_does_not_ask_for_are_refused(organizer, project):
    call = factories.call(kind="offer", asked=["advantages"])

    page = ask(organizer, project, call, name="Bo", email="bo@example.org")

    assert "does not ask for “Summary”" in page.text


def test_calls_of_the_other_kind_and_drafts_are_not_offered(organizer, project):
    factories.call(kind="need", title_en="Needs alone")
    factories.call(kind="offer", status="draft", title_en="Not yet")

    page = organizer.get(url(project, "action", "ask-owner"))

    assert "Needs alone" not in page.text and "Not yet" not in page.text
    assert "publish one for such projects first" in page.text
    assert f"{url(Call, 'add')}?kind=offer" in page.text
    assert list(page.context["form"].fields) == ["call"]
    refused = ask(organizer, project, factories.call(kind="need"), name="Bo", email="b@example.org")
    assert set(refused.context["form"].errors) == {"call"}


def test_who_may_add_no_calls_is_led_to_their_list(project):
    reviewer = make_organizer("reviewer")
    reviewer.user.groups.clear()
    names = ["view_project", "change_project", "change_submission", "view_call"]
    reviewer.user.user_permissions.set(Permission.objects.filter(codename__in=names))

    page = reviewer.get(url(project, "action", "ask-owner"))

    assert url(Call, "changelist") in page.text
    assert url(Call, "add") not in page.text


def test_call_like_where_the_project_came_from_is_proposed(organizer):
    talent = factories.call(kind="talent")
    need = factories.call(kind="need")
    project = factories.project(kind="request", title_en="Head of diagnostics")

    assert proposed_by(organizer, project) == need.pk
    factories.submission(talent, project=project, status="accepted")
    assert proposed_by(organizer, project) == talent.pk


def proposed_by(person, project):
    form = person.get(url(project, "action", "ask-owner")).context["form"]
    return form["call"].initial


def test_what_the_project_has_is_offered_first(organizer, project):
    factories.call(kind="offer")

    form = organizer.get(url(project, "action", "ask-owner")).context["form"]

    (there, known), (lacking, new) = form.fields["asked"].choices
    assert (str(there), str(lacking)) == ("On record now", "Not given so far")
    assert {"offer_title", "summary"} <= {key for key, _label in known}
    assert "advantages" in {key for key, _label in new}


def test_form_of_the_owner_begins_with_what_is_asked_and_requires_nothing(
    organizer, project, client
):
    call = factories.call(kind="offer", required=["price"])
    ask(organizer, project, call, asked=["advantages"], name="Bo", email="bo@example.org")
    made = Submission.objects.get()

    form = client.get(link.path_of(made)).context["form"]

    parts = {group.name: [part.inputs[0].name for part in group.parts] for group in form.groups}
    assert list(parts) == ["asked", "known", "new", "sender"]
    assert parts["asked"] == ["advantages"]
    assert {"offer_title", "summary"} <= set(parts["known"])
    assert domain.missing_of(made) == {}
    assert not hasattr(form["price_from"].field, "is_needed_to_send")


def test_who_may_ask(auditor, project):
    two = world()
    factories.call(kind="offer", event=two.beyond.event, title_en="Beyond call")

    assert url(project, "action", "ask-owner") not in auditor.get(url(project, "change")).text
    page = two.organizer.get(url(two.mine.project, "action", "ask-owner"))
    assert "Beyond call" not in page.text
    theirs = two.beyond.project
    assert url(theirs, "action", "ask-owner") not in two.organizer.get(url(theirs, "change")).text
    ask(two.organizer, theirs, factories.call(kind=theirs.kind, event=two.mine.event))
    assert not Submission.objects.exists()
