"""Signs of life of the processes beside the web server, and what they leave behind."""

import datetime as dt

from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from mail import delivery
from mail.models import Heartbeat

Process = Heartbeat.Process

PAUSE = dt.timedelta(minutes=1)
# Long enough to look at what failed over a weekend.
KEPT = dt.timedelta(days=7)


def expected() -> list[str]:
    """Return the processes that this deployment has to run."""
    return [Process.PERIODIC, *([Process.WORKER] if settings.HAS_WORKER else [])]


def ages() -> dict[str, float | None]:
    """Return how many seconds ago each expected process was last heard of, if ever. One query."""
    now = timezone.now()
    beaten = dict(Heartbeat.objects.values_list("process", "beaten_at"))
    return {
        str(process): (now - beaten[process]).total_seconds() if process in beaten else None
        for process in expected()
    }


def beat_periodic() -> None:
    """Say that periodic work is done, and ask the worker to say the same of itself.

    The worker is asked once a minute, and not again before it has answered: while it is
    away its queue does not grow.
    """
    delivery.beat(Process.PERIODIC)
    if settings.HAS_WORKER and _worker_is_due() and not _worker_is_asked():
        delivery.beat_worker.enqueue()


def _worker_is_due() -> bool:
    recent = timezone.now() - PAUSE
    return not Heartbeat.objects.filter(process=Process.WORKER, beaten_at__gt=recent).exists()


def _worker_is_asked() -> bool:
    path = delivery.beat_worker.module_path
    return DBTaskResult.objects.filter(status="READY", task_path=path).exists()


def forget_tasks() -> int:
    """Delete the records of background work that ended a week ago; return how many."""
    return DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT).delete()[0]
