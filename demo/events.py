"""Events with all that belongs to them: roles, programme, photos, recommendations, intentions.

They are made together. An event that is there already is left alone with all its
parts, so that what an organizer removed from it does not come back.
"""

from datetime import datetime, time, timedelta
from operator import itemgetter

from django.core.files.base import ContentFile

from demo import documents, intention_histories
from demo.builders import Work, build, existing, save
from demo.source import DATA, Row, columns, rows
from events.domain import event as event_domain
from events.domain import event_file as file_domain
from events.domain.postponement import Reason
from events.models import (
    Appearance,
    Event,
    EventFile,
    EventRole,
    EventSeries,
    Expert,
    Organization,
    Photo,
    ProgrammePerson,
    Session,
)
from projects.domain import signing
from projects.models import CooperationIntention, IntentionProject, Project, Recommendation
from summit.lib.given import given

_PARTS = (
    *("series", "status", "role", "session", "person", "photo", "file"),
    *("recommendation", "intention", "postponed_from", "reason"),
)


def events(work: Work) -> None:
    # In the order of their days, as references are numbered.
    for row in sorted(rows("events", "event"), key=itemgetter("starts_at")):
        if existing(Event, row["slug"]):
            continue
        work.say(f"  {row['title'].get('en') or row['title']['zh']}")
        event = build(
            work,
            Event,
            series=existing(EventSeries, row["series"]) if "series" in row else None,
            **columns({"is_demonstration": True} | row, leave_out=_PARTS),
        )
        _roles(work, event, row)
        _programme(work, event, row)
        _people(work, row, event=event)
        for order, photo in enumerate(row.get("photo", []), start=1):
            build(work, Photo, event=event, order=order, **columns(photo))
        for order, paper in enumerate(row.get("file", [])):
            _file(work, event, paper, order)
        _publish(work, event, row)
        _recommendations(work, event, row)
        _intentions(work, event, row)
        if row.get("status") == Event.Status.CANCELLED:
            event_domain.cancel(event, reason=_reason(row), by=work.by)


def _file(work: Work, event: Event, row: Row, order: int) -> None:
    """Make a file of an event, or of a session: the one that is named, or a PDF of lines."""
    texts = columns(row, leave_out=("line", "session", "data"))
    session = event.sessions.get(slug=row["session"]) if "session" in row else None
    new = EventFile(event=event, session=session, order=order, **texts)
    if "data" in row:
        data = (DATA / row["data"]).read_bytes()
    else:
        lines = [
            (texts["title_en"], texts["title_zh_hans"]),
            ("DEMONSTRATION DATA. Invented.", "演示数据：内容均为虚构。"),
            *((line["en"], line["zh"]) for line in row["line"]),
        ]
        data = documents.pdf(lines)
    file_domain.save(new, ContentFile(data, "demo"), by=work.by)
    work.count(EventFile)


def _roles(work: Work, event: Event, row: Row) -> None:
    for order, (role, slug) in enumerate(row.get("role", []), start=1):
        build(
            work,
            EventRole,
            event=event,
            organization=existing(Organization, slug),
            role=role,
            order=order,
        )


def _programme(work: Work, event: Event, row: Row) -> None:
    for item in row.get("session", []):
        session = build(
            work,
            Session,
            event=event,
            **columns(item, leave_out=(*Appearance.Role, "person")),
        )
        _people(work, item, event=event, session=session)
        order = 0
        for role in Appearance.Role:
            for slug in item.get(role, []):
                order += 1
                build(
                    work,
                    Appearance,
                    session=session,
                    expert=existing(Expert, slug),
                    role=role,
                    order=order,
                )


def _people(work: Work, row: Row, **where: Event | Session) -> None:
    """Make the people of an event or a session who are not experts."""
    for order, person in enumerate(row.get("person", [])):
        known = person.get("organization")
        build(
            work,
            ProgrammePerson,
            **where,
            order=order,
            organization=existing(Organization, known) if known else None,
            **columns(person, leave_out=("organization",)),
        )


def _publish(work: Work, event: Event, row: Row) -> None:
    if row.get("status") == Event.Status.DRAFT:
        return
    event_domain.publish(event, by=work.by)
    # Publishing writes today's date; an event is announced some weeks ahead.
    first = row.get("postponed_from", event.starts_at)
    event.published_at = first - timedelta(weeks=6)
    if "postponed_from" in row:
        # Not by the domain: whenever the demo is built, this was done before the day.
        event.status = row.get("status", event.status)
        event.previous_starts_at = first
        event.postponed_at = first - timedelta(weeks=1)
        for name, value in _reason(row).columns().items():
            setattr(event, name, value)
    save(work, event)


def _reason(row: Row) -> Reason:
    return Reason(row["reason"]["en"], row["reason"]["zh"], is_shown=True)


def _session(event: Event, row: Row) -> Session | None:
    return event.sessions.get(slug=row["session"]) if "session" in row else None


def _recommendations(work: Work, event: Event, row: Row) -> None:
    for order, item in enumerate(row.get("recommendation", []), start=1):
        build(
            work,
            Recommendation,
            event=event,
            session=_session(event, item),
            expert=existing(Expert, item["expert"]),
            project=existing(Project, item["project"]),
            order=order,
            **columns(item, leave_out=("session", "expert", "project")),
        )


def _date_signing(intention: CooperationIntention) -> None:
    """Let it have been recorded on the evening of its day: nobody voids it any more."""
    evening = datetime.combine(given(intention.signed_on), time(18), intention.event.zone)
    CooperationIntention.objects.filter(pk=intention.pk).update(signed_at=evening)


_OF_INTENTION = (
    *("session", "company", "expert", "expert_organization"),
    *("projects", "signed_on"),
    *intention_histories.PARTS,
)


def _intentions(work: Work, event: Event, row: Row) -> None:
    for item in row.get("intention", []):
        acting_for = item.get("expert_organization")
        intention = build(
            work,
            CooperationIntention,
            event=event,
            session=_session(event, item),
            company=existing(Organization, item["company"]),
            expert=existing(Expert, item["expert"]),
            expert_organization=existing(Organization, acting_for) if acting_for else None,
            is_demonstration=True,
            **columns(item, leave_out=_OF_INTENTION),
        )
        for order, slug in enumerate(item.get("projects", []), start=1):
            build(
                work,
                IntentionProject,
                intention=intention,
                project=existing(Project, slug),
                order=order,
            )
        intention_histories.signatories(work, intention, item)
        if "signed_on" in item:
            signing.sign(intention, signed_on=item["signed_on"], by=work.by)
        if "voided" in item:
            intention_histories.void(work, intention, item["voided"])
        intention_histories.live(work, intention, item)
        if intention.was_signed:
            _date_signing(intention)
