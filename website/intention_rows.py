"""The rows of signed intentions in lists of public pages."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper
from django.urls import reverse
from django.utils.text import capfirst

from projects.models import CooperationIntention, IntentionProject
from projects.models.disclosure import is_public
from projects.models.signature import signed_expert_name, signed_project_titles
from summit.lib.i18n.bilingual import Text, pick
from website.cards import labels_of


@dataclass(frozen=True, slots=True)
class IntentionRow:
    """A signed intention; a party that is not public has no name here."""

    reference: str
    url: str
    company: Text | None
    expert: Text | None
    # What it is about: the projects that are public, else its subject.
    projects: list[Text]
    subject: Text
    event: Text
    signed_on: dt.date
    state: str
    # What came after the signature, and its day.
    outcome: str
    closed_on: dt.date | None
    is_demonstration: bool
    # A mistake, of which nothing else is told.
    is_voided: bool = False


def intention_rows(found: Iterable[dict[str, Any]]) -> list[IntentionRow]:
    """Return the rows of signed intentions from ``for_rows()``. One query, of their projects."""
    found = list(found)
    statuses = labels_of(CooperationIntention.Status)
    statuses[CooperationIntention.Status.SIGNED] = ""
    projects = _linked_projects([each["pk"] for each in found])
    rows = []
    for each in found:
        if each["status"] == CooperationIntention.Status.VOIDED:
            rows.append(_voided_row(each, capfirst(statuses[each["status"]])))
            continue
        words, linked = each["snapshot"], projects[each["pk"]]
        titles = signed_project_titles(words, [slug for slug, _is_public in linked])
        rows.append(
            IntentionRow(
                each["reference"],
                reverse("intention", args=[each["reference"]]),
                pick(words["company"]["name"]) if each["company__is_public"] else None,
                signed_expert_name(words) if each["expert__is_public"] else None,
                [
                    title
                    for title, (_slug, is_public) in zip(titles, linked, strict=True)
                    if title is not None and is_public
                ],
                pick(words.get("subject") or {}),
                pick(words["event"]["title"]),
                each["signed_on"],
                each["status"],
                capfirst(statuses[each["status"]]),
                each["closed_on"],
                each["is_demonstration"],
            )
        )
    return rows


def _voided_row(each: dict[str, Any], outcome: str) -> IntentionRow:
    return IntentionRow(
        each["reference"],
        reverse("intention", args=[each["reference"]]),
        company=None,
        expert=None,
        projects=[],
        subject=Text("", ""),
        event=pick(each["snapshot"]["event"]["title"]),
        signed_on=each["signed_on"],
        state=each["status"],
        outcome=outcome,
        closed_on=each["closed_on"],
        is_demonstration=each["is_demonstration"],
        is_voided=True,
    )


def _linked_projects(intentions: list[int]) -> dict[int, list[tuple[str, bool]]]:
    """Return the slug of each intention's projects, and whether each is public."""
    projects: dict[int, list[tuple[str, bool]]] = {pk: [] for pk in intentions}
    links = IntentionProject.objects.filter(intention__in=intentions).annotate(
        is_named=ExpressionWrapper(is_public("project"), BooleanField())
    )
    for pk, slug, is_named in links.values_list("intention", "project__slug", "is_named"):
        projects[pk].append((slug, is_named))
    return projects
