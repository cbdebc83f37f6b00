"""Files of submissions: what is taken, the limits, races, and how they go."""

import datetime as dt
import io
import os
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db.models import ProtectedError
from django.utils import timezone
from PIL import Image

from registrations.domain.proof import prove
from submissions.domain import attachment as domain
from submissions.domain import privacy
from submissions.domain import submission as submissions
from submissions.domain.attachment import AttachmentRefused
from submissions.models import Attachment, Submission
from summit.lib.files.private_files import private_storage
from tests import factories, files, office
from tests.threads import at_once
from website.own_data import own_data_sections

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


def proven(call=None, **fields):
    return factories.submission(call, proven_at=timezone.now(), **fields)


def pdf(name="plan.pdf"):
    return files.upload(files.pdf(), name)


def picture(kind="JPEG", name="IMG_0001.JPG", **saved):
    buffer = io.BytesIO()
    Image.new("RGB", (1800, 900), "teal").save(buffer, kind, **saved)
    return files.upload(buffer.getvalue(), name)


def stored():
    """Return the names of all files that are stored."""
    place = private_storage()

    def walk(folder):
        folders, found = place.listdir(folder)
        for each in folders:
            yield from walk(f"{folder}/{each}")
        yield from (f"{folder}/{each}" for each in found)

    return list(walk("attachments")) if place.exists("attachments") else []


def bytes_of(row):
    with private_storage().open(row.file.name) as file:
        return file.read()


def refusal_of(call):
    with pytest.raises(ValidationError) as refusal:
        call()
    return refusal.value


def test_file_is_kept_as_it_came_and_known_by_its_content():
    made = proven()
    data = files.pdf()

    row = domain.attach(
        made, files.upload(data, "C:\\Users\\li\\计划 书.doc"), caption=" The  plan "
    )

    assert (row.name, row.caption, row.content_type) == (
        "计划 书.doc",
        "The plan",
        "application/pdf",
    )
    assert row.download_name == "计划 书.pdf"
    assert bytes_of(row) == data
    assert row.size == len(data)


@pytest.mark.parametrize(
    ("kind", "ending"),
    [(office.TEXT, ".docx"), (office.WORKBOOK, ".xlsx"), (office.SLIDES, ".pptx")],
)
def test_office_files_are_taken(kind, ending):
    row = domain.attach(proven(), files.upload(office.office(kind), "a"))

    assert (row.content_type, row.ending) == (kind, ending)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_picture_is_encoded_anew_and_loses_what_the_camera_wrote(kind):
    exif = Image.Exif()
    exif[0x010E] = "where we live"

    row = domain.attach(proven(), picture(kind, exif=exif))

    data = bytes_of(row)
    assert b"where we live" not in data
    assert (row.is_picture, row.download_name) == (True, "IMG_0001.webp")
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == ("WEBP", (1600, 800))


HOSTILE = {
    "nothing in it": (b"", "empty"),
    "a program": (b"MZ\x90\0" * 50, "unknown_type"),
    "a picture that is none": (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "no_picture"),
    "a page": (b"<!DOCTYPE html><script>alert(1)</script>", "unknown_type"),
    "a DOCTYPE": (office.document(doctype='<!DOCTYPE d [<!ENTITY a "b">]>'), "doctype"),
    "a zip that unpacks to a gigabyte": (
        office.office(office.TEXT, {"word/document.xml": b"<a>" + b" " * 300 * 2**20 + b"</a>"}),
        "unpacks",
    ),
    "a PDF that breaks off": (files.pdf()[:-20], "broken"),
    "an old file": (office.OLD, "old_office"),
}


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_file_is_refused_and_leaves_nothing(data, code):
    made = proven()

    refusal = refusal_of(lambda: domain.attach(made, files.upload(data, "a.pdf")))

    assert refusal.code == code
    assert not Attachment.objects.exists()
    assert stored() == []


def test_file_above_the_limit_is_refused_unread(settings):
    settings.DOCUMENT_MAX_BYTES = 100

    assert refusal_of(lambda: domain.attach(proven(), pdf())).code == "too_large"


def test_endless_name_is_cut_with_its_ending_kept():
    upload = ContentFile(files.pdf(), "计" * 10_000 + ".pdf")

    row = domain.attach(proven(), upload)

    assert len(row.name) == 200
    assert row.name.endswith(".pdf")


def test_same_file_is_attached_once():
    made, data = proven(), files.pdf()
    domain.attach(made, files.upload(data))

    refusal = refusal_of(lambda: domain.attach(made, files.upload(data, "other name.pdf")))

    assert refusal.messages == ["This file is attached already."]
    assert len(stored()) == 1


def test_contact_is_proven_first():
    refusal = refusal_of(lambda: domain.attach(factories.submission(), pdf()))

    assert refusal.code == "not_proven"


def test_files_are_added_after_it_was_sent_too():
    made = proven(status="sent")
    row = domain.attach(made, pdf())

    assert domain.remove(made, row.code) == row


@pytest.mark.parametrize("why", ["closed", "reviewed"])
def test_files_stay_as_they_are_once_it_closes_or_is_reviewed(why):
    made = proven()
    row = domain.attach(made, pdf())
    submissions.send(made, version=made.version)
    if why == "closed":
        made.call.closes_at = timezone.now()
        made.call.save()
    else:
        Submission.objects.update(status="accepted")
        made.refresh_from_db()

    assert refusal_of(lambda: domain.attach(made, pdf())).code == "not_editable"
    assert refusal_of(lambda: domain.remove(made, row.code)).code == "not_editable"
    assert len(stored()) == 1


def test_file_of_a_submission_that_went_meanwhile_is_refused():
    made = proven()
    Submission.objects.all().delete()

    assert refusal_of(lambda: domain.attach(made, pdf())).code == "not_editable"
    assert stored() == []


def test_limits_of_a_submission(settings, monkeypatch):
    made = proven()
    domain.attach(made, pdf())
    settings.ATTACHMENTS_MAX_BYTES = 700

    assert refusal_of(lambda: domain.attach(made, pdf())).code == "submission_full"
    monkeypatch.setattr(domain, "MOST_FILES", 1)
    assert refusal_of(lambda: domain.attach(made, pdf())).code == "too_many"


def test_quota_of_a_call_is_of_all_its_submissions():
    call = factories.call(attachment_quota_mb=1)
    factories.attachment(proven(call), size=2**20 - 10)
    factories.attachment(proven(), size=2**20)

    assert domain.space_of(call) == domain.Space(2**20 - 10, 2**20)
    assert domain.space_of(call).free == 10
    assert refusal_of(lambda: domain.attach(proven(call), pdf())).code == "call_full"


def test_call_without_space_takes_no_file():
    made = proven(factories.call(attachment_quota_mb=0))

    assert refusal_of(lambda: domain.attach(made, pdf())).code == "call_full"


def _refused(call):
    try:
        call()
    except AttachmentRefused as refusal:
        return refusal.code
    return "added"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_pass_the_quota_of_the_call_together():
    call = factories.call(attachment_quota_mb=1)
    factories.attachment(proven(call), size=2**20 - 700)
    makers = [proven(call), proven(call)]
    uploads = [pdf(), pdf()]
    assert 350 < uploads[0].size < 700

    results = at_once(
        *(
            lambda made=made, upload=upload: _refused(lambda: domain.attach(made, upload))
            for made, upload in zip(makers, uploads, strict=True)
        )
    )

    assert sorted(results) == ["added", "call_full"]
    assert domain.space_of(call).used <= domain.space_of(call).allowed
    assert len(stored()) == 2


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_pass_the_limit_of_a_submission_together(settings):
    made = proven()
    settings.ATTACHMENTS_MAX_BYTES = 700
    uploads = [pdf(), pdf()]

    results = at_once(
        *(lambda each=each: _refused(lambda: domain.attach(made, each)) for each in uploads)
    )

    assert sorted(results) == ["added", "submission_full"]


@pytest.mark.django_db(transaction=True)
def test_upload_and_erasure_at_once_leave_no_file():
    made = proven()
    upload = pdf()

    at_once(lambda: _refused(lambda: domain.attach(made, upload)), lambda: privacy.erase([made]))

    assert not Attachment.objects.exists()
    assert stored() == []


def test_storage_that_is_full_is_told_in_words(monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(private_storage()), "save", full)

    assert refusal_of(lambda: domain.attach(proven(), pdf())).code == "not_stored"
    assert not Attachment.objects.exists()


def test_removed_file_is_gone_for_good(django_capture_on_commit_callbacks):
    made = proven()
    row, other = domain.attach(made, pdf()), domain.attach(made, pdf())

    with django_capture_on_commit_callbacks(execute=True):
        domain.remove(made, row.code)

    assert [*made.attachments.all()] == [other]
    assert stored() == [other.file.name]
    assert domain.remove(made, row.code) is None


def test_file_of_somebody_else_is_not_removed():
    row = factories.attachment(proven())

    assert domain.remove(proven(), row.code) is None
    assert stored() == [row.file.name]


@pytest.mark.parametrize("how", ["erase", "throw_away", "retention"])
def test_files_go_with_the_submission(organizer, django_capture_on_commit_callbacks, how):
    kept = factories.attachment()
    gone = factories.attachment().submission

    with django_capture_on_commit_callbacks(execute=True):
        if how == "erase":
            privacy.erase_by_email(gone.email)
        elif how == "throw_away":
            privacy.throw_away([gone], by=organizer.user)
        else:
            long_ago = timezone.now() - dt.timedelta(days=800)
            Submission.objects.filter(pk=gone.pk).update(saved_at=long_ago)
            privacy.erase_expired()

    assert [*Attachment.objects.all()] == [kept]
    assert stored() == [kept.file.name]


def test_submission_is_not_deleted_around_its_files():
    row = factories.attachment()

    with pytest.raises(ProtectedError):
        row.submission.delete()


def test_a_new_file_counts_as_a_change_and_leaves_other_windows_alone():
    made = proven(saved_at=timezone.now() - dt.timedelta(days=20))
    version = made.version

    domain.attach(made, pdf())

    made.refresh_from_db()
    assert made.saved_at.date() == timezone.now().date()
    assert made.version == version


def test_own_data_names_the_files():
    row = factories.attachment(caption="Our plan")

    [told] = privacy.own_data(row.submission.email)
    person = factories.registered(
        factories.registration_settings().event, email=row.submission.email
    )
    prove(person, "link")

    assert [(each["name"], each["caption"]) for each in told["files"]] == [(row.name, "Our plan")]
    assert row.name in str(own_data_sections(person))


def test_sweep_deletes_what_no_row_names(capsys):
    kept, gone = factories.attachment(), factories.attachment()
    for row in (kept, gone):
        path = private_storage().path(row.file.name)
        os.utime(path, (time.time() - 2 * 86_400,) * 2)
    Attachment.objects.filter(pk=gone.pk).delete()

    call_command("sweep_documents")

    assert "Files without a submission deleted: 1" in capsys.readouterr().out
    assert stored() == [kept.file.name]
