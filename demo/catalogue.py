"""What stands for itself: site profile, terms, series, organizations, experts, projects."""

from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from contacts.models import Contact
from demo.builders import Work, build, existing, save
from demo.source import Row, columns, file, rows
from events.domain.former_names import note_former_names
from events.models import (
    Affiliation,
    Department,
    District,
    EventSeries,
    Expert,
    FormerName,
    Organization,
    SiteProfile,
    Term,
)
from projects.domain import project as project_domain
from projects.models import CooperationMode, Industry, Project, Sector
from subscriptions.models import Subscription
from summit.lib.i18n.bilingual import in_both, text_in


def site_profile(work: Work) -> None:
    """Fill in the profile, unless somebody has edited it before."""
    profile = SiteProfile.load()
    edited = in_both(profile, "operator") | {"about": text_in(profile, "about", "en")}
    if any(edited.values()):
        return
    for name, value in columns(file("site")).items():
        setattr(profile, name, value)
    save(work, profile, is_new=True)


def terms(work: Work) -> None:
    """Make the districts and departments, and what ``migrate`` brings where it is missing."""
    lists: list[tuple[type[Term], str]] = [
        *((Sector, "sector"), (CooperationMode, "mode")),
        *((District, "district"), (Department, "department")),
    ]
    for model, key in lists:
        for number, row in enumerate(rows("terms", key), start=1):
            if not existing(model, row["slug"]):
                build(work, model, order=number * 10, **columns(row))


def series(work: Work) -> None:
    for row in rows("series", "series"):
        if not existing(EventSeries, row["slug"]):
            build(work, EventSeries, **columns(row))


def organizations(work: Work) -> None:
    for row in rows("organizations", "organization"):
        if existing(Organization, row["slug"]):
            continue
        values = columns({"is_demonstration": True} | row, leave_out=("former_name",))
        organization = build(work, Organization, **values)
        for former in row.get("former_name", []):
            build(work, FormerName, organization=organization, **columns(former))
        note_former_names(organization)


def experts(work: Work) -> None:
    for row in rows("experts", "expert"):
        if existing(Expert, row["slug"]):
            continue
        expert = build(
            work, Expert, is_demonstration=True, **columns(row, leave_out=("affiliation",))
        )
        for number, place in enumerate(row.get("affiliation", [])):
            build(
                work,
                Affiliation,
                expert=expert,
                organization=existing(Organization, place["organization"]),
                is_primary=number == 0,
                **columns(place, leave_out=("organization",)),
            )


_OWNERS: dict[str, type[Organization] | type[Expert] | type[Project]] = {
    "organization": Organization,
    "expert": Expert,
    "project": Project,
}


def contacts(work: Work) -> None:
    """Make the contacts of what has none."""
    made: list[int] = []
    for row in rows("contacts", "contact"):
        [(field, slug)] = [(name, row[name]) for name in _OWNERS if name in row]
        owner = existing(_OWNERS[field], slug)
        if owner is None or owner.contacts.exclude(pk__in=made).exists():
            continue
        used_at = timezone.now() - relativedelta(months=row["months_ago"])
        given = columns(row, leave_out=(field, "months_ago"))
        contact = build(work, Contact, **{field: owner}, used_at=used_at, **given)
        made.append(contact.pk)


def subscriptions(work: Work) -> None:
    """Make the subscriptions of addresses that have none, confirmed."""
    for row in rows("subscriptions", "subscription"):
        if Subscription.objects.of_address(row["email"]).exists():
            continue
        given = columns(row, leave_out=("sectors",))
        made = build(work, Subscription, confirmed_at=timezone.now(), **given)
        made.sectors.set(Sector.objects.filter(slug__in=row["sectors"]))


_NAMED: dict[str, type[Organization] | type[Term]] = {
    "owner": Organization,
    "industry": Industry,
    "district": District,
    "department": Department,
}
_OF_PROJECT = (*_NAMED, "sectors", "modes", "status", "published_on", "revised")


def projects(work: Work) -> None:
    for row in rows("projects", "project"):
        if existing(Project, row["slug"]):
            continue
        project = build(
            work,
            Project,
            is_demonstration=True,
            **{name: existing(model, row[name]) for name, model in _NAMED.items() if name in row},
            **columns(row, leave_out=_OF_PROJECT),
        )
        project.sectors.set(_terms(Sector, row.get("sectors", [])))
        project.modes.set(_terms(CooperationMode, row.get("modes", [])))
        _move(work, project, row)


def _terms(model: type[Any], slugs: list[str]) -> list[Any]:
    return [existing(model, slug) for slug in slugs]


def _move(work: Work, project: Project, row: Row) -> None:
    status = row.get("status", Project.Status.PUBLISHED)
    if status == Project.Status.DRAFT:
        return
    project_domain.publish(project, by=work.by)
    # Publishing writes today's date; the catalogue shows the newest first, by the dates told.
    project.published_at = timezone.make_aware(row["published_on"])
    save(work, project)
    if "revised" in row:
        # An edit in one language only: the desk then lists the other as out of date.
        for name, value in columns(row["revised"]).items():
            setattr(project, name, value)
        save(work, project)
    if status == Project.Status.WITHDRAWN:
        project_domain.withdraw(project, by=work.by)
