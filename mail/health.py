"""Whether mail leaves, and the processes live that send it."""

from django.conf import settings
from django.utils import timezone

from mail import heartbeat
from mail.models import OutboundMail
from summit.lib.registries import Check


def check_periodic() -> Check:
    return _check_process(heartbeat.Process.PERIODIC)


def check_worker() -> Check:
    return _check_process(heartbeat.Process.WORKER)


def check_outbox() -> Check:
    waits = oldest_due_mail()
    return Check(waits <= settings.MAIL_WAIT_SECONDS, f"the oldest due mail waits {waits:.0f} s")


def oldest_due_mail() -> float:
    """Return for how many seconds the oldest due mail has waited for somebody to send it; 0."""
    first = OutboundMail.objects.due().values_list("next_try_at", flat=True).first()
    return (timezone.now() - first).total_seconds() if first else 0.0


def _check_process(process: str) -> Check:
    """Look whether a process beside the web server gave a sign of life lately."""
    if process not in heartbeat.expected():
        # A process that this deployment does not run is not missed.
        return Check(True, "not in use")
    age = heartbeat.ages()[process]
    if age is None:
        return Check(False, "never heard of")
    return Check(age <= settings.HEARTBEAT_SECONDS, f"{age:.0f} s ago")
