"""What was signed, as pages may show it: the snapshot's words, today's visibility."""

import datetime as dt
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from events.models.expert import Expert, with_honorific
from events.models.organization import Organization
from summit.lib.i18n.bilingual import Text, pick

if TYPE_CHECKING:
    from projects.models.intention import CooperationIntention


class HasPage(Protocol):
    """A row of any model with a page."""

    def get_absolute_url(self) -> str: ...


class Named(NamedTuple):
    """A name as it was signed, and what has it today."""

    name: Text
    row: HasPage

    @property
    def url(self) -> str:
        return self.row.get_absolute_url()


class Terms(NamedTuple):
    """What was agreed beside parties and text. Whether amounts are public is not asked here."""

    valid_until: dt.date | None
    text_languages: list[str]
    governing_language: str
    intended_amount: Decimal | None
    intended_currency: str


def signed_expert_name(words: dict[str, Any]) -> Text:
    """Return the expert's name with the honorific, from the words of a snapshot."""
    expert = words["expert"]
    name = pick(expert["name"])
    honorific = expert.get("honorific", {}).get(name.lang, "")
    return with_honorific(name, honorific)


def signed_project_titles(words: dict[str, Any], slugs: list[str]) -> list[Text | None]:
    """Return the title as signed of each linked project, in the order of the links.

    ``None`` stands for a project that was linked after the signature.
    """
    titles = words["projects"]
    if len(titles) != len(slugs):
        by_slug = {project["slug"]: project for project in titles}
        titles = [by_slug.get(slug) for slug in slugs]
    return [pick(project["title"]) if project else None for project in titles]


class Signature:
    """A signed intention's parties and projects, in the words of the day it was signed.

    Whoever is not public today is left out (``None``), since no public page names
    them. Costs no query where ``company``, ``expert``, ``expert_organization``,
    ``event``, ``session`` and ``project_links__project`` were fetched with the
    intention: see ``IntentionQuerySet.with_parties``.
    """

    def __init__(self, intention: "CooperationIntention") -> None:
        self._intention = intention
        self._words: dict[str, Any] = intention.snapshot or {}

    @cached_property
    def company(self) -> Named | None:
        return self._name_as_signed(self._intention.company, pick(self._words["company"]["name"]))

    @cached_property
    def expert(self) -> Named | None:
        return self._name_as_signed(self._intention.expert, signed_expert_name(self._words))

    @cached_property
    def position(self) -> Text:
        return pick(self._words.get("position") or {})

    @cached_property
    def expert_organization(self) -> Named | None:
        words = self._words.get("expert_organization")
        if not words:
            return None
        return self._name_as_signed(self._intention.expert_organization, pick(words["name"]))

    @cached_property
    def event(self) -> Named:
        return Named(pick(self._words["event"]["title"]), self._intention.event)

    @cached_property
    def session(self) -> Named | None:
        words, session = self._words.get("session"), self._intention.session
        if not words or session is None:
            return None
        return Named(pick(words["title"]), session)

    @cached_property
    def projects(self) -> list[Named]:
        projects = [link.project for link in self._intention.project_links.all()]
        titles = signed_project_titles(self._words, [project.slug for project in projects])
        return [
            Named(title, project)
            for project, title in zip(projects, titles, strict=True)
            if title is not None and project.is_public
        ]

    @cached_property
    def subject(self) -> Text:
        return pick(self._words.get("subject") or {})

    @cached_property
    def purpose(self) -> Text:
        return pick(self._words.get("purpose") or {})

    @cached_property
    def terms(self) -> Terms:
        """As signed: what an amendment put in their place stands in the intention's fields."""
        # A signature of before terms were recorded has none.
        words = self._words.get("terms") or {}
        until, amount = words.get("valid_until"), words.get("intended_amount")
        return Terms(
            dt.date.fromisoformat(until) if until else None,
            words.get("text_languages") or [],
            words.get("governing_language") or "",
            Decimal(amount) if amount is not None else None,
            words.get("intended_currency") or "",
        )

    @staticmethod
    def _name_as_signed(row: Organization | Expert | None, name: Text) -> Named | None:
        return Named(name, row) if row is not None and row.is_public else None
