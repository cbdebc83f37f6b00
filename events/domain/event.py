import datetime as dt
import re
from collections.abc import Mapping

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.domain import programme
from events.domain.postponement import NO_REASON, Reason
from events.models import Appearance, Event, ProgrammePerson
from summit.lib.database.history import write_as
from summit.lib.database.references import referring
from summit.lib.database.states import MoveRefused, move
from summit.lib.i18n.languages import columns, listed_long
from summit.lib.i18n.slugs import free_slug
from summit.lib.i18n.times import shift_days
from summit.lib.registries import copied_parts

# With which the slug of a copy ends.
_DAY = re.compile(r"-\d{4}-\d{2}-\d{2}(-\d+)?$")
# What became of an event is not what becomes of its copy.
_OF_THE_OLD = (
    *("published_at", "postponed_at", "cancelled_at", "previous_starts_at"),
    *("status_reason_en", "status_reason_zh_hans", "shows_status_reason"),
    *("typed_attendance", "typed_attendance_source"),
)


class EventReferredTo(ValidationError):
    """Something refers to the event, so it stays where visitors found it."""


@transaction.atomic
def publish(event: Event, *, by: User | None = None) -> Event:
    """Show a draft to everybody. Raises ``MoveRefused`` or what the programme is refused for."""
    if not event.is_draft:
        raise MoveRefused(
            _("This is “%(now)s”. Only a draft can be published."),
            code="not_allowed",
            params={"now": event.get_status_display()},
        )
    programme.check(event, programme.slots(event))
    move(event, Event.Status.PUBLISHED, by=by, published_at=timezone.now(), cancelled_at=None)
    return event


@transaction.atomic
def cancel(event: Event, *, reason: Reason = NO_REASON, by: User | None = None) -> Event:
    """Keep the page and say on it that the event does not take place. Raises ``MoveRefused``."""
    move(event, Event.Status.CANCELLED, by=by, cancelled_at=timezone.now(), **reason.columns())
    return event


@transaction.atomic
def return_to_draft(event: Event, *, by: User | None = None) -> Event:
    """Take the event off the public pages, while nothing refers to it.

    Raises ``EventReferredTo`` with a list of what does, or ``MoveRefused``.
    """
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    references = referring(event)
    if references:
        raise EventReferredTo(
            _("These refer to the event, so it cannot become a draft again: %(references)s."),
            code="referred_to",
            params={"references": listed_long(references)},
        )
    move(
        event,
        Event.Status.DRAFT,
        by=by,
        **dict.fromkeys(
            ["published_at", "postponed_at", "cancelled_at", "previous_starts_at"], None
        ),
        **NO_REASON.columns(),
    )
    return event


@transaction.atomic
def copy(
    event: Event,
    *,
    starts_on: dt.date,
    titles: Mapping[str, str] | None = None,
    with_experts: bool = False,
    by: User | None = None,
) -> Event:
    """Return a new draft on other days, with the programme and the roles of the old one.

    ``titles`` are its own by column, such as ``title_en``; without them it is called as the
    old one. Times of day stay as they are in the event's zone, across changes of summer
    time. The other people of the programme come along with the experts. How registration is
    taken comes along, with its questions and its days moved alike. Photos, outcome, the online
    link, attendees and desk staff belong to the old event and are left behind. Raises
    ``ValidationError`` where an expert who comes along is elsewhere then.
    """
    days = (starts_on - event.starts_on).days
    titles = titles or {name: getattr(event, name) for name in columns("title")}

    def shifted(moment: dt.datetime) -> dt.datetime:
        return shift_days(moment, days, event.zone)

    new = copied(
        event,
        without=(*_OF_THE_OLD, "online_link", "outcome_en", "outcome_zh_hans"),
        slug=_slug_of_copy(event, titles, starts_on),
        **titles,
        status=Event.Status.DRAFT,
        starts_at=shifted(event.starts_at),
        ends_at=shifted(event.ends_at),
    )
    save_copy(new, by)
    for role in event.roles.all():
        save_copy(copied(role, event=new), by)
    programme_of = {}
    for session in event.sessions.all():
        programme_of[session.pk] = copied(
            session,
            event=new,
            starts_at=shifted(session.starts_at),
            ends_at=shifted(session.ends_at),
        )
        save_copy(programme_of[session.pk], by)
    if with_experts:
        for appearance in Appearance.objects.filter(session__event=event):
            save_copy(copied(appearance, session=programme_of[appearance.session_id]), by)
        for person in ProgrammePerson.objects.filter(event=event):
            part_in = programme_of[person.session_id] if person.session_id else None
            save_copy(copied(person, event=new, session=part_in), by)
        programme.check(new, programme.slots(new))
    for copy_part in copied_parts.values():
        copy_part(event, new, shifted=shifted, by=by)
    return new


def _slug_of_copy(event: Event, titles: Mapping[str, str], starts_on: dt.date) -> str:
    names = [titles[name] for name in columns("title") if titles[name]]
    if names and names[0] not in (getattr(event, name) for name in columns("title")):
        return free_slug(Event(), *names)
    # The day stands in the address, however long the title is: first it is made room for.
    return free_slug(Event(), _DAY.sub("", event.slug), ending=f"-{starts_on:%Y-%m-%d}")


def copied[Row: Model](row: Row, *, without: tuple[str, ...] = (), **changes: object) -> Row:
    """Return an unsaved copy of a row with some fields changed, and the defaults for others."""
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in without and field.name not in changes
    }
    return type(row)(**kept, **changes)


def save_copy(row: Model, by: User | None) -> None:
    """Check and save a copy, its history naming who made it."""
    if by is not None:
        write_as(row, by)
    row.full_clean()
    row.save()
