"""Every address of the site, and what it answers to whom."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.http import HttpResponseBase
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from contacts.models import Contact
from events.models import (
    Department,
    District,
    Event,
    EventSeries,
    Expert,
    Organization,
    OrganizerScope,
    ProgrammePerson,
    Session,
    SiteProfile,
)
from interests.models import Interest
from mail.models import OutboundMail
from meetings.domain.screen import open_screen
from meetings.models import Interpreter, MeetingRequest, Participant
from projects.domain import feed as feeds
from projects.domain.document import record_download
from projects.models import (
    CooperationIntention,
    CooperationMode,
    Document,
    DocumentDownload,
    FollowUp,
    Industry,
    Project,
    Recommendation,
    Sector,
)
from registrations.domain import contact_change
from registrations.models import ColumnSet, ExportRecord, Registration, RegistrationSettings
from staff.models import LockOut
from submissions.domain import expert_link, link
from submissions.models import Call, ExpertProposal, ExpertVisit, Submission
from subscriptions.models import Subscription
from summit.lib.web.signed_links import (
    CONTACT_CHANGE,
    GROUP,
    INTEREST,
    INTERPRETER,
    NOT_ME,
    SCREEN,
    sign,
)
from tests import cast, factories
from tests.cast import Person
from tests.meetings.rows import held_meeting, meeting, one_of_everything
from tests.pages import story

# What is sent about a number that was typed on the screen.
CODES = ("send-code", "enter-code")
FORM = "application/x-www-form-urlencoded"
CATCH_ALL = "admin/(?P<url>.*)$"
QUERIES = {
    "admin:autocomplete": "?app_label=events&model_name=session&field_name=event",
}
LETTERS = {200: "o", 403: "x", 404: "?", 405: "m", 500: "E", 503: "z"} | dict.fromkeys(
    (400, 409, 410, 422), "!"
)

# In the order of the columns of tests/who_may_what.txt.
ROLES = (
    "stranger",
    "switched off",
    "no group",
    "other clerk",
    "clerk",
    "auditor",
    "limited",
    "organizer",
    "superuser",
)


@dataclass(frozen=True)
class Address:
    """One pattern of the URL configuration with real arguments: ``admin:events_event_change``."""

    name: str
    path: str


def everybody(event: Event) -> dict[str, Person]:
    """Return a browser for each of ``ROLES``, beside an event that is not another clerk's."""
    elsewhere = factories.event(series=factories.series())
    other_clerk = _staff("elsewhere", "Desk")
    other_clerk.user.desk_assignments.create(event=elsewhere)
    limited = _staff("limited", "Organizer")
    OrganizerScope.objects.create(user=limited.user, series=elsewhere.series)
    switched_off = _staff("former", "Organizer")
    User.objects.filter(pk=switched_off.user.pk).update(is_active=False)
    found = (
        cast.make_stranger(),
        switched_off,
        _staff("nobody"),
        other_clerk,
        cast.make_clerk(event),
        cast.make_auditor(),
        limited,
        cast.make_organizer(),
        cast.make_superuser(),
    )
    return dict(zip(ROLES, found, strict=True))


def _staff(name: str, *groups: str) -> Person:
    user = User.objects.create_user(name, f"{name}@example.org", "x", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return Person(user)


def ask_for_another_address(person: Registration) -> str:
    [change] = contact_change.ask(person, email="another@example.org")
    return change.code


class Everything:
    """A row of every model that has a page, all of one series, and what addresses are made of."""

    def __init__(self) -> None:
        told = story()
        settings = factories.registration_settings(
            event=factories.upcoming_event(series=told.series), needs_approval=True
        )
        person = factories.registered(settings.event)
        document = factories.document(intention=told.intention)
        owner = _staff("owner", "Auditor").user
        lock_out = LockOut.objects.create(
            username="owner",
            place="network",
            place_key="192.0.2.7",
            failures=9,
            until=timezone.now() + dt.timedelta(days=1),
        )
        self.event = settings.event
        self.call = factories.call(event=self.event)
        self.rows = {
            EventSeries: told.series,
            Event: self.event,
            Session: told.session,
            ProgrammePerson: factories.programme_person(session=told.session),
            Organization: told.organization,
            Expert: told.expert,
            SiteProfile: SiteProfile.load(),
            Sector: told.project.sectors.get(),
            CooperationMode: told.project.modes.get(),
            Industry: told.project.industry,
            District: told.project.district,
            Department: told.project.department,
            Project: told.project,
            Recommendation: Recommendation.objects.get(),
            CooperationIntention: told.intention,
            Document: document,
            DocumentDownload: record_download(document, by=owner),
            FollowUp: told.intention.follow_ups.first(),
            RegistrationSettings: settings,
            Registration: person,
            OutboundMail: person.mails.get(),
            Contact: factories.contact(organization=told.organization),
            Call: self.call,
            Submission: factories.submission(self.call, status="sent"),
            ExpertProposal: factories.expert_proposal(
                factories.expert_link(told.expert), {}, portrait=factories.picture(), status="sent"
            ),
            ExpertVisit: factories.passport_data(
                factories.expert_visit(factories.expert_link(told.expert), self.event)
            ).visit,
            Interest: factories.interest(project=told.project, event=self.event),
            ColumnSet: factories.save(ColumnSet(owner=owner, name="Ours", columns=["name"])),
            ExportRecord: ExportRecord.objects.create(
                event=self.event, user_name="owner", source="shell", columns=["name"]
            ),
            LockOut: lock_out,
            Subscription: factories.subscription(),
            Group: Group.objects.get(name="Desk"),
            User: owner,
            **one_of_everything(self.event, factories.proven(self.event)),
            **held_meeting(settings.event),
        }
        self.arguments = self._arguments(
            told, person=person, document=document, feed=feeds.create(owner)
        )

    def _arguments(self, told, *, person, document, feed):
        """Return what the patterns outside of the models' own pages are reversed with, by name."""
        of_event, of_series = {"slug": self.event.slug}, {"slug": told.series.slug}
        personal = {"code": sign(person.code)}
        group = factories.group(self.event)
        of_group = {"code": sign(group.code, GROUP)}
        handed_in = factories.submission(self.call, proven_at=timezone.now())
        attached = factories.attachment(handed_in)
        reviewed = self.rows[Submission]
        proposed = factories.slides(self.rows[ExpertProposal], self.rows[Session])
        shared_file = factories.event_file(event=self.event)
        asked = self.rows[MeetingRequest]
        met = meeting(asked.asker, asked.asked)
        shown = open_screen(self.event, by=self.rows[User])
        shared = {
            "desk-": of_event,
            "meetings-": of_event,
            "admin:report_event": of_event,
            "admin:report_series": of_series,
            "my-": personal,
        }
        found = {
            name: arguments
            for name, _route in patterns()
            for beginning, arguments in shared.items()
            if name.startswith(beginning)
        }
        return {
            **found,
            **told.arguments(),
            "call": {"slug": self.call.slug},
            **{
                f"submission{more}": {"code": link.token_of(handed_in)}
                for more in ("", "-withdraw", "-renew", "-erase", "-another", "-files")
            },
            **{
                f"submission-file{more}": {
                    "code": link.token_of(handed_in),
                    "file_code": attached.code,
                }
                for more in ("", "-remove")
            },
            "admin:submissions_submission_file": {
                "object_id": reviewed.pk,
                "code": factories.attachment(reviewed).code,
            },
            **{
                f"my-expert{more}": {"code": expert_link.token_of(self.rows[ExpertProposal].link)}
                for more in ("", "-withdraw", "-renew", "-erase", "-portrait", "-slides")
            },
            **{
                f"my-expert-slides{more}": {
                    "code": expert_link.token_of(proposed.proposal.link),
                    "file_code": proposed.code,
                }
                for more in ("-file", "-remove")
            },
            "admin:submissions_expertproposal_slides": {
                "object_id": proposed.proposal_id,
                "code": proposed.code,
            },
            **{
                f"my-expert-{more}": {
                    "code": expert_link.token_of(self.rows[ExpertProposal].link),
                    "event": self.event.slug,
                }
                for more in ("travel", "passport")
            },
            "register": of_event,
            "registered": of_event,
            "registered-leave": of_event,
            **{
                f"registered-{name}": {**of_event, "number": 1}
                for name in (
                    *("ticket", "calendar", "correct", "cancel", "accept", "way"),
                    *("withdraw", *CODES),
                    *("remove", "contact", "singly", "number", "number-code"),
                    *("own-code", "own-code-enter", "number-stop"),
                )
            },
            **{f"my-group{more}": of_group for more in ("", "-accept", "-singly")},
            **{f"my-group-{name}": {**of_group, "number": 1} for name in ("correct", "cancel")},
            **{
                f"{name}-interest": {"slug": row.slug}
                for name, row in (
                    *(("project", told.project), ("expert", told.expert)),
                    ("event", told.event),
                )
            },
            **{
                f"my-interest{more}": {"code": sign(self.rows[Interest].code, INTEREST)}
                for more in ("", "-withdraw", "-renew", "-delete")
            },
            "not-me": {"code": sign(group.members.first().code, NOT_ME)},
            "media": {"path": factories.photo(event=told.event).image.name},
            "document": {"code": document.code},
            "event-file": {"code": shared_file.code},
            "poster": {"code": factories.poster(event=self.event).code},
            "confirm-address": {"code": sign(ask_for_another_address(person), CONTACT_CHANGE)},
            **{
                f"my-meetings-{name}": {"code": sign(self.rows[Participant].registration.code)}
                for name in ("schedule", "calendar")
            },
            "my-meetings-call-off": {
                "code": sign(self.rows[Participant].registration.code),
                "number": 1,
            },
            "interpreter": {"code": sign(self.rows[Interpreter].code, INTERPRETER)},
            "my-file": {**personal, "file_code": shared_file.code},
            **self._of_meetings(),
            "desk-file": {**of_event, "code": shared_file.code},
            **{f"meetings-{name}": {**of_event, "code": met.code} for name in ("meeting", "move")},
            "hall-screen": {"signed": sign(shown.screen_code, SCREEN)},
            "follow-up-calendar": {"code": feeds.key_of(feed)},
            "staff-link": {"token": "none"},
            **{
                name: {"code": self.rows[Subscription].signed_code}
                for name in ("subscription", "subscription-end-at-once")
            },
            "admin:app_list": {"app_label": "events"},
            "admin:view_on_site": {
                "content_type_id": ContentType.objects.get_for_model(Event).pk,
                "object_id": self.event.pk,
            },
        }

    def _of_meetings(self) -> dict[str, dict[str, object]]:
        """Return it for the pages of somebody who takes part in the meetings."""
        asked = self.rows[MeetingRequest]
        Registration.objects.filter(participant__event=self.event).update(status="confirmed")
        mine = {"code": sign(asked.asker.registration.code)}
        numbers = {
            "person": asked.asked_id,
            "request": asked.pk,
            "who": meeting(asked.asker, asked.asked).pk,
        }
        return {
            **{f"my-meetings{more}": mine for more in ("", "-entry", "-leave", "-away", "-people")},
            **{f"my-meetings-{name}": {**mine, "number": pk} for name, pk in numbers.items()},
        }

    def addresses(self) -> list[Address]:
        """Return each address once, and the one of an action for each action."""
        found = (each for name, route in patterns() for each in self._of(name, route))
        return list(dict.fromkeys(found))

    def _of(self, name: str, route: str) -> Iterator[Address]:
        if route == CATCH_ALL:
            yield Address("admin:catch-all", "/admin/nowhere/")
            return
        if "<str:keys>" in route:
            yield Address(name, reverse(name, args=["all"]))
            return
        if "<path:object_id>" not in route or name in self.arguments:
            path = reverse(name, kwargs=self.arguments.get(name))
            yield Address(name, path + QUERIES.get(name, ""))
            return
        model = next(each for each in admin.site._registry if _place(each) in route)
        path = "/" + route.replace("<path:object_id>", str(self.rows[model].pk))
        if "<slug:name>" not in route:
            # Without a name is the page that leads from the number alone to the page to change it.
            yield Address(name or f"admin:{_label(model)}_number", path)
            return
        for action in admin.site.get_model_admin(model).row_actions:
            yield Address(f"{name}:{action.name}", path.replace("<slug:name>", action.name))


def patterns() -> Iterator[tuple[str, str]]:
    """Yield name and route of every pattern of the site; the one for what is no page has none."""

    def walk(found, route="", namespace=""):
        for pattern in found:
            here = route + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inside = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern.url_patterns, here, namespace + inside)
            else:
                yield (f"{namespace}{pattern.name}" if pattern.name else "", here)

    yield from walk(get_resolver().url_patterns)


def _label(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def _place(model: type[models.Model]) -> str:
    return f"admin/{model._meta.app_label}/{model._meta.model_name}/"


def answer(person: Person, method: str, path: str) -> str:
    """Return in one letter what the address answers, and leave everything as it was."""
    cookies = person.cookies.output()
    person.raise_request_exception = False
    with transaction.atomic():
        response = person.generic(method, path, content_type=FORM)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    if person.cookies.output() != cookies:
        person.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return _letter(response)


def _letter(response: HttpResponseBase) -> str:
    if response.status_code in (301, 302, 303):
        return "L" if response.headers["Location"].startswith("/admin/login/") else ">"
    return LETTERS[response.status_code]
