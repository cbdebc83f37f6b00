"""A series with at least one row on either side of every condition that a report knows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import User
from django.utils import timezone

from events.models import Event, EventSeries
from projects.domain import follow_up, signing, voiding
from projects.domain import intention as domain
from projects.models import CooperationIntention, FollowUp, Project, Sector
from registrations.domain.consent import current_notice
from registrations.models import CheckIn, Registration
from tests import factories

SIGNED_ON = dt.date(2020, 10, 29)


@dataclass
class World:
    series: EventSeries
    held: Event
    ahead: Event
    cancelled: Event
    draft: Event
    elsewhere: Event


def build() -> World:
    series = factories.series(title_en="River <b>docking</b> & more", title_zh_hans="河流对接")
    later = timezone.now() + dt.timedelta(days=30)
    times = {"starts_at": later, "ends_at": later + dt.timedelta(hours=8)}
    world = World(
        series=series,
        held=factories.event(series=series),
        ahead=factories.event(series=series, format="hybrid", **times),
        cancelled=factories.event(series=series, status="cancelled"),
        draft=factories.event(series=series, status="draft"),
        elsewhere=factories.event(series=factories.series(reference_prefix="ELSE")),
    )
    factories.event(series=series, status="postponed")
    projects = _programme(world)
    _registrations(world)
    _intentions(world, projects)
    return world


def _programme(world: World) -> list[Project]:
    at_two, abroad = factories.expert(), factories.expert(country="")
    factories.affiliation(expert=at_two)
    factories.affiliation(expert=at_two, is_primary=False)
    factories.affiliation(expert=abroad, organization=at_two.affiliations.all()[0].organization)
    hidden = factories.expert(is_public=False, country="DE")
    silent = factories.expert(country="FI")
    sectors = [factories.sector(name_en="Water & <i>air</i>"), factories.sector()]
    projects = [
        factories.project(sectors=sectors),
        factories.project(sectors=sectors[:1], kind="request", maturity=None),
        factories.project(status="withdrawn", maturity=9),
        factories.project(sectors=sectors[1:], status="draft"),
    ]
    everywhere = (world.held, world.ahead, world.cancelled, world.draft, world.elsewhere)
    for number, event in enumerate(everywhere):
        start = event.starts_at
        for kind in ("keynote", "keynote", "signing", "break"):
            session = factories.session(
                event=event, kind=kind, starts_at=start, ends_at=start + dt.timedelta(hours=1)
            )
            if kind == "keynote":
                for expert in (at_two, abroad, hidden)[: 3 - number % 2]:
                    factories.appearance(session=session, expert=expert)
            start += dt.timedelta(hours=1)
        factories.appearance(session=session, expert=factories.expert(country="JP"))
        for project in projects[: 4 - number % 2]:
            for expert in (at_two, silent):
                factories.recommendation(event=event, project=project, expert=expert)
        factories.recommendation(event=event, expert=factories.expert(country="CH"))
    factories.project()
    Sector.objects.create(name_en="Empty", slug="empty")
    return projects


def _registrations(world: World) -> None:
    """At the event that was held all there is; elsewhere two people, one of whom came.

    Two of them never accepted an invitation.
    """
    first = None
    statuses = [status for status in Registration.Status.values if status != "held"]
    for number, status in enumerate(statuses):
        more = {"double_of": first, "seen_as": "confirmed"} if status == "double" else {}
        category = Registration.Category.values[number]
        made = _registration(world.held, status, category, number, **more)
        first = first or made
    for number in (10, 11, 12):
        came = _registration(world.held, "confirmed", "health", number)
        CheckIn.objects.create(registration=came)
        CheckIn.objects.create(registration=came, session=world.held.sessions.first())
    gone = _registration(world.held, "cancelled", "media", 13)
    CheckIn.objects.create(registration=gone)
    mistaken = _registration(world.held, "confirmed", "other", 14)
    undone_at = timezone.now() + dt.timedelta(minutes=1)
    CheckIn.objects.create(registration=mistaken, undone_at=undone_at)
    _registration(world.held, "cancelled", "guest", 15, cancel_reason="declined_invite")
    _registration(world.held, "held", "other", 16, held_until=timezone.now())
    for event in (world.ahead, world.cancelled, world.draft, world.elsewhere):
        _registration(event, "confirmed", "company", 1, chose_online=event == world.ahead)
        CheckIn.objects.create(registration=_registration(event, "confirmed", "company", 2))


def _registration(
    event: Event, status: str, category: str, number: int, **more: object
) -> Registration:
    return factories.save(
        Registration(
            event=event,
            status=status,
            category=category,
            name=f"Secret Attendee {number}",
            email=f"secret{event.pk}.{number}@example.org",
            email_key=f"secret{event.pk}.{number}@example.org",
            language="en",
            privacy_notice=current_notice(),
            consented_at=timezone.now(),
            **more,
        )
    )


def _intentions(world: World, projects: list[Project]) -> None:
    """At the event that was held all there is; at the others one draft and one signed."""
    by = User.objects.create_user("registrar")
    contract, confidential = _signed(world.held, projects)
    terms = {"kind": "licence", "contracted_on": dt.date(2022, 9, 1), "by": by}
    domain.convert(contract, **terms, amount=Decimal("250000"), currency="GBP")
    domain.convert(confidential, **terms, amount=Decimal("0.30"), currency="CNY")
    ended = {"event": world.held, "valid_until": dt.date(2021, 10, 29)}
    domain.lapse(factories.signed_intention(**ended), by=by)
    domain.lapse(factories.signed_intention(**ended, is_public=False), by=by)
    terminated = factories.signed_intention(event=world.held, **money("5", "GBP"))
    domain.terminate(terminated, reason="They parted.", terminated_on=SIGNED_ON, by=by)
    first, second, third = contract.follow_ups.all()
    in_three_days = timezone.localdate() + dt.timedelta(days=3)
    done = {"done_on": dt.date(2022, 8, 1), "by": by}
    follow_up.record(first, outcome="progressing", next_due_on=in_three_days, **done)
    follow_up.record(second, outcome="stalled", **done)
    of_before = FollowUp.objects.filter(pk=third.pk)
    follow_up.close_as_done_earlier(of_before, note="In the ledger.", **done)
    follow_up.add(confidential, due_on=timezone.localdate(), assigned_to=None)
    mistaken = factories.intention(event=world.held, projects=projects[2:], **money("5", "CHF"))
    signing.sign(mistaken, signed_on=world.held.starts_on, by=None)
    voiding.void(mistaken, reason="Another one was meant.", by=by)
    abandoned = factories.intention(event=world.held, projects=projects[2:])
    domain.abandon(abandoned, by=by)
    factories.intention(event=world.held, projects=projects[1:3], **money("9", "USD"))
    for event in (world.ahead, world.cancelled, world.draft, world.elsewhere):
        draft = factories.intention(event=event, projects=projects[3:], **money("7", "CHF"))
        if event != world.ahead:
            signing.sign(draft, signed_on=dt.date(2020, 12, 31))
            factories.intention(event=event, projects=projects[3:])


def _signed(event: Event, projects: list[Project]) -> list[CooperationIntention]:
    """Two that stand as they were signed; return two more, for a contract."""
    factories.signed_intention(
        event=event, projects=projects[:2], shows_amounts=True, **money("1000000.10", "CNY")
    )
    february = dt.date(2021, 2, 3)
    factories.signed_intention(event=event, signed_on=february, projects=[], subject_en="Talent")
    july = {"event": event, "signed_on": dt.date(2022, 7, 1), "projects": projects[:1]}
    return [
        factories.signed_intention(**july, **money("0.20", "CNY")),
        factories.signed_intention(**july, **money("77", "EUR"), is_public=False),
    ]


def money(amount: str, currency: str) -> dict[str, Decimal | str]:
    return {"intended_amount": Decimal(amount), "intended_currency": currency}
