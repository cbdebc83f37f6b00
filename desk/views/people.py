"""What a desk shows of people: a card each, the latest arrivals, and the counts."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Case, Q, QuerySet, When, prefetch_related_objects
from django.utils import dateformat, timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from events.models import Event, Session
from registrations.domain import check_in, door_counts, event_days, proof, waiting_list
from registrations.models import CheckIn, Registration
from summit.lib.i18n import clock
from summit.lib.i18n.clock import Span
from summit.lib.i18n.languages import Words
from summit.lib.i18n.likeness import fold

MOST = 20
# Who is checked in with one tap: whose seat is held is proven by coming.
SURE = (Registration.Status.CONFIRMED, Registration.Status.HELD)
LATEST = 5


@dataclass
class Card:
    """A person before the desk, what stands recorded, and what the last tap did."""

    registration: Registration
    # What stands where this desk checks in: at the door today, or in its session.
    arrival: CheckIn | None = None
    # For the door of an event of several days: the arrivals of its other days.
    other_days: list[CheckIn] = field(default_factory=list)
    # For the desk of a session: when the person came through the door.
    at_door: CheckIn | None = None
    place: int | None = None
    said: str = ""
    is_new: bool = False
    refusal: str = ""
    lacks_seat: bool = False

    @property
    def news(self) -> Words:
        """What is told of the person first, on the card and aloud."""
        return self.said or (_("Checked in already") if self.arrival else "")

    @property
    def may_be_proven(self) -> bool:
        """Whether the desk can confirm the contact, of somebody who has not come yet."""
        return self.registration.is_active and self.registration.proven_at is None

    @property
    def contact_mark(self) -> str:
        """What the tap brings back that confirms the contact on the card."""
        return proof.mark_of_contact(self.registration)

    @property
    def is_online(self) -> bool:
        """Whether the person has a seat online at a hybrid event, and none at this door."""
        return check_in.is_expected_online(self.registration)

    @property
    def state(self) -> str:
        if not self.registration.is_active:
            return "ended"
        if self.registration.status not in SURE or self.is_online:
            return "waiting"
        return "arrived" if self.arrival else "expected"


@dataclass(frozen=True)
class Latest:
    """A check-in of the latest ones, with its time as a clock at the place showed it."""

    check_in: CheckIn
    when: SafeString


def session_of(event: Event, slug: str) -> Session | None:
    """Return the session at which a desk works, ``None`` at the door. At most one query.

    Raises ``ValidationError`` for a session that is gone, so that nobody is
    checked in elsewhere than the screen says.
    """
    if not slug:
        return None
    session = sessions_of(event).filter(slug=slug).first()
    if session is None:
        raise ValidationError(
            _("Attendance of this session is not taken any more. Choose where you check in."),
            code="no_session",
        )
    session.event = event
    return session


def sessions_of(event: Event) -> QuerySet[Session]:
    """Return the sessions whose attendance this event takes; pauses have none."""
    if not event.registration_settings.takes_session_attendance:
        return Session.objects.none()
    return event.sessions.exclude(kind__in=Session.PAUSES)


def session_choices(event: Event) -> list[tuple[str, str]]:
    """Return the slug of each such session with its time and title, and its day among several."""
    is_one_day = Span.of(event.starts_at, event.ends_at, event.zone).is_one_day
    choices = []
    for session in sessions_of(event):
        span = Span.of(session.starts_at, session.ends_at, event.zone)
        when = strip_tags(clock.times(span))
        if not is_one_day:
            when = f"{dateformat.format(span.start, clock.wording().DAY_WITHOUT_YEAR)} {when}"
        choices.append((session.slug, f"{when} {session.title}"))
    return choices


def search_people(event: Event, text: str) -> list[Registration]:
    """Return the people of a search, one more than is shown: who has a place first, by name."""
    begins = Q(name__istartswith=text) | Q(sort_name__startswith=fold(text))
    people = Registration.objects.filter(event=event, erased_at=None).search(text)
    return list(
        people.order_by(
            Case(When(status__in=Registration.ACTIVE, then=0), default=1),
            Case(When(begins, then=0), default=1),
            "sort_name",
            "name",
            "pk",
        )[: MOST + 1]
    )


def cards(
    event: Event, registrations: Iterable[Registration], session: Session | None
) -> list[Card]:
    """Return a card for each, in their order.

    One query, one more where somebody waits, and one where a badge was printed.
    """
    people = list(registrations)
    prefetch_related_objects(people, "badge_printed_by")
    for person in people:
        person.event = event
    here = None if session is None else session.pk
    today = event_days.counted_day(event)
    stand: dict[tuple[int, int | None], CheckIn] = {}
    other_days: dict[int, list[CheckIn]] = {}
    for each in (
        CheckIn.objects.standing()
        .filter(Q(session=None) | Q(session=here), registration__in=people)
        .select_related("checked_in_by")
        .order_by("checked_in_at", "pk")
    ):
        if each.session_id is None and today and each.day not in (today, None):
            other_days.setdefault(each.registration_id, []).append(each)
        else:
            stand.setdefault((each.registration_id, each.session_id), each)
    places = waiting_list.places_in_queue(people)
    return [
        Card(
            each,
            arrival=stand.get((each.pk, here)),
            other_days=[] if session else other_days.get(each.pk, []),
            at_door=stand.get((each.pk, None)) if session else None,
            place=places.get(each.pk),
        )
        for each in people
    ]


def latest(event: Event, session: Session | None) -> list[Latest]:
    """Return the last who came, today or to the session. One query."""
    check_ins = CheckIn.objects.standing().filter(
        registration__event=event, registration__erased_at=None, session=session
    )
    today = event_days.shown_day(event)
    if today and session is None:
        check_ins = check_ins.filter(day=today)
    check_ins = check_ins.select_related("registration", "checked_in_by")[:LATEST]
    return [Latest(each, _clock(each, event)) for each in check_ins]


def _clock(check_in: CheckIn, event: Event) -> SafeString:
    """Return the time, with its day where that is not today; the heading names the zone."""
    local = check_in.checked_in_at.astimezone(event.zone)
    text = clock.hours(local)
    if local.date() != event.today:
        words = clock.wording()
        day = dateformat.format(local, words.DAY_WITHOUT_YEAR)
        text = format_html(words.AT_ONE_TIME, day=day, time=text)
    return clock.time_tag(local, text)


def other_day(event: Event) -> dict[str, str]:
    """Return the days of the event and today, in words, where today is none of them."""
    span = Span.of(event.starts_at, event.ends_at, event.zone)
    last = span.end - dt.timedelta(microseconds=1)
    today = event.today
    if span.start.date() <= today <= last.date():
        return {}
    return {"days": clock.days(span), "today": clock.date(today)}


def day_in_words(event: Event, session: Session | None) -> str:
    """Return the day whose arrivals this door counts, with its number; nothing of one day."""
    today = event_days.shown_day(event)
    if today is None or session is not None:
        return ""
    days = event_days.days_of(event)
    numbers = {"day": clock.date(today), "number": days.index(today) + 1, "days": len(days)}
    return _("%(day)s, day %(number)d of %(days)d") % numbers


def shown(event: Event, session: Session | None) -> dict[str, object]:
    """Return what every answer of a desk brings up to date: counts and the latest arrivals."""
    return {
        "event": event,
        "session": session,
        "counts": door_counts.counts(event, session),
        "latest": latest(event, session),
        "day": day_in_words(event, session),
        "zone": clock.zone_name(event.zone, timezone.now()),
        "other_day": other_day(event),
    }


def refused(card: Card, refusal: ValidationError) -> Card:
    card.refusal = refusal.messages[0]
    card.lacks_seat = isinstance(refusal, check_in.NoSeat)
    return card
