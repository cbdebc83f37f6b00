"""How many came to an event, where nobody registered here: a number with its source."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.models import Event
from registrations.models import Registration
from summit.lib.database.history import write_as

UNPUBLISHED = _("Attendance can be entered for published events only. Publish this one first.")
AHEAD = _("This event has not begun, so there is no attendance yet.")
COUNTED = _(
    "This event has registrations, so the report counts the people who were checked in. No "
    "other number can be entered."
)


class AttendanceRefused(ValidationError):
    """This event takes no typed attendance, or not this one."""


def check(event: Event) -> None:
    """Refuse an event that is not published, has not begun or has registrations. One query."""
    if event.status != Event.Status.PUBLISHED:
        raise AttendanceRefused(UNPUBLISHED, code="unpublished")
    if not event.has_begun:
        raise AttendanceRefused(AHEAD, code="ahead")
    if Registration.objects.registered().filter(event=event).exists():
        raise AttendanceRefused(COUNTED, code="counted")


@transaction.atomic
def type_attendance(event: Event, *, number: int | None, source: str, by: User) -> Event:
    """Keep how many people came to an event as somebody else counted; no number takes it back.

    Reports name it as typed, with its source, and never add it to people who were checked in.
    Raises ``AttendanceRefused`` where ``check`` does, and for a number without its source.
    """
    event.refresh_from_db(from_queryset=Event.objects.select_for_update(no_key=True))
    check(event)
    source = source.strip()
    if number is not None and not source:
        words = _("Enter where the number comes from, such as “sign-in sheets” or “news report”.")
        raise AttendanceRefused({"source": ValidationError(words, code="no_source")})
    if number is None and source:
        words = _("Enter the number of people, or clear its source as well.")
        raise AttendanceRefused({"number": ValidationError(words, code="no_number")})
    event.typed_attendance, event.typed_attendance_source = number, source
    write_as(event, by)
    event.full_clean()
    event.save()
    return event
