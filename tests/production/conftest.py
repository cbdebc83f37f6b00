import itertools
import os
from collections.abc import Iterator

import pytest

from tests.mail_server import MailServer
from tests.postgres import Cluster, find_binaries
from tests.stack import Stack

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no initdb on this machine")
    cluster = Cluster(binaries)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()


@pytest.fixture(scope="session")
def released(cluster, tmp_path_factory) -> tuple[str, str]:
    """A database and static files as the release leaves them, for the others to copy."""
    directory = tmp_path_factory.mktemp("released")
    cluster.create("released")
    Stack(cluster, "released", directory).run("scripts/release")
    return "released", str(directory / "static")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


@pytest.fixture
def stack(cluster, released, mail_server, tmp_path) -> Iterator[Stack]:
    template, static = released
    database = f"site_{os.getpid()}_{next(_numbers)}"
    cluster.create(database, like=template)
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}", "STATIC_ROOT": static}
    stack = Stack(cluster, database, tmp_path, **mail)
    yield stack
    # A process that waits for the mail server would take its time to end.
    mail_server.close()
    stack.close()
    cluster.drop(database)


@pytest.fixture
def open_event(stack):
    """Make an event that takes registrations; return its slug."""

    def make(capacity: int | None = None) -> str:
        return stack.python(
            "from tests import factories\n"
            f"print(factories.registration_settings(capacity={capacity}).event.slug)"
        )

    return make
