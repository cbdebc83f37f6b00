"""Interpreters: adding one, and deleting one who interprets at meetings that are placed."""

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from audit import trail
from events.models import Event
from mail.models import OutboundMail
from meetings.audited import Action
from meetings.domain.concerned import refuse_what_was_held
from meetings.domain.placing import lock_schedule, note_change
from meetings.models import Interpreter, Placement, ScheduleVersion


@transaction.atomic
def add_interpreter(
    event: Event,
    *,
    name: str,
    languages: Sequence[str],
    email: str = "",
    phone: str = "",
    language: str = "zh-hans",
) -> Interpreter:
    """Add an interpreter to an event, who is there at all times until told otherwise."""
    row = Interpreter(
        event=event,
        name=name,
        languages=list(languages),
        email=email,
        phone=phone,
        language=language,
    )
    row.full_clean(exclude=["event"])
    row.save()
    return row


@transaction.atomic
def delete_interpreters(
    interpreters: Iterable[Interpreter], *, by: User | None, request: HttpRequest | None = None
) -> int:
    """Delete interpreters; the meetings at which they were to interpret stay without one.

    Nobody is told by mail: meetings keep their time, and the person is gone. Raises
    ``ValidationError`` for who has interpreted at a meeting. Returns how many were deleted.
    """
    rows = Interpreter.objects.filter(pk__in=[row.pk for row in interpreters])
    keys = list(rows.order_by().values_list("pk", flat=True))
    for event in Event.objects.filter(interpreters__in=keys).distinct().order_by("pk"):
        lock_schedule(event)
    places = Placement.objects.filter(interpreter__in=keys)
    refuse_what_was_held(
        places,
        _("Somebody of these has interpreted at a meeting, and so stays until data is erased."),
    )
    touched = list(ScheduleVersion.objects.filter(placements__in=places).distinct())
    places.update(interpreter=None)
    for version in touched:
        note_change(version)
    OutboundMail.objects.filter(interpreter__in=keys).delete()
    rows.delete()
    if keys:
        trail.record(
            Action.INTERPRETERS_ERASED,
            by=by,
            request=request,
            interpreters=len(keys),
            reason="deleted",
        )
    return len(keys)
