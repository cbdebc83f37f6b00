"""Erasure and retention of experts' links and proposals, and what a person is shown of them.

Of their visits: ``visit.py``.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from audit import trail
from submissions.audited import Action
from submissions.domain import slides, visit
from submissions.domain.comparison import shown
from submissions.domain.upload import remove_after_commit
from submissions.models import Decision, ExpertLink, ExpertProposal, ExpertVisit
from submissions.models.expert_proposal import FOLDER
from summit.lib.database.sqlite import empty_write_ahead_log
from summit.lib.files import private_files
from summit.lib.i18n.bilingual import in_both
from summit.lib.web import mail_addresses


@transaction.atomic
def erase(
    proposals: Iterable[ExpertProposal],
    *,
    by: User | None = None,
    request: HttpRequest | None = None,
    reason: str = "asked_for",
) -> int:
    """Erase proposals with what was decided about them; return how many.

    What was accepted stays in its record, and in the history of that.
    """
    keys = [each.pk for each in proposals]
    rows = list(ExpertProposal.objects.locked().filter(pk__in=keys))
    if not rows:
        return 0
    keys = [row.pk for row in rows]
    Decision.objects.filter(proposal__in=keys).delete()
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(ExpertProposal),
        object_id__in=[str(key) for key in keys],
    ).delete()
    slides.remove_all(keys)
    ExpertProposal.objects.filter(pk__in=keys).delete()
    remove_after_commit(row.portrait.name for row in rows if row.portrait.name)
    trail.record(
        Action.PROPOSALS_ERASED, by=by, request=request, proposals=len(rows), reason=reason
    )
    transaction.on_commit(empty_write_ahead_log)
    return len(rows)


@transaction.atomic
def erase_by_email(email: str) -> int:
    """Erase the links of an e-mail address, what was proposed by them, and the experts' visits.

    The visits go with the address that the expert has now: one to which an earlier link went, by
    mistake perhaps, takes nothing along that the expert has entered since.
    """
    key = mail_addresses.key(email.replace('"', ""))
    links = ExpertLink.objects.filter(email_key=key).exclude(email_key="")
    erased = erase(ExpertProposal.objects.filter(link__in=links))
    erased += visit.erase(_visits_of(links))
    return erased + _delete_links(links)


def _visits_of(links: QuerySet[ExpertLink]) -> QuerySet[ExpertVisit]:
    """Return the visits of the experts whose latest mailed link is one of these."""
    mailed = ExpertLink.objects.filter(expert=OuterRef("expert")).exclude(email="")
    latest = mailed.order_by("-made_at", "-pk").values("pk")[:1]
    return ExpertVisit.objects.annotate(link=Subquery(latest)).filter(link__in=links.values("pk"))


def erase_expired() -> int:
    """Erase proposals that nobody has touched for ``SUBMISSION_KEEP_MONTHS``, and old links.

    A link goes ``SUBMISSION_DRAFT_DAYS`` after its end, unless what was sent by it still waits, or
    a visit of the expert is kept, which is found by the address of the link.
    """
    now = timezone.now()
    by_month = now - relativedelta(months=settings.SUBMISSION_KEEP_MONTHS)
    by_day = now - dt.timedelta(days=settings.SUBMISSION_DRAFT_DAYS)
    old = Q(saved_at__lt=by_month) & (Q(reviewed_at=None) | Q(reviewed_at__lt=by_month))
    erased = 0
    while batch := list(ExpertProposal.objects.filter(old)[:500]):
        erased += erase(batch, reason="retention")
    waiting = ExpertProposal.objects.filter(status__in=ExpertProposal.REVIEWABLE)
    ended = ExpertLink.objects.filter(Q(ends_at__lt=by_day) | Q(revoked_at__lt=by_day))
    visited = ExpertVisit.objects.values("expert")
    return erased + _delete_links(ended.exclude(proposals__in=waiting).exclude(expert__in=visited))


def _delete_links(links: Any) -> int:
    """Delete links with the mails about them; return how many links."""
    found = list(links)
    for link in found:
        link.delete()
    return len(found)


def sweep() -> int:
    """Delete the stored portraits that no proposal names, and return how many."""
    named = ExpertProposal.objects.exclude(portrait="").values_list("portrait", flat=True)
    return private_files.sweep(FOLDER, set(named))


def kept_until(proposal: ExpertProposal) -> dt.datetime:
    """Return when a proposal is erased, unless somebody writes in it before."""
    last = max(proposal.saved_at, proposal.reviewed_at or proposal.saved_at)
    return last + relativedelta(months=settings.SUBMISSION_KEEP_MONTHS)


def own_data(email: str) -> list[dict[str, Any]]:
    """Return what was proposed by the links of an address that is proven, and the links."""
    key = mail_addresses.key(email) if email else ""
    links = ExpertLink.objects.filter(email_key=key).exclude(email_key="")
    return [
        _own_row(link)
        for link in links.select_related("expert").prefetch_related("proposals__slides")
    ]


def _own_row(link: ExpertLink) -> dict[str, Any]:
    return {
        "expert": in_both(link.expert, "name"),
        "email": link.email,
        "language": link.language,
        "link_sent_at": link.made_at,
        "link_works_until": link.revoked_at or link.ends_at,
        "proposals": [_own_proposal(row) for row in link.proposals.all()],
        # Not for who had a link of before.
        "visits": visit.own_rows(link.expert) if link.is_working else [],
    }


def _own_proposal(row: ExpertProposal) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "status": row.status,
        "values": {
            " · ".join(filter(None, (field.part, str(field.label)))): shown(field, value)
            for field, value in row.proposed
        },
        "slides": [
            {"name": each.name, "size": each.size, "uploaded_at": each.uploaded_at}
            for each in row.slides.all()
        ],
        "saved_at": row.saved_at,
        "sent_at": row.sent_at,
        "reason": row.reason,
        "kept_until": kept_until(row),
    }
