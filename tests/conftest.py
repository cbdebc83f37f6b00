import gc
import os
import shutil
from pathlib import Path

import hypothesis
import pytest
from django.core.cache import caches
from django.core.files.storage import storages
from django.utils import translation

from summit.lib.web import constant_pace
from tests import cast as people
from tests.browser import find_chromium
from tests.cast import Cast, Person

# Fixtures make the rows once for all examples of a test; each undoes what it did.
_ROWS_ARE_SHARED = [
    hypothesis.HealthCheck.function_scoped_fixture,
    hypothesis.HealthCheck.too_slow,
]
hypothesis.settings.register_profile(
    "always",
    derandomize=True,
    deadline=None,
    max_examples=50,
    suppress_health_check=_ROWS_ARE_SHARED,
)
hypothesis.settings.register_profile(
    "thorough", deadline=None, max_examples=1000, suppress_health_check=_ROWS_ARE_SHARED
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "always"))


# What takes as long whatever was found need not do so in tests of something else.
_PACE, constant_pace.SECONDS = constant_pace.SECONDS, 0


# Tests of code that imports no app and starts no process: one database is enough for them.
_WITHOUT_DATABASE = (
    "tests/summit/lib/",
    "tests/summit/test_env.py",
    "tests/summit/test_proxy.py",
    "tests/properties/test_length_of_what_is_typed.py",
    "tests/backoffice/test_sheet.py",
    "tests/test_requirements.py",
    "tests/test_concepts.py",
)
# Tests that keep rows and ask nothing of the database that one does otherwise than the other:
# who may see which page, what a page weighs and says.
_ALIKE_ON_EACH = (
    "tests/test_who_may_what.py",
    "tests/test_page_weight.py",
    "tests/backoffice/test_hidden_names.py",
    "tests/contacts/test_canaries.py",
    "tests/production/test_deployment.py",
    "tests/summit/test_headers.py",
    "tests/summit/test_settings.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("TEST_DATABASE_URL"):
        once = [item for item in items if _runs_once(item)]
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if item not in set(once)]
    if find_chromium() is None:
        skip = pytest.mark.skip(reason="no Chromium found; CHROMIUM=/path/to/chromium names one")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(skip)


def pytest_collection_finish() -> None:
    """Let no later collection of garbage look through what stays for the whole run."""
    gc.collect()
    gc.freeze()


def _runs_once(item: pytest.Item) -> bool:
    asks_for_one = item.get_closest_marker("django_db") or "db" in item.fixturenames
    needs_none = item.nodeid.startswith(_WITHOUT_DATABASE) and not asks_for_one
    return needs_none or item.nodeid.startswith(_ALIKE_ON_EACH)


@pytest.fixture(autouse=True)
def _a_clean_start():
    """Every test begins in English with empty caches."""
    # Here, since it needs the apps, which are not loaded when this module is.
    from ops import health

    translation.activate("en")
    health._recent.forget()
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def real_pace(monkeypatch) -> None:
    """Answers take as long as they do in the product."""
    monkeypatch.setattr(constant_pace, "SECONDS", _PACE)


@pytest.fixture
def private_files() -> Path:
    """Where documents lie: a folder that is not there until something is stored."""
    place = Path(storages["private"].location)
    if place.is_file():
        place.unlink()
    shutil.rmtree(place, ignore_errors=True)
    return place


# The cast


@pytest.fixture
def organizer(db) -> Person:
    return people.make_organizer()


@pytest.fixture
def auditor(db) -> Person:
    return people.make_auditor()


@pytest.fixture
def superuser(db) -> Person:
    return people.make_superuser()


@pytest.fixture
def stranger(db) -> Person:
    return people.make_stranger()


@pytest.fixture
def cast(organizer, auditor, superuser, stranger) -> Cast:
    return Cast(organizer=organizer, auditor=auditor, superuser=superuser, stranger=stranger)


# The browser


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": arguments}


@pytest.fixture
def browser_context_args(browser_context_args, live_server):
    return {**browser_context_args, "base_url": live_server.url}
