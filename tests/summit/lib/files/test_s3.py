"""Pictures and documents in a bucket: all that the site does with files, past no mock."""

import datetime as dt
from urllib.parse import quote

import pytest
import time_machine
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.utils import timezone

from ops import health
from projects.domain import document as documents
from projects.domain.document import DocumentRefused
from projects.models import Document
from summit import storage
from summit.lib.files.pictures import PictureNotStored
from tests import factories, s3
from tests.cast import Person
from tests.files import pdf, upload

KEYS = {"key": s3.KEY, "secret": s3.SECRET}
# More than boto3 sends in one piece.
LARGE = bytes(range(256)) * 4 * 9 * 2**10


def settings_for(bucket, *, name=s3.BUCKET):
    """What the variables make of a bucket."""
    pictures, papers = bucket.url("pictures", name), bucket.url("papers", name)
    nowhere = {"directory": None, "public": [], "group_may_read": False}
    return {
        "default": storage.pictures(pictures, private_url=papers, **KEYS),
        "private": storage.private_files(papers, **nowhere, **KEYS),
    }


@pytest.fixture
def bucket():
    with s3.bucket() as made:
        yield made


@pytest.fixture
def in_use(bucket, settings, monkeypatch):
    """The site keeps its files there."""
    settings.STORAGES = {**settings.STORAGES, **settings_for(bucket)}
    # A field asks once, when its model is loaded, where its files lie.
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", storages["private"])
    return bucket


# The storage


@pytest.mark.usefixtures("in_use")
@pytest.mark.parametrize("content", [b"", b"a document", LARGE], ids=["empty", "small", "large"])
@pytest.mark.parametrize("alias", ["default", "private"])
def test_file_comes_back_as_it_went(alias, content):
    storage = storages[alias]

    name = storage.save("documents/ab/签 约+?.pdf", ContentFile(content))

    assert name == "documents/ab/签 约+?.pdf"
    assert storage.exists(name) and storage.size(name) == len(content)
    with storage.open(name) as file:
        assert file.read() == content
    storage.delete(name)
    assert not storage.exists(name)
    storage.delete(name)


def test_each_kind_lies_below_its_own_prefix(in_use):
    default_storage.save("x", ContentFile(b"picture"))
    storages["private"].save("x", ContentFile(b"paper"))

    assert in_use.objects == {"pictures/x": b"picture", "papers/x": b"paper"}


@pytest.mark.usefixtures("in_use")
def test_name_is_never_given_twice():
    first = storages["private"].save("x", ContentFile(b"first"))
    second = storages["private"].save("x", ContentFile(b"second"))

    assert first != second
    with storages["private"].open(first) as file:
        assert file.read() == b"first"


def test_list_that_comes_in_pages_is_read_to_its_end(in_use):
    names = [f"{number}" for number in range(10)]
    for name in names:
        in_use.objects[f"papers/documents/{name}"] = in_use.objects[f"papers/{name}/x"] = b"x"
    in_use.objects["papers-of-others/x"] = b"x"

    assert storages["private"].listdir("documents") == ([], names)
    assert storages["private"].listdir("") == ([*names, "documents"], [])
    assert storages["private"].listdir("none") == ([], [])


@pytest.mark.usefixtures("in_use")
@pytest.mark.parametrize("alias", ["default", "private"])
def test_file_that_is_not_there_is_one_that_is_not_there(alias):
    with pytest.raises(FileNotFoundError):
        storages[alias].open("none")
    with pytest.raises(FileNotFoundError):
        storages[alias].size("none")


@pytest.mark.parametrize("name", ["../pictures/x", "a/../../pictures/x"])
def test_nothing_beside_the_prefix_is_read(in_use, name):
    in_use.objects["pictures/x"] = b"x"

    with pytest.raises(SuspiciousOperation):
        storages["private"].open(name)

    assert in_use.requests == []


USES = {
    "open": lambda storage: storage.open("x"),
    "save": lambda storage: storage.save("x", ContentFile(b"x")),
    "delete": lambda storage: storage.delete("x"),
    "exists": lambda storage: storage.exists("x"),
    "size": lambda storage: storage.size("x"),
    "list": lambda storage: storage.listdir(""),
    "modified": lambda storage: storage.get_modified_time("x"),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize("status", [403, 503])
def test_storage_that_fails_fails_as_a_disk_does(in_use, use, status):
    in_use.objects["papers/x"] = b"x"
    in_use.broken = status

    with pytest.raises(OSError, match="S3: "):
        use(storages["private"])


def test_storage_that_nobody_answers_for_fails_as_a_disk_does(settings):
    with s3.bucket() as gone:
        settings.STORAGES = {**settings.STORAGES, **settings_for(gone)}

    with pytest.raises(OSError, match="S3: "):
        storages["private"].exists("x")


def test_wrong_key_is_refused(bucket, settings):
    options = storage.s3_options(bucket.url("papers"), key="another", secret="word")
    backend = {"BACKEND": "summit.lib.files.private_s3.PrivateS3Storage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "private": backend}

    with pytest.raises(OSError, match="S3: "):
        storages["private"].save("x", ContentFile(b"x"))

    assert bucket.objects == {}


# Pictures


@pytest.mark.django_db
def test_picture_is_stored_in_its_widths_and_given_out_by_this_server(in_use, stranger):
    picture = factories.photo().image

    assert picture.url == f"/media/{picture.name}"
    # And as previews of links have it.
    preview = picture.preview_name
    stored = {f"pictures/{name}" for name in [*picture.names().values(), preview]}
    assert stored == in_use.objects.keys()
    for name in picture.names().values():
        response = stranger.get(default_storage.url(name))
        assert response.getvalue() == in_use.objects[f"pictures/{name}"]
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.usefixtures("in_use")
def test_picture_that_is_not_there_is_404(client, db):
    assert client.get("/media/pictures/none.webp").status_code == 404


@pytest.mark.django_db
def test_picture_is_503_while_the_bucket_does_not_answer(in_use, client):
    picture = factories.photo().image
    in_use.broken = 503

    response = client.get(picture.url)

    assert (response.status_code, response["Retry-After"]) == (503, "30")


@pytest.mark.django_db
def test_picture_that_the_bucket_does_not_take_is_not_stored(in_use):
    in_use.broken = 503

    with pytest.raises(PictureNotStored):
        factories.photo()

    assert in_use.objects == {}


# Documents


@pytest.fixture
def attached(in_use, organizer):
    data = pdf()
    intention = factories.signed_intention()
    made = documents.attach(intention, upload(data), title="Signed", by=organizer.user)
    made.data = data
    return made


def fetch(person: Person, document: Document):
    response = person.get(document.get_absolute_url())
    if response.streaming:
        response.bytes = b"".join(response.streaming_content)
    return response


@pytest.mark.django_db
def test_document_is_given_to_whom_it_is_for_and_by_no_other_way(
    in_use, attached, organizer, stranger
):
    response = fetch(organizer, attached)

    assert response.bytes == attached.data == in_use.objects[f"papers/{attached.file.name}"]
    assert response["Content-Length"] == str(len(attached.data))
    assert "location" not in {name.lower() for name in response.headers}
    assert in_use.address not in str(response.headers)
    assert fetch(stranger, attached).status_code == 302
    with pytest.raises(ValueError, match="no address"):
        _ = attached.file.url


@pytest.mark.django_db
def test_address_of_pictures_leads_to_no_document(in_use, attached, stranger):
    in_use.objects[f"papers/{attached.file.name}.webp"] = b"private"

    for path in (attached.file.name, f"../papers/{attached.file.name}"):
        response = stranger.get(f"/media/{quote(path)}.webp")
        assert response.status_code == 404


@pytest.mark.django_db
def test_document_is_503_while_the_bucket_does_not_answer(in_use, attached, organizer):
    in_use.broken = 503

    response = fetch(organizer, attached)

    assert response.status_code == 503
    assert in_use.address not in response.text


@pytest.mark.django_db
def test_document_that_the_bucket_does_not_take_is_not_attached(in_use, organizer):
    intention = factories.signed_intention()
    in_use.broken = 503

    with pytest.raises(DocumentRefused, match="could not be stored, and nothing was attached"):
        documents.attach(intention, upload(pdf()), title="Signed", by=organizer.user)

    assert Document.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_withdrawn_document_leaves_the_bucket(in_use, attached, organizer):
    documents.withdraw(attached, reason="The wrong file", by=organizer.user)

    assert in_use.objects == {}


@pytest.mark.django_db
def test_what_a_crash_left_in_the_bucket_is_swept(in_use, attached):
    in_use.objects["papers/documents/ab/left"] = b"nobody names it"

    meanwhile = documents.sweep()
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        later = documents.sweep()

    assert (meanwhile, later) == (0, 1)
    assert in_use.objects.keys() == {f"papers/{attached.file.name}"}


# Readiness


@pytest.mark.usefixtures("in_use")
def test_bucket_that_answers_is_ready():
    assert health.storage("default").ok and health.storage("private").ok


def test_bucket_that_fails_is_not_ready(in_use):
    in_use.broken = 503

    assert not health.look()["media"].ok
    assert not health.look()["private_files"].ok


@pytest.mark.django_db
def test_bucket_that_there_is_not_is_not_ready(bucket, settings):
    settings.STORAGES = {**settings.STORAGES, **settings_for(bucket, name="mistyped")}

    assert not health.look()["media"].ok
    assert not health.look()["private_files"].ok
