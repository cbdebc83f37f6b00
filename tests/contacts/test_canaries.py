"""Contacts are told to nobody without the right: canaries, looked for wherever anything is kept.

Each test first finds the canaries where they are allowed.
"""

import io
import logging
import pickle
import zipfile

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail as django_mail
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client

from contacts.models import Contact
from events.models import Expert, Organization
from mail.delivery import deliver_due
from projects.models import Project
from submissions.models import Call
from tests import factories
from tests.backoffice.posting import do, filled, inline, save, url
from tests.logged import logged
from tests.pages import LANGUAGES, listed_pages
from tests.walk import FORM, Everything, everybody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]

CANARIES = {
    "name": "Zephyrine Quillfeather",
    "phone": "+86 311 5550 7781",
    "email": "zephyrine@quillfeather.example",
    "wechat": "quill_of_zephyr",
    "note": "has a blue umbrella",
    "source": "card from the harbour",
}
# As they are found, folded or taken apart as well.
TRACES = [
    *(text.casefold() for text in CANARIES.values()),
    *("zephyrine", "quillfeather", "31155507781", "5550%207781", "5550+7781"),
]
OWNERS = {"organization": Organization, "expert": Expert, "project": Project}
# Where an organizer finds them.
ALLOWED = {
    *("admin:contacts_contact_changelist", "admin:contacts_contact_change"),
    *("admin:events_organization_change", "admin:events_expert_change"),
    "admin:projects_project_change",
    # Forms that propose the known address, and answers as the pages above do.
    *("admin:events_expert_action:send-link", "admin:projects_project_action:ask-owner"),
}
WITHOUT_RIGHT = (
    *("stranger", "switched off", "no group", "other clerk", "clerk", "auditor", "limited"),
)


def traces(text: str) -> list[str]:
    folded = text.casefold()
    return [trace for trace in TRACES if trace in folded]


def told(response) -> list[str]:
    """Return the canaries in an answer: in its body, whatever the file, and its headers."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            body = b"\n".join(file.read(name) for name in file.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return traces(body.decode("utf-8", "replace") + headers + response.cookies.output())


@pytest.fixture
def everything():
    """A row of everything, with canaries as the contacts of each that can have one."""
    found = Everything()
    Contact.objects.all().delete()
    for name, model in OWNERS.items():
        contact = factories.contact(**{name: found.rows[model]}, **CANARIES)
    found.rows[Contact] = contact
    # By which the owner of a project is asked for corrections.
    factories.call(kind=Call.Kind.OFFER)
    return found


def answers(person, everything):
    """Ask every address, and each export of a list for its file."""
    person.raise_request_exception = False
    for address in everything.addresses():
        yield address.name, person.generic("GET", address.path, content_type=FORM)
        if address.name.endswith("_export"):
            for file_format in ("csv", "xlsx"):
                yield address.name, person.post(address.path, {"file_format": file_format})


def test_an_organizer_finds_contacts_in_the_admin_and_nowhere_else(everything):
    organizer = everybody(everything.event)["organizer"]

    found = {name for name, answer in answers(organizer, everything) if told(answer)}

    assert found == ALLOWED


def test_who_edits_all_else_but_may_not_see_contacts_finds_none(everything):
    person = everybody(everything.event)["organizer"]
    [group] = person.user.groups.all()
    person.user.user_permissions.set(group.permissions.exclude(content_type__app_label="contacts"))
    person.user.groups.clear()

    found = {name for name, answer in answers(person, everything) if told(answer)}

    assert found == set()


@pytest.mark.parametrize("role", WITHOUT_RIGHT)
def test_no_address_tells_of_contacts_to_others(everything, role):
    person = everybody(everything.event)[role]

    found = {name for name, answer in answers(person, everything) if told(answer)}

    assert found == set()


@pytest.mark.django_db(transaction=True)
def test_no_public_page_and_no_kept_page_tells_of_contacts(everything, settings):
    settings.PAGE_CACHE = True
    caches["pages"].clear()
    paths = listed_pages(Client())
    assert {path.split("/")[1] for path in paths} == set(LANGUAGES)

    found = [path for path in paths if told(Client().get(path))]
    kept = [pickle.loads(page) for page in caches["pages"]._cache.values()]

    assert found == []
    # The page of a call has a form, which is no copy of another.
    assert len(kept) >= len([path for path in paths if "/calls/" not in path])
    assert any(b"<html" in page.body for page in kept)
    assert [page.route for page in kept if traces(page.body.decode())] == []


def tables_that_tell() -> set[str]:
    """Return the tables in which a canary stands, in whatever column."""
    found = set()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            if traces("\n".join(str(row) for row in cursor.fetchall())):
                found.add(model._meta.db_table)
    if any(traces(str(login.get_decoded())) for login in Session.objects.all()):
        found.add("django_session")
    return found


def test_what_is_done_with_contacts_leaves_no_trace_elsewhere(organizer):
    """Neither in a history, the audit trail, the admin's log, a login, a queue nor a log line."""
    owner, expert = factories.organization(), factories.expert()
    event = factories.registration_settings(event=factories.upcoming_event()).event
    listed = url(Contact, "changelist")

    with logged() as log:
        save(organizer, owner, **inline("contacts", CANARIES))
        contact = Contact.objects.get()
        page = organizer.get(organizer.post(listed, {"q": CANARIES["name"]}).url)
        assert told(page)
        data = filled(organizer.get(url(contact, "change")))
        refused = organizer.post(url(contact, "change"), {**data, "phone": "Quillfeather"})
        assert told(refused) and refused.status_code == 200
        organizer.post(url(contact, "change"), {**data, "expert": expert.pk})
        organizer.post(url(contact, "change"), {**data, "note": "has a blue umbrella, wet"})
        do(organizer, contact, "confirm")
        organizer.post(
            url(Contact, "export", "all"),
            {"file_format": "csv", "purpose": "invitations", "recipient": "bureau"},
        ).getvalue()
        factories.registered(event)
        deliver_due()
        owner.short_name_en = "Works"
        owner.save()
        logging.getLogger("tests").info("A line that stands in the log.")
        standing = tables_that_tell()
        organizer.post(url(contact, "delete"), {"post": "yes"})
        after = tables_that_tell()

    assert standing == {"contacts_contact"}
    assert after == set()
    assert "A line that stands in the log." in log.text
    assert traces(log.text) == []
    assert traces("".join(str(message.message()) for message in django_mail.outbox)) == []


def test_what_erases_them_leaves_no_trace_either(organizer):
    contact = factories.contact(**CANARIES)
    save(organizer, contact, note="has a blue umbrella, wet")
    assert tables_that_tell() == {"contacts_contact"}

    with logged() as log:
        call_command("erase_attendee", CANARIES["email"], stdout=io.StringIO())

    assert tables_that_tell() == set()
    assert traces(log.text) == []
