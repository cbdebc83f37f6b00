"""A cooperation intention as a ledger tells it: as it was signed, or a draft as it is now.

Bureaus report the Chinese side and the foreign side, each with its country, however the two
parties are called here. Reads ``READS`` and ``PARTS`` of an intention.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from events.models import Organization
from projects.models import CooperationIntention
from projects.models.signature import signed_expert_name
from summit.lib.i18n.bilingual import Text, in_both, other, pick
from summit.lib.i18n.languages import listed

READS = ("event", "session", "company", "expert", "expert_organization")
PARTS = ("project_links__project__modes", "expert__affiliations__organization")
HOME = "CN"

type Texts = Mapping[str, str]


def project_titles(intention: CooperationIntention, language: str) -> str:
    """Return the titles of its projects in one language, else its subject; "" where it has none.

    Of several projects those that lack the language are named in the other one.
    """
    if intention.snapshot:
        texts = [project["title"] for project in intention.snapshot["projects"]]
        subject = intention.snapshot.get("subject") or {}
    else:
        texts = [in_both(link.project, "title") for link in intention.project_links.all()]
        subject = in_both(intention, "subject")
    if not texts:
        return subject.get(language, "")
    if not any(each.get(language) for each in texts):
        return ""
    return "\n".join(each.get(language) or each.get(other(language)) or "" for each in texts)


def expert_name(intention: CooperationIntention) -> Text:
    if intention.snapshot:
        return signed_expert_name(intention.snapshot)
    return intention.expert.display_name if intention.expert else Text("", "en")


def institution_name(intention: CooperationIntention) -> Text:
    """Return for which organization the expert acts; nothing where it is said of none."""
    return _name(intention, "expert_organization", _institution(intention))


def company_name(intention: CooperationIntention) -> Text:
    return _name(intention, "company", intention.company)


def chinese_parties(intention: CooperationIntention) -> str:
    return listed(name for name, country in _parties(intention) if country == HOME)


def foreign_parties(intention: CooperationIntention) -> str:
    return listed(name for name, country in _parties(intention) if country != HOME)


def foreign_countries(intention: CooperationIntention) -> str:
    sides = (intention.company, _institution(intention) or intention.expert)
    countries = [side.country for side in sides if side and side.country.code not in ("", HOME)]
    return listed(dict.fromkeys(each.name for each in countries))


def modes(intention: CooperationIntention) -> str:
    """Return the kinds of cooperation that its projects seek, each once."""
    found: Iterable[object] = (
        mode for link in intention.project_links.all() for mode in link.project.modes.all()
    )
    return listed(dict.fromkeys(str(mode) for mode in found))


def _parties(intention: CooperationIntention) -> list[tuple[str, str]]:
    """Return the two sides, each with the code of its country as it is known today.

    Of a side whose country is not known it is "", except that the company of such a side is
    the Chinese one, unless the expert’s side is.
    """
    sides = []
    institution, expert = _institution(intention), intention.expert
    experts = (institution and institution.country.code) or (expert and expert.country.code) or ""
    if intention.company:
        own = intention.company.country.code or ("" if experts == HOME else HOME)
        sides.append((str(company_name(intention)), own))
    if institution:
        sides.append((str(institution_name(intention)), experts))
    elif expert:
        sides.append((str(expert_name(intention)), experts))
    return sides


def _institution(intention: CooperationIntention) -> Organization | None:
    return intention.expert_organization if intention.was_signed else intention.institution


def _name(intention: CooperationIntention, party: str, row: Organization | None) -> Text:
    words = _signed(intention, party)
    if words is not None:
        return pick(words["name"])
    return row.name if row else Text("", "en")


def _signed(intention: CooperationIntention, party: str) -> dict[str, Any] | None:
    return intention.snapshot.get(party) if intention.snapshot else None
