import os
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from events.domain import event as events
from events.domain import event_file as domain
from events.models import EventFile
from summit.lib.files.private_files import private_storage
from tests import factories, files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


def new(**fields):
    event = fields.pop("event", None) or factories.event()
    return EventFile(event=event, title_en="Notice", audience="public", **fields)


def upload():
    return ContentFile(files.pdf(), "notice.pdf")


def age(name, days=2):
    then = time.time() - days * 86_400
    os.utime(private_storage().path(name), (then, then))


def test_saved_file_knows_what_it_is(organizer):
    row = domain.save(new(), upload(), by=organizer.user)

    assert (row.content_type, row.ending, row.uploaded_by) == (
        "application/pdf",
        ".pdf",
        organizer.user,
    )
    assert row.size == private_storage().size(row.file.name)


def test_refused_row_leaves_no_file():
    with pytest.raises(ValidationError):
        domain.save(new(session=factories.session()), upload(), by=None)

    assert EventFile.objects.count() == 0
    assert private_storage().listdir("files")[1] == []


def test_file_that_cannot_be_stored_is_refused_in_words(monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(private_storage()), "save", full)

    with pytest.raises(ValidationError) as refusal:
        domain.save(new(), upload(), by=None)

    assert refusal.value.code == "not_stored"
    assert EventFile.objects.count() == 0


def test_sweep_deletes_what_no_row_names_any_more():
    kept = domain.save(new(), upload(), by=None)
    gone = domain.save(new(), upload(), by=None)
    fresh = domain.save(new(), upload(), by=None)
    for row in (kept, gone):
        age(row.file.name)
    # As where an event is deleted with all that it has.
    EventFile.objects.filter(pk__in=[gone.pk, fresh.pk]).delete()

    assert domain.sweep() == 1
    assert private_storage().exists(kept.file.name)
    assert private_storage().exists(fresh.file.name)
    assert not private_storage().exists(gone.file.name)


def test_documents_and_files_of_events_do_not_sweep_each_other():
    document = factories.document()
    age(document.file.name)

    assert domain.sweep() == 0
    assert private_storage().exists(document.file.name)


def test_copy_of_an_event_leaves_its_files_behind(organizer):
    file = factories.event_file()

    copy = events.copy(
        file.event, starts_on=file.event.starts_on.replace(year=2031), by=organizer.user
    )

    assert copy.files.count() == 0
    assert file.event.files.count() == 1


def test_file_stays_with_the_event_when_its_session_goes():
    session = factories.session()
    file = factories.event_file(event=session.event, session=session)

    session.delete()

    file.refresh_from_db()
    assert file.session is None
