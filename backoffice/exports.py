"""What the exported lists hold: organizations, experts, projects, sessions."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.kit.bilingual import BOTH, translation_notes
from backoffice.kit.exporting import Column, ExportList, both, column
from backoffice.kit.labels import in_language
from events.models import (
    Affiliation,
    Appearance,
    Expert,
    Organization,
    ProgrammePerson,
    Session,
    Term,
)
from projects.models import Project
from summit.lib.i18n.languages import CONTENT_LANGUAGES, Words, listed, listed_long, with_more
from summit.lib.i18n.languages import column as column_in
from summit.lib.spreadsheets import Kind


def _text(label: Words, cell: Callable[[Any], Words], width: int = 24) -> Column:
    return Column.of(label, cell, width=width)


def _number(label: Words, name: str) -> Column:
    """Return the column of a number that the page's ``get_queryset`` adds to each row."""
    return Column.of(label, lambda row: getattr(row, name), Kind.NUMBER, 8)


def _both_of(name: str, find: Callable[[Any], Any], label: Words) -> list[Column]:
    """Return the two columns of a bilingual text of what ``find`` finds of a row, if anything."""

    def one(language: str) -> Column:
        return Column(
            lambda: in_language(label, language),
            lambda row: getattr(find(row), column_in(name, language), ""),
            width=24,
        )

    return [one(language) for language in CONTENT_LANGUAGES]


TRANSLATION = _text(_("Languages"), lambda row: listed(translation_notes(row)) or BOTH, 12)

ORGANIZATIONS = ExportList(
    "organizations",
    [
        *both(Organization, "name", width=32),
        *both(Organization, "short_name", width=16),
        column(Organization, "kind"),
        column(Organization, "country"),
        *both(Organization, "city", width=14),
        *both(Organization, "district", width=14),
        column(Organization, "credit_code", width=20),
        column(Organization, "ror", width=26),
        column(Organization, "website", width=28),
        _number(_("Experts"), "experts_here"),
        _number(_("Events"), "events_here"),
        column(Organization, "is_public"),
        TRANSLATION,
    ],
)


def _primary(expert: Expert) -> Affiliation | None:
    return expert.primary_affiliation


def _institution(expert: Expert) -> Organization | None:
    primary = expert.primary_affiliation
    return primary.organization if primary else None


EXPERTS = ExportList(
    "experts",
    [
        *both(Expert, "name", width=20),
        *both(Expert, "honorific", width=10),
        *_both_of("name", _institution, _("Organization")),
        *_both_of("position", _primary, _("Position")),
        column(Expert, "country"),
        column(Expert, "orcid", width=36),
        _text(_("Languages spoken"), lambda expert: listed(expert.spoken), 16),
        _number(_("Sessions"), "sessions_here"),
        column(Expert, "is_public"),
        TRANSLATION,
    ],
)


def _with_lists(projects: QuerySet[Project]) -> QuerySet[Project]:
    return projects.select_related("owner", "industry", "district", "department").prefetch_related(
        "sectors", "modes"
    )


def _name(term: Term | None) -> str:
    return term.name if term else ""


def _published_on(project: Project) -> dt.date | None:
    return timezone.localdate(project.published_at) if project.published_at else None


PROJECTS = ExportList(
    "projects",
    [
        *both(Project, "title", width=32),
        column(Project, "status"),
        column(Project, "kind"),
        column(Project, "maturity", width=24),
        column(Project, "stage", width=18),
        column(Project, "property_status", width=18),
        *both(Project, "keywords"),
        _text(_("Sectors"), lambda project: listed(project.sectors.all())),
        _text(_("Cooperation sought"), lambda project: listed(project.modes.all())),
        *_both_of("name", lambda project: project.owner, _("Owner")),
        _text(_("Budget or asking price"), lambda project: project.price),
        column(Project, "solution_mode", width=18),
        column(Project, "needed_from"),
        column(Project, "needed_until"),
        _text(_("Industry"), lambda project: str(project.industry or "")),
        _text(_("District or park"), lambda project: _name(project.district), 18),
        _text(_("Recommending department"), lambda project: _name(project.department), 18),
        column(Project, "disclosure", width=16),
        _number(_("Recommendations"), "recommendations_here"),
        _number(_("Cooperation intentions"), "intentions_here"),
        Column.of(_("Published on"), _published_on, Kind.DAY),
        column(Project, "valid_until"),
        TRANSLATION,
    ],
    rows=_with_lists,
)


def _with_experts(sessions: QuerySet[Session]) -> QuerySet[Session]:
    appearances = Appearance.objects.select_related("expert")
    people = ProgrammePerson.objects.select_related("organization")
    return sessions.prefetch_related(
        Prefetch("appearances", appearances), Prefetch("programme_people", people)
    )


def _moment(name: str) -> Callable[[Session], dt.datetime]:
    """Return what reads a moment of a session on the wall clock of its event."""

    def cell(session: Session) -> dt.datetime:
        local = timezone.localtime(getattr(session, name), session.event.zone)
        return local.replace(tzinfo=None, microsecond=0)

    return cell


def _experts(session: Session) -> str:
    return listed(each.expert.display_name for each in session.appearances.all())


def _others(session: Session) -> str:
    return listed_long(
        with_more(each.display_name, each.get_role_display())
        for each in session.programme_people.all()
    )


_TIMES: Sequence[Column] = [
    Column.of(_("Start"), _moment("starts_at"), Kind.MOMENT),
    Column.of(_("End"), _moment("ends_at"), Kind.MOMENT),
    _text(_("Time zone"), lambda session: session.event.zone_name, 14),
]
SESSIONS = ExportList(
    "sessions",
    [
        *_both_of("title", lambda session: session.event, _("Event")),
        *_TIMES,
        column(Session, "kind"),
        *both(Session, "title", width=32),
        _text(_("Experts"), _experts),
        _text(_("Other people"), _others),
        *both(Session, "room", width=14),
        *both(Session, "place", width=14),
        _text(_("Language of the talk"), lambda session: session.spoken, 18),
        TRANSLATION,
    ],
    rows=_with_experts,
)
