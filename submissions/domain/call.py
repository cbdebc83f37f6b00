"""What organizers do with a call: publish it, and take it back."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from submissions.models import Call
from summit.lib.database.states import move


@transaction.atomic
def publish(call: Call, *, by: User | None = None) -> Call:
    """Show the call to everybody, and take submissions from when it opens. ``MoveRefused``."""
    move(call, Call.Status.PUBLISHED, by=by, published_at=timezone.now())
    return call


@transaction.atomic
def unpublish(call: Call, *, by: User | None = None) -> Call:
    """Take the call off the site. What was handed in or saved stays. ``MoveRefused``."""
    move(call, Call.Status.DRAFT, by=by)
    return call
