import logging
import sys
import time
from types import FrameType

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, connections
from django.tasks import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from summit.lib.process.restoring import restoring

log = logging.getLogger(__name__)

BACKEND = "django_tasks_db.DatabaseBackend"
PAUSE = 2


class PatientWorker(Worker):
    """The worker of django-tasks-db, which would end with the first connection that breaks.

    It takes no task while the site is half restored.
    """

    stopped = False

    @property
    def running(self) -> bool:
        # Asked before each task is taken.
        return not self.stopped and not restoring()

    @running.setter
    def running(self, value: bool) -> None:
        self.stopped = not value

    def run(self) -> None:
        while not self.stopped:
            try:
                self._wait_for_restore()
                super().run()
            except (OperationalError, InterfaceError) as error:
                log.warning("The database does not answer (%s); trying again", type(error).__name__)
                connections.close_all()
                time.sleep(PAUSE)

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        # The package takes whoever is not running for one that was told twice, and would
        # break off the task in hand.
        if self.stopped or self.running:
            super().shutdown(signum, frame)
        self.stopped = True
        if not self.running_task:
            sys.exit(0)

    def _wait_for_restore(self) -> None:
        if not restoring():
            return
        log.warning("The site is being restored; no task is taken until that has ended")
        # A restore waits for nobody who is connected.
        connections.close_all()
        while restoring() and not self.stopped:
            time.sleep(PAUSE)


class Command(BaseCommand):
    help = (
        "Runs background work, such as the mail that has just been queued, until it is stopped; "
        "the task in hand is finished first. Goes on by itself when the database was away."
    )

    def handle(self, **options: object) -> None:
        if settings.TASKS_BACKEND != BACKEND:
            raise CommandError(f"There is no work for a worker: set TASKS_BACKEND={BACKEND}.")
        worker = PatientWorker(
            queue_names=[DEFAULT_TASK_QUEUE_NAME],
            excluded_queue_names=[],
            interval=1,
            batch=False,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        worker.configure_signals()
        worker.run()
