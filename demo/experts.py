"""What an expert has proposed by a personal link, and waits for review."""

import datetime as dt

from django.utils import timezone

from demo.builders import Work, build, existing
from demo.source import rows
from events.models import Expert
from submissions.domain import expert_proposal as domain
from submissions.models import ExpertLink, ExpertProposal


def proposals(work: Work) -> None:
    """Make what is not there yet, by its expert. Nobody has the links."""
    for row in rows("proposals", "proposal"):
        expert = existing(Expert, row["expert"])
        if expert is None or expert.proposals.exists():
            continue
        link = build(
            work,
            ExpertLink,
            expert=expert,
            email=row["email"],
            language=row["language"],
            ends_at=timezone.now() + dt.timedelta(days=60),
        )
        talk = expert.sessions.visible().order_by("-starts_at").first()
        values = dict(row["values"])
        if talk is not None:
            values |= {f"session-{talk.pk}-{key}": text for key, text in row["talk"].items()}
        made = domain.save(link, values, version=0)
        domain.send(made, version=made.version)
        work.count(ExpertProposal)
        # Nobody reads mail at this address.
        link.mails.all().delete()
