"""What of cooperation intentions keeps rows from being merged: it says that they are not one."""

from collections.abc import Sequence

from django.db.models import F, Q
from django.utils.translation import gettext as _

from events.domain.merging import add_check
from events.models import Expert, Organization
from projects.models import CooperationIntention, IntentionProject, Project
from projects.models.intention_queryset import IntentionQuerySet
from summit.lib.i18n.languages import listed


def check_experts(rows: Sequence[Expert], *, lock: bool) -> list[str]:
    """Refuse experts who signed in the same session: the record has them as different people."""
    signed = _intentions(Q(expert__in=rows), lock).signed().exclude(session=None)
    by_session: dict[int | None, list[CooperationIntention]] = {}
    for each in signed.order_by("reference"):
        by_session.setdefault(each.session_id, []).append(each)
    return [
        _(
            "Both signed in the same session (%(references)s), so they are on record as "
            "different people."
        )
        % {"references": listed(str(each.reference) for each in group)}
        for group in by_session.values()
        if len({each.expert_id for each in group}) > 1
    ]


def check_organizations(rows: Sequence[Organization], *, lock: bool) -> list[str]:
    """Refuse organizations that are the two sides of an intention."""
    either = _intentions(Q(company__in=rows) | Q(expert_organization__in=rows), lock)
    both = either.filter(company__in=rows, expert_organization__in=rows)
    both = both.exclude(company=F("expert_organization")).exclude(status="abandoned")
    return [
        _("They are the two sides of a cooperation intention: %(intention)s.") % {"intention": each}
        for each in both.order_by("pk")
    ]


def check_projects(rows: Sequence[Project], *, lock: bool) -> list[str]:
    """Refuse projects that a signed intention names side by side."""
    links = IntentionProject.objects.filter(project__in=rows).order_by()
    of_rows: dict[int, set[int]] = {}
    intentions = _intentions(Q(pk__in=links.values("intention")), lock)
    for intention, project in links.values_list("intention", "project"):
        of_rows.setdefault(intention, set()).add(project)
    several = [intention for intention, projects in of_rows.items() if len(projects) > 1]
    signed = intentions.signed().filter(pk__in=several).order_by("reference")
    return [
        _("A signed intention names them as different projects: %(intention)s.")
        % {"intention": each}
        for each in signed
    ]


def register() -> None:
    """Let mergers ask. Harmless when repeated."""
    add_check(Expert, check_experts)
    add_check(Organization, check_organizations)
    add_check(Project, check_projects)


def _intentions(condition: Q, lock: bool) -> IntentionQuerySet:
    """Return intentions; with ``lock`` nobody signs or changes one before the transaction ends."""
    intentions = CooperationIntention.objects.filter(condition)
    if lock:
        list(intentions.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    return intentions
