import subprocess

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.urls import reverse

from projects.domain import document as domain
from projects.models import CooperationIntention, Document, DocumentDownload
from tests import factories
from tests.backoffice.posting import save, url
from tests.cast import Person
from tests.files import pdf, upload
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


def attach(person, intention, file, *, title="Signed original"):
    given = {"title": title, **({"file": file} if file else {})}
    return person.post(url(intention, "action", "attach"), given, follow=True)


def test_page_of_the_button_takes_a_file(organizer):
    page = organizer.get(url(factories.signed_intention(), "action", "attach"))

    assert 'enctype="multipart/form-data"' in page.text
    assert '<input type="file" name="file" accept=".pdf,.jpg,.jpeg,.png"' in page.text


def test_pages_of_buttons_without_a_file_are_sent_as_before(organizer):
    page = organizer.get(url(factories.intention(), "action", "sign"))

    assert "enctype" not in page.text


def test_file_is_attached_by_a_button_and_stands_on_the_page(organizer):
    intention, data = factories.signed_intention(), pdf()

    page = attach(organizer, intention, upload(data, "合作意向书.pdf"), title="签字版")

    made = intention.documents.get()
    assert made.file.read() == data
    made.file.close()
    assert (made.title, made.uploaded_by) == ("签字版", organizer.user)
    for words in ("签字版", made.sha256, made.get_absolute_url(), "The document is attached"):
        assert words in page.text
    assert LogEntry.objects.latest("pk").change_message == "Attach a document"


@pytest.mark.parametrize(
    ("file", "title", "words"),
    [
        (upload(b"<html>", "scan.pdf"), "Title", "This is not a PDF, JPEG or PNG by its content"),
        (upload(pdf()[:-30], "scan.pdf"), "Title", "cannot be read to its end"),
        (upload(b"", "scan.pdf"), "Title", "This file is empty"),
        (None, "Title", "Choose the file that is to be attached."),
        (upload(pdf()), "", "This field is required."),
    ],
    ids=["disguised", "cut", "empty", "none", "untitled"],
)
def test_refusal_is_told_on_the_page_and_nothing_is_attached(organizer, file, title, words):
    intention = factories.signed_intention()
    if file:
        file.seek(0)

    page = attach(organizer, intention, file, title=title)

    assert words in page.text
    assert not Document.objects.exists()


def test_file_of_more_than_twenty_megabytes_is_refused(organizer):
    file = upload(b"%PDF-1.7" + b"\0" * (20 * 1024 * 1024))

    page = attach(organizer, factories.signed_intention(), file)

    assert "Attach one of at most 20.0" in page.text
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_a_file_is_checked_and_stored(organizer, monkeypatch):
    intention, held = factories.signed_intention(), []
    check, store = subprocess.Popen, FileSystemStorage.save

    def checked(*args, **kwargs):
        held.append(("checked", connection.in_atomic_block))
        return check(*args, **kwargs)

    def stored(*args, **kwargs):
        held.append(("stored", connection.in_atomic_block))
        return store(*args, **kwargs)

    monkeypatch.setattr(subprocess, "Popen", checked)
    monkeypatch.setattr(FileSystemStorage, "save", stored)

    attach(organizer, intention, upload(pdf()))

    assert intention.documents.count() == 1
    assert held == [("checked", False), ("stored", False)]


@pytest.mark.django_db(transaction=True)
def test_same_file_pressed_twice_at_once_is_attached_once(organizer, private_files):
    intention, data = factories.signed_intention(), pdf()

    at_once(*(lambda: attach(organizer, intention, upload(data)) for _n in range(2)))

    assert intention.documents.count() == 1
    assert len([path for path in private_files.rglob("*") if path.is_file()]) == 1


def test_refused_file_is_told_beside_its_box(organizer):
    page = attach(organizer, factories.signed_intention(), upload(b"<html>", "scan.pdf"))

    assert "This is not a PDF" in str(page.context["form"].errors["file"])


def test_drafts_offer_no_documents_and_refuse_them(organizer):
    draft = factories.intention()

    page = organizer.get(url(draft, "change"))
    refused = attach(organizer, draft, upload(pdf()))

    assert "Attach a document" not in page.text
    assert "documents-TOTAL_FORMS" not in page.text
    assert "Sign this one first." in refused.text
    assert not Document.objects.exists()


def test_auditor_reads_the_list_and_changes_nothing(auditor):
    document = factories.document()
    intention = document.intention

    page = auditor.get(url(intention, "change"))

    assert document.get_absolute_url() in page.text
    assert "Attach a document" not in page.text
    assert attach(auditor, intention, upload(pdf())).status_code == 403
    gone = auditor.post(url(document, "action", "withdraw"), {"reason": "x"})
    assert gone.status_code == 403
    assert Document.objects.kept().count() == 1


def test_right_to_change_intentions_alone_neither_shows_nor_attaches_documents():
    user = User.objects.create_user("editor", is_staff=True)
    names = ["view_cooperationintention", "change_cooperationintention"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    editor, document = Person(user), factories.document()

    page = editor.get(url(document.intention, "change"))

    assert document.title not in page.text
    assert "Attach a document" not in page.text
    assert attach(editor, document.intention, upload(pdf())).status_code == 403


def test_right_to_see_documents_does_not_open_those_of_confidential_intentions():
    user = User.objects.create_user("archivist", is_staff=True)
    names = ["view_document", "view_documentdownload"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    archivist = Person(user)
    secret = factories.document(
        title="Secret paper", intention=factories.signed_intention(is_public=False)
    )
    domain.record_download(secret, by=user)

    for model in (Document, DocumentDownload):
        assert "Secret paper" not in archivist.get(url(model, "changelist")).text
    assert archivist.get(url(secret, "change")).status_code == 302


def test_saving_the_intention_leaves_its_documents_alone(organizer):
    document = factories.document()
    before = Document.objects.values().get()

    response = save(organizer, document.intention, is_public=None)

    assert response.status_code == 302
    assert Document.objects.values().get() == before
    assert not CooperationIntention.objects.get().is_public


@pytest.mark.parametrize("who", ["organizer", "superuser"])
def test_nobody_adds_edits_or_deletes_a_document_or_a_download_by_hand(cast, who):
    person, document = getattr(cast, who), factories.document()
    download = domain.record_download(document, by=person.user)

    for row in (document, download):
        assert person.get(url(type(row), "add")).status_code == 403
        assert person.post(url(row, "change"), {"title": "Other"}).status_code == 403
        assert person.post(url(row, "delete"), {"post": "yes"}).status_code == 403
        selected = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        person.post(url(type(row), "changelist"), selected)

    document.refresh_from_db()
    assert document.title != "Other"
    assert DocumentDownload.objects.count() == 1


def test_button_withdraws_with_a_reason(organizer, django_capture_on_commit_callbacks):
    document = factories.document()
    path = document.file.path

    asked = organizer.get(url(document, "action", "withdraw"))
    with django_capture_on_commit_callbacks(execute=True):
        told = organizer.post(
            url(document, "action", "withdraw"), {"reason": "The wrong paper."}, follow=True
        )

    assert document.sha256 in asked.text
    assert "The wrong paper." in told.text
    assert "Withdraw</a>" not in told.text
    document.refresh_from_db()
    assert document.is_withdrawn
    assert not document.file.storage.exists(path)


def test_withdrawing_without_a_reason_is_refused(organizer):
    document = factories.document()

    organizer.post(url(document, "action", "withdraw"), {"reason": " "})

    assert Document.objects.kept().count() == 1


def test_withdrawn_document_stays_on_the_page_with_its_reason_and_without_a_link(organizer):
    document = factories.document()
    domain.withdraw(document, reason="The wrong paper.", by=organizer.user)

    page = organizer.get(url(document.intention, "change"))

    assert "The wrong paper." in page.text
    assert document.get_absolute_url() not in page.text


def test_downloads_are_listed_with_who_and_what_came_of_it(auditor, organizer):
    document = factories.document(title="Signed original")
    domain.record_download(document, by=organizer.user)
    domain.record_download(document, by=organizer.user, was_refused=True)
    domain.record_download(document, by=organizer.user, file_was_missing=True)

    page = auditor.get(url(DocumentDownload, "changelist"))
    of_it = auditor.get(url(document, "change"))

    for words in ("Signed original", "organizer", "refused", "file was missing", "given"):
        assert words in page.text
    assert "1 download" in of_it.text
    link = f"{reverse('admin:projects_documentdownload_changelist')}?document__id__exact="
    assert f"{link}{document.pk}" in of_it.text
    assert auditor.get(f"{link}{document.pk}").status_code == 200


def test_nothing_that_was_typed_runs(organizer):
    hostile = "<script>alert(1)</script>"
    document = factories.document(title=hostile, original_name=hostile)

    for address in (
        url(document.intention, "change"),
        url(document, "change"),
        url(document, "action", "withdraw"),
        url(Document, "changelist"),
    ):
        assert hostile not in organizer.get(address).text


@pytest.mark.parametrize(("model", "queries"), [(Document, 11), (DocumentDownload, 10)])
def test_list_costs_the_same_with_one_and_three_rows(
    organizer, django_assert_num_queries, model, queries
):
    def make():
        domain.record_download(factories.document(), by=organizer.user)

    make()
    organizer.get(url(model, "changelist"))
    with django_assert_num_queries(queries):
        organizer.get(url(model, "changelist"))
    make()
    make()
    with django_assert_num_queries(queries):
        organizer.get(url(model, "changelist"))


def test_page_of_an_intention_costs_the_same_with_one_and_three_documents(
    organizer, django_assert_max_num_queries
):
    intention = factories.document().intention
    organizer.get(url(intention, "change"))
    with django_assert_max_num_queries(100) as few:
        organizer.get(url(intention, "change"))
    factories.document(intention=intention)
    factories.document(intention=intention)
    with django_assert_max_num_queries(100) as many:
        organizer.get(url(intention, "change"))

    assert len(many) == len(few)
