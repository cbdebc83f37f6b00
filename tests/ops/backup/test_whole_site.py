"""A populated site is backed up, put back into an empty one, and is the same."""

import hashlib
import json
import re
import stat
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.ops.backup.site import ON_POSTGRESQL, Site

# Every page of the sitemap and pages of the admin, but for what is random in each answer.
PAGES = r"""
import hashlib, re
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
from django.contrib.auth.models import User
from django.test import Client
client, staff = Client(), Client()
def listed(path):
    return re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", client.get(path).content.decode())
paths = [path for file in listed("/sitemap.xml") for path in listed(file)]
staff.force_login(User.objects.get(username="organizer"))
inside = ["events/event/", "registrations/registration/", "events/expert/", "projects/project/",
          "projects/cooperationintention/", "events/organization/"]
def read(browser, path):
    page = browser.get(path)
    assert page.status_code == 200, (path, page.status_code)
    random = r'nonce="[^"]+"|value="[A-Za-z0-9]{64}"|name="shown_at" value="[^"]+"'
    text = re.sub(random, "", page.content.decode())
    return hashlib.sha256(text.encode()).hexdigest()
answer = {path: read(client, path) for path in paths}
answer |= {path: read(staff, f"/admin/{path}") for path in inside}
pictures = sorted(set(re.findall(r'/media/[^" ]+webp', client.get("/en/").content.decode())))
answer |= {path: b"".join(client.get(path)).hex()[:64] for path in pictures}
"""
STATE = """
from django.contrib.sessions.models import Session
from staff.models import KnownBrowser, Login, LogInLink
from django.db import connection, transaction
from audit.models import AuditEntry
from events.models import EventSeries
from mail.models import OutboundMail
from website.page_cache.content import version
held = OutboundMail.objects.filter(status="given_up", last_error="Held back by a restore")
with transaction.atomic():
    made = EventSeries.objects.create(slug="new-one", title_en="x")
    transaction.set_rollback(True)
triggers = {
    "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
                  " WHERE NOT tgisinternal",
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
}
with connection.cursor() as cursor:
    cursor.execute(triggers[connection.vendor])
    triggers = sorted(map(list, cursor.fetchall()))
answer = {
    "sessions": Session.objects.count(),
    "known": [model.objects.count() for model in (KnownBrowser, Login, LogInLink)],
    "queued": OutboundMail.objects.filter(status="queued").count(),
    "held": held.count(),
    "version": version(),
    "triggers": triggers,
    "audit": [e.action for e in AuditEntry.objects.order_by("-pk")],
}
"""
# Counted anew after each restore, written while the backup was made, or by who looks at pages.
MOVING = {
    "django_session",
    "staff_knownbrowser",
    "staff_login",
    "staff_loginlink",
    "audit_auditentry",
    "website_contentversion",
    "mail_heartbeat",
}


@pytest.fixture(scope="module")
def restored(backup, tmp_path_factory):
    site = Site("restored", tmp_path_factory.mktemp("restored")).make()
    site.said = site.manage("restore", backup.path)
    # Before a test looks at its pages as somebody who is logged in.
    site.at_first = site.asked(STATE)
    yield site
    site.drop()


def told(backup):
    return json.loads((backup.path / "manifest.json").read_text())


def test_rows_are_those_of_one_moment(populated, backup, restored):
    manifest, before, after = told(backup)["rows"], populated.rows(), restored.rows()

    assert 0 < manifest["mail_heartbeat"] <= backup.written
    assert manifest["mail_heartbeat"] == after["mail_heartbeat"]
    assert {t: n for t, n in before.items() if t not in MOVING} == {
        t: n for t, n in after.items() if t not in MOVING
    }
    assert {t: n for t, n in manifest.items() if t not in MOVING} == {
        t: n for t, n in after.items() if t not in MOVING
    }
    assert before["registrations_registration"] > 20 and before["projects_document"] == 2


def test_files_are_the_same_to_the_byte(populated, backup, restored):
    files = populated.files()

    assert restored.files() == files
    assert {name.split("/")[0] for name in files} == {"media", "private"}
    assert {
        name: stored["sha256"]
        for name, stored in told(backup)["files"].items()
        if not name.startswith("database.")
    } == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_pages_read_the_same(populated, restored):
    before, after = populated.asked(PAGES), restored.asked(PAGES)

    assert len(before) > 100
    assert before == after


def test_nobody_is_logged_in_and_no_mail_leaves_twice(populated, restored):
    before, after = populated.asked(STATE), restored.at_first

    assert before["queued"] == 1
    assert all([before["sessions"], *before["known"]])
    assert not any([after["sessions"], *after["known"]])
    assert (after["queued"], after["held"]) == (0, 1)
    # That it was made came after the moment of the backup, which so does not know it.
    assert before["audit"].count("backed_up") > after["audit"].count("backed_up")
    assert (after["audit"][0], "restored" in before["audit"]) == ("restored", False)
    assert after["triggers"] == before["triggers"] != []
    assert after["version"] and not set(after["version"].split()) & set(before["version"].split())


def test_manifest_says_what_it_was_made_of(backup):
    manifest = told(backup)

    assert manifest["vendor"] == ("postgresql" if ON_POSTGRESQL else "sqlite")
    assert manifest["software"]["django"].startswith("6.")
    assert re.fullmatch(r"[0-9.]+", manifest["database_version"])
    assert ["events", "0001_initial"] in manifest["migrations"]
    assert manifest["missing"] == []
    assert manifest["started_at"] < manifest["finished_at"]


def test_backup_is_for_its_owner_alone(backup):
    modes = {stat.S_IMODE(path.stat().st_mode) for path in backup.path.rglob("*") if path.is_file()}
    folders = [backup.path, *(path for path in backup.path.rglob("*") if path.is_dir())]

    assert modes == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_commands_tell_figures_and_nobody_by_name(populated, backup, restored):
    assert "rows in" in backup.said and "files" in backup.said
    assert "registrations_registration" in restored.said
    with closing(populated.connect()) as connection:
        rows = connection.execute("SELECT name, email FROM registrations_registration").fetchall()
    people = [text for row in rows for text in row if text]

    assert people
    assert [text for text in people if text in backup.said + restored.said] == []


def test_checksum_of_the_manifest_is_one_that_sha256sum_reads(backup):
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "manifest.json.sha256"],
        cwd=backup.path,
        check=False,
        capture_output=True,
    )

    assert done.returncode == 0, done.stderr


def test_backup_is_read_through_by_its_own_command(populated, backup):
    said = populated.manage("verify_backup", backup.path)

    assert f"{Path(backup.path)} is whole" in said
    assert "runs 0 migrations" in said
