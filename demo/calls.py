"""Open calls for needs, people and projects, and what was handed in, in every state."""

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from demo import documents
from demo.builders import Work, build, existing
from demo.source import Row, columns, rows
from events.models import District, Event
from projects.models import Project
from submissions.domain import attachment, importing, review
from submissions.domain import call as calls_domain
from submissions.domain import submission as domain
from submissions.domain.acceptance import accept_fields
from submissions.domain.decisions import Choice
from submissions.domain.importing import Entry
from submissions.domain.submission import Sender
from submissions.fields import fields_of_kind
from submissions.models import Attachment, Call, CallDistrict, Decision, Submission

_OF_CALL = ("submission", "correction", "districts", "closes_in")
_PEOPLE = {"zh-hans": "演示联系人", "en": "Contact for the demonstration"}


def calls(work: Work) -> None:
    """Make the calls of the next event to come, which are open for some weeks from now."""
    event = Event.objects.visible().upcoming().first()
    for row in rows("calls", "call"):
        if event is None or existing(Call, row["slug"]):
            continue
        made = _call(work, event, row)
        for number, each in enumerate(row.get("submission", []), start=1):
            _submission(work, made, each, number)
        for each in row.get("correction", []):
            _correction(work, made, each)


def _call(work: Work, event: Event, row: Row) -> Call:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    made = build(
        work,
        Call,
        event=event,
        opens_at=now - dt.timedelta(days=14),
        closes_at=now + dt.timedelta(days=row["closes_in"]),
        asked=[field.key for field in fields_of_kind(row["kind"])],
        is_demonstration=True,
        **columns(row, leave_out=_OF_CALL),
    )
    for slug, target in row["districts"]:
        build(work, CallDistrict, call=made, district=existing(District, slug), target=target)
    return calls_domain.publish(made, by=work.by)


def _submission(work: Work, call: Call, row: dict[str, Any], number: int) -> None:
    district = row.get("district")
    sender = Sender(
        organization_name=row["organization"],
        contact_name=_PEOPLE[row["language"]],
        phone=f"+86 311 0000 {number:04d}",
        email=f"{call.slug}-{number}@example.org",
        district=existing(District, district) if district else None,
    )
    work.count(Submission)
    if row["status"] == "imported":
        entry = Entry(sender, row["values"], row["language"])
        importing.add(call, [entry], by=work.by)
        return
    made = domain.begin(call, sender, row["values"], language=row["language"])
    for name in row.get("files", []):
        _attach(work, made, name)
    if row["status"] != "draft":
        domain.send(made, version=made.version)
    if row["status"] == "returned":
        review.return_with_reason(made, reason=row["reason"], by=work.by)
    elif row["status"] == "refused":
        review.refuse(made, reason=row["reason"], by=work.by)
    elif row["status"] == "accepted":
        choices = dict.fromkeys(made.values, Choice(Decision.Outcome.ACCEPTED))
        accept_fields(made, choices, by=work.by)
    # Nobody reads mail at these addresses.
    made.mails.all().delete()


def _correction(work: Work, call: Call, row: dict[str, Any]) -> None:
    """Ask the owner of a project for corrections, who has not answered yet."""
    project = existing(Project, row["project"])
    if project is None:
        return
    owner = project.owner
    made = domain.propose_changes(
        call,
        project,
        Sender(
            organization_name=str(owner.name) if owner else "",
            contact_name=row["contact"],
            email=row["email"],
            district=project.district,
            department=project.department,
        ),
        language=row["language"],
        asked=row["asked"],
        note=row["note"],
        until=timezone.now() + dt.timedelta(days=14),
    )
    work.count(Submission)
    # Nobody reads mail at this address.
    made.mails.all().delete()


def _attach(work: Work, submission: Submission, name: str) -> None:
    """Add a file, as if the address were proven: nobody opens mail there."""
    submission.proven_at = timezone.now()
    submission.save(update_fields=["proven_at"])
    lines = [(f"Submission {submission.reference}", f"申报材料 {submission.reference}")]
    lines.append(("Invented for the demonstration", "本文件为演示数据，内容均属虚构"))
    attachment.attach(submission, ContentFile(documents.pdf(lines), name))
    submission.refresh_from_db()
    work.count(Attachment)
