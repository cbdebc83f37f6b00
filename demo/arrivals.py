"""What the desk did at the events of the demo: who works there, who came, what was exported."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from demo.builders import Work
from demo.source import Row, file, rows
from events.models import Event, Session
from registrations.domain import badge_printing, check_in, column_set, export_record
from registrations.domain.registration import Applicant
from registrations.exports.attendee_file import record
from registrations.exports.attendees import AttendeeList, chosen, matching
from registrations.models import (
    CheckIn,
    ColumnSet,
    DeskAssignment,
    ExportRecord,
    Registration,
    SeparateConsent,
)

# What a row of registrations says of the desk.
PARTS = ("desk", "absent", "undone", "walk_ins", "attended", "exported")


def desk(work: Work) -> None:
    """Assign the desk's log-in where it works at no event, and keep the shared column set."""
    if not work.desk.desk_assignments.exists():
        slugs = [row["event"] for row in rows("registrations", "registration") if row.get("desk")]
        for event in Event.objects.filter(slug__in=slugs):
            DeskAssignment.objects.create(event=event, user=work.desk)
            work.count(DeskAssignment)
    given = file("registrations")["column_set"]
    if not ColumnSet.objects.filter(name=given["name"]).exists():
        column_set.save(
            given["name"],
            columns=given["columns"],
            is_shared=True,
            is_for_others=True,
            by=work.by,
        )
        work.count(ColumnSet)


def arrive(work: Work, event: Event, row: Row, walk_ins: list[Applicant]) -> None:
    """Check in those who came, as the row says, one after the other from half an hour before.

    An event whose row says nothing of it has its day to come.
    """
    if "absent" not in row:
        return
    people = {person.name: person for person in Registration.objects.filter(event=event).seated()}
    came = [person for name, person in people.items() if name not in row["absent"]]
    opening = event.starts_at - timedelta(minutes=30)
    _print_badges(work, event, people.values(), opening - timedelta(days=1))
    for number, person in enumerate(came):
        _check_in(work, person, opening + timedelta(minutes=2 * number))
    for number, applicant in enumerate(walk_ins):
        made = check_in.walk_in(event, applicant, by=work.desk, beyond_capacity=True)
        work.count(Registration)
        moment = event.starts_at + timedelta(minutes=12 + number)
        Registration.objects.filter(pk=made.pk).update(registered_at=moment, consented_at=moment)
        people[made.name] = made
        _check_in(work, made, moment)
    for name in row.get("undone", []):
        [undone] = check_in.undo(people[name], by=work.desk)
        CheckIn.objects.filter(pk=undone.pk).update(
            undone_at=undone.checked_in_at + timedelta(minutes=1)
        )
    for slug, names in row.get("attended", {}).items():
        session = event.sessions.get(slug=slug)
        for number, name in enumerate(names):
            moment = session.starts_at + timedelta(seconds=20 * number - 300)
            _check_in(work, people[name], moment, session)
    if "exported" in row:
        _export(work, event, row["exported"])


def _print_badges(
    work: Work, event: Event, people: Iterable[Registration], moment: datetime
) -> None:
    """Record that the desk printed the badges on the day before."""
    placed = event.registrations.filter(pk__in=[person.pk for person in people])
    printed_at = badge_printing.record_printing(placed, event=event, by=work.desk, most=len(placed))
    placed.filter(badge_printed_at=printed_at).update(badge_printed_at=moment)


def _check_in(
    work: Work, person: Registration, moment: datetime, session: Session | None = None
) -> None:
    made = check_in.check_in(person, by=work.desk, session=session, tapped_at=moment).check_in
    CheckIn.objects.filter(pk=made.pk).update(checked_in_at=moment)
    work.count(CheckIn)


def _export(work: Work, event: Event, moment: datetime) -> None:
    """Leave the record of a list that went to a recipient, of those who came and agreed."""
    given = file("registrations")["column_set"]
    columns, _gone = chosen(event, given["columns"])
    to = SeparateConsent.objects.get(settings__event=event, kind=SeparateConsent.Kind.RECIPIENT)
    people = AttendeeList(event, matching(event, checked_in=True), columns, to=to)
    made = record(
        people,
        by=work.by,
        user_name=work.by.get_username(),
        source=ExportRecord.Source.ADMIN,
        file_format="xlsx",
        file_name=f"attendees-{event.slug}-{moment:%Y%m%d-%H%M}.xlsx",
        filters={"checked_in": True, "column_set": given["name"]},
        reasons={"purpose": "", "recipient": ""},
    )
    for _row in export_record.counted(made, people.rows()):
        pass
    ExportRecord.objects.filter(pk=made.pk).update(exported_at=moment)
    work.count(ExportRecord)
