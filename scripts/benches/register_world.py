"""The register's data for the benches: a series of many events and what was signed at them.

Written by ``bulk_create``, past the domain, in the shapes that the domain writes.
"""

import datetime as dt
import functools
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import models, transaction

from events.models import Affiliation, Appearance, Event, EventSeries, Expert, Organization, Session
from projects.models import (
    Amendment,
    CooperationIntention,
    FollowUp,
    IntentionProject,
    Project,
    Recommendation,
    ReferenceCounter,
    Sector,
    Signatory,
)
from registrations.domain import consent
from registrations.models import CheckIn, Registration
from scripts.benches.world import TITLES, both
from summit.lib.given import given
from summit.lib.i18n.bilingual import in_both
from tests import factories

Status = CooperationIntention.Status
FIRST_DAY = dt.date(2022, 9, 15)
# Every twentieth intention has the same of these states, so that all of them are there.
STATES = (
    *(3 * [Status.DRAFT]),
    *(1 * [Status.ABANDONED]),
    *(8 * [Status.SIGNED]),
    *(3 * [Status.CONVERTED]),
    *(3 * [Status.LAPSED]),
    *(2 * [Status.TERMINATED]),
)
KINDS = ("opening", *(4 * ["keynote"]), *(2 * ["project_pitch"]), "signing")
COUNTRIES = ("GB", "DE", "FI", "US", "CN", "IL", "JP", "FR")
CURRENCIES = ("CNY", "GBP", "EUR")


@dataclass
class RegisterWorld:
    series: EventSeries
    events: list[Event] = field(default_factory=list)
    sessions: dict[Event, list[Session]] = field(default_factory=dict)
    organizations: list[Organization] = field(default_factory=list)
    experts: list[Expert] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    intentions: list[CooperationIntention] = field(default_factory=list)


@functools.cache
@transaction.atomic
def build(
    *,
    events: int = 50,
    projects: int = 5_000,
    intentions: int = 10_000,
    follow_ups: int = 30_000,
    registrations: int = 20_000,
) -> RegisterWorld:
    """Return a series with so many rows of each. Takes some twenty seconds at full size.

    Every month has an event from September 2022 on. Four of five intentions were
    signed, and the follow-ups are spread over those. History is not written. Benches
    that run in one process share it.
    """
    world = RegisterWorld(
        factories.series(**both("title", ("Register", "合作登记")), reference_prefix="REG")
    )
    _add_events(world, events)
    _add_people(world)
    _add_projects(world, projects)
    _add_intentions(world, intentions)
    _add_follow_ups(world, follow_ups)
    _add_registrations(world, registrations)
    return world


def _create(rows: Iterable[models.Model]) -> list[Any]:
    rows = list(rows)
    return type(rows[0])._base_manager.bulk_create(rows, batch_size=500) if rows else []


def _turn[T](rows: Sequence[T], number: int) -> T:
    return rows[number % len(rows)]


def _add_events(world: RegisterWorld, count: int) -> None:
    days = [FIRST_DAY + relativedelta(months=number) for number in range(count)]
    world.events = _create(
        Event(
            series=world.series,
            slug=f"register-{number}",
            status=Event.Status.PUBLISHED,
            starts_at=factories.at(8, day=day),
            ends_at=factories.at(20, day=day),
            published_at=factories.at(8, day=day),
            **both("title", ("Register Summit", "登记峰会"), number),
        )
        for number, day in enumerate(days)
    )
    made = _create(
        Session(
            event=event,
            slug=f"session-{place}",
            kind=kind,
            starts_at=factories.at(9 + place, day=day),
            ends_at=factories.at(9 + place, 50, day=day),
            **both("title", ("Session", "议程"), place),
        )
        for event, day in zip(world.events, days, strict=True)
        for place, kind in enumerate(KINDS)
    )
    for event, sessions in zip(world.events, itertools.batched(made, len(KINDS)), strict=True):
        world.sessions[event] = list(sessions)


def _add_people(world: RegisterWorld) -> None:
    world.organizations = _create(
        Organization(
            slug=f"register-organization-{number}",
            pinyin=f"jigou {number}",
            kind=_turn(Organization.Kind.values, number),
            country=_turn(COUNTRIES, number),
            **both("name", ("Organization", "机构"), number),
        )
        for number in range(400)
    )
    world.experts = _create(
        Expert(
            slug=f"register-expert-{number}",
            pinyin=f"zhuanjia {number}",
            country=_turn(COUNTRIES, number),
            **both("name", ("Expert", "专家"), number),
        )
        for number in range(300)
    )
    _create(
        Affiliation(
            expert=expert,
            organization=_turn(world.organizations, number),
            is_primary=True,
            **both("position", ("Head of research", "研究部主任")),
        )
        for number, expert in enumerate(world.experts)
    )
    _create(
        Appearance(session=session, expert=_turn(world.experts, number))
        for number, session in enumerate(itertools.chain(*world.sessions.values()))
    )


def _add_projects(world: RegisterWorld, count: int) -> None:
    world.projects = _create(
        Project(
            slug=f"register-project-{number}",
            kind=Project.Kind.REQUEST if number % 4 == 0 else Project.Kind.OFFER,
            status=Project.Status.PUBLISHED,
            published_at=world.events[0].published_at,
            maturity=number % 9 + 1,
            owner=_turn(world.organizations, number),
            **both("title", TITLES, number),
        )
        for number in range(count)
    )
    sectors = list(Sector.objects.all())
    _create(
        Project.sectors.through(project=project, sector=_turn(sectors, number))
        for number, project in enumerate(world.projects)
    )
    _create(
        Recommendation(
            project=project,
            event=(event := _turn(world.events, number)),
            session=world.sessions[event][1 + number % 6],
            expert=_turn(world.experts, number * 7),
        )
        for number, project in enumerate(world.projects)
    )


def _add_intentions(world: RegisterWorld, count: int) -> None:
    counters: dict[int, int] = {}
    rows, links = [], []
    for number in range(count):
        projects = [_turn(world.projects, number + step * 11) for step in range(1 + number % 2)]
        row = _intention(world, number, projects)
        if row.was_signed:
            year = given(row.signed_on).year
            counters[year] = counters.get(year, 0) + 1
            row.reference = f"REG-{year}-{counters[year]:03d}"
        rows.append(row)
        links += [
            IntentionProject(intention=row, project=project, order=order)
            for order, project in enumerate(projects)
        ]
    world.intentions = _create(rows)
    prefix = world.series.reference_prefix
    _create(ReferenceCounter(prefix=prefix, year=year, last=n) for year, n in counters.items())
    _create(links)
    _create(
        Signatory(intention=row, side=side, **both("name", ("Signatory", "签署人"), row.pk))
        for row in rows
        for side in ("company", "expert")
    )
    _create(
        Amendment(
            intention=row,
            number=1,
            amended_on=given(row.signed_on) + dt.timedelta(days=30),
            **both("reason", ("A slip of the pen", "笔误")),
            **both("change", ("The second paragraph is left out.", "删除第二段。")),
        )
        for row in rows[:: len(STATES) // 2]
        if row.was_signed
    )


def _intention(world: RegisterWorld, number: int, projects: list[Project]) -> CooperationIntention:
    # Whole rounds of states at each event.
    event = _turn(world.events, number // len(STATES))
    status = _turn(STATES, number)
    day = event.starts_at.date()
    row = CooperationIntention(
        event=event,
        session=world.sessions[event][-1],
        company=_turn(world.organizations, number * 3),
        expert=_turn(world.experts, number),
        expert_organization=_turn(world.organizations, number % len(world.experts)),
        status=status,
        is_public=number % 5 != 0,
        shows_amounts=number % 2 == 0,
        text_languages=["en", "zh"],
        governing_language="zh",
        **both("purpose", ("To try it together in three clinics.", "在三家诊所共同试用。")),
    )
    if number % 3 != 0:
        row.intended_amount = Decimal(10_000 * (number % 90 + 1))
        row.intended_currency = _turn(CURRENCIES, number)
    if row.was_signed:
        row.signed_on, row.valid_until = day, day + relativedelta(years=1)
        row.snapshot = _snapshot(row, projects)
    if status not in (Status.DRAFT, Status.SIGNED):
        row.closed_on = day + relativedelta(months=1 + number % 11)
    if status == Status.CONVERTED:
        row.contract_kind = _turn(CooperationIntention.ContractKind.values, number)
        row.contract_number = f"C-{number}"
        row.contracted_amount = Decimal(12_000 * (number % 90 + 1))
        row.contracted_currency = _turn(CURRENCIES, number)
    if status == Status.TERMINATED:
        row.closing_reason = "The parties gave it up."
    return row


type Named = Event | Expert | Organization | Project | Session


def _snapshot(row: CooperationIntention, projects: list[Project]) -> dict[str, Any]:
    def named(of: Named, name: str = "name") -> dict[str, Any]:
        return {"slug": of.slug, name: in_both(of, name)}

    expert = given(row.expert)
    return {
        "company": named(given(row.company)),
        "expert": {**named(expert), "honorific": in_both(expert, "honorific")},
        "expert_organization": named(given(row.expert_organization)),
        "position": {"en": "Head of research", "zh-hans": "研究部主任"},
        "event": named(row.event, "title"),
        "session": named(given(row.session), "title"),
        "projects": [named(project, "title") for project in projects],
        "subject": in_both(row, "subject"),
        "purpose": in_both(row, "purpose"),
        "signatories": [],
        "terms": {
            "valid_until": given(row.valid_until).isoformat(),
            "text_languages": row.text_languages,
            "governing_language": row.governing_language,
            "intended_amount": str(row.intended_amount) if row.intended_amount else None,
            "intended_currency": row.intended_currency,
        },
    }


def _add_follow_ups(world: RegisterWorld, count: int) -> None:
    """Spread so many over what was signed, round by round; four of five are done where due."""
    today = dt.date.today()
    signed = [row for row in world.intentions if row.was_signed]
    rounds = itertools.product((1, 6, 12, 18, 24, 30, 36), signed)
    rows = []
    for number, (months, row) in enumerate(itertools.islice(rounds, count)):
        due_on = given(row.signed_on) + relativedelta(months=months)
        is_done = due_on < today and number % 5 != 0
        rows.append(
            FollowUp(
                intention=row,
                due_on=due_on,
                done_on=due_on if is_done else None,
                outcome=_turn(FollowUp.Outcome.values, number) if is_done else "",
            )
        )
    _create(rows)


def _add_registrations(world: RegisterWorld, count: int) -> None:
    notice = consent.current_notice()
    rows = _create(
        Registration(
            event=(event := _turn(world.events, number)),
            status=_turn(("confirmed", "confirmed", "confirmed", "cancelled"), number // 50),
            name=f"Person {number}",
            email=f"register{number}@example.org",
            email_key=f"register{number}@example.org",
            category="company",
            language="en",
            privacy_notice=notice,
            consented_at=event.starts_at,
            registered_at=event.starts_at,
        )
        for number in range(count)
    )
    _create(
        CheckIn(registration=row, checked_in_at=row.registered_at)
        for number, row in enumerate(rows)
        if row.status == "confirmed" and number % 3 != 0
    )
