"""The admin's list of intentions and its search, and a ceremony of 200 drafts."""

import time

from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse
from simple_history.utils import get_history_manager_for_model

from events.models import Session
from projects.domain import signing
from projects.models import CooperationIntention, FollowUp, IntentionProject, Signatory
from scripts.benches import register_world
from scripts.benches.measuring import asking, count_queries, measure, verdict
from scripts.benches.world import both
from summit.lib.given import given
from tests.cast import Person, make_organizer

DRAFTS, MAX_SECONDS = 200, 2
AIMS = {"rounds": 15, "max_queries": 12, "max_ms": 200}
SEARCHES = {
    "first page": "",
    "drafts of an event": "?status__exact=draft&event__id__exact={event}",
    "search: a company": "?q=机构+17",
    "search: a project": "?q=blood+testing+4321",
    "search: by pinyin": "?q=zhuanjia25",
    "search: in vain": "?q=nowhere",
}


def run() -> bool:
    world = register_world.build()
    rows = CooperationIntention.objects.count()
    print(f"\n━━ intentions · {connection.vendor} ━━")
    print(
        f"{rows} intentions, {len(world.projects)} projects, {FollowUp.objects.count()} follow-ups"
    )
    organizer = make_organizer()
    address = reverse("admin:projects_cooperationintention_changelist")
    few = [
        measure(name, asking(organizer, address + query.format(event=world.events[7].pk)), **AIMS)
        for name, query in SEARCHES.items()
    ]
    return ceremony(world, organizer) and all(few)


def ceremony(world: register_world.RegisterWorld, organizer: Person) -> bool:
    """Sign 200 drafts of one session in one transaction, half of them about two projects."""
    event = world.events[0]
    session = world.sessions[event][0]
    drafts_of(session, world)
    signed: list[CooperationIntention] = []
    user = User.objects.get(pk=given(organizer.user.pk))
    before, cpu = time.perf_counter(), time.process_time()
    queries = count_queries(
        lambda: signed.extend(
            signing.sign_ceremony(session, signed_on=register_world.FIRST_DAY, by=user)
        )
    )
    seconds, cpu = time.perf_counter() - before, time.process_time() - cpu
    complete = (
        len({each.reference for each in signed}) == DRAFTS
        and FollowUp.objects.filter(intention__in=signed).count() == 3 * DRAFTS
        and get_history_manager_for_model(CooperationIntention)
        .filter(id__in=[each.pk for each in signed], history_user=user)
        .count()
        == DRAFTS
    )
    print(
        f"  ceremony: {len(signed)} drafts signed in {seconds:.2f} s ({cpu:.2f} s CPU; aim "
        f"{MAX_SECONDS}: {verdict(seconds < MAX_SECONDS)}), {queries} queries, "
        f"{'all' if complete else 'NOT ALL'} with reference, follow-ups and history"
    )
    return complete


def drafts_of(session: Session, world: register_world.RegisterWorld) -> None:
    rows = CooperationIntention.objects.bulk_create(
        CooperationIntention(
            event=session.event,
            session=session,
            company=world.organizations[number],
            expert=world.experts[number],
            expert_organization=world.organizations[number],
            text_languages=["en", "zh"],
            **both("purpose", ("To try it together.", "共同试用。")),
        )
        for number in range(DRAFTS)
    )
    IntentionProject.objects.bulk_create(
        IntentionProject(intention=row, project=world.projects[number + step], order=step)
        for number, row in enumerate(rows)
        for step in range(1 + number % 2)
    )
    Signatory.objects.bulk_create(
        Signatory(intention=row, side=side, **both("name", ("Signatory", "签署人"), row.pk))
        for row in rows
        for side in ("company", "expert", "witness")
    )
