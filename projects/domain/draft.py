"""Drafts of intentions, prepared for a ceremony with what is known of the parties already."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model

from events.models import Event, Expert, Organization, Session
from projects.models import CooperationIntention, IntentionProject, Project, Signatory
from summit.lib.database.history import write_as
from summit.lib.i18n.bilingual import in_both
from summit.lib.i18n.languages import column


@transaction.atomic
def prepare(
    event: Event,
    *,
    session: Session | None = None,
    company: Organization | None = None,
    expert: Expert | None = None,
    projects: Sequence[Project] = (),
    subject: dict[str, str] | None = None,
    signatory: Signatory | None = None,
    by: User,
) -> CooperationIntention:
    """Make a draft. The expert acts for the primary affiliation on the day, and signs.

    An organization that no public page names is not taken by itself. ``signatory`` signs for
    the local side; ``subject`` has a text by its column. Raises ``ValidationError``.
    """
    draft = CooperationIntention(
        event=event, session=session, company=company, expert=expert, **(subject or {})
    )
    held = expert.affiliation_at(event.starts_on) if expert else None
    if held is not None and held.organization.is_public:
        draft.expert_organization = held.organization
    _save(draft, by)
    for order, project in enumerate(projects):
        _save(IntentionProject(intention=draft, project=project, order=order), by)
    if signatory is not None:
        signatory.intention, signatory.side = draft, Signatory.Side.COMPANY
        _save(signatory, by)
    if expert is not None:
        capacity = in_both(held, "position") if held else {}
        _save(
            Signatory(
                intention=draft,
                side=Signatory.Side.EXPERT,
                **{column("name", each): text for each, text in in_both(expert, "name").items()},
                **{column("capacity", each): text for each, text in capacity.items()},
            ),
            by,
        )
    return draft


def find_same(
    event: Event,
    *,
    company: Organization | None,
    expert: Expert | None,
    projects: Sequence[Project],
    subject: dict[str, str],
) -> list[CooperationIntention]:
    """Return the drafts of an event that have these parties, projects and subject. Two queries."""
    drafts = CooperationIntention.objects.filter(
        event=event,
        status=CooperationIntention.Status.DRAFT,
        company=company,
        expert=expert,
        **subject,
    )
    wanted = {project.pk for project in projects}
    return [
        draft
        for draft in drafts.prefetch_related("project_links").order_by("pk")
        if {link.project_id for link in draft.project_links.all()} == wanted
    ]


def _save(row: Model, by: User) -> None:
    write_as(row, by)
    row.full_clean()
    row.save()
