"""The personal link of an expert: sent, opened, asked for again, replaced, revoked."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from audit import trail
from events.models import Expert
from mail import outbox
from submissions.audited import Action
from submissions.mail_kinds import ExpertKind
from submissions.models import ExpertLink, ExpertProposal
from summit.lib.web import mail_addresses
from summit.lib.web.signed_links import EXPERT, new_code, sign, unsign
from throttle import rate_limit

# How long anything may work that nobody has to look at again.
LONGEST = dt.timedelta(days=730)


def token_of(link: ExpertLink) -> str:
    return sign(link.code, EXPERT)


def path_of(link: ExpertLink) -> str:
    """Return the address of its page, in its language."""
    with override(link.language):
        return reverse("my-expert", args=[token_of(link)])


def open_link(token: str) -> ExpertLink | None:
    """Return the link that a token is; nothing for one that has ended, is revoked or none."""
    code = unsign(token, EXPERT)
    rows = ExpertLink.objects.working().select_related("expert")
    return rows.filter(code=code).first() if code else None


def working_link(expert: Expert) -> ExpertLink | None:
    """Return the latest link of an expert that works. One query."""
    return ExpertLink.objects.working().filter(expert=expert).first()


def proposed_end() -> dt.datetime:
    """Return when a link ends about which nobody says anything else."""
    return timezone.now() + dt.timedelta(days=settings.EXPERT_LINK_DAYS)


@transaction.atomic
def issue(
    expert: Expert,
    *,
    email: str,
    language: str,
    ends_at: dt.datetime,
    by: User,
    request: HttpRequest | None = None,
    visit_to: str = "",
) -> ExpertLink:
    """Make a link and mail it, where there is an address; those of before end.

    ``visit_to`` is the slug of the event about whose visit it asks, for the audit trail. Raises
    ``ValidationError`` for an end that is past or more than two years ahead.
    """
    if not timezone.now() < ends_at <= timezone.now() + LONGEST:
        words = _("Choose a day that is still to come, within two years.")
        raise ValidationError({"until": words}, code="bad_end")
    ExpertLink.objects.working().filter(expert=expert).update(revoked_at=timezone.now())
    link = ExpertLink(expert=expert, email=email, language=language, ends_at=ends_at, made_by=by)
    link.full_clean()
    link.save()
    trail.record(
        Action.EXPERT_LINK_SENT,
        by=by,
        request=request,
        subject=_subject(expert),
        until=f"{ends_at:%Y-%m-%d}",
        event=visit_to,
    )
    mail(link, ExpertKind.LINK)
    return link


@transaction.atomic
def revoke(expert: Expert, *, by: User, request: HttpRequest | None = None) -> int:
    """End the links of an expert that work; return how many. What was sent stays."""
    rows = ExpertLink.objects.working().filter(expert=expert)
    revoked = rows.update(revoked_at=timezone.now())
    if revoked:
        trail.record(Action.EXPERT_LINK_REVOKED, by=by, request=request, subject=_subject(expert))
    return revoked


def record_shown(link: ExpertLink, *, by: User, request: HttpRequest | None = None) -> None:
    """Record that a member of staff has the secret link on the screen."""
    trail.record(Action.EXPERT_LINK_SHOWN, by=by, request=request, subject=_subject(link.expert))


@transaction.atomic
def renew(link: ExpertLink) -> ExpertLink:
    """Make what is out invalid, which somebody else may have, and mail the new link."""
    link.code = new_code()
    link.save(update_fields=["code"])
    mail(link, ExpertKind.LINK)
    return link


def send_links(email: str) -> int:
    """Mail the working links of an address again; return how many there are."""
    rows = ExpertLink.objects.working().filter(email_key=mail_addresses.key(email))
    return sum(mail(row, ExpertKind.LINK) for row in rows.exclude(email_key="")[:20])


def mail(link: ExpertLink, kind: ExpertKind, proposal: ExpertProposal | None = None) -> int:
    """Queue a mail where there is an address; return how many: 1 or 0."""
    if not link.email:
        return 0
    if kind == ExpertKind.SENT and not rate_limit.take("link", f"expert receipt {link.pk}", 1):
        # Whoever has the link takes back and sends as often as they like.
        return 0
    payload = {} if proposal is None else {"proposal": proposal.pk}
    return outbox.queue(kind.value, [link], **payload)


def tell(proposal: ExpertProposal, kind: ExpertKind) -> int:
    """Queue a mail about a proposal to whom its link was sent; return how many."""
    return mail(proposal.link, kind, proposal) if proposal.link else 0


def _subject(expert: Expert) -> str:
    # By its key: the trail outlives the name of somebody who is on no public page.
    return f"expert · {expert.pk}"
