"""The environment of a test run: whatever the developer's shell holds, tests see this.

``TEST_DATABASE_URL`` chooses the database, SQLite otherwise. Every process of a
run has a directory of its own for the database, pictures and static files.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATA_DIR = tempfile.mkdtemp(prefix="summit-test-")
Path(DATA_DIR, "static").mkdir()
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)

os.environ.update(
    DATA_DIR=DATA_DIR,
    STATIC_ROOT=f"{DATA_DIR}/static",
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{DATA_DIR}/summit.sqlite3",
    DEBUG="false",
    SECRET_KEY="for-tests-only-and-long-enough-for-a-server-to-start-with",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    SITE_URL="http://testserver",
    PAGE_CACHE="false",
    MEDIA_STORAGE_URL="",
    PRIVATE_STORAGE_URL="",
    X_ACCEL_PREFIX="",
    # Tests of the log-in itself ask for the second factor; all others begin behind it.
    STAFF_OTP="false",
    # Tests that travel in time stay logged in; those of the logins set the product's own times.
    LOG_IN_IDLE_MINUTES="5256000",
    LOG_IN_MAX_HOURS="336",
    # Mail leaves with the transaction, so that a test need not wait for a process.
    TASKS_BACKEND="django.tasks.backends.immediate.ImmediateBackend",
    TIME_ZONE="Asia/Shanghai",
    LOG_LEVEL="ERROR",
    # Playwright runs an event loop in the thread of the test, which Django takes for a view's.
    DJANGO_ALLOW_ASYNC_UNSAFE="true",
)
