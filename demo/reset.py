"""Taking the demo away again."""

from functools import partial

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from demo.accounts import LOGINS
from demo.source import columns, file, rows
from events.models import (
    Event,
    EventFile,
    EventSeries,
    Expert,
    Organization,
    OrganizerScope,
    SiteProfile,
)
from interests.models import Interest
from meetings.models import Meeting, Participant, Placement, ScheduleVersion
from projects.models import (
    Amendment,
    CooperationIntention,
    Document,
    DocumentDownload,
    FollowUp,
    Project,
    Recommendation,
    ReferenceCounter,
)
from registrations.models import CheckIn, ColumnSet, ExportRecord, Registration, RegistrationGroup
from submissions.models import Attachment, Call, Decision, ExpertProposal, Slides, Submission
from subscriptions.models import Subscription
from summit.lib.files.private_files import private_storage


def _of_demo[Row: Model](model: type[Row], name: str, key: str) -> QuerySet[Row]:
    slugs = [row["slug"] for row in rows(name, key)]
    return model._default_manager.filter(Q(slug__in=slugs))


@transaction.atomic
def remove() -> int:
    """Delete what the demo made and return how many rows went.

    That is what carries the demo's slugs or is marked as demonstration data.
    Signed intentions go too, which nothing else in the product does, with their
    amendments, follow-ups, documents and the files of these and of events. Raises
    ``ProtectedError`` and deletes nothing where other rows refer to the demo.
    Users, sectors, modes and the files of pictures stay.
    """
    invented = Q(is_demonstration=True)
    events = _of_demo(Event, "events", "event") | Event.objects.filter(invented)
    projects = _of_demo(Project, "projects", "project") | Project.objects.filter(invented)
    experts = _of_demo(Expert, "experts", "expert") | Expert.objects.filter(invented)
    organizations = _of_demo(
        Organization, "organizations", "organization"
    ) | Organization.objects.filter(invented)
    calls = Call.objects.filter(invented)
    series = _of_demo(EventSeries, "series", "series")
    names = [login.username for login in LOGINS]
    prefixes = [each.reference_prefix for each in series]
    intentions = CooperationIntention.objects.filter(invented)
    documents = Document.objects.filter(intention__in=intentions)
    for name in documents.exclude(file="").values_list("file", flat=True):
        transaction.on_commit(partial(private_storage().delete, name))
    files = EventFile.objects.filter(event__in=events)
    for name in files.values_list("file", flat=True):
        transaction.on_commit(partial(private_storage().delete, name))
    attachments = Attachment.objects.filter(submission__call__in=calls)
    for name in attachments.values_list("file", flat=True):
        transaction.on_commit(partial(private_storage().delete, name))
    proposals = ExpertProposal.objects.filter(expert__in=experts)
    for name in proposals.exclude(portrait="").values_list("portrait", flat=True):
        transaction.on_commit(partial(private_storage().delete, name))
    slides = Slides.objects.filter(proposal__in=proposals)
    for name in slides.values_list("file", flat=True):
        transaction.on_commit(partial(private_storage().delete, name))
    parts = (
        # What a schedule refers to is protected by it.
        Placement.objects.filter(version__event__in=events),
        ScheduleVersion.objects.filter(event__in=events),
        Meeting.objects.filter(event__in=events),
        Participant.objects.filter(event__in=events),
        OrganizerScope.objects.filter(user__username__in=names),
        DocumentDownload.objects.filter(document__in=documents),
        documents,
        Amendment.objects.filter(intention__in=intentions),
        FollowUp.objects.filter(intention__in=intentions),
        intentions,
        Interest.objects.filter(name__in=[row["name"] for row in rows("interests", "interest")]),
        Recommendation.objects.filter(event__in=events, expert__in=experts),
        CheckIn.objects.filter(registration__event__in=events),
        Registration.objects.filter(event__in=events),
        RegistrationGroup.objects.filter(event__in=events),
        ExportRecord.objects.filter(event__in=events),
        ColumnSet.objects.filter(
            name=file("registrations")["column_set"]["name"],
            owner__username__in=names,
        ),
        Decision.objects.filter(submission__call__in=calls),
        Decision.objects.filter(proposal__in=proposals),
        *(slides, proposals, attachments),
        Submission.objects.filter(call__in=calls),
        calls,
        *(events, projects, experts, organizations, series),
        Subscription.objects.filter(
            email__in=[row["email"] for row in rows("subscriptions", "subscription")]
        ),
    )
    gone = sum(part.delete()[0] for part in parts)
    _restart_references(prefixes)
    profile = SiteProfile.objects.filter(operator_en=columns(file("site"))["operator_en"])
    return gone + profile.delete()[0]


def _restart_references(prefixes: list[str]) -> None:
    for counter in ReferenceCounter.objects.filter(prefix__in=prefixes):
        begin = f"{counter.prefix}-{counter.year}-"
        if not CooperationIntention.objects.filter(reference__startswith=begin).exists():
            counter.delete()
