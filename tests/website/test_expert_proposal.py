"""The page of an expert's personal link, and what strangers try."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mail.delivery import deliver_due
from submissions.domain import expert_link, expert_review
from submissions.domain import expert_proposal as domain
from submissions.models import ExpertLink, ExpertProposal
from tests import factories
from tests.cast import make_organizer

pytestmark = pytest.mark.django_db


@pytest.fixture
def hale():
    expert = factories.expert(
        name_en="Ann Hale", biography_en="First line.\r\nSecond  line. ", languages=["en"]
    )
    talk = factories.session(title_en="Blood tests", abstract_en="Old abstract.")
    factories.appearance(session=talk, expert=expert)
    return expert


@pytest.fixture
def link(hale):
    return factories.expert_link(hale)


def page_of(link, more=""):
    return expert_link.path_of(link) + more


def as_shown(page) -> dict:
    """Return what a browser sends of the page if nothing is touched."""
    values = {bound.html_name: bound.value() for bound in page.context["form"]}
    values.pop("photo")
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


def send(client, link, button="send", page=None, **typed):
    page = page or client.get(page_of(link))
    return client.post(page_of(link), as_shown(page) | {button: ""} | typed)


def test_expert_corrects_and_sends(client, link, hale):
    talk = hale.sessions.get()

    typed = {"name_zh_hans": "安·黑尔", f"session-{talk.pk}-abstract_en": "New abstract."}
    response = send(client, link, languages=["en", "de"], **typed)

    [made] = ExpertProposal.objects.all()
    assert response.url == f"{page_of(link)}?sent"
    assert made.values == typed | {"languages": ["de", "en"]}
    assert made.status == "sent"
    page = client.get(response.url)
    assert "We have received your corrections." in page.text
    assert page.context["form"] is None
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page.headers["Cache-Control"]
    hale.refresh_from_db()
    assert hale.languages == ["en"]


def test_untouched_page_proposes_nothing(client, link):
    response = send(client, link, "save")

    assert response.status_code == 422
    assert "You have not changed anything yet." in response.text
    assert not ExpertProposal.objects.exists()


def test_what_staff_changed_since_the_page_was_opened_is_not_proposed_back(client, link, hale):
    page = client.get(page_of(link))
    hale.biography_en = "By staff."
    hale.save()

    send(client, link, "save", page, name_en="Anna Hale")

    assert ExpertProposal.objects.get().values == {"name_en": "Anna Hale"}


def test_saved_and_continued(client, link):
    send(client, link, "save", name_en="Anna Hale")

    page = client.get(page_of(link))
    assert page.context["form"]["name_en"].value() == "Anna Hale"
    assert "have not been sent yet" in page.text
    send(client, link, honorific_en="Dr")

    made = ExpertProposal.objects.get()
    assert made.values == {"name_en": "Anna Hale", "honorific_en": "Dr"}
    assert made.status == "sent"


def test_the_other_language_saves_what_was_typed_and_sends_nothing(client, link, hale):
    other = page_of(link).replace("/en/", "/zh-hans/")
    page = client.get(page_of(link))
    assert f'form="proposal" formaction="{other}"' in page.text

    untouched = client.post(other, as_shown(page) | {"again": "1"})
    typed = client.post(other, as_shown(page) | {"again": "1", "biography_en": "Writes."})

    assert (untouched.url, typed.url) == (other, f"{other}?saved")
    proposal = hale.proposals.get()
    assert (proposal.status, proposal.values) == ("draft", {"biography_en": "Writes."})


def test_a_second_tab_loses_nothing(client, link):
    page = client.get(page_of(link))
    send(client, link, "save", page, name_en="Anna Hale")

    refused = send(client, link, "save", page, biography_en="Another.")
    assert refused.status_code == 422
    assert "changed in another window" in refused.text
    assert "Another." in refused.text
    again = as_shown(refused) | {"save": ""}
    client.post(page_of(link), again)

    assert ExpertProposal.objects.get().values == {
        "name_en": "Anna Hale",
        "biography_en": "Another.",
    }


def test_what_is_typed_while_it_waits_for_review_is_kept_on_the_page(client, link):
    page = client.get(page_of(link))
    send(client, link, page=page, name_en="Anna Hale")

    refused = send(client, link, page=page, name_en="Anne Hale")

    assert refused.status_code == 422
    assert "copy what you need" in refused.text
    assert "Anne Hale" in refused.text


def test_withdrawn_changed_and_sent_again(client, link):
    send(client, link, name_en="Anna Hale")

    assert client.post(page_of(link, "withdraw/")).url == f"{page_of(link)}?withdrawn"
    send(client, link, name_en="Anne Hale")

    made = ExpertProposal.objects.get()
    assert (made.status, made.values) == ("sent", {"name_en": "Anne Hale"})


def test_the_answer_stands_on_the_page(client, link):
    made = factories.expert_proposal(link, status="sent")
    expert_review.return_with_reason(made, reason="Which year?", by=make_organizer().user)

    page = client.get(page_of(link))

    assert "Which year?" in page.text
    assert page.context["form"]["biography_en"].value() == "New biography."


def test_a_portrait_is_sent_shown_to_its_sender_alone_and_taken_back(client, link):
    send(client, link, "save", photo=factories.picture())

    shown = client.get(page_of(link, "portrait.webp"))
    assert shown.headers["Content-Type"] == "image/webp"
    assert b"".join(shown)[8:12] == b"WEBP"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    send(client, link, "save", without_portrait="on", name_en="Anna Hale")

    assert ExpertProposal.objects.get().values == {"name_en": "Anna Hale"}
    assert client.get(page_of(link, "portrait.webp")).status_code == 404


def test_what_is_no_picture_is_refused_in_words(client, link):
    hostile = factories.picture()
    hostile.file.write(b"GIF89a<script>")
    hostile.seek(0)
    hostile.truncate(14)

    response = send(client, link, photo=hostile, name_en="Anna Hale")

    assert response.status_code == 422
    assert "not a readable JPEG" in response.text
    assert "Anna Hale" in response.text


def test_ten_thousand_characters_are_refused_in_words(client, link):
    response = send(client, link, biography_en="x" * 10_000)

    assert response.status_code == 422
    assert "at most 5000 characters" in response.text


def test_a_text_that_is_longer_already_stays_as_it_is(client, link, hale):
    hale.biography_en = "x" * 6000
    hale.save()

    send(client, link, "save", name_en="Anna Hale")

    assert ExpertProposal.objects.get().values == {"name_en": "Anna Hale"}


def test_large_bodies_are_for_links_that_work(client, link):
    body = {"x": "y" * 200_000, "version": "0"}

    assert client.post(page_of(link), body).status_code == 422
    assert client.post("/en/my/expert/none/", body).status_code == 413
    link.revoked_at = timezone.now()
    link.save()
    assert client.post(page_of(link), body).status_code == 413


@pytest.mark.parametrize("state", ["revoked", "ended", "forged"])
def test_a_link_that_does_not_work_says_so(client, link, state):
    path = page_of(link)
    if state == "revoked":
        link.revoked_at = timezone.now()
    if state == "ended":
        link.ends_at = timezone.now() - dt.timedelta(minutes=1)
    if state == "forged":
        path = path.replace(link.code, "A" * 32)
    link.save()

    for address in (path, f"{path}erase/", f"{path}portrait.webp"):
        response = client.get(address)
        assert response.status_code == 404
        assert response.headers["Referrer-Policy"] == "strict-origin"
    assert "Ann Hale" not in client.get(path).text


def test_a_new_link_replaces_one_that_somebody_else_may_have(client, link):
    old = page_of(link)

    response = client.post(page_of(link, "new-link/"))

    assert client.get(old).status_code == 404
    assert "The old link no longer works." in client.get(response.url).text
    assert [row.kind for row in link.mails.all()] == ["expert_link"]


def test_link_is_replaced_so_often_an_hour_and_no_more(client, link, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"link": (2, 3600)}

    for status in (302, 302, 409):
        link.refresh_from_db()
        answer = client.post(page_of(link, "new-link/"))
        assert answer.status_code == status

    assert "Too many attempts" in answer.text
    assert link.mails.filter(kind="expert_link").count() == 2


def test_taking_back_and_sending_again_floods_no_mailbox(link, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"link": (2, 3600)}
    made = factories.expert_proposal(link)

    for _each in range(4):
        made = domain.send(made, version=made.version)
        made = domain.withdraw(made, version=made.version)

    assert link.mails.filter(kind="expert_proposal_sent").count() == 2


def test_whoever_asks_by_address_gets_the_same_answer(link):
    def ask(email):
        client = Client()
        page = client.get("/en/submissions/")
        stamp = page.context["link_form"]["shown_at"].value()
        return client.post("/en/submissions/", {"email": email, "shown_at": stamp})

    known, unknown = ask(link.email.upper()), ask("nobody@example.org")

    assert "its links are on their way" in known.text
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert [row.kind for row in link.mails.all()] == ["expert_link"]


def test_mails_lead_to_the_page_in_the_language_of_the_link(hale, settings):
    link = factories.expert_link(hale, language="zh-hans")
    user = make_organizer().user
    expert_link.send_links(link.email)
    made = domain.save(link, {"name_en": "Anna Hale"}, version=0)
    sent = domain.send(made, version=made.version)
    expert_review.refuse(sent, reason="不符合要求。", by=user)

    deliver_due()

    invitation, receipt, refused = mail.outbox
    assert settings.SITE_URL + page_of(link) in invitation.body
    assert page_of(link).startswith("/zh-hans/my/expert/")
    assert made.reference in receipt.body
    assert "不符合要求。" in refused.body


def test_a_mail_about_a_link_that_was_revoked_is_not_sent(link):
    expert_link.send_links(link.email)
    expert_link.revoke(link.expert, by=make_organizer().user)

    deliver_due()

    assert mail.outbox == []


def test_erased_by_the_expert(client, link):
    factories.expert_proposal(link, status="sent")

    assert "Erase what you proposed and entered?" in client.get(page_of(link, "erase/")).text
    client.post(page_of(link, "erase/"))

    assert not ExpertProposal.objects.exists()
    assert client.get(page_of(link)).status_code == 200


def test_what_was_proposed_by_a_link_of_before_is_erased_too(client, link, hale):
    ExpertLink.objects.filter(pk=link.pk).update(revoked_at=timezone.now())
    factories.expert_proposal(factories.expert_link(hale), status="sent")
    newest = factories.expert_link(hale)
    factories.expert_proposal()

    client.post(page_of(newest, "erase/"))

    assert not ExpertProposal.objects.filter(expert=hale).exists()
    assert ExpertProposal.objects.count() == 1


def test_hostile_text_is_text(link):
    factories.expert_proposal(link, {"biography_en": "<script>alert(1)</script>"})

    assert "<script>alert(1)" not in Client().get(page_of(link)).text


def test_pages_cost_the_same_for_more_talks(client, link, hale, django_assert_num_queries):
    client.get(page_of(link))
    with CaptureQueriesContext(connection) as counted:
        client.get(page_of(link))
    for _number in range(2):
        talk = factories.session()
        factories.appearance(session=talk, expert=hale)
        factories.affiliation(expert=hale, is_primary=False)

    with django_assert_num_queries(len(counted)):
        client.get(page_of(link))
