"""Slides of experts for organizers: read, published with the talk, within their limits."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEntry
from events.models import EventFile
from submissions.domain import expert_proposal
from submissions.expert_fields import slides_key
from submissions.models import Decision, ExpertProposal, Slides
from tests import factories, files
from tests.backoffice.posting import url
from tests.backoffice.test_expert_proposal import as_shown, decide
from tests.files import fetch
from tests.two_series import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


@pytest.fixture
def hale():
    expert = factories.expert(name_en="Ann Hale")
    talk = factories.session(title_en="Blood tests", title_zh_hans="血液检测")
    factories.appearance(session=talk, expert=expert)
    return expert


@pytest.fixture
def talk(hale):
    return hale.sessions.get()


@pytest.fixture
def sent(hale, talk):
    return waiting(hale, talk)


def waiting(expert, talk, link=None, honorific="Dr", **fields):
    """A proposal of a title and of slides that waits for review."""
    link = link or factories.expert_link(expert)
    made = factories.expert_proposal(link, {"honorific_en": honorific})
    factories.slides(made, talk, data=files.pdf(), **fields)
    return expert_proposal.send(made, version=made.version)


def at(row):
    return reverse("admin:submissions_expertproposal_slides", args=[row.proposal_id, row.code])


def boxes(talk, **chosen):
    """Return what is sent of the boxes about the slides of a talk."""
    return {f"{name}_{slides_key(talk.pk)}": value for name, value in chosen.items()}


def test_slides_are_read_and_that_is_recorded(organizer, sent):
    row = Slides.objects.get()

    page = organizer.get(url(sent, "change")).text
    assert at(row) in page
    assert row.name in page
    response = fetch(organizer, at(row))

    assert response.bytes.startswith(b"%PDF-")
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["Cache-Control"].startswith("no-store, private")
    [entry] = AuditEntry.objects.filter(action="expert_slides")
    assert entry.details["proposal"] == sent.reference
    assert "Hale" not in f"{entry.subject}{entry.details}" and row.name not in str(entry.details)


def test_others_get_nothing(auditor, stranger, client, sent):
    row = Slides.objects.get()

    assert fetch(auditor, at(row)).status_code == 403
    assert fetch(stranger, at(row)).status_code in (302, 403)
    assert fetch(client, at(row)).status_code == 302
    other = waiting(factories.expert(), factories.session())
    wrong = reverse("admin:submissions_expertproposal_slides", args=[other.pk, row.code])
    assert fetch(client, wrong).status_code == 302
    assert not AuditEntry.objects.filter(action="expert_slides").exists()


def test_slides_of_what_is_not_sent_are_not_shown(organizer, hale, talk):
    draft = factories.expert_proposal(factories.expert_link(hale))
    row = factories.slides(draft, talk)

    assert row.name not in organizer.get(url(draft, "change")).text
    assert fetch(organizer, at(row)).status_code == 404


def test_slides_are_published_with_the_session(organizer, client, sent, talk):
    response = decide(organizer, sent, do="all", **boxes(talk, audience="public"))

    assert response.status_code == 302
    file = EventFile.objects.get()
    assert (file.session, file.audience, file.kind) == (talk, "public", "slides")
    assert (file.title_en, file.title_zh_hans) == ("Slides: Blood tests", "课件：血液检测")
    assert file.get_absolute_url() in client.get(talk.get_absolute_url()).text
    assert fetch(client, file.get_absolute_url()).bytes.startswith(b"%PDF-")
    assert "A file of the event was made of them." in organizer.get(url(sent, "change")).text


def test_nothing_is_public_by_accepting_all(organizer, sent, talk):
    refused = decide(organizer, sent, do="all")

    assert refused.status_code == 422
    assert "Choose who sees the slides." in refused.text
    assert not (EventFile.objects.exists() or Decision.objects.exists())


def test_who_sees_slides_is_not_chosen_without_accepting_them(organizer, sent, talk):
    refused = decide(organizer, sent, mark_honorific_en="accept", **boxes(talk, audience="public"))

    assert refused.status_code == 422
    assert not EventFile.objects.exists()


def test_slides_are_kept_for_the_organizers(organizer, client, sent, talk):
    decide(organizer, sent, do="all", **boxes(talk, audience="staff"))

    file = EventFile.objects.get()
    assert file.title_en not in client.get(talk.get_absolute_url()).text
    assert fetch(client, file.get_absolute_url()).status_code == 404
    assert fetch(organizer, file.get_absolute_url()).status_code == 200


def test_slides_are_left_out_and_the_text_is_accepted(organizer, sent, talk):
    marks = {f"mark_{slides_key(talk.pk)}": "refuse", "mark_honorific_en": "accept"}

    decide(organizer, sent, **marks)

    sent.refresh_from_db()
    assert (sent.status, EventFile.objects.count()) == ("partly_accepted", 0)


def test_new_slides_replace_those_of_before_at_their_address(organizer, hale, talk, sent):
    decide(organizer, sent, do="all", **boxes(talk, audience="public", title_en="My slides"))
    old = EventFile.objects.get()
    again = waiting(hale, talk, sent.link, honorific="Professor")

    page = organizer.get(url(again, "change"))
    assert as_shown(page)[f"replaces_{slides_key(talk.pk)}"] == str(old.pk)
    decide(organizer, again, page, do="all", **boxes(talk, audience="public"))

    file = EventFile.objects.get()
    assert (file.pk, file.title_en) == (old.pk, "My slides")
    assert file.sha256 == Slides.objects.get(proposal=again).sha256


def test_slides_of_another_speaker_stay(organizer, talk, sent):
    other = factories.event_file(event=talk.event, session=talk, kind="slides", audience="public")

    page = organizer.get(url(sent, "change"))
    assert as_shown(page)[f"replaces_{slides_key(talk.pk)}"] == ""
    decide(organizer, sent, page, do="all", **boxes(talk, audience="public"))

    assert EventFile.objects.filter(pk=other.pk, sha256=other.sha256).exists()
    assert EventFile.objects.count() == 2


def test_slides_become_a_file_where_the_one_to_be_replaced_was_deleted(organizer, talk, sent):
    old = factories.event_file(event=talk.event, session=talk, kind="slides", audience="public")
    page = organizer.get(url(sent, "change"))
    old.delete()

    chosen = boxes(talk, audience="public", replaces=str(old.pk), title_en="Typed title")
    decide(organizer, sent, page, do="all", **chosen)

    assert EventFile.objects.get().title_en == "Typed title"


def test_session_that_was_deleted_meanwhile_is_told_and_the_slides_are_kept(organizer, talk, sent):
    page = organizer.get(url(sent, "change"))
    talk.appearances.all().delete()
    talk.delete()

    refused = decide(organizer, sent, page, do="all")

    assert refused.status_code == 422
    assert "Slides without a talk" in refused.text
    row = Slides.objects.get()
    assert fetch(organizer, at(row)).status_code == 200
    decide(organizer, ExpertProposal.objects.get(), do="all")
    assert (Decision.objects.get().field, EventFile.objects.count()) == ("honorific_en", 0)


def test_two_reviewers_find_each_other_out(organizer, talk, sent):
    page = organizer.get(url(sent, "change"))
    decide(organizer, sent, page, do="all", **boxes(talk, audience="public"))

    refused = decide(organizer, sent, page, do="all", **boxes(talk, audience="staff"))

    assert refused.status_code == 422
    assert EventFile.objects.get().audience == "public"


def test_slides_of_a_draft_say_that_nobody_sees_them_yet(organizer, client, hale):
    event = factories.upcoming_event(status="draft")
    talk = factories.session(event=event)
    factories.appearance(session=talk, expert=hale)
    made = waiting(hale, talk)

    page = organizer.get(url(made, "change"))
    assert "The event is not published yet" in page.text
    decide(organizer, made, page, do="all", **boxes(talk, audience="public"))

    event.refresh_from_db()
    assert event.status == "draft"
    assert fetch(client, EventFile.objects.get().get_absolute_url()).status_code == 404


def test_who_is_limited_reads_and_publishes_those_of_the_own_events():
    two = world()
    for side in (two.mine, two.beyond):
        factories.appearance(session=side.session, expert=factories.expert())
    ours = waiting(two.mine.session.appearances.last().expert, two.mine.session)
    theirs = waiting(two.beyond.session.appearances.last().expert, two.beyond.session)

    assert fetch(two.organizer, at(Slides.objects.get(proposal=ours))).status_code == 200
    assert fetch(two.organizer, at(Slides.objects.get(proposal=theirs))).status_code in (302, 404)
    decide(two.organizer, ours, do="all", **boxes(two.mine.session, audience="public"))
    assert EventFile.objects.filter(session=two.mine.session, kind="slides").count() == 1


def test_page_of_many_slides_costs_the_same(organizer, hale, talk, django_assert_max_num_queries):
    made = factories.expert_proposal(factories.expert_link(hale))
    for _number in range(3):
        more = factories.session()
        factories.appearance(session=more, expert=hale)
        factories.slides(made, more)
    made = expert_proposal.send(made, version=made.version)
    one = waiting(factories.expert(), talk)
    page = url(one, "change")
    organizer.get(page)

    with CaptureQueriesContext(connection) as counted:
        organizer.get(page)
    with django_assert_max_num_queries(len(counted) + 2):
        organizer.get(url(made, "change"))
