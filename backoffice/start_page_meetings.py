"""What the start page says of meetings: next steps to be done, and outcomes nobody recorded."""

from django.contrib.auth.models import User
from django.db.models import Count
from django.utils import timezone

from backoffice.meeting_filters import lacks_outcome
from events.models.scope import readable
from meetings.domain import next_steps
from meetings.models import Meeting


def meetings_of(user: User) -> dict[str, int]:
    """Count what is to be done after meetings. One query."""
    today = timezone.localdate()
    return readable(Meeting.objects.all(), user).aggregate(
        overdue=Count("pk", filter=next_steps.is_overdue(today, "outcome__")),
        soon=Count("pk", filter=next_steps.is_due_soon(today, "outcome__")),
        missing=Count("pk", filter=lacks_outcome()),
    )
