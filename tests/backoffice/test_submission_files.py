"""Files of submissions for organizers: listed, counted, given out within their limits."""

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from projects.models import Project
from submissions.models import Attachment, Submission
from tests import factories
from tests.backoffice.posting import url
from tests.backoffice.test_submission import as_shown
from tests.files import fetch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


def at(row):
    return reverse("admin:submissions_submission_file", args=[row.submission_id, row.code])


def test_organizer_gets_a_file_to_keep_and_it_is_on_record(organizer):
    row = factories.attachment(data=b"%PDF-1.7 plan", name="计划.pdf", caption="The plan")

    page = organizer.get(url(row.submission, "change")).text
    assert at(row) in page
    assert "The plan" in page
    response = fetch(organizer, at(row))

    assert response.bytes == b"%PDF-1.7 plan"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"].startswith("no-store, private")
    [entry] = AuditEntry.objects.filter(action="submission_file")
    assert entry.details["submission"] == row.submission.reference
    assert row.name not in str(entry.details)


def test_others_get_nothing(auditor, stranger, client):
    row = factories.attachment()

    assert fetch(auditor, at(row)).status_code == 403
    assert fetch(stranger, at(row)).status_code in (302, 403)
    assert fetch(client, at(row)).status_code == 302
    assert not AuditEntry.objects.filter(action="submission_file").exists()


def test_file_of_what_is_not_sent_is_not_shown(organizer):
    row = factories.attachment(factories.submission(proven_at=timezone.now()))

    assert row.name not in organizer.get(url(row.submission, "change")).text
    assert fetch(organizer, at(row)).status_code == 404


def test_file_by_another_submission_is_not_found(organizer):
    row, other = factories.attachment(), factories.submission(status="sent")

    wrong = reverse("admin:submissions_submission_file", args=[other.pk, row.code])
    assert fetch(organizer, wrong).status_code == 404


def test_lost_file_is_not_found(organizer):
    row = factories.attachment()
    row.file.storage.delete(row.file.name)

    assert fetch(organizer, at(row)).status_code == 404


def test_list_shows_how_many_files_there_are(organizer):
    row = factories.attachment()
    factories.attachment(row.submission)
    factories.submission(status="sent")

    page = organizer.get(url(Submission, "changelist"))

    counts = [each.files_here for each in page.context["cl"].result_list]
    assert sorted(counts) == [0, 2]
    assert f"{row.submission.reference} · 2 files" in page.text


def test_page_of_the_call_shows_the_space_used(organizer):
    call = factories.call(attachment_quota_mb=10)
    row = factories.attachment(factories.submission(call, status="sent"))
    type(row).objects.update(size=3 * 2**20)

    page = organizer.get(url(call, "change")).text

    assert "3.0\xa0MB of 10.0\xa0MB" in page


def review(person, submission, **chosen):
    page = person.get(url(submission, "change"))
    return person.post(url(submission, "change"), as_shown(page) | {"do": "all"} | chosen)


def test_files_are_chosen_as_values_are_accepted(organizer):
    row = factories.attachment()
    private = factories.attachment(row.submission)

    response = review(organizer, row.submission, **{f"file_{row.code}": "document"})

    assert response.status_code == 302
    project = Project.objects.get()
    assert list(Attachment.objects.of_project(project)) == [row]
    page = organizer.get(url(project, "change")).text
    assert at(row) in page
    assert at(private) not in page


def test_choice_is_changed_after_the_values_were_accepted(organizer):
    row = factories.attachment()
    review(organizer, row.submission)
    page = url(row.submission, "change")

    organizer.post(page, {"do": "files", f"file_{row.code}": "document"})
    row.refresh_from_db()
    assert row.used_as == "document"
    organizer.post(page, {"do": "files", f"file_{row.code}": ""})
    row.refresh_from_db()
    assert row.used_as == ""
    organizer.post(page, {"do": "files", f"file_{row.code}": "nonsense"})
    row.refresh_from_db()
    assert row.used_as == ""


def test_lost_picture_is_told_and_the_values_stay_accepted(organizer):
    row = factories.attachment(content_type="image/webp", name="photo.jpg")
    row.file.storage.delete(row.file.name)

    response = review(organizer, row.submission, **{f"file_{row.code}": "picture"})

    told = organizer.get(response.url).text
    assert "The files stay as they were. The picture cannot be read." in told
    assert Project.objects.exists()
