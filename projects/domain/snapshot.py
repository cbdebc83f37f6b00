"""What a signature fixes, as names, positions and terms read on the day."""

from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects

from events.models import Expert, Organization
from projects.models import CooperationIntention
from summit.lib.i18n.bilingual import in_both

NOTHING = {"en": "", "zh-hans": ""}
# What else is read beside parties and event.
PARTS = ("expert__affiliations__organization", "project_links__project", "signatories")


def take(intentions: Sequence[CooperationIntention]) -> list[dict[str, Any]]:
    """Return the snapshot of each, every text as ``{"en": …, "zh-hans": …}``.

    A draft may lack a party, which a signature never does.
    Five queries, however many there are, where parties and event are fetched already;
    none where ``PARTS`` are as well.
    """
    prefetch_related_objects(intentions, *PARTS)
    return [_snapshot(intention) for intention in intentions]


def _snapshot(intention: CooperationIntention) -> dict[str, Any]:
    session = intention.session
    return {
        "company": _organization(intention.company),
        "expert": _expert(intention.expert),
        "expert_organization": _organization(intention.expert_organization),
        "position": position(intention),
        "event": {"slug": intention.event.slug, "title": in_both(intention.event, "title")},
        "session": (
            {"slug": session.slug, "title": in_both(session, "title")} if session else None
        ),
        "projects": [
            {"slug": link.project.slug, "title": in_both(link.project, "title")}
            for link in intention.project_links.all()
        ],
        "subject": in_both(intention, "subject"),
        "purpose": in_both(intention, "purpose"),
        "signatories": [
            {
                "side": person.side,
                "name": in_both(person, "name"),
                "capacity": in_both(person, "capacity"),
            }
            for person in intention.signatories.all()
        ],
        "terms": _terms(intention),
    }


def _organization(organization: Organization | None) -> dict[str, Any] | None:
    if organization is None:
        return None
    return {"slug": organization.slug, "name": in_both(organization, "name")}


def _expert(expert: Expert | None) -> dict[str, Any] | None:
    if expert is None:
        return None
    return {
        "slug": expert.slug,
        "name": in_both(expert, "name"),
        "honorific": in_both(expert, "honorific"),
    }


def position(intention: CooperationIntention) -> dict[str, str]:
    """Return which position the expert has at the organization on the day of the event.

    In both languages.
    """
    institution, expert = intention.institution, intention.expert
    affiliations = expert.affiliations_at(intention.event.starts_on) if expert else ()
    held = next((each for each in affiliations if each.organization == institution), None)
    return in_both(held, "position") if held else NOTHING


def _terms(intention: CooperationIntention) -> dict[str, Any]:
    amount = intention.intended_amount
    return {
        "valid_until": intention.valid_until.isoformat() if intention.valid_until else None,
        "text_languages": intention.text_languages,
        "governing_language": intention.governing_language,
        "intended_amount": str(amount) if amount is not None else None,
        "intended_currency": intention.intended_currency,
    }
