"""What experts have proposed by personal links, and waits for review, and what they visit."""

import datetime as dt

from django.core.files.base import ContentFile
from django.utils import timezone, translation

from demo import documents
from demo.builders import Work, build, existing
from demo.source import Row, rows
from events.models import Event, Expert, Session
from submissions.domain import expert_proposal as domain
from submissions.domain import passport, slides
from submissions.models import ExpertLink, ExpertProposal, ExpertVisit, PassportData, Slides


def proposals(work: Work) -> None:
    """Make what is not there yet, by its expert. Nobody has the links."""
    for row in rows("proposals", "proposal"):
        expert = existing(Expert, row["expert"])
        if expert is None or expert.proposals.exists():
            continue
        link = _link(work, expert, row)
        talks = expert.sessions.visible().filter(kind=Session.Kind.KEYNOTE)
        talk = talks.order_by("-starts_at").first()
        values = dict(row["values"])
        if talk is not None:
            values |= {f"session-{talk.pk}-{key}": text for key, text in row["talk"].items()}
        made = domain.save(link, values, version=0)
        if talk is not None:
            _add_slides(work, link, talk, row["slides"])
            made.refresh_from_db()
        domain.send(made, version=made.version)
        work.count(ExpertProposal)
        # Nobody reads mail at this address.
        link.mails.all().delete()


def _is_made(expert: Expert, event: Event) -> bool:
    return ExpertVisit.objects.filter(expert=expert, event=event).exists()


def visits(work: Work) -> None:
    """Make what is not there yet, by its expert and event. Nobody has the links."""
    for row in rows("proposals", "visit"):
        expert, event = existing(Expert, row["expert"]), existing(Event, row["event"])
        if expert is None or event is None or _is_made(expert, event):
            continue
        _link(work, expert, row)
        asks = {f"asks_{name}": True for name in row["asks"]}
        travel = row.get("travel", {})
        made = build(
            work, ExpertVisit, expert=expert, event=event, asked_by=work.by, **asks, **travel
        )
        if "passport" in row:
            with translation.override(row["language"]):
                consent = passport.consent_to(made)
            build(
                work,
                PassportData,
                visit=made,
                consent_text=consent,
                consent_language=row["language"],
                consented_at=timezone.now(),
                **row["passport"],
            )


def _link(work: Work, expert: Expert, row: Row) -> ExpertLink:
    return build(
        work,
        ExpertLink,
        expert=expert,
        email=row["email"],
        language=row["language"],
        ends_at=timezone.now() + dt.timedelta(days=60),
    )


def _add_slides(work: Work, link: ExpertLink, talk: Session, name: str) -> None:
    """Add a page of slides, made at each build, which says that it is invented."""
    lines = [
        (talk.title_en, talk.title_zh_hans),
        ("DEMONSTRATION DATA. Invented.", "演示数据：内容均为虚构。"),
    ]
    slides.add(link, talk.pk, ContentFile(documents.pdf(lines), name))
    work.count(Slides)
