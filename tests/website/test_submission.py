"""Handing in needs and projects on the site: the form, its page, and what strangers try."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mail.delivery import deliver_due
from registrations.domain.query_code import code_of
from submissions.domain import link
from submissions.domain import review as reviews
from submissions.models import Submission
from tests import factories, stamps

pytestmark = pytest.mark.django_db
TYPED = {
    "organization_name": "石家庄某医疗公司",
    "contact_name": "李敏",
    "phone": "138 0013 8000",
    "email": "li@example.org",
    "need_title": "快速血液检测",
    "problem": "检测需要两小时。",
}


def hand_in(call, client=None, button="send", **typed):
    data = {"shown_at": stamps.of_call(call), button: ""} | TYPED | typed
    return (client or Client()).post(f"/zh-hans/calls/{call.slug}/", data)


def page_of(submission, more="", **how):
    return link.path_of(submission, **how) + more


def typed_of(submission, button="save", **typed):
    return TYPED | {"version": submission.version, button: ""} | typed


def test_link_fills_in_the_department_too(client):
    call = factories.call()
    call.departments.add(factories.department(slug="science"))

    page = client.get(f"/zh-hans/calls/{call.slug}/?department=science&district=none")

    assert '<option value="science" selected>' in page.text


def test_pair_of_boxes_is_called_optional_once(client):
    call = factories.call(asked=["budget"], required=[])
    needed = factories.call(asked=["budget"], required=["budget"])

    def legend(call):
        page = client.get(f"/en/calls/{call.slug}/").text
        return " ".join(re.search(r"<legend>(.*?)</legend>", page, re.DOTALL)[1].split())

    assert legend(call) == 'Planned investment <span class="field-optional">(optional)</span>'
    assert legend(needed) == "Planned investment"


def test_company_hands_in_a_need_and_comes_to_its_page(client):
    call = factories.call(districts=[factories.district(slug="xinhua")])

    shown = client.get(f"/zh-hans/calls/{call.slug}/?district=xinhua")
    assert '<option value="xinhua" selected>' in shown.text
    response = hand_in(call, client, district="xinhua")

    [made] = Submission.objects.all()
    assert response.url == f"{page_of(made)}?sent"
    assert (made.status, made.language, made.district.slug) == ("sent", "zh-hans", "xinhua")
    assert made.values == {"need_title": "快速血液检测", "problem": "检测需要两小时。"}
    page = client.get(response.url)
    assert "已提交" in page.text
    assert code_of(made) in page.text
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert page.headers["Referrer-Policy"] == "strict-origin"


def test_receipt_by_mail_proves_the_address(client):
    hand_in(factories.call())
    deliver_due()
    [made] = Submission.objects.all()
    [message] = mail.outbox
    assert message.to == ["li@example.org"]
    assert "李敏" not in message.body

    path = re.search(r"http://testserver(\S+/submissions/\S+)", message.body)[1]
    assert client.get(path).status_code == 200
    made.refresh_from_db()
    assert made.proven_at
    assert code_of(made) not in client.get(path).text


def test_save_and_continue_later(client):
    call = factories.call(required=["goal"])
    first = hand_in(call, client, button="save", phone="", email="a@example.org")
    made = Submission.objects.get()
    assert made.status == "draft"
    assert "预期目标" in client.get(first.url).text

    again = client.post(page_of(made), typed_of(made, "send", goal=""))
    assert again.status_code == 422
    made.refresh_from_db()
    # What was typed is saved all the same.
    assert made.phone == "+8613800138000"

    done = client.post(page_of(made), typed_of(made, "send", goal="十分钟内出结果。"))
    assert done.url.endswith("?sent")
    assert Submission.objects.get().status == "sent"


def test_all_kinds_of_fields_come_back_as_typed(client):
    call = factories.call()
    sector = factories.sector()
    hand_in(
        call,
        button="save",
        budget_from="50万",
        budget_until="80",
        needed_from=str(timezone.localdate().year),
        keywords="血液，检测",
        sectors=[sector.slug],
        solution_mode="joint",
        problem="第一行\r\n第二行",
    )

    made = Submission.objects.get()
    assert made.values["budget"] == {"from": "50", "to": "80"}
    assert made.values["needed"] == [timezone.localdate().year, None]
    assert made.values["keywords"] == "血液、检测"
    assert made.values["problem"] == "第一行\n第二行"
    text = client.get(page_of(made)).text
    assert 'value="80"' in text
    assert f'value="{sector.slug}"' in text


def test_too_long_text_is_refused_and_still_there(client):
    response = hand_in(factories.call(), problem="长" * 501)

    assert response.status_code == 422
    assert "长" * 501 in response.text
    assert not Submission.objects.exists()


def test_one_form_is_one_submission():
    call = factories.call()
    stamp = stamps.of_call(call)

    assert hand_in(call, shown_at=stamp).status_code == 302
    assert hand_in(call, shown_at=stamp).status_code == 422
    assert Submission.objects.count() == 1


def test_trap_is_kept_from_programs():
    assert hand_in(factories.call(), leave_empty="x").status_code == 422
    assert not Submission.objects.exists()


def test_call_that_closed_while_the_form_was_open_keeps_a_draft(client, organizer):
    call = factories.call()
    call.closes_at = timezone.now() - dt.timedelta(seconds=1)
    call.save()
    assert 'name="need_title"' not in client.get(call.get_absolute_url()).text

    response = hand_in(call, client)
    made = Submission.objects.get()
    assert response.url.endswith("?closed")
    assert "已保存为草稿" in client.get(response.url).text
    assert client.post(page_of(made), typed_of(made, "send")).url.endswith("?closed")

    made.refresh_from_db()
    reviews.permit_late(made, until=timezone.now() + dt.timedelta(hours=1), by=organizer.user)
    assert client.post(page_of(made), typed_of(made, "send")).url.endswith("?sent")


def test_second_tab_is_told_and_keeps_its_text(client):
    hand_in(factories.call(), button="save")
    made = Submission.objects.get()
    client.post(page_of(made), typed_of(made, problem="第一个窗口"))

    second = client.post(page_of(made), typed_of(made, problem="第二个窗口"))
    assert second.status_code == 422
    assert "第二个窗口" in second.text
    assert "另一个窗口" in second.text
    assert 'name="version" value="3"' not in second.text
    assert 'name="version" value="2"' in second.text
    assert Submission.objects.get().values["problem"] == "第一个窗口"


def test_tab_of_before_it_was_sent_keeps_its_text(client):
    hand_in(factories.call())
    made = Submission.objects.get()

    late = client.post(page_of(made), typed_of(made, problem="还没保存的内容"))
    assert late.status_code == 422
    assert "还没保存的内容" in late.text


def test_another_need_keeps_company_and_contact(client):
    hand_in(factories.call())
    first = Submission.objects.get()
    client.get(page_of(first, is_mailed=True))

    shown = client.get(page_of(first, "another/"))
    assert "石家庄某医疗公司" in shown.text
    assert 'value="快速血液检测"' not in shown.text
    data = TYPED | {"need_title": "第二个", "shown_at": stamps.of_call(first.call), "send": ""}
    client.post(page_of(first, "another/"), data)

    second = Submission.objects.exclude(pk=first.pk).get()
    assert second.proven_at


def test_person_withdraws_renews_the_link_and_erases(client):
    hand_in(factories.call())
    made = Submission.objects.get()
    old = page_of(made)

    client.post(page_of(made, "withdraw/"))
    assert Submission.objects.get().status == "withdrawn"

    client.post(page_of(made, "new-link/"))
    assert client.get(old).status_code == 404
    made.refresh_from_db()
    assert client.get(page_of(made, "erase/")).status_code == 200
    client.post(page_of(made, "erase/"))
    made.refresh_from_db()
    assert made.erased_at
    assert client.get(page_of(made)).status_code == 404


def test_link_is_replaced_so_often_an_hour_and_no_more(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"link": (2, 3600)}
    made = factories.submission(proven_at=timezone.now())

    for status in (302, 302, 409):
        made.refresh_from_db()
        answer = client.post(page_of(made, "new-link/"))
        assert answer.status_code == status

    assert "Too many attempts" in answer.text
    assert client.get(page_of(made)).status_code == 200
    assert made.mails.filter(kind="submission_link").count() == 2


def test_a_link_that_is_too_old_leads_to_where_another_is_asked_for(client, settings):
    hand_in(factories.call())
    made = Submission.objects.get()
    long_ago = timezone.now() - dt.timedelta(days=1000)
    made.call.closes_at, made.call.opens_at = long_ago, long_ago - dt.timedelta(days=1)
    made.call.save()
    Submission.objects.update(saved_at=long_ago)

    page = client.get(page_of(made))

    assert page.status_code == 404
    assert 'href="/zh-hans/submissions/"' in page.text
    assert "李敏" not in page.text


def test_tab_of_the_browser_names_the_call_and_nothing_typed(client):
    call = factories.call(title_zh_hans="企业技术需求征集")
    hand_in(call)
    made = Submission.objects.get()

    for path, words in (("", "您的申报 · 企业技术需求征集"), ("erase/", "确定删除此申报吗？")):
        page = client.get(page_of(made, path)).text
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]
        assert " ".join(title.split()) == words


@pytest.mark.parametrize("name", ["problem", "need_title", "organization_name", "contact_name"])
def test_ten_thousand_characters_are_refused_in_words_and_kept(client, name):
    call = factories.call()
    answer = hand_in(call, client, **{name: "血" * 10_000})

    assert answer.status_code == 422
    assert "血" * 10_000 in answer.text
    assert "10000" in answer.text
    assert not Submission.objects.exists()


def test_browsers_send_long_chinese_texts_in_few_bytes(client):
    made = factories.submission()

    for path in (made.call.get_absolute_url(), page_of(made)):
        form = re.search(r'<form[^>]*id="submission"[^>]*>', client.get(path).text)[0]
        assert 'enctype="multipart/form-data"' in form


def test_the_other_language_keeps_what_was_typed_and_saves_nothing(client):
    sectors = [factories.sector() for _each in range(2)]
    call = factories.call()
    typed = {
        **{"need_title": "Blood test", "problem": "It takes\r\ntwo days.", "budget_from": "50"},
        **{"sectors": [each.slug for each in sectors], "contact_name": "Wang Wei", "again": "1"},
    }

    assert 'form="submission" formaction=' in client.get(call.get_absolute_url()).text
    form = client.post(call.get_absolute_url(), typed).context["form"]

    assert not form.errors
    assert form["need_title"].value() == "Blood test"
    assert form["sectors"].value() == typed["sectors"]
    assert (form["budget_from"].value(), form["contact_name"].value()) == ("50", "Wang Wei")
    assert not Submission.objects.exists()


def test_the_other_language_of_a_draft_saves_what_was_typed_and_sends_nothing(client):
    made = factories.submission()
    other = page_of(made).replace("/en/", "/zh-hans/")

    assert f'form="submission" formaction="{other}"' in client.get(page_of(made)).text
    response = client.post(other, typed_of(made, "again", goal="Ten minutes."))

    made.refresh_from_db()
    assert response.url == f"{other}?saved"
    assert (made.status, made.values["goal"]) == ("draft", "Ten minutes.")


def test_reason_is_read_on_the_page(client, organizer):
    hand_in(factories.call())
    made = Submission.objects.get()
    reviews.return_with_reason(made, reason="请补充<b>预算</b>。", by=organizer.user)

    text = client.get(page_of(made)).text
    assert "请补充&lt;b&gt;预算&lt;/b&gt;。" in text
    assert 'name="need_title"' in text


def test_it_is_found_by_number_and_code_and_by_mail(client):
    hand_in(factories.call())
    made = Submission.objects.get()
    where = reverse("find-submission")
    typed = {"contact": "13800138000", "query_code": code_of(made).lower()}

    found = client.post(where, typed | {"shown_at": stamps.of_find()})
    assert found.url.endswith(link.token_of(made) + "/")
    wrong = client.post(where, typed | {"query_code": "AAAAAA", "shown_at": stamps.of_find()})
    assert wrong.status_code == 422

    deliver_due()
    mail.outbox.clear()
    for address in ("li@example.org", "nobody@example.org"):
        sent = client.post(where, {"email": address, "shown_at": stamps.of_lost_link()})
        assert sent.status_code == 200
    deliver_due()
    assert [message.to for message in mail.outbox] == [["li@example.org"]]


def test_draft_and_unknown_calls_are_not_there(client, organizer):
    draft = factories.call(status="draft")

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.post("/en/calls/none/", {}).status_code == 404
    assert organizer.get(draft.get_absolute_url()).status_code == 200


def test_open_calls_stand_on_home_event_and_their_own_pages(client):
    call = factories.call(title_en="Needs of 2027")
    of_series = factories.call(series=factories.series(), event=None, kind="offer")
    factories.call(title_en="Closed one", closes_at=timezone.now() - dt.timedelta(days=1))
    factories.call(title_en="Hidden one", status="draft")

    for path in ("/en/", call.event.get_absolute_url(), "/en/needs/"):
        assert "Needs of 2027" in client.get(path).text
    assert of_series.title_en in client.get("/en/offers/").text
    assert "Needs of 2027" not in client.get("/en/offers/").text
    for path in ("/en/", "/en/needs/"):
        text = client.get(path).text
        assert "Closed one" not in text
        assert "Hidden one" not in text


@pytest.mark.parametrize("kind", ["need", "talent", "offer"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_form_of_each_kind_is_there(client, kind, language):
    factories.sector()
    factories.mode()
    factories.industry()
    call = factories.call(kind=kind)

    response = client.get(f"/{language}/calls/{call.slug}/")

    assert response.status_code == 200
    for field in call.form_fields:
        assert f'name="{field.key}' in response.text
