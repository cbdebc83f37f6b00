"""Photos and files of an event: several photos in one go, files with who sees them."""

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from events.models import EventFile, OrganizerScope, Photo
from summit.lib.files.private_files import _stored, private_storage
from tests import factories, files
from tests.backoffice.posting import filled, inline, save, url
from tests.backoffice.workspace.pages import present
from tests.office import OLD, SLIDES, TEXT, UNDER_PASSWORD, WORKBOOK, office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]

ROW = {"title_en": "Notice", "kind": "notice", "audience": "public", "order": 0}


def pdf(name="notice.pdf"):
    return SimpleUploadedFile(name, files.pdf(), "application/pdf")


def told(page):
    return [str(message) for message in page.context["messages"]]


def post(person, event, **changes):
    address = url(event, "files")
    data = {**filled(person.get(address)), **changes}
    return person.post(address, data, follow=True)


def bad(name="scan.heic"):
    return SimpleUploadedFile(name, b"no picture at all", "image/jpeg")


def storage_files():
    return list(_stored(private_storage(), "files"))


# Photos


def test_several_photos_are_added_with_one_caption_and_credit(organizer):
    event = factories.event()
    factories.photo(event=event, order=4)

    page = post(
        organizer,
        event,
        new_photos=[factories.picture("a.png"), factories.picture("b.png")],
        new_caption_en="At the table",
        new_caption_zh_hans="对接现场",
        new_credit_zh_hans="会务组供图",
    )

    added = event.photos.filter(order__gt=4)
    assert [photo.order for photo in added] == [5, 6]
    assert {(p.caption_en, p.caption_zh_hans, p.credit_en, p.credit_zh_hans) for p in added} == {
        ("At the table", "对接现场", "", "会务组供图")
    }
    assert "2 photos were added." in told(page)
    assert page.redirect_chain == [(url(event, "files"), 302)]
    assert added[0].history.get().history_user == organizer.user


def test_bad_picture_is_named_and_the_others_are_kept(organizer):
    event = factories.event()

    page = post(organizer, event, new_photos=[factories.picture(), bad(), factories.picture()])

    assert event.photos.count() == 2
    [refusal] = [message for message in told(page) if "scan.heic" in message]
    assert refusal.startswith("“scan.heic” was not added. This is not a readable")


def test_bad_pictures_alone_add_nothing_and_keep_the_rest(organizer):
    event = factories.event()
    photo = factories.photo(event=event)

    page = post(organizer, event, new_photos=[bad()], **{"photos-0-caption_en": "Changed"})

    photo.refresh_from_db()
    assert photo.caption_en == "Changed"
    assert event.photos.count() == 1
    assert any("scan.heic" in message for message in told(page))


def test_order_captions_and_credits_are_edited_in_place_and_photos_deleted(organizer):
    event = factories.event()
    first, second = factories.photo(event=event, order=0), factories.photo(event=event, order=1)

    post(
        organizer,
        event,
        **{"photos-0-order": 7, "photos-0-credit_en": "courtesy", "photos-1-DELETE": "on"},
    )

    assert [(photo.pk, photo.order, photo.credit_en) for photo in event.photos.all()] == [
        (first.pk, 7, "courtesy")
    ]
    assert not Photo.objects.filter(pk=second.pk).exists()


def test_event_is_as_it_was_when_photos_are_added(organizer):
    event = factories.event()
    before = event.history.count()

    post(organizer, event, new_photos=[factories.picture()], title_en="Another")

    event.refresh_from_db()
    assert event.title_en != "Another"
    assert event.history.count() == before


def test_photo_that_cannot_be_stored_is_said_in_the_form(organizer, monkeypatch):
    event = factories.event()

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storages["default"], "save", full)

    page = post(organizer, event, new_photos=[factories.picture()], new_caption_en="Kept")

    assert page.status_code == 200
    assert "could not be stored" in page.text
    assert 'value="Kept"' in page.text
    assert event.photos.count() == 0


# Files


def test_file_is_added_for_whom_it_is_said(organizer):
    session = factories.session()
    event = session.event
    row = {**ROW, "audience": "attendees", "session": session.pk, "file": pdf()}

    page = post(organizer, event, **inline("files", row))

    file = event.files.get()
    assert page.redirect_chain
    assert (file.audience, file.session, file.content_type) == (
        "attendees",
        session,
        "application/pdf",
    )
    with file.file.open() as stored:
        assert stored.read().startswith(b"%PDF")
    assert (file.size, len(file.sha256), file.uploaded_by) == (
        file.file.size,
        64,
        organizer.user,
    )
    assert "notice" not in file.file.name


def test_nothing_becomes_public_by_itself(organizer):
    row = {"title_en": "Notice", "kind": "notice", "order": 0, "file": pdf()}

    page = post(organizer, factories.event(), **inline("files", row))

    assert EventFile.objects.count() == 0
    assert ("Files, row 1", "Who sees it") in [
        (line.section, line.label) for line in page.context["error_lines"]
    ]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (
            "notice.pdf",
            b"MZ program",
            "not a PDF, JPEG, PNG, PowerPoint (.pptx), Word (.docx) or Excel (.xlsx)",
        ),
        ("notice.pdf", b"", "empty"),
        ("slides.ppt", OLD, "Save it as .pptx, .docx or .xlsx, or as PDF."),
        ("slides.pptx", UNDER_PASSWORD, "protected by a password"),
    ],
)
def test_file_that_is_no_document_is_refused_in_its_row(organizer, name, data, words):
    event = factories.event()
    row = {**ROW, "file": SimpleUploadedFile(name, data, "application/pdf")}

    page = post(organizer, event, **inline("files", row))

    assert words in page.text
    assert event.files.count() == 0
    assert not storage_files()


@pytest.mark.parametrize(
    ("kind", "ending"), [(SLIDES, ".pptx"), (TEXT, ".docx"), (WORKBOOK, ".xlsx")]
)
def test_slides_word_files_and_workbooks_are_taken(organizer, kind, ending):
    event = factories.event()
    file = SimpleUploadedFile(f"slides{ending}", office(kind), kind)

    page = post(organizer, event, **inline("files", {**ROW, "kind": "slides", "file": file}))

    row = event.files.get()
    assert (row.content_type, row.ending) == (kind, ending)
    assert ending.removeprefix(".").upper() in page.text
    assert all(each in page.text for each in (".pdf", ".pptx", ".docx", ".xlsx"))


def test_new_version_keeps_the_address_and_leaves_no_old_file(
    organizer, django_capture_on_commit_callbacks
):
    event = factories.event()
    file = factories.event_file(event=event)
    code, old = file.code, file.file.name

    with django_capture_on_commit_callbacks(execute=True):
        post(organizer, event, **{"files-0-file": pdf(), "files-0-title_en": "Second notice"})

    file.refresh_from_db()
    assert (file.code, file.title_en) == (code, "Second notice")
    assert file.file.name != old
    assert storage_files() == [file.file.name]


def test_title_is_changed_without_a_new_file(organizer):
    event = factories.event()
    file = factories.event_file(event=event)
    name, size = file.file.name, file.size

    post(organizer, event, **{"files-0-title_en": "Renamed", "files-0-audience": "staff"})

    file.refresh_from_db()
    assert (file.title_en, file.audience) == ("Renamed", "staff")
    assert (file.file.name, file.size) == (name, size)


def test_deleted_file_is_gone_from_the_storage(organizer, django_capture_on_commit_callbacks):
    event = factories.event()
    factories.event_file(event=event)

    with django_capture_on_commit_callbacks(execute=True):
        post(organizer, event, **{"files-0-DELETE": "on"})

    assert event.files.count() == 0
    assert storage_files() == []


def test_session_of_another_event_is_no_choice(organizer):
    event, other = factories.event(), factories.session()

    page = post(organizer, event, **inline("files", {**ROW, "session": other.pk, "file": pdf()}))

    assert event.files.count() == 0
    assert "files-0-session" in page.text


# Who, and where


def test_page_is_marked_in_the_menu_and_costs_the_same_for_few_and_many(
    organizer, django_assert_max_num_queries
):
    event = factories.event()

    def add():
        factories.photo(event=event)
        factories.event_file(event=event, session=factories.session(event=event))

    add()
    page = organizer.get(url(event, "files"))
    assert present(page) == ["files"]
    with django_assert_max_num_queries(40) as few:
        organizer.get(url(event, "files"))
    for _ in range(4):
        add()
    with django_assert_max_num_queries(len(few)):
        organizer.get(url(event, "files"))


def test_auditor_reads_and_changes_nothing(auditor):
    event = factories.event()
    photo, file = factories.photo(event=event), factories.event_file(event=event)

    page = auditor.get(url(event, "files"))
    answer = auditor.post(url(event, "files"), {"new_photos": [factories.picture()]})

    assert photo.image.url in page.text
    assert file.get_absolute_url() in page.text
    assert 'type="file"' not in page.text
    assert answer.status_code == 403
    assert event.photos.count() == 1


def test_event_beyond_ones_limits_has_no_page(organizer):
    OrganizerScope.objects.create(user=organizer.user, event=factories.event())
    other = factories.event()

    assert organizer.get(url(other, "files")).url == "/admin/"
    assert organizer.post(url(other, "files"), {"new_photos": [factories.picture()]}).status_code
    assert other.photos.count() == 0


def test_history_of_the_event_tells_of_its_files_and_holds_no_name_of_a_file(organizer):
    event = factories.event()
    save(organizer, event, "files", **inline("files", {**ROW, "file": pdf("王伟.pdf")}))

    page = organizer.get(url(event, "history"))

    assert "Notice" in page.text
    assert "王伟" not in page.text
