"""What the database tells of how the site is, for health and for Prometheus."""

from django.db.models import Count, Min, Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from mail import heartbeat
from mail.health import oldest_due_mail
from mail.models import OutboundMail


def read() -> dict[str, tuple[str, float]]:
    """Return each figure with its explanation, by its name. Four queries."""
    mails = OutboundMail.objects.aggregate(
        queued=Count("pk", filter=Q(status=OutboundMail.Status.QUEUED)),
        given_up=Count("pk", filter=Q(status=OutboundMail.Status.GIVEN_UP)),
        unknown=Count("pk", filter=Q(status=OutboundMail.Status.UNKNOWN)),
    )
    tasks = DBTaskResult.objects.ready().aggregate(ready=Count("pk"), first=Min("enqueued_at"))
    waited = (timezone.now() - tasks["first"]).total_seconds() if tasks["first"] else 0.0
    found = {
        "mails_queued": ("Mails not sent yet.", mails["queued"]),
        "mails_unknown": ("Mails that the mail server may have taken.", mails["unknown"]),
        "mails_given_up": ("Mails that a person has to look at.", mails["given_up"]),
        "mail_oldest_due_seconds": ("How long the oldest due mail waits.", oldest_due_mail()),
        "tasks_ready": ("Background tasks that no worker has begun.", tasks["ready"]),
        "tasks_oldest_ready_seconds": ("How long the oldest of them waits.", waited),
    }
    for process, age in heartbeat.ages().items():
        if age is not None:
            explanation = f"Time since the {process} process was last heard of."
            found[f"{process}_heartbeat_age_seconds"] = (explanation, age)
    return found
