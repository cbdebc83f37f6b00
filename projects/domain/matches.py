"""What of the catalogue fits a project: the rows behind ``matching``."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from projects.domain.matching import Catalogue, Described, Match, words_of
from projects.models import CooperationMode, Project, Sector
from projects.models.details import Stage
from projects.models.project import ProjectQuerySet
from summit.lib.i18n.keywords import split_keywords
from summit.lib.i18n.languages import columns

# Of a description the beginning.
_LONGEST = 1000
_STAGES = list(Stage.values)
# Beside the project itself. The newest are compared where the catalogue has more.
MOST_COMPARED = 1000


@dataclass(frozen=True)
class ProjectMatch:
    """A project that fits, with its reasons in words."""

    project: Project
    words: list[str]
    sectors: list[Sector]
    modes: list[CooperationMode]
    # Whether the offer is as mature as is asked for; ``None`` where either does not say.
    is_mature: bool | None


def matches_of(project: Project, rows: ProjectQuerySet, number: int = 10) -> list[ProjectMatch]:
    """Return so many projects of the other kind that fit, the strongest first.

    Compared are published projects of ``rows`` that are still valid, the newest 1,000, which
    takes about two seconds of CPU. Five queries, however many there are.
    """
    published = rows.filter(status=Project.Status.PUBLISHED).open().exclude(pk=project.pk)
    # Those of the same kind say how rare a word is, and what it is in the other language.
    newest = published.order_by("-published_at", "-pk").with_terms()[:MOST_COMPARED]
    others = {each.pk: each for each in newest}
    described = {each.pk: describe(each) for each in (project, *others.values())}
    found = Catalogue(described.values()).matches(described[project.pk], number)
    return [_with_reasons(match, described[match.key], others[match.key]) for match in found]


def describe(project: Project) -> Described:
    """Return what a project is compared by. Two queries without ``with_terms()``."""
    english, chinese = _in_each(project, "title")
    texts = ("summary", "key_indicators", "description")
    return Described(
        key=project.pk,
        is_request=project.kind == Project.Kind.REQUEST,
        titles=(english, chinese),
        texts=tuple(text[:_LONGEST] for name in texts for text in _in_each(project, name)),
        keywords=tuple(chain(*map(split_keywords, _in_each(project, "keywords")))),
        sectors=frozenset(project.sectors.all()),
        modes=frozenset(project.modes.all()),
        stage=_STAGES.index(project.stage) if project.stage else None,
        level=project.maturity,
    )


def _in_each(project: Project, name: str) -> list[str]:
    """Return a bilingual text in English and in Chinese."""
    return [getattr(project, column) for column in columns(name)]


def _with_reasons(match: Match, described: Described, project: Project) -> ProjectMatch:
    return ProjectMatch(
        project=project,
        words=words_of(described, match.terms),
        sectors=_in_order(match.sectors),
        modes=_in_order(match.modes),
        is_mature=match.stage_fits,
    )


def _in_order[T: Sector | CooperationMode](terms: Iterable[T]) -> list[T]:
    return sorted(terms, key=lambda term: (term.order, term.pk))
