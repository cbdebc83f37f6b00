import datetime as dt
import hashlib
import io
import os
import stat
from functools import partial
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction

from projects.domain import document as domain
from projects.domain import intention as intentions
from projects.domain import signing
from projects.domain.document import DocumentRefused
from projects.models import Document, DocumentDownload
from summit.lib.files.private_files import PrivateFileSystemStorage
from tests import factories
from tests.cast import make_organizer
from tests.files import pdf, upload
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


@pytest.fixture
def place(private_files):
    return private_files


@pytest.fixture
def by(organizer):
    return organizer.user


def stored(place):
    return [path for path in place.rglob("*") if path.is_file()]


def attach(intention, data=None, *, name="scan.pdf", title="Signed original", by):
    return domain.attach(intention, upload(data or pdf(), name), title=title, by=by)


def code_of(refusal):
    """The code of a refusal, be it of the whole or of one field."""
    error = refusal.value
    if hasattr(error, "error_dict"):
        [[error]] = error.error_dict.values()
    return error.code or error.error_list[0].code


# Attaching


def test_document_is_stored_as_it_came_under_a_name_that_nobody_guesses(place, by):
    data = pdf()

    made = attach(factories.signed_intention(), data, name="../合作意向书.pdf", by=by)

    made.refresh_from_db()
    [path] = stored(place)
    assert path.read_bytes() == data
    assert path == place / made.file.name
    assert len(path.name) == 40
    assert "意向" not in str(path)
    assert (made.title, made.original_name) == ("Signed original", "合作意向书.pdf")
    assert (made.content_type, made.size) == ("application/pdf", len(data))
    assert made.sha256 == hashlib.sha256(data).hexdigest()
    assert made.uploaded_by == by


def test_only_the_user_of_the_server_reads_the_files(place, by):
    attach(factories.signed_intention(), by=by)

    [path] = stored(place)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_large_upload_that_lies_on_the_disk_is_stored_too(place, by):
    data = pdf()
    file = TemporaryUploadedFile("scan.pdf", "application/pdf", len(data), None)
    file.write(data)

    domain.attach(factories.signed_intention(), file, title="Large", by=by)

    [path] = stored(place)
    assert path.read_bytes() == data
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("end", ["convert", "terminate"])
def test_documents_are_attached_whatever_came_of_what_was_signed(end, by):
    intention = factories.signed_intention()
    day = dt.date(2020, 11, 5)
    if end == "convert":
        intentions.convert(intention, kind="transfer", contracted_on=day, by=by)
    else:
        intentions.terminate(intention, reason="Moved away.", terminated_on=day, by=by)

    attach(intention, by=by)

    assert intention.documents.count() == 1


@pytest.mark.parametrize("make", [factories.intention, factories.abandoned_intention])
def test_what_is_not_signed_has_no_documents(make, place, by):
    with pytest.raises(DocumentRefused) as refusal:
        attach(make(), by=by)

    assert refusal.value.code == "not_signed"
    assert stored(place) == []


def test_intention_that_was_signed_meanwhile_is_looked_at_as_it_is(by):
    looked_at = factories.intention()
    signing.sign(type(looked_at).objects.get(), signed_on=factories.DAY)

    attach(looked_at, by=by)

    assert looked_at.documents.count() == 1


@pytest.mark.parametrize(
    ("data", "title", "code"),
    [
        (b"MZ\x90\0", "Title", "unknown_type"),
        (b"%PDF-1.7 <html>", "Title", "broken"),
        (pdf(), "  ", "blank"),
        (pdf(), "x" * 201, "max_length"),
    ],
)
def test_refusal_leaves_neither_row_nor_file(data, title, code, place, by):
    with pytest.raises(ValidationError) as refusal:
        attach(factories.signed_intention(), data, title=title, by=by)

    assert code_of(refusal) == code
    assert not Document.objects.exists()
    assert stored(place) == []


def test_same_content_is_attached_once_to_an_intention(place, by):
    data, intention = pdf(), factories.signed_intention()
    attach(intention, data, by=by)

    with pytest.raises(ValidationError) as refusal:
        attach(intention, data, name="other.pdf", title="Other", by=by)

    assert refusal.value.messages == ["This file is attached already."]
    assert len(stored(place)) == 1
    attach(factories.signed_intention(), data, by=by)
    assert len(stored(place)) == 2


@pytest.mark.django_db(transaction=True)
def test_same_file_sent_twice_at_once_is_attached_once(place):
    by, data = make_organizer().user, pdf()
    intention = factories.signed_intention()

    def send():
        return attach(type(intention).objects.get(), data, by=by)

    results = at_once(send, send)

    assert sorted(type(result).__name__ for result in results) == ["Document", "ValidationError"]
    assert Document.objects.count() == len(stored(place)) == 1


REFUSED_AT_COMMIT = {
    "sqlite": "CREATE TRIGGER refuse AFTER INSERT ON projects_document BEGIN "
    "UPDATE projects_document SET uploaded_by_id = 999999 WHERE id = NEW.id; END",
    "postgresql": "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN NEW.uploaded_by_id = 999999; RETURN NEW; END $$;"
    "CREATE TRIGGER refuse BEFORE INSERT ON projects_document "
    "FOR EACH ROW EXECUTE FUNCTION refuse()",
}
REFUSED_AT_ONCE = {
    "sqlite": "CREATE TRIGGER refuse BEFORE INSERT ON projects_document BEGIN "
    "SELECT RAISE(ABORT, 'no'); END",
    "postgresql": "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '23514'; END $$;"
    "CREATE TRIGGER refuse BEFORE INSERT ON projects_document "
    "FOR EACH ROW EXECUTE FUNCTION refuse()",
}


@pytest.fixture
def refusing():
    """Make the database itself refuse documents, for the length of a test."""

    def begin(how):
        with connection.cursor() as cursor:
            cursor.execute(how[connection.vendor])

    yield begin
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS refuse")
        else:
            cursor.execute("DROP FUNCTION IF EXISTS refuse CASCADE")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", [REFUSED_AT_ONCE, REFUSED_AT_COMMIT], ids=["at once", "at commit"])
def test_no_file_is_left_where_the_database_refuses_the_row(how, refusing, place):
    intention, by = factories.signed_intention(), make_organizer().user
    refusing(how)

    with pytest.raises(IntegrityError):
        attach(intention, by=by)

    assert stored(place) == []
    assert not Document.objects.exists()


def test_no_row_is_left_where_the_file_cannot_be_stored(place, by):
    intention = factories.signed_intention()
    place.write_text("a file where the folder should be")

    with pytest.raises(DocumentRefused) as refusal:
        attach(intention, by=by)

    assert refusal.value.code == "not_stored"
    assert not Document.objects.exists()


# Withdrawing


@pytest.mark.django_db(transaction=True)
def test_withdrawn_document_has_lost_its_file_and_keeps_its_record(place):
    by = make_organizer().user
    made = attach(factories.signed_intention(), name="Passport of Jane Doe.pdf", by=by)
    domain.record_download(made, by=by)

    domain.withdraw(made, reason=" The wrong \n paper. ", by=by)

    made.refresh_from_db()
    assert stored(place) == []
    assert (made.is_withdrawn, made.withdrawn_by) == (True, by)
    assert made.withdrawal_reason == "The wrong paper."
    assert (made.file.name, made.original_name) == ("", "")
    assert len(made.sha256) == 64
    assert made.downloads.count() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about the files of SQLite")
@pytest.mark.django_db(transaction=True)
def test_name_of_a_withdrawn_file_is_in_no_byte_of_the_embedded_database(by):
    made = domain.attach(
        factories.signed_intention(), upload(pdf(), "Zephyrine-Quillfeather.pdf"), title="x", by=by
    )
    name = Path(connection.settings_dict["NAME"])

    def on_disk():
        return b"".join(each.read_bytes() for each in name.parent.glob(f"{name.name}*"))

    before = on_disk()
    domain.withdraw(made, reason="By mistake.", by=by)

    assert b"Zephyrine-Quillfeather" in before
    assert b"Zephyrine-Quillfeather" not in on_disk()


def test_same_file_can_be_attached_again_after_it_was_withdrawn(by):
    data, intention = pdf(), factories.signed_intention()
    domain.withdraw(attach(intention, data, by=by), reason="By mistake.", by=by)

    attach(intention, data, by=by)

    assert list(intention.documents.values_list("withdrawal_reason", flat=True)) == [
        "By mistake.",
        "",
    ]


@pytest.mark.parametrize(
    ("reason", "code"), [("", "no_reason"), (" \n", "no_reason"), ("x" * 301, "too_long")]
)
def test_withdrawing_needs_a_reason(reason, code, place, by):
    made = attach(factories.signed_intention(), by=by)

    with pytest.raises(DocumentRefused) as refusal:
        domain.withdraw(made, reason=reason, by=by)

    assert refusal.value.code == code
    assert len(stored(place)) == 1
    assert Document.objects.kept().count() == 1


def test_withdrawing_twice_is_refused_and_keeps_the_first_reason(by):
    made = attach(factories.signed_intention(), by=by)
    again = Document.objects.get()
    domain.withdraw(made, reason="First.", by=by)

    for each in (made, again):
        with pytest.raises(DocumentRefused) as refusal:
            domain.withdraw(each, reason="Second.", by=by)
        assert refusal.value.code == "withdrawn"

    assert Document.objects.get().withdrawal_reason == "First."


@pytest.mark.django_db(transaction=True)
def test_of_two_who_withdraw_at_once_one_is_told():
    by = make_organizer().user
    factories.document()

    results = at_once(
        *(
            partial(domain.withdraw, Document.objects.get(), reason=reason, by=by)
            for reason in ("One", "Two")
        )
    )

    assert sorted(type(each).__name__ for each in results) == ["Document", "DocumentRefused"]


@pytest.mark.django_db(transaction=True)
def test_file_stays_where_withdrawing_is_rolled_back(place):
    by = make_organizer().user
    made = attach(factories.signed_intention(), by=by)

    with pytest.raises(DatabaseError), transaction.atomic():
        domain.withdraw(made, reason="By mistake.", by=by)
        raise DatabaseError

    assert len(stored(place)) == 1
    assert Document.objects.kept().count() == 1


# Downloads and sweeping


def test_download_stays_on_record_when_the_account_goes(by):
    domain.record_download(factories.document(), by=by)

    by.delete()

    kept = DocumentDownload.objects.get()
    assert (kept.user, kept.user_name) == (None, "organizer")


def aged(storage, name, *, hours):
    path = Path(storage.path(name))
    moment = path.stat().st_mtime - hours * 3600
    os.utime(path, (moment, moment))


def test_files_without_a_row_are_swept_away_after_a_day(place, by):
    kept = attach(factories.signed_intention(), by=by)
    storage = PrivateFileSystemStorage(str(place))
    for name, hours in (("documents/aa/stray", 25), ("documents/aa/new", 1)):
        storage.save(name, io.BytesIO(b"x"))
        aged(storage, name, hours=hours)
    aged(storage, kept.file.name, hours=1000)

    swept = domain.sweep()

    assert swept == 1
    assert {path.name for path in stored(place)} == {"new", Path(kept.file.name).name}
    assert domain.sweep() == 0


def test_sweeping_where_nothing_was_ever_stored_is_harmless(place):
    assert domain.sweep() == 0
    assert not place.exists()
