"""What an organizer finds on the start page in the morning. A constant number of queries."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Model, Q, QuerySet
from django.utils import timezone

from backoffice.kit.translation import as_bilingual
from backoffice.start_page_follow_ups import follow_ups_of
from backoffice.start_page_meetings import meetings_of
from contacts.domain.contact import SOON, due_for_erasure
from contacts.models import Contact
from events.models import (
    Affiliation,
    Department,
    District,
    Event,
    EventSeries,
    Expert,
    Organization,
    Photo,
    Session,
    SiteProfile,
)
from events.models.limits import limits_of
from events.models.scope import of_events_run_by, readable
from interests.models import Interest
from mail.models import OutboundMail
from meetings.models import Meeting
from projects.models import (
    CooperationIntention,
    CooperationMode,
    FollowUp,
    Industry,
    Project,
    Recommendation,
    Sector,
)
from registrations.models import Registration
from registrations.models.registration_queryset import IN_PERSON
from submissions.models import ExpertProposal, Submission
from summit.lib.i18n.bilingual import Bilingual
from summit.lib.i18n.languages import CONTENT_LANGUAGES

SHOWN = 6
OVER = 3

# Who is limited reads these and edits none of them.
OF_THE_SITE = (Sector, CooperationMode, Industry, District, Department, SiteProfile)

# Whose translations are looked after, and on which page each is edited.
TRANSLATED: list[tuple[type[Bilingual], type[Bilingual]]] = [
    *((model, model) for model in (EventSeries, Event, Session)),
    *((Photo, Event), (Expert, Expert), (Affiliation, Expert)),
    *((model, model) for model in (Organization, Project, Recommendation)),
    *((model, model) for model in (CooperationIntention, *OF_THE_SITE)),
]

# What belongs to events, with the path to its event. The rest events have in common.
EVENT_OF: dict[type[Model], str] = {
    Session: "event",
    Photo: "event",
    Recommendation: "event",
    CooperationIntention: "event",
}


@dataclass
class Translations:
    """How many rows of a model lack a language or have one that is older than its source."""

    model: type[Bilingual]
    edited_as: type[Bilingual]
    lacks_en: int
    lacks_zh: int
    older_en: int
    older_zh: int

    @property
    def total(self) -> int:
        return self.lacks_en + self.lacks_zh + self.older_en + self.older_zh

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @property
    def changelist(self) -> str:
        """The name of the admin list that shows the rows."""
        opts = self.edited_as._meta
        return f"admin:{opts.app_label}_{opts.model_name}_changelist"

    @property
    def numbers(self) -> list[tuple[str, int]]:
        """Each number with the value of the list's filter that selects its rows."""
        return [
            ("lacks-en", self.lacks_en),
            ("lacks-zh", self.lacks_zh),
            ("older-en", self.older_en),
            ("older-zh", self.older_zh),
        ]


def start_page_of(user: User) -> dict[str, Any]:
    """Return what is next, unpublished, untranslated and newly signed, as far as one may see it."""
    may_see = {model for model, _page in TRANSLATED if _may_see(user, model)}
    if limits_of(user):
        may_see -= set(OF_THE_SITE)
    upcoming = _upcoming(user) if Event in may_see else []
    over = _over(user) if Event in may_see and _may_see(user, Registration) else []
    if _may_see(user, Registration):
        _add_registrations([*upcoming, *over])
    return {
        "limited_to": _limited_to(user),
        "may_add_event": _may_add_event(user),
        "upcoming": upcoming,
        "over": over,
        "follow_ups": follow_ups_of(user) if _may_see(user, FollowUp) else None,
        **(_mails_to_look_at(user) if _may_see(user, OutboundMail) else {}),
        "contacts_due": _contacts_due(user) if _may_see(user, Contact) else 0,
        "interests": _interests(user) if _may_see(user, Interest) else {},
        "meetings": meetings_of(user) if _may_see(user, Meeting) else {},
        "submissions": _submissions(user) if _may_see(user, Submission) else {},
        "proposals_waiting": _proposals_waiting(user) if _may_see(user, ExpertProposal) else 0,
        "draft_events": _first(_drafts(_of(user, Event), "-pk")) if Event in may_see else [],
        "draft_projects": _first(_drafts(_of(user, Project), "-pk")) if Project in may_see else [],
        "draft_intentions": (
            _first(_drafts(_of(user, CooperationIntention), "-pk", "company", "expert"))
            if CooperationIntention in may_see
            else []
        ),
        "signed": _signed(user) if CooperationIntention in may_see else [],
        "translations": [
            numbers
            for model, page in TRANSLATED
            if model in may_see and (numbers := _translations(user, model, page)).total
        ],
        "today": timezone.localdate(),
    }


def _limited_to(user: User) -> list[EventSeries | Event]:
    """The series and the events that somebody works on who is limited. Two queries, or none."""
    limits = limits_of(user)
    if limits is None:
        return []
    series = EventSeries.objects.filter(pk__in=limits.series)
    return [*series, *Event.objects.filter(pk__in=limits.events)]


def _may_add_event(user: User) -> bool:
    limits = limits_of(user)
    return user.has_perm("events.add_event") and (limits is None or bool(limits.series))


def _of(user: User, model: type[Model]) -> QuerySet[Any]:
    """Return the rows that somebody works on; all of those that events have in common."""
    if model is EventSeries:
        return EventSeries.objects.run_by(user)
    if model is Event:
        return Event.objects.run_by(user)
    return model._default_manager.filter(
        of_events_run_by(user, EVENT_OF[model]) if model in EVENT_OF else Q()
    )


def _may_see(user: User, model: type[Model]) -> bool:
    return user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


def _upcoming(user: User) -> list[Event]:
    return list(
        Event.objects.run_by(user)
        .upcoming()
        .select_related("registration_settings")
        .exclude(status=Event.Status.CANCELLED)
        .annotate(
            sessions_here=Count("sessions", distinct=True),
            experts_here=Count("sessions__appearances__expert", distinct=True),
            projects_here=Count("recommendations__project", distinct=True),
        )[:SHOWN]
    )


def _over(user: User) -> list[Event]:
    """The last events that people registered for, to see who came."""
    past = Event.objects.run_by(user).past().filter(status=Event.Status.PUBLISHED)
    return list(
        past.filter(registration_settings__isnull=False).select_related("registration_settings")[
            :OVER
        ]
    )


def _has_begun(event: Event) -> bool:
    """Whether the event's first day has come, in its zone: the door opens before the start."""
    return event.today >= event.starts_on


def _add_registrations(events: list[Event]) -> None:
    """Give each event that takes registrations its numbers, as ``event.registered``. Two queries.

    How many arrived is told from the event's first day on.
    """
    status = Registration.Status
    nobody = dict.fromkeys(("seated", "online", "waiting", "pending", "held"), 0)
    counted = {
        row["event"]: {
            "seated": row["seated"],
            "online": row["online"],
            "waiting": row["waiting"],
            "pending": row["pending"],
            "held": row["held"],
        }
        for row in Registration.objects.filter(event__in=events)
        .order_by()
        .values("event")
        .annotate(
            seated=Count("pk", filter=IN_PERSON & Q(status__in=Registration.SEATED)),
            online=Count("pk", filter=~IN_PERSON & Q(status__in=Registration.SEATED)),
            waiting=Count("pk", filter=Q(status=status.WAITLISTED)),
            pending=Count("pk", filter=Q(status=status.PENDING)),
            held=Count("pk", filter=Q(status=status.HELD)),
        )
    }
    begun = [event.pk for event in events if _has_begun(event)]
    arrived = dict(
        Registration.objects.filter(event__in=begun)
        .seated()
        .arrived()
        .order_by()
        .values_list("event")
        .annotate(Count("pk"))
    )
    for event in events:
        settings = getattr(event, "registration_settings", None)
        if settings is not None:
            numbers = counted.get(event.pk, nobody) | {
                "capacity": settings.capacity,
                "arrived": arrived.get(event.pk, 0) if event.pk in begun else None,
            }
            event.registered = numbers  # type: ignore[attr-defined]  # for the template


def _mails_to_look_at(user: User) -> dict[str, int]:
    """Count what no server took, and what one may have taken: mails, and texts of a week.

    One query.
    """
    status, channel = OutboundMail.Status, OutboundMail.Channel
    is_mail = Q(channel=channel.EMAIL)
    lately = Q(channel=channel.SMS, created_at__gt=timezone.now() - dt.timedelta(days=7))
    return readable(OutboundMail.objects.all(), user).aggregate(
        given_up=Count("pk", filter=is_mail & Q(status=status.GIVEN_UP)),
        perhaps_sent=Count("pk", filter=is_mail & Q(status=status.UNKNOWN)),
        texts_failed=Count("pk", filter=lately & Q(status=status.GIVEN_UP)),
    )


def _contacts_due(user: User) -> int:
    """Count the contacts that are erased soon unless somebody confirms them. One query."""
    return readable(due_for_erasure(in_months=SOON), user).count()


def _interests(user: User) -> dict[str, int]:
    """Count what nobody looks after yet, and what this person is to look after. One query."""
    return readable(Interest.objects.open(), user).aggregate(
        new=Count("pk", filter=Q(status=Interest.Status.NEW)),
        mine=Count("pk", filter=Q(status=Interest.Status.ASSIGNED, assigned_to=user)),
    )


def _submissions(user: User) -> dict[str, int]:
    """Count what was handed in and nobody has decided about, and what is theirs. One query."""
    return readable(Submission.objects.waiting(), user).aggregate(
        waiting=Count("pk"), mine=Count("pk", filter=Q(reviewer=user))
    )


def _proposals_waiting(user: User) -> int:
    """Count what experts have sent and nobody has decided about. One query."""
    return readable(ExpertProposal.objects.waiting(), user).count()


def _drafts(rows: QuerySet[Any], order: str, *related: str) -> QuerySet[Any]:
    drafts = rows.filter(status="draft").order_by(order)
    return drafts.select_related(*related) if related else drafts


def _first(rows: QuerySet[Any]) -> dict[str, Any]:
    """Return the first few and whether there are more, in one query."""
    found = list(rows[: SHOWN + 1])
    return {"rows": found[:SHOWN], "has_more": len(found) > SHOWN}


def _signed(user: User) -> list[CooperationIntention]:
    return list(
        CooperationIntention.objects.run_by(user)
        .signed()
        .select_related("company", "expert", "event")
        .order_by("-signed_on", "-pk")[:SHOWN]
    )


def _translations(user: User, model: type[Bilingual], page: type[Bilingual]) -> Translations:
    rows = as_bilingual(model._default_manager.all())
    lacking = {
        language: Q(pk__in=rows.lacking_translation(language).order_by().values("pk"))
        for language in CONTENT_LANGUAGES
    }
    numbers = (
        _of(user, model)
        .order_by()
        .aggregate(
            lacks_en=Count("pk", filter=lacking["en"]),
            lacks_zh=Count("pk", filter=lacking["zh-hans"]),
            older_en=Count("pk", filter=Q(outdated_language="en")),
            older_zh=Count("pk", filter=Q(outdated_language="zh-hans")),
        )
    )
    return Translations(model, page, **numbers)
