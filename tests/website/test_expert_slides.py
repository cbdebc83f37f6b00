"""The page by which an expert adds slides, and what strangers try."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models import Event, EventFile
from submissions.domain import expert_link, expert_privacy, expert_proposal
from submissions.expert_fields import slides_key
from submissions.models import ExpertProposal, Slides
from summit.lib.web.proxies import TrustedProxies
from tests import factories, files, office
from tests.cast import make_organizer
from tests.files import fetch
from tests.website.test_expert_proposal import as_shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


@pytest.fixture
def hale():
    expert = factories.expert(name_en="Ann Hale")
    factories.appearance(session=factories.session(title_en="Blood tests"), expert=expert)
    return expert


@pytest.fixture
def talk(hale):
    return hale.sessions.get()


@pytest.fixture
def link(hale):
    return factories.expert_link(hale)


def at(link, more="slides/"):
    return expert_link.path_of(link) + more


def of(link, row, more=""):
    return at(link, f"slides/{row.code}/{more}")


def add(client, link, talk, upload=None, **typed):
    upload = upload or files.upload(files.pdf(), "My talk.pdf")
    return client.post(at(link), {"session": talk.pk, "file": upload, **typed})


def test_slides_are_added_taken_and_removed(client, link, talk):
    assert add(client, link, talk).url == f"{at(link)}?added"
    row = Slides.objects.get()
    page = client.get(f"{at(link)}?added").text
    assert "The slides have been added." in page
    assert all(each in page for each in ("Blood tests", "My talk.pdf", "Not sent yet"))

    response = fetch(client, of(link, row))
    assert response.bytes.startswith(b"%PDF-")
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "strict-origin"

    assert client.post(of(link, row, "remove/")).url == f"{at(link)}?removed"
    assert client.post(of(link, row, "remove/")).url == f"{at(link)}?removed"
    assert fetch(client, of(link, row)).status_code == 404


def test_slides_are_sent_and_wait(client, link, talk):
    add(client, link, talk)

    assert client.post(at(link), {"send": ""}).url == f"{at(link, '')}?sent"
    assert client.post(at(link), {"send": ""}).url == f"{at(link, '')}?sent"

    assert ExpertProposal.objects.get().status == "sent"
    page = client.get(at(link)).text
    assert "Waiting for review" in page
    assert 'type="file"' not in page
    assert "My talk.pdf" in client.get(at(link, "")).text
    refused = add(client, link, talk)
    assert refused.status_code == 422
    removed = client.post(of(link, Slides.objects.get(), "remove/"))
    assert removed.status_code == 409
    assert "Withdraw" in removed.text


def test_nothing_is_sent_where_nothing_was_added(client, link):
    assert client.post(at(link), {"send": ""}).url == f"{at(link, '')}?sent"
    assert not ExpertProposal.objects.exists()

    factories.slides(factories.expert_proposal(link), factories.session())
    ExpertProposal.objects.update(values={})
    assert client.post(at(link), {"send": ""}).status_code == 409


def test_what_was_typed_is_saved_on_the_way_to_the_slides(client, link):
    page = client.get(at(link, ""))
    typed = as_shown(page) | {"slides": ""}

    assert client.post(at(link, ""), typed).url == at(link)
    assert not ExpertProposal.objects.exists()
    assert client.post(at(link, ""), typed | {"name_en": "Anna"}).url == f"{at(link)}?saved"

    assert ExpertProposal.objects.get().values == {"name_en": "Anna"}
    assert "Your corrections are saved." in client.get(f"{at(link)}?saved").text


def test_texts_that_are_saved_later_keep_the_slides(client, link, talk):
    add(client, link, talk)
    page = client.get(at(link, ""))

    client.post(at(link, ""), as_shown(page) | {"name_en": "Anna", "save": ""})

    assert set(ExpertProposal.objects.get().values) == {"name_en", slides_key(talk.pk)}


def test_old_slides_are_answered_in_words_beside_their_box(client, link, talk):
    page = add(client, link, talk, files.upload(office.OLD, "talk.ppt"))

    assert page.status_code == 422
    assert "old PowerPoint or WPS file" in page.text
    assert not Slides.objects.exists()


def test_refusal_is_in_the_language_of_the_link(client, hale, talk):
    link = factories.expert_link(hale, language="zh-hans")

    page = add(client, link, talk, files.upload(office.OLD, "talk.ppt"))

    assert "另存为" in page.text


def test_no_file_is_answered_in_words(client, link, talk):
    page = client.post(at(link), {"session": talk.pk})

    assert page.status_code == 422
    assert "No file has arrived." in page.text


@pytest.mark.parametrize("typed", ["", "none", "9" * 30, "-1"])
def test_made_up_session_is_refused_in_words(client, link, typed):
    page = client.post(at(link), {"session": typed, "file": files.upload(files.pdf())})

    assert page.status_code == 409
    assert "no longer a speaker of this session" in page.text


def test_slides_of_a_talk_that_went_are_kept_and_told(client, link, talk):
    add(client, link, talk)
    Event.objects.update(status="cancelled")

    page = client.get(at(link)).text

    assert "No longer one of your talks" in page
    assert "My talk.pdf" in page


def test_page_shows_what_is_published_now(client, link, talk):
    file = factories.event_file(
        event=talk.event, session=talk, kind="slides", audience="public", title_en="Slides of 2024"
    )
    factories.event_file(
        event=talk.event, session=talk, kind="slides", audience="staff", title_en="Internal"
    )

    page = client.get(at(link)).text

    assert file.get_absolute_url() in page
    assert "Internal" not in page


def test_event_that_is_not_published_shows_title_days_and_the_own_talks_alone(client, link, hale):
    event = factories.upcoming_event(
        status="draft", title_en="Secret forum", summary_en="Our plans", city_en="Elsewhere"
    )
    mine = factories.session(event=event, title_en="My own talk", abstract_en="Draft abstract.")
    factories.session(event=event, title_en="Talk of others")
    factories.appearance(session=mine, expert=hale)
    factories.event_file(
        event=event, session=mine, kind="slides", audience="public", title_en="Old slides"
    )

    for path in (at(link, ""), at(link)):
        page = client.get(path).text
        assert all(each in page for each in ("Secret forum", "My own talk", "not published yet"))
        for hidden in ("Our plans", "Talk of others", "Elsewhere", "Old slides"):
            assert hidden not in page
    assert "Draft abstract." in client.get(at(link, "")).text


@pytest.mark.parametrize("why", ["over", "cancelled"])
def test_drafts_that_are_over_or_cancelled_are_not_offered(client, link, hale, why):
    made = {"over": factories.event, "cancelled": factories.upcoming_event}[why]
    event = made(title_en="Secret forum", status={"over": "draft"}.get(why, why))
    factories.appearance(session=factories.session(event=event), expert=hale)

    assert "Secret forum" not in client.get(at(link)).text
    assert "Secret forum" not in client.get(at(link, "")).text


@pytest.mark.parametrize("state", ["revoked", "forged", "erased"])
def test_slides_have_no_other_address(client, link, talk, state):
    add(client, link, talk)
    row, page = Slides.objects.get(), at(link)
    path = of(link, row)
    if state == "revoked":
        expert_link.revoke(link.expert, by=make_organizer().user)
    if state == "forged":
        path, page = (each.replace(link.code, "A" * 32) for each in (path, page))
    if state == "erased":
        expert_privacy.erase(ExpertProposal.objects.all())

    assert fetch(client, path).status_code == 404
    if state != "erased":
        assert client.get(page).status_code == 404
    other = factories.expert_link()
    assert fetch(client, of(other, row)).status_code == 404
    client.post(of(other, row, "remove/"))
    assert Slides.objects.exists() is (state != "erased")


def test_public_pages_tell_nothing_of_slides_that_wait(client, link, talk):
    add(client, link, talk)
    client.post(at(link), {"send": ""})

    for path in (
        talk.get_absolute_url(),
        talk.event.get_absolute_url(),
        link.expert.get_absolute_url(),
    ):
        assert "My talk" not in Client().get(path).text
    assert not EventFile.objects.exists()


def test_large_bodies_are_for_links_that_work(client, link, talk, settings):
    settings.FORM_MAX_BYTES = 1000
    upload = files.upload(files.pdf() + b"\n" * 2000, "a.pdf")

    made_up = client.post("/en/my/expert/none/slides/", {"file": upload})
    assert made_up.status_code == 413
    upload.seek(0)
    assert client.post(f"{at(link)}x/remove/", {"file": upload}).status_code == 413
    upload.seek(0)
    assert add(client, link, talk, upload).status_code in (302, 422)


def test_proxy_is_told_who_may_send_slides(client, link, settings):
    settings.TRUSTED_PROXIES = TrustedProxies.parse(["127.0.0.1"])
    said = {"HTTP_X_FORWARDED_METHOD": "POST"}

    assert client.get(at(link), **said).status_code == 204
    assert client.get("/en/my/expert/made-up/slides/", **said).status_code == 403
    expert_link.revoke(link.expert, by=make_organizer().user)
    assert client.get(at(link), **said).status_code == 403


def test_too_many_files_are_refused_in_words(client, link, talk, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"attachment": (1, 600)}

    assert [add(client, link, talk).status_code for _n in range(2)] == [302, 422]


def test_name_is_shown_as_text(client, link, talk):
    proposal = factories.expert_proposal(link)
    factories.slides(proposal, talk, name="<script>alert(1)</script>.pdf")

    assert "<script>alert" not in client.get(at(link)).text
    expert_proposal.send(proposal, version=proposal.version)
    assert "<script>alert" not in client.get(at(link, "")).text


def test_forms_are_forged_by_nobody(link, talk):
    assert add(Client(enforce_csrf_checks=True), link, talk).status_code == 403


def test_page_costs_the_same_for_more_talks(client, link, hale):
    client.get(at(link))
    with CaptureQueriesContext(connection) as counted:
        client.get(at(link))
    proposal = factories.expert_proposal(link)
    for _number in range(2):
        more = factories.session()
        factories.appearance(session=more, expert=hale)
        factories.slides(proposal, more)
        factories.event_file(event=more.event, session=more, kind="slides", audience="public")

    with CaptureQueriesContext(connection) as later:
        client.get(at(link))
    # What waits is a proposal of its own, with its files.
    assert len(later) == len(counted) + 1
