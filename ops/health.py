"""How the site is, for machines: ``/healthz`` of this process, ``/readyz`` of all it needs."""

import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ops.backup import restoring
from summit.lib.registries import Check, health_checks
from summit.lib.web.bearer_token import has_bearer_token

# Whoever asks more often than that is told the same again.
KEPT_SECONDS = 1.0


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers. Asks nobody else, so it costs next to nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether everything is there that the site needs; 503 where something is not.

    Strangers learn which part it is. Notes are for who sends ``METRICS_TOKEN``.
    """
    checks = _recent.checks()
    ready = all(check.ok for check in checks.values())
    may_know_more = has_bearer_token(request, settings.METRICS_TOKEN)
    told = {
        name: check._asdict() if may_know_more else {"ok": check.ok}
        for name, check in checks.items()
    }
    return JsonResponse({"ready": ready, "checks": told}, status=200 if ready else 503)


class Recent:
    """The checks of the last second, so that asking often costs the database nothing.

    One thread at a time looks; others are told what was found before.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, Check] = {}
        self._until = 0.0

    def checks(self) -> dict[str, Check]:
        if time.monotonic() < self._until:
            return self._found
        # Who comes first has nothing to be told yet, and waits.
        if self._lock.acquire(blocking=not self._found):
            try:
                if time.monotonic() >= self._until:
                    self._found = look()
                    self._until = time.monotonic() + KEPT_SECONDS
            finally:
                self._lock.release()
        return self._found

    def forget(self) -> None:
        """Look anew at the next question."""
        self._until, self._found = 0.0, {}


_recent = Recent()


def look() -> dict[str, Check]:
    """Look at everything that the site needs; what fails in any way is not there."""
    return {name: _carefully(check) for name, check in health_checks.items()}


def _carefully(check: Callable[[], Check]) -> Check:
    try:
        return check()
    except Exception as error:
        # The name alone: its words may name hosts and accounts.
        return Check(False, type(error).__name__)


def database() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return Check(cursor.fetchone() == (1,))


class Migrations:
    """Whether the database has all that this code knows. What more it has does no harm.

    The files are read once a process, and the database is asked until it has them all.
    """

    def __init__(self) -> None:
        self._missing: set[tuple[str, str]] | None = None

    def __call__(self) -> Check:
        if self._missing is None:
            self._missing = set(MigrationLoader(None).graph.nodes)
        if self._missing:
            self._missing -= set(MigrationRecorder(connection).applied_migrations())
        if self._missing:
            return Check(False, f"not applied: {len(self._missing)}")
        return Check(True)


def storage(alias: str) -> Check:
    """Look whether files can be stored: on the disk by writing one, elsewhere by asking."""
    place = storages[alias]
    if isinstance(place, FileSystemStorage):
        # It is made with the first file.
        folder = _nearest(Path(place.location))
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(4096))
            file.flush()
    else:
        # Not whether there is one file: a bucket that is not there has none either.
        place.listdir("readyz")
    return Check(True)


def _nearest(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.is_dir())


def check_media() -> Check:
    return storage("default")


def check_private_files() -> Check:
    return storage("private")


def restore() -> Check:
    return Check(not restoring())
