"""The product's own settings in the environment of a test run, and four shortcuts."""

import os

# First, since the settings read the environment.
import tests.env
from summit.settings import *  # noqa: F403
from summit.settings import DATABASES, INSTALLED_APPS, STORAGES

# Its command flush empties what the product keeps.
INSTALLED_APPS = [*INSTALLED_APPS, "tests"]

# A password is hashed for each log-in of the cast; the real hashers are slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Tests send a form at once; those of how fast a person is say so.
FORM_MIN_SECONDS = 0

# Pages name static files as they are, so that no test needs collectstatic first.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, where Django would take memory: threads then meet as they do in production.
    DATABASES["default"]["TEST"] = {"NAME": f"{tests.env.DATA_DIR}/test.sqlite3"}
else:
    # Runs that go on at the same time keep out of each other's way.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    DATABASES["default"]["TEST"] = {"NAME": f"test_summit_{run[:12]}"}
# A connection that stays open would keep the test database from being dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0
