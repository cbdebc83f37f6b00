"""Adding files to a submission by its link, and what strangers try."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from registrations.domain.query_code import code_of
from submissions.domain import attachment as domain
from submissions.domain import link, privacy
from submissions.domain import submission as submissions
from submissions.models import Attachment, Submission
from summit.lib.web.proxies import TrustedProxies
from tests import factories, files
from tests.files import fetch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
BOUNDARY = "----x"


def proven(**fields):
    return factories.submission(proven_at=timezone.now(), **fields)


def at(submission, name="files", **more):
    with translation.override("zh-hans"):
        return reverse(f"submission-{name}", kwargs={"code": link.token_of(submission), **more})


def of_file(row, name="file"):
    return at(row.submission, name, file_code=row.code)


def add(client, submission, upload=None, **typed):
    upload = upload or files.upload(files.pdf(), "计划书.pdf")
    return client.post(at(submission), {"file": upload, **typed})


def test_file_is_added_listed_taken_and_removed(client):
    made = proven()

    assert add(client, made, caption="项目计划").url == f"{at(made)}?added"
    row = Attachment.objects.get()
    page = client.get(f"{at(made)}?added").text
    assert "文件已添加" in page
    assert all(each in page for each in ("计划书.pdf", "项目计划", "PDF"))
    assert "计划书.pdf" in client.get(link.path_of(made)).text

    response = fetch(client, of_file(row))
    assert response.bytes.startswith(b"%PDF-")
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "strict-origin"

    assert client.post(of_file(row, "file-remove")).url == f"{at(made)}?removed"
    assert fetch(client, of_file(row)).status_code == 404
    assert not Attachment.objects.exists()


def test_what_was_typed_is_saved_on_the_way_to_the_files(client):
    made = proven()
    page = client.get(link.path_of(made)).text
    assert 'name="files"' in page

    typed = {"contact_name": "Li Min", "email": made.email, "need_title": "Blood"}
    response = client.post(link.path_of(made), typed | {"version": made.version, "files": ""})

    with translation.override("en"):
        own = reverse("submission-files", kwargs={"code": link.token_of(made)})
    assert response.url == f"{own}?saved"
    made.refresh_from_db()
    assert made.values["need_title"] == "Blood"


def test_what_was_typed_and_cannot_be_saved_stays_on_the_page(client):
    made = proven()

    response = client.post(
        link.path_of(made), {"need_title": "x" * 3000, "version": made.version, "files": ""}
    )

    assert response.status_code == 422
    assert "x" * 3000 in response.text


def test_nothing_is_added_before_the_address_is_proven(client):
    made = factories.submission()

    assert 'name="files"' not in client.get(link.path_of(made)).text
    assert 'type="file"' not in client.get(at(made)).text
    refused = add(client, made)

    assert refused.status_code == 422
    assert not Attachment.objects.exists()
    # The mailed link proves it.
    client.get(link.path_of(made, is_mailed=True))
    assert add(client, made).status_code == 302


def test_page_says_how_to_add_files_without_an_address(client):
    made = factories.submission(by=factories.sender(email="", phone="+8613800138000"))

    with translation.override("en"):
        page = client.get(reverse("submission-files", args=[link.token_of(made)])).text
    assert "enter an e-mail address and save" in page
    assert "call the organizer" in page


def test_confirmed_number_keeps_its_query_code_on_the_page(client):
    made = proven(status="sent", by=factories.sender(email="", phone="+8613800138000"))

    page = client.get(link.path_of(made).replace("/en/", "/zh-hans/")).text

    assert code_of(made) in page
    assert at(made) in page


def test_files_are_added_to_what_was_sent_at_once(client):
    made = proven(status="sent")

    assert at(made) in client.get(link.path_of(made).replace("/en/", "/zh-hans/")).text
    assert add(client, made).status_code == 302


def test_file_that_takes_all_the_time_counts_as_many(client, settings, monkeypatch):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"attachment": (10, 600)}
    made = proven()

    def attach(*_args, **_options):
        raise ValidationError("Too much.", code="too_complex")

    monkeypatch.setattr(domain, "attach", attach)
    assert "Too much." in add(client, made).text
    monkeypatch.undo()

    refused = add(client, made)
    assert refused.status_code == 422
    assert "Too much." not in refused.text
    assert not Attachment.objects.exists()


def test_too_many_files_are_refused_in_words(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"attachment": (1, 600)}
    made = proven()

    assert [add(client, made).status_code for _n in range(2)] == [302, 422]


def test_files_are_shown_and_stay_once_the_call_has_closed(client):
    made = proven()
    row = factories.attachment(made)
    submissions.send(made, version=made.version)
    made.call.closes_at = timezone.now()
    made.call.save()

    page = client.get(at(made)).text
    assert row.name in page
    assert 'type="file"' not in page
    assert of_file(row, "file-remove") not in page
    assert add(client, made).status_code == 422
    assert client.post(of_file(row, "file-remove")).status_code == 409
    assert fetch(client, of_file(row)).status_code == 200


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b"<!DOCTYPE html>", "从内容看"),
        (b"%PDF-1.7 nothing", "无法完整读取"),
    ],
    ids=["empty", "page", "broken"],
)
def test_hostile_file_is_refused_in_the_language_of_the_page(client, data, words):
    made = proven()

    page = add(client, made, files.upload(data, "a.pdf"), caption="已输入的说明")

    assert page.status_code == 422
    error = re.search(r'class="errorlist".*?</ul>', page.text, re.DOTALL)[0]
    assert re.search(r"[一-鿿]", error)
    assert not re.search(r"\bThis\b|\bfile\b", error)
    assert "已输入的说明" in page.text


def raw(client, submission, name):
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode() + files.pdf()
    body += f"\r\n--{BOUNDARY}--\r\n".encode()
    return client.post(at(submission), body, f"multipart/form-data; boundary={BOUNDARY}")


def test_name_of_ten_thousand_characters_is_refused_in_words(client):
    made = proven()

    page = raw(client, made, "x" * 10_000 + ".pdf")

    # No browser sends one: file systems know no such name.
    assert page.status_code == 400
    assert re.search(r"[一-鿿]", page.text)
    assert not Attachment.objects.exists()


def test_name_with_a_path_is_kept_without_it(client):
    made = proven()

    assert raw(client, made, "../../etc/passwd.pdf").status_code == 302
    assert Attachment.objects.get().name == "passwd.pdf"


@pytest.mark.parametrize("name", ["none.pdf", "<script>alert(1)</script>.pdf"])
def test_name_is_shown_as_text(client, name):
    made = proven()
    factories.attachment(made, name=name)

    page = client.get(at(made)).text

    assert "<script>alert" not in page


def test_large_body_is_for_the_bearer_of_a_proven_link_alone(client, settings):
    settings.FORM_MAX_BYTES = 1000
    upload = files.upload(files.pdf() + b"\n" * 2000, "a.pdf")

    unproven = add(client, factories.submission(), upload)
    assert unproven.status_code == 413
    upload.seek(0)
    made_up = client.post("/zh-hans/submissions/made-up/files/", {"file": upload})
    assert made_up.status_code == 413
    upload.seek(0)
    elsewhere = client.post(link.path_of(proven()), {"file": upload})
    assert elsewhere.status_code == 413
    upload.seek(0)
    assert add(client, proven(), upload).status_code == 302


def test_proxy_is_told_who_may_send_a_file(client, settings):
    settings.TRUSTED_PROXIES = TrustedProxies.parse(["127.0.0.1"])
    said = {"HTTP_X_FORWARDED_METHOD": "POST"}

    assert client.get(at(proven()), **said).status_code == 204
    assert client.get(at(factories.submission()), **said).status_code == 403
    refused = proven(status="sent")
    Submission.objects.filter(pk=refused.pk).update(status="refused")
    assert client.get(at(refused), **said).status_code == 403
    assert client.get("/zh-hans/submissions/made-up/files/", **said).status_code == 403


def test_body_above_the_limit_is_refused_in_words(client, settings):
    settings.FORM_MAX_BYTES = settings.UPLOAD_MAX_BYTES = 1000
    upload = files.upload(files.pdf() + b"\n" * 2000, "a.pdf")

    page = add(client, proven(), upload)

    assert page.status_code == 413
    assert re.search(r"[一-鿿]", page.text)


def test_link_opens_no_file_of_another_submission(client):
    row, other = factories.attachment(proven()), proven()

    assert fetch(client, at(other, "file", file_code=row.code)).status_code == 404
    client.post(at(other, "file-remove", file_code=row.code))
    assert Attachment.objects.exists()


def test_old_link_opens_nothing(client):
    row = factories.attachment(proven())
    before = of_file(row)
    link.renew(row.submission)

    assert fetch(client, before).status_code == 404


def test_erased_submission_gives_out_nothing(client):
    row = factories.attachment(proven())
    privacy.erase([row.submission])

    assert fetch(client, of_file(row)).status_code == 404


def test_public_pages_tell_nothing_of_files(client):
    row = factories.attachment(proven(), name="secret-plan.pdf")
    call = row.submission.call

    for path in (call.get_absolute_url(), call.event.get_absolute_url()):
        assert "secret-plan" not in Client().get(path).text


def test_forms_are_forged_by_nobody():
    made = proven()
    strict = Client(enforce_csrf_checks=True)

    assert add(strict, made).status_code == 403


def test_pages_cost_the_same_with_one_file_and_with_three(client, django_assert_num_queries):
    made = proven()
    factories.attachment(made)
    # What every page asks for once.
    client.get(at(made))
    for _n in range(2):
        with django_assert_num_queries(3):
            client.get(at(made))
        for _each in range(2):
            factories.attachment(made)
