"""Which files go with the project that a submission became."""

import io

import pytest
from PIL import Image

from projects.models import Project
from submissions.domain import attachment, privacy
from submissions.domain import attachment_use as domain
from submissions.domain.acceptance import Choice, accept_fields
from submissions.models import Attachment, Decision, Submission
from tests import factories
from tests.submissions.domain.test_attachment import bytes_of, picture, proven, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


def accepted(by):
    """A submission with a PDF and a picture, of which everything was accepted."""
    made = proven()
    factories.attachment(made, name="plan of Li Min.pdf")
    attachment.attach(made, picture())
    Submission.objects.filter(pk=made.pk).update(status="sent", sent_at=made.saved_at)
    made.refresh_from_db()
    accept_fields(made, dict.fromkeys(made.values, Choice(Decision.Outcome.ACCEPTED)), by=by.user)
    return made


def files_of(made):
    return made.attachments.order_by("pk")


def refusal_of(made, uses, by):
    with pytest.raises(domain.UseRefused) as refusal:
        domain.use_files(made, uses, by=by.user)
    return refusal.value.code


def test_picture_is_copied_into_the_project_and_the_document_goes_with_it(organizer):
    made = accepted(organizer)
    plan, photo = files_of(made)

    uses = {plan.code: "document", photo.code: "picture"}
    assert domain.use_files(made, uses, by=organizer.user) == 2
    assert domain.use_files(made, uses, by=organizer.user) == 0

    project = Project.objects.get()
    with project.picture.open() as file, Image.open(io.BytesIO(file.read())) as image:
        assert image.size == (1600, 800)
    assert list(Attachment.objects.of_project(project)) == [plan]
    assert project.history.first().history_user == organizer.user
    # Nothing is published by it.
    assert project.status == "draft"


def test_other_files_stay_private(organizer):
    made = accepted(organizer)

    domain.use_files(
        made, dict.fromkeys([row.code for row in files_of(made)], ""), by=organizer.user
    )

    assert not Project.objects.get().picture
    assert not Attachment.objects.of_project(made.project).exists()


def test_refusals_change_nothing(organizer):
    made = accepted(organizer)
    plan, photo = files_of(made)
    attachment_of_other = factories.attachment()

    assert refusal_of(made, {plan.code: "picture"}, organizer) == "no_picture"
    assert refusal_of(made, {plan.code: "picture", photo.code: "picture"}, organizer) == "pictures"
    assert domain.use_files(made, {attachment_of_other.code: "document"}, by=organizer.user) == 0
    photo.file.storage.delete(photo.file.name)
    assert refusal_of(made, {photo.code: "picture", plan.code: "document"}, organizer) == "not_read"
    assert not Attachment.objects.exclude(used_as="").exists()


def test_nothing_goes_with_a_project_before_something_is_accepted(organizer):
    row = factories.attachment()

    assert refusal_of(row.submission, {row.code: "document"}, organizer) == "not_accepted"


def test_document_outlives_the_person_without_its_name(
    organizer, django_capture_on_commit_callbacks
):
    made = accepted(organizer)
    plan, photo = files_of(made)
    domain.use_files(made, {plan.code: "document", photo.code: "picture"}, by=organizer.user)
    data = bytes_of(plan)
    Attachment.objects.filter(pk=plan.pk).update(caption="The laboratory of Li Wei")

    with django_capture_on_commit_callbacks(execute=True):
        privacy.erase([made])

    [kept] = Attachment.objects.all()
    assert (kept.pk, kept.name, bytes_of(kept)) == (plan.pk, f"{made.reference}.pdf", data)
    assert kept.caption == ""
    assert stored() == [kept.file.name]
    assert Project.objects.get().picture

    # Private again, it would be nobody's.
    with django_capture_on_commit_callbacks(execute=True):
        domain.use_files(made, {kept.code: ""}, by=organizer.user)
    assert stored() == []


def test_document_of_an_erased_person_goes_when_its_project_is_gone(
    organizer, django_capture_on_commit_callbacks
):
    made = accepted(organizer)
    plan, _photo = files_of(made)
    domain.use_files(made, {plan.code: "document"}, by=organizer.user)
    privacy.erase([made])
    Submission.objects.update(project=None)

    with django_capture_on_commit_callbacks(execute=True):
        privacy.erase_expired()

    assert not Attachment.objects.exists()
    assert plan.file.name not in stored()
