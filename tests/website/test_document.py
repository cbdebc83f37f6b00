import logging
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse
from django.utils.http import parse_header_parameters

from audit.models import AuditEntry
from projects.domain import document as domain
from projects.models import Document, DocumentDownload
from tests import factories
from tests.cast import Person, make_clerk
from tests.files import pdf, upload
from tests.trail import entries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


def fetch(person, document):
    """Ask for the document and take what comes to its end."""
    response = person.get(document.get_absolute_url())
    if response.streaming:
        response.bytes = b"".join(response.streaming_content)
    return response


def records():
    names = ("user_name", "was_refused", "file_was_missing")
    return list(DocumentDownload.objects.order_by("pk").values_list(*names))


@pytest.fixture
def document():
    return factories.document(title="Signed original")


def test_address_is_not_translated_and_cannot_be_counted_up(document):
    address = document.get_absolute_url()

    assert address == f"/documents/{document.code}/"
    assert len(document.code) == 32


@pytest.mark.parametrize("who", ["organizer", "auditor", "superuser"])
@pytest.mark.parametrize("is_public", [True, False])
def test_who_may_see_documents_gets_the_bytes_as_they_came(cast, who, is_public):
    data, person = pdf(), getattr(cast, who)
    intention = factories.signed_intention(is_public=is_public)
    made = domain.attach(intention, upload(data), title="Signed", by=cast.organizer.user)

    response = fetch(person, made)

    assert response.bytes == data
    assert response.headers["Content-Length"] == str(len(data))
    assert records() == [(who, False, False)]


def test_browser_keeps_nothing_runs_nothing_and_asks_for_a_place_to_save(organizer, document):
    response = fetch(organizer, document)

    headers = response.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("title", "content_type", "name"),
    [
        ("Signed original", "application/pdf", "SJZ-2020-001 Signed original.pdf"),
        ("scan.pdf", "application/pdf", "SJZ-2020-001 scan.pdf"),
        ("合作意向书（签字版）", "image/jpeg", "SJZ-2020-001 合作意向书（签字版）.jpg"),
        ("文" * 200, "image/png", "SJZ-2020-001 " + "文" * 67 + ".png"),
        ("a/b\\c:d", "application/pdf", "SJZ-2020-001 a b c d.pdf"),
        ('x"; filename="y.exe', "application/pdf", "SJZ-2020-001 x ; filename= y.exe.pdf"),
        ("a\r\nSet-Cookie: x", "application/pdf", "SJZ-2020-001 a Set-Cookie x.pdf"),
        ("\u202efdp.exe", "application/pdf", "SJZ-2020-001 fdp.exe.pdf"),
    ],
)
def test_file_is_named_by_reference_and_title_as_any_file_system_takes_it(
    organizer, title, content_type, name
):
    document = factories.document(title=title, content_type=content_type)

    header = fetch(organizer, document).headers["Content-Disposition"]

    kind, given = parse_header_parameters(header)
    assert (kind, unquote(given["filename"])) == ("attachment", name)
    assert len(name.encode()) < 256


def test_stranger_is_asked_to_log_in(stranger, document):
    response = fetch(stranger, document)

    assert response.status_code == 302
    assert response.url == f"{reverse('admin:login')}?next={document.get_absolute_url()}"
    assert records() == []


def staff(name, *permissions):
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return Person(user)


def visitor_with_the_right():
    person = staff("visitor", "view_document", "view_cooperationintention")
    person.user.is_staff = False
    person.user.save()
    return person


REFUSED = {
    "clerk": lambda: make_clerk(),
    "nobody": lambda: staff("nobody"),
    "reader": lambda: staff("reader", "view_cooperationintention"),
}


@pytest.mark.parametrize("who", REFUSED)
def test_link_in_other_hands_opens_nothing_and_is_recorded(who, document):
    person = REFUSED[who]()

    response = fetch(person, document)

    assert response.status_code == 403
    assert "Signed original" not in response.text
    assert records() == [(who, True, False)]


def test_who_is_not_of_staff_is_logged_out_whatever_the_right(document):
    person = visitor_with_the_right()

    response = fetch(person, document)

    assert (response.status_code, response.url.split("?")[0]) == (302, "/admin/login/")
    assert "sessionid" not in {name for name, each in person.cookies.items() if each.value}
    assert AuditEntry.objects.filter(action="login_ended", actor_name="visitor").exists()


def test_document_of_a_confidential_intention_needs_the_right_to_see_that():
    person = staff("archivist", "view_document")
    public = factories.document()
    confidential = factories.document(intention=factories.signed_intention(is_public=False))

    answered = [fetch(person, each).status_code for each in (public, confidential)]

    assert answered == [200, 403]
    assert records() == [("archivist", False, False), ("archivist", True, False)]


def test_who_lost_the_role_is_refused(organizer, document):
    fetch(organizer, document)
    organizer.user.groups.remove(Group.objects.get(name="Organizer"))

    response = fetch(organizer, document)

    assert response.status_code == 403


@pytest.mark.parametrize("code", ["x", "A" * 32, "..%2f..%2fsummit.sqlite3", "%00"])
def test_unknown_code_is_not_found(organizer, code):
    assert organizer.get(f"/documents/{code}/").status_code == 404
    assert records() == []


@pytest.mark.parametrize("method", ["post", "put", "delete", "head"])
def test_documents_are_only_fetched(organizer, document, method):
    response = getattr(organizer, method)(document.get_absolute_url())

    assert response.status_code == 405
    assert records() == []


def stored(document):
    return Path(document.file.path)


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"short")])
@pytest.mark.parametrize("prefix", ["", "/private-files/"])
def test_file_that_is_gone_or_cut_is_said_logged_and_recorded_as_such(
    organizer, document, spoil, prefix, settings, caplog
):
    settings.X_ACCEL_PREFIX = prefix
    spoil(stored(document))

    with caplog.at_level(logging.ERROR, logger="projects"):
        response = fetch(organizer, document)

    assert response.status_code == 503
    assert "cannot be read" in response.text
    assert "X-Accel-Redirect" not in response.headers
    assert records() == [("organizer", False, True)]
    [line] = [each.getMessage() for each in caplog.records if each.name.startswith("website")]
    assert document.file.name in line
    assert organizer.user.username not in line
    assert document.title not in line


def test_withdrawn_document_says_why_and_gives_nothing(organizer, document):
    domain.withdraw(document, reason="The wrong paper.", by=organizer.user)

    response = fetch(organizer, document)

    assert response.status_code == 410
    assert "The wrong paper." in response.text
    assert records() == []


def test_withdrawn_document_tells_others_nothing(document):
    domain.withdraw(document, reason="The wrong paper.", by=None)

    response = fetch(make_clerk(), document)

    assert response.status_code == 403
    assert "The wrong paper." not in response.text
    assert records() == [("clerk", True, False)]


def test_proxy_is_told_where_the_file_lies_and_gets_no_body(organizer, document, settings):
    settings.X_ACCEL_PREFIX = "/private-files/"

    response = fetch(organizer, document)

    assert response.content == b""
    assert response.headers["X-Accel-Redirect"] == f"/private-files/{document.file.name}"
    assert response.headers["Content-Type"] == "application/pdf"
    assert "attachment" in response.headers["Content-Disposition"]
    assert records() == [("organizer", False, False)]


def test_every_download_is_recorded_by_itself(organizer, auditor, document):
    for person in (organizer, organizer, auditor):
        fetch(person, document)

    assert [name for name, *_rest in records()] == ["organizer", "organizer", "auditor"]


def test_audit_trail_says_who_had_it_and_who_was_refused(organizer, document):
    fetch(organizer, document)
    fetch(make_clerk(), document)
    Path(document.file.path).unlink()
    fetch(organizer, document)

    subject, facts = f"document · {document.code}", {"intention": document.intention.reference}
    assert entries() == [
        ("document_downloaded", "organizer", subject, facts),
        ("document_refused", "clerk", subject, facts),
        ("document_downloaded", "organizer", subject, facts | {"file_was_missing": True}),
    ]
    assert {entry.network_address for entry in AuditEntry.objects.all()} == {"127.0.0.1"}


def test_no_public_address_leads_to_the_file(stranger, document):
    assert Document.objects.exists()

    for address in (
        f"/media/{document.file.name}",
        f"/media/../private/{document.file.name}",
        f"/media/%2e%2e/private/{document.file.name}",
        f"/static/{document.file.name}",
        f"/private-files/{document.file.name}",
        f"/en/intentions/{document.intention.reference}/{document.code}/",
    ):
        assert stranger.get(address).status_code in (302, 404), address
    with pytest.raises(ValueError, match="no address"):
        document.file.url  # noqa: B018


def test_public_page_of_the_intention_says_nothing_of_its_documents(stranger, document):
    page = stranger.get(document.intention.get_absolute_url())

    assert page.status_code == 200
    assert document.title not in page.text
    assert document.code not in page.text
