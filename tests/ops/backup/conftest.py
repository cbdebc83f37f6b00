import threading
from contextlib import closing
from types import SimpleNamespace

import pytest

from tests.ops.backup.site import ON_POSTGRESQL, Site, tools_are_missing

# What the demonstration has not: a log-in in a browser that is known, a mail that waits, and
# one who was erased.
MORE = """
from django.contrib.sessions.backends.db import SessionStore
from mail.models import OutboundMail
from registrations.models import Registration
from django.contrib.auth.models import User
from staff.models import KnownBrowser, Login, LogInLink
SessionStore().create()
user = User.objects.first()
browser = KnownBrowser.objects.create(user=user, code_hash="c", password_hash="p")
Login.objects.create(user=user, session_key="k", browser=browser)
LogInLink.objects.create(user=user, code_hash="c")
OutboundMail.objects.filter(status="queued").update(status="sent")
person = Registration.objects.filter(status="confirmed").first()
OutboundMail.objects.create(kind="confirmed", subject=person)
answer = OutboundMail.objects.filter(status="queued").count()
"""


@pytest.fixture(scope="session")
def populated(tmp_path_factory):
    """A site with the demonstration and more. Nobody changes it."""
    if reason := tools_are_missing():
        pytest.skip(reason)
    site = Site("populated", tmp_path_factory.mktemp("site")).make()
    site.manage("migrate", "--verbosity=0")
    site.manage("demo", "--password", "summit-demo-1234")
    assert site.asked(MORE) == 1
    yield site
    site.drop()


@pytest.fixture(scope="session")
def backup(populated, tmp_path_factory):
    """A backup of it, made while somebody writes all the time."""
    parent = tmp_path_factory.mktemp("backups")
    done, written = threading.Event(), []

    def write():
        mark = "%s" if ON_POSTGRESQL else "?"
        insert = f"INSERT INTO mail_heartbeat (process, beaten_at) VALUES ({mark}, {mark})"
        with closing(populated.connect()) as connection:
            while not done.is_set():
                connection.execute(insert, [f"test {len(written)}", "2020-10-29 00:00:00+00:00"])
                connection.commit()
                written.append(1)
                done.wait(0.005)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        said = populated.manage("backup", parent)
    finally:
        done.set()
        writer.join()
    [path] = parent.glob("summit-*")
    return SimpleNamespace(path=path, said=said, written=len(written))


@pytest.fixture
def empty(request, tmp_path):
    """A place where nothing was ever migrated."""
    site = Site("empty", tmp_path).make()
    yield site
    site.drop()
