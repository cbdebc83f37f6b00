"""Two series with one of everything in each: what somebody runs who is limited, and the rest."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils import timezone

from events.models import Event, EventSeries, OrganizerScope, Session
from projects.domain import document as documents
from projects.models import (
    CooperationIntention,
    Document,
    FollowUp,
    Project,
    Recommendation,
)
from registrations.models import CheckIn, ColumnSet, ExportRecord, Registration
from tests import factories
from tests.cast import Person, make_organizer
from tests.meetings.rows import held_meeting, one_of_everything

# Stands in every text of the series that is beyond the limits, and in no other.
BEYOND = "Beyond"


@dataclass(frozen=True)
class Branch:
    """A series, its event, and one of everything that belongs to it."""

    series: EventSeries
    event: Event
    draft_event: Event
    session: Session
    registration: Registration
    recommendation: Recommendation
    draft: CooperationIntention
    signed: CooperationIntention
    document: Document
    follow_up: FollowUp
    project: Project
    expert: object
    organization: object
    role: object


def branch(word: str) -> Branch:
    titled = {"title_en": f"{word} title", "title_zh_hans": f"{word} 标题"}
    series = factories.series(**titled, slug=f"{word}-series".lower())
    start = timezone.now() + dt.timedelta(days=30)
    event = factories.event(
        **titled,
        slug=f"{word}-event".lower(),
        series=series,
        starts_at=start,
        ends_at=start + dt.timedelta(hours=8),
    )
    draft_event = factories.event(
        **titled, slug=f"{word}-draft".lower(), series=series, status="draft"
    )
    session = factories.session(
        **titled, event=event, starts_at=start, ends_at=start + dt.timedelta(hours=1)
    )
    expert, organization = factories.expert(), factories.organization()
    factories.appearance(session=session, expert=expert)
    factories.programme_person(session=session, name_en=f"{word} host", name_zh_hans=f"{word} 主持")
    role = factories.role(event=event, organization=organization)
    factories.photo(event=event, caption_en=f"{word} photo")
    factories.registration_settings(event=event)
    registration = factories.registered(event, name=f"{word} person")
    CheckIn.objects.create(registration=registration)
    ExportRecord.objects.create(event=event, user_name="somebody", source="desk", rows=1)
    project = factories.project(
        district=factories.district(),
        department=factories.department(),
        industry=factories.industry(),
    )
    recommendation = factories.recommendation(session=session, expert=expert, project=project)
    past = factories.event(**titled, slug=f"{word}-past".lower(), series=series)
    parties = {"event": past, "company": organization, "expert": expert}
    draft = factories.intention(**parties, projects=[project], subject_en=f"{word} subject")
    signed = factories.signed_intention(**parties, projects=[project], is_public=False)
    document = factories.document(intention=signed, title=f"{word} document")
    documents.record_download(document, by=User.objects.create(username=f"{word}-reader".lower()))
    factories.expert_visit(expert=expert, event=event)
    factories.call(event=event, title_en=f"{word} call", title_zh_hans=f"{word} 征集")
    one_of_everything(event, registration, word)
    held_meeting(event, word)
    factories.signatory(intention=draft, name_en=f"{word} signatory")
    return Branch(
        series=series,
        event=event,
        draft_event=draft_event,
        session=session,
        registration=registration,
        recommendation=recommendation,
        draft=draft,
        signed=signed,
        document=document,
        follow_up=signed.follow_ups.first(),
        project=project,
        expert=expert,
        organization=organization,
        role=role,
    )


@dataclass(frozen=True)
class World:
    mine: Branch
    beyond: Branch
    organizer: Person


def world() -> World:
    """Both branches, and an organizer who is limited to the series of the first."""
    mine, beyond = branch("Own"), branch(BEYOND)
    organizer = make_organizer()
    ColumnSet.objects.create(owner=organizer.user, name="Partners", columns=["name"])
    OrganizerScope.objects.create(user=organizer.user, series=mine.series)
    return World(mine, beyond, organizer)


def limited_to_event(world: World) -> Person:
    """The organizer of the world, limited to one event instead of its series."""
    OrganizerScope.objects.all().delete()
    OrganizerScope.objects.create(user=world.organizer.user, event=world.mine.event)
    return world.organizer
