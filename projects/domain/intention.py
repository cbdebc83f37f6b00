import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import CooperationIntention, ReferenceCounter
from summit.lib.bilingual import in_both
from summit.lib.states import move

# For events that belong to no series, or to one without a prefix of its own.
DEFAULT_PREFIX = "SUMMIT"


class SigningRefused(ValidationError):
    """What a signature needs is not there."""


@transaction.atomic
def sign(
    intention: CooperationIntention,
    *,
    signed_on: dt.date | None,
    by: AbstractBaseUser | None = None,
) -> CooperationIntention:
    """Sign a draft as it is stored, with names and positions as they read today.

    References run without gaps per prefix and year. Raises ``SigningRefused``
    with everything that is missing, and ``MoveRefused`` where it is no draft.
    """
    # What is signed is what is stored, not a copy that somebody looked at earlier.
    intention.refresh_from_db(
        from_queryset=CooperationIntention.objects.select_for_update(no_key=True)
    )
    _check(intention, signed_on)
    # The counter's row stays locked to the end of the transaction, so that a
    # signature that fails gives its number back.
    move(
        intention,
        CooperationIntention.Status.SIGNED,
        by=by,
        signed_on=signed_on,
        snapshot=_snapshot(intention),
        reference=_next_reference(intention, signed_on.year),
    )
    return intention


def _check(intention: CooperationIntention, signed_on: dt.date | None) -> None:
    event = intention.event
    missing = []
    if signed_on is None:
        missing.append(ValidationError(_("Say on which day it was signed."), code="no_date"))
    elif signed_on > timezone.localdate(timezone=event.zone):
        missing.append(ValidationError(_("The day of signing is in the future."), code="future"))
    elif signed_on < timezone.localdate(event.starts_at, event.zone):
        missing.append(
            ValidationError(
                _("The day of signing is before the event, which starts on %(day)s."),
                code="before_event",
                params={"day": timezone.localdate(event.starts_at, event.zone)},
            )
        )
    if intention.company is None:
        missing.append(ValidationError(_("Say which company signs."), code="no_company"))
    if intention.expert is None:
        missing.append(ValidationError(_("Say which expert signs."), code="no_expert"))
    has_subject = any(text.strip() for text in in_both(intention, "subject").values())
    if not has_subject and not intention.project_links.exists():
        missing.append(
            ValidationError(
                _("Name a project, or the subject where there is none."), code="no_subject"
            )
        )
    if missing:
        raise SigningRefused(missing)


def _snapshot(intention: CooperationIntention) -> dict:
    """Return all that the signature fixes, each text as ``{"en": …, "zh-hans": …}``."""
    expert, organization = intention.expert, intention.expert_organization
    affiliation = (
        expert.affiliations.filter(organization=organization).first() if organization else None
    )
    links = intention.project_links.select_related("project")
    return {
        "company": {"slug": intention.company.slug, "name": in_both(intention.company, "name")},
        "expert": {
            "slug": expert.slug,
            "name": in_both(expert, "name"),
            "honorific": in_both(expert, "honorific"),
        },
        "expert_organization": (
            {"slug": organization.slug, "name": in_both(organization, "name")}
            if organization
            else None
        ),
        "position": in_both(affiliation, "position") if affiliation else {"en": "", "zh-hans": ""},
        "event": {"slug": intention.event.slug, "title": in_both(intention.event, "title")},
        "session": (
            {"slug": intention.session.slug, "title": in_both(intention.session, "title")}
            if intention.session
            else None
        ),
        "projects": [
            {"slug": link.project.slug, "title": in_both(link.project, "title")} for link in links
        ],
        "subject": in_both(intention, "subject"),
        "purpose": in_both(intention, "purpose"),
    }


def _next_reference(intention: CooperationIntention, year: int) -> str:
    series = intention.event.series
    prefix = (series.reference_prefix if series else "") or DEFAULT_PREFIX
    ReferenceCounter.objects.get_or_create(prefix=prefix, year=year)
    counter = ReferenceCounter.objects.select_for_update().get(prefix=prefix, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{prefix}-{year}-{counter.last:03d}"
