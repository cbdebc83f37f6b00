"""What cards and lines of public pages show of an expert, a session and a project.

Each is worked out once for a page, in its language, and may stand on it many times: a
template prints the fields, and looks up no label and no address.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db.models import Choices
from django.template import loader
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from events.models import Appearance, Expert, Session
from events.models.expert import CARD_COLUMNS
from events.models.session import kind_beside
from projects.models import Project, Sector
from projects.models.disclosure import is_public
from projects.models.project import ProjectQuerySet
from projects.models.recommendation import RecommendationQuerySet
from summit.lib.i18n.bilingual import Text, text_of
from summit.lib.i18n.languages import columns, current
from summit.lib.web.template_tags import slot_time
from website.people import people
from website.role_lines import RoleLine


def labels_of(choices: type[Choices]) -> dict[Any, str]:
    """Return the words of a field's choices, each looked up once."""
    return {value: str(label) for value, label in choices.choices}


@dataclass(frozen=True, slots=True)
class Slot:
    """A session in the time rail, with a line for each person in it."""

    session: Session
    kind: str
    kind_name: str
    title: Text
    url: str
    times: SafeString
    people: list[str]
    # Who is in it and no expert.
    others: list[RoleLine]
    place: Text
    room: Text
    spoken: str
    # That it began on an earlier day than the one it stands under here.
    is_continued: bool = False

    def continued_on(self, day: dt.date) -> Self:
        """Return the line of a later day: when it began and ends, and who is in it no more."""
        times = slot_time(self.session, day)
        return replace(self, times=times, people=[], others=[], is_continued=True)


class Programme:
    """Sessions and the public experts in them, as they were on the day of their event.

    Two queries, however many there are of either, and one more where any organization had
    another name then. ``people`` has each expert once, by primary key, in the order of their
    appearance.
    """

    def __init__(self, sessions: list[Session], day: dt.date) -> None:
        self.sessions = sessions
        self._roles: dict[int, list[tuple[int, str]]] = {session.pk: [] for session in sessions}
        # Rows rather than objects: who is in ten sessions is one expert, not ten.
        fields = [f.attname for f in Expert._meta.concrete_fields if f.attname in CARD_COLUMNS]
        rows = (
            Appearance.objects.filter(session__in=sessions, expert__is_public=True)
            .values_list("session", "role", *(f"expert__{name}" for name in ["pk", *fields]))
            .order_by(*(f"session__{name}" for name in Session._meta.ordering or ()), "order", "pk")
        )
        experts = {}
        for session, role, *values in rows:
            pk = values[0]
            if pk not in experts:
                experts[pk] = Expert.from_db(rows.db, ["id", *fields], values)
            self._roles[session].append((pk, role))
        self.people = people(experts.values(), day)

    def slots(self, others: Mapping[int | None, list[RoleLine]]) -> list[Slot]:
        """Return what is shown of each session, its event loaded, with its ``others``. No query."""
        kinds, roles = labels_of(Session.Kind), labels_of(Appearance.Role)
        # Goes without saying.
        roles[Appearance.Role.SPEAKER] = ""
        # Who is in many sessions has the same line in each.
        line = loader.get_template("components/person.html").render
        lines = {
            (pk, role): line({"person": self.people[pk], "role": roles[role]})
            for pk, role in {each for group in self._roles.values() for each in group}
        }
        return [
            Slot(
                session,
                session.kind,
                kind_beside(str(session.title), kinds[session.kind]),
                session.title,
                session.get_absolute_url(),
                slot_time(session),
                [lines[each] for each in self._roles[session.pk]],
                others.get(session.pk, []),
                session.place,
                session.room,
                session.spoken,
            )
            for session in self.sessions
        ]


@dataclass(frozen=True, slots=True)
class ProjectCard:
    project: Project
    kind: str
    sectors: list[Text]
    title: Text
    url: str
    summary: Text
    # The technology readiness level; "" where there is none.
    maturity: str
    # "" where the owner is not public.
    owner: Text | str
    country: str
    # Of which nothing else is shown, a picture neither.
    is_title_only: bool = False


# What a card does not show is not fetched.
_PROJECT_COLUMNS = [
    *("kind", "slug", "maturity", "picture", "is_demonstration", "disclosure"),
    *columns("title", "summary"),
    *("owner__is_public", "owner__country"),
    *columns("owner__name", "owner__short_name"),
]


def for_project_cards(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Fetch what ``project_cards`` shows of each project and its owner."""
    return projects.select_related("owner").only(*_PROJECT_COLUMNS)


def recommended_projects(recommendations: RecommendationQuerySet) -> list[ProjectCard]:
    """Return each project that an expert who is public recommended, in the order of the first.

    Not ``visible()``: the preview of a draft event shows its page as it will be. One query.
    """
    rows = (
        recommendations.filter(is_public("project"), expert__is_public=True)
        .select_related("project__owner")
        .only(*(f"project__{name}" for name in _PROJECT_COLUMNS))
    )
    return project_cards({row.project_id: row.project for row in rows}.values())


def project_cards(projects: Iterable[Project], *, with_sectors: bool = False) -> list[ProjectCard]:
    """Return each project's card, its owner loaded. One query with the sectors, none without.

    Owners and their country are shown where they are public.
    """
    projects = list(projects)
    kinds = {value: capfirst(label) for value, label in labels_of(Project.Kind).items()}
    sectors = _sectors(projects) if with_sectors else {}
    maturity = _maturity({project.maturity for project in projects})
    owners = {}
    cards = []
    for project in projects:
        if project.is_title_only:
            cards.append(_title_card(project, kinds[project.kind]))
            continue
        if project.owner_id not in owners:
            owner = project.owner
            is_named = owner is not None and owner.is_public
            named = owner if is_named else None
            owners[project.owner_id] = (named.label, named.country.name) if named else ("", "")
        cards.append(
            ProjectCard(
                project,
                kinds[project.kind],
                sectors.get(project.pk, []),
                project.title,
                project.get_absolute_url(),
                project.summary,
                maturity.get(project.maturity, ""),
                *owners[project.owner_id],
            )
        )
    return cards


def _title_card(project: Project, kind: str) -> ProjectCard:
    return ProjectCard(
        project,
        kind,
        sectors=[],
        title=project.title,
        url=project.get_absolute_url(),
        summary=Text("", current()),
        maturity="",
        owner="",
        country="",
        is_title_only=True,
    )


def _sectors(projects: list[Project]) -> dict[int, list[Text]]:
    """Return the names of each project's sectors."""
    names: dict[int, list[Text]] = {project.pk: [] for project in projects}
    sectors = Sector.objects.filter(projects__in=projects)
    for row in sectors.values("projects", *columns("name")):
        names[row["projects"]].append(text_of(row, "name"))
    return names


def _maturity(levels: set[int | None]) -> dict[int | None, str]:
    """Return the bar of each level, which is the same on every card."""
    bar = loader.get_template("components/maturity.html").render
    names = labels_of(Project.Maturity)
    return {
        level: bar({"level": level, "name": names[level], "short": True})
        for level in levels
        if level
    }
