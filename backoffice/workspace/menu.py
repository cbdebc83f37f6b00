"""The menu of an event's workspace: what it leads to, in which order, and who may see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Appearance, Event, EventFile, EventRole, Photo, ProgrammePerson, Session
from events.models.limits import Person
from interests.models import Interest
from mail.models import OutboundMail
from meetings.models import (
    Delegation,
    Interpreter,
    Meeting,
    MeetingFeedback,
    MeetingRequest,
    MeetingSettings,
    MeetingSlot,
    MeetingTable,
    Participant,
    RatherNot,
    ScheduleVersion,
)
from projects.models import CooperationIntention, Document, FollowUp, Recommendation
from registrations.models import ExportRecord, Registration, RegistrationSettings
from submissions.models import Call, Submission
from summit.lib.i18n.languages import Words


@dataclass(frozen=True)
class Entry:
    """A page of the workspace. Pages of ``models`` belong to it: it is marked on them.

    Whoever holds one of ``permissions`` may see it. One that stands ``under`` another is reached
    from the page of that one, which is marked for it.
    """

    name: str
    label: Words
    permissions: tuple[str, ...]
    models: tuple[type[Model], ...] = ()
    under: str = ""

    @property
    def url_name(self) -> str:
        return f"events_event_{self.name}"

    def url(self, key: object) -> str:
        """Return the address of the page for an event."""
        return reverse(f"admin:{self.url_name}", args=[key])

    def may_be_seen_by(self, user: Person) -> bool:
        return any(user.has_perm(permission) for permission in self.permissions)


# The form of the event itself, whose address is Django's own.
DETAILS = "change"

ENTRIES = {
    entry.name: entry
    for entry in (
        Entry("overview", _("Overview"), ("events.view_event",), (Event,)),
        Entry(
            "programme",
            _("Programme"),
            ("events.view_session",),
            (Session, Appearance, ProgrammePerson),
        ),
        Entry("organizations", _("Organizations"), ("events.view_eventrole",), (EventRole,)),
        Entry("experts", _("Experts"), ("events.view_expert",)),
        Entry("projects", _("Projects"), ("projects.view_recommendation",), (Recommendation,)),
        Entry("calls", _("Calls"), ("submissions.view_call",), (Call,)),
        Entry(
            "submissions",
            _("Submissions"),
            ("submissions.view_submission",),
            (Submission,),
        ),
        Entry(
            "interests",
            pgettext_lazy("menu", "Interest"),
            ("interests.view_interest",),
            (Interest,),
        ),
        Entry(
            "intentions",
            _("Cooperation intentions"),
            ("projects.view_cooperationintention",),
            (CooperationIntention, FollowUp, Document),
        ),
        Entry(
            "attendees",
            _("Attendees"),
            ("registrations.view_registration",),
            (Registration, RegistrationSettings, ExportRecord),
        ),
        Entry(
            "meetings",
            pgettext_lazy("menu", "Meetings"),
            ("meetings.view_meetingsettings",),
            (MeetingSettings, Participant, MeetingRequest, Meeting, MeetingFeedback),
        ),
        Entry(
            "slots",
            pgettext_lazy("menu", "Slots"),
            ("meetings.view_meetingslot",),
            (MeetingSlot,),
            under="meetings",
        ),
        Entry(
            "tables",
            pgettext_lazy("menu", "Tables"),
            ("meetings.view_meetingtable",),
            (MeetingTable,),
            under="meetings",
        ),
        Entry(
            "interpreters",
            pgettext_lazy("menu", "Interpreters"),
            ("meetings.view_interpreter",),
            (Interpreter,),
            under="meetings",
        ),
        Entry(
            "delegations",
            pgettext_lazy("menu", "Delegations"),
            ("meetings.view_delegation",),
            (Delegation,),
            under="meetings",
        ),
        Entry(
            "apart",
            pgettext_lazy("menu", "Kept apart"),
            ("meetings.view_rathernot",),
            (RatherNot,),
            under="meetings",
        ),
        Entry(
            "schedule",
            pgettext_lazy("menu", "Schedule of meetings"),
            ("meetings.view_scheduleversion",),
            (ScheduleVersion,),
            under="meetings",
        ),
        Entry("messages", _("Messages"), ("mail.view_outboundmail",), (OutboundMail,)),
        Entry("files", _("Photos and files"), ("events.view_photo",), (Photo, EventFile)),
        Entry("print", _("Print"), ("events.view_event",)),
        Entry("report", _("Report"), ("projects.view_cooperationintention",)),
        Entry(DETAILS, _("Details"), ("events.view_event",)),
    )
}


@dataclass(frozen=True)
class Item:
    """A line of the menu as it is shown for one event."""

    label: Words
    url: str
    is_present: bool


def menu_of(event: Event, user: Person, pages: set[str], present: str) -> Iterator[Item]:
    """Yield the lines for ``pages``, the names of those that there are."""
    marked = ENTRIES[present].under or present if present in ENTRIES else present
    for entry in ENTRIES.values():
        if entry.name in pages and not entry.under and entry.may_be_seen_by(user):
            yield Item(entry.label, entry.url(event.pk), entry.name == marked)


def pages_under(name: str, event: Event, user: Person, present: str) -> list[Item]:
    """Return a page and those that stand under it, as far as somebody may see them."""
    return [
        Item(entry.label, entry.url(event.pk), entry.name == present)
        for entry in ENTRIES.values()
        if name in (entry.name, entry.under) and entry.may_be_seen_by(user)
    ]


def entry_of(model: type[Model] | None) -> str:
    """Return the name of the entry that the pages of a model belong to, if any does."""
    return next((entry.name for entry in ENTRIES.values() if model in entry.models), "")


def present_entry(event: Event, model: type[Model] | None, back: str) -> str:
    """Return the name of the entry that a page about a row of ``model`` belongs to, if any does.

    It is the one that led there, whose address is ``back``, since saving ends on it.
    """
    path = urlsplit(back).path
    led_from = (entry.name for entry in ENTRIES.values() if entry.url(event.pk) == path)
    return next(led_from, entry_of(model))
