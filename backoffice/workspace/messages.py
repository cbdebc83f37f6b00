"""Writing to the attendees of an event: the form, a preview, and what was sent so far."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.announcement import TELL, names_of_changes, untold
from backoffice.kit.actions import add_refusal
from backoffice.kit.error_summary import summarize_form
from backoffice.kit.way_back import with_way_back
from backoffice.kit.zones import short_moment
from backoffice.workspace.menu import DETAILS, ENTRIES
from backoffice.workspace.page import EventPage
from events.models import Event
from mail.models import OutboundMail
from registrations.domain import announcement, group, message
from registrations.domain.audience import Audience
from registrations.forms.message import AUDIENCE, MessageForm
from registrations.message_emails import Letter, letter_of, reply_to
from registrations.models import Announcement, Message, Registration
from summit.lib.i18n.bilingual import Text, other, text_in
from summit.lib.i18n.languages import CONTENT_LANGUAGES, OWN_NAMES, current, listed
from summit.lib.i18n.names import staff_name
from summit.lib.web.requests import StaffRequest

# The latest ones; the outbox has the mails of all.
SHOWN = 100
Status = OutboundMail.Status
PLACEHOLDERS = [
    (
        pgettext_lazy("placeholder", "name"),
        _("name of the recipient; “attendee” until their address is verified"),
    ),
    (
        pgettext_lazy("placeholder", "event"),
        _("title of the event in the language of the text"),
    ),
    (
        pgettext_lazy("placeholder", "link"),
        _(
            "link to the recipient’s personal page, where they can correct or cancel; in the "
            "text only"
        ),
    ),
]


@dataclass(frozen=True)
class Sent:
    """A message, or that attendees were told of a change, as a row of the list."""

    at: dt.datetime
    moment: str
    by: User | None
    to: str
    subject: Text
    texts: list[Text]
    recipients: int
    counts: Counter[str]

    @property
    def author(self) -> str:
        return staff_name(self.by) if self.by else "—"

    @property
    def came_of_it(self) -> str:
        """How many mails were sent, and what became of the others."""
        others = {
            Status.QUEUED: gettext("%(count)d waiting"),
            Status.GIVEN_UP: gettext("%(count)d undeliverable"),
            Status.UNKNOWN: gettext("%(count)d possibly sent"),
            Status.DROPPED: gettext("%(count)d skipped"),
        }
        sent = {"sent": self.counts[Status.SENT], "all": self.recipients}
        parts = [gettext("%(sent)d of %(all)d sent") % sent]
        parts += [
            words % {"count": self.counts[status]}
            for status, words in others.items()
            if self.counts[status]
        ]
        return " · ".join(parts)


class Preview(NamedTuple):
    """The message in a language, and how many people get it."""

    language: str
    letter: Letter
    people: int


def list_sent(_page: EventPage, _request: HttpRequest, event: Event) -> dict[str, Any]:
    """List what was sent to attendees of the event, the newest first. A panel: six queries."""
    messages = list(event.messages.select_related("by")[:SHOWN])
    announcements = list(event.announcements.select_related("by")[:SHOWN])
    sessions = {session.pk: str(session) for session in event.sessions.all()}
    found = [
        *_sent_messages(event, messages, sessions),
        *_sent_announcements(event, announcements),
    ]
    return {"sent": sorted(found, key=lambda each: each.at, reverse=True)[:SHOWN]}


def _sent_messages(
    event: Event, messages: Iterable[Message], sessions: dict[int, str]
) -> list[Sent]:
    counts = _counts(event, "message")
    return [
        Sent(
            each.sent_at,
            short_moment(each.sent_at, event.zone),
            each.by,
            Audience.stored(each.audience).in_words(sessions),
            each.subject,
            _texts(each, "text"),
            each.recipients,
            counts[each.pk],
        )
        for each in messages
    ]


def _sent_announcements(event: Event, announcements: Iterable[Announcement]) -> list[Sent]:
    counts = _counts(event, "announcement")
    return [
        Sent(
            each.announced_at,
            short_moment(each.announced_at, event.zone),
            each.by,
            gettext("everybody with a place or on the waiting list"),
            Text(
                gettext("Changes: %(changes)s")
                % {"changes": listed(names_of_changes(each.changed))},
                "",
            ),
            _texts(each, "message"),
            each.recipients,
            counts[each.pk],
        )
        for each in announcements
    ]


def _texts(row: Message | Announcement, name: str) -> list[Text]:
    texts = (text_in(row, name, language) for language in CONTENT_LANGUAGES)
    return [text for text in texts if text]


def _counts(event: Event, name: str) -> defaultdict[int, Counter[str]]:
    """Count the mails by the key that their payload holds and their status. One query."""
    of_event = Q(registration__event=event) | Q(registration_group__event=event)
    mails = OutboundMail.objects.filter(of_event).order_by()
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    key = f"payload__{name}"
    rows = mails.filter(**{f"{key}__isnull": False}).values_list(key, "status")
    for pk, status, number in rows.annotate(Count("pk")):
        found[pk][status] += number
    return found


def point_to_untold(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Say how many attendees have not been told of a change. A panel."""
    if not request.user.has_perm("events.change_event") or not untold(event):
        return {}
    return {
        "untold_count": announcement.recipients(event).count(),
        "tell_url": with_way_back(TELL.url(event), request.path),
    }


class MessagesPage(EventPage):
    """Shows what was sent, and for who may write a form and its preview. Overrides ``respond``."""

    name = "messages"
    change_form_template = "backoffice/workspace/messages.html"
    panels = [list_sent, point_to_untold]

    def respond(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.read_event(request, object_id)
        if event is None:
            return self.lead_away(request, object_id)
        if not self._may_write(request, event):
            return super().respond(request, object_id)
        if request.method != "POST":
            return self._ask(request, event, MessageForm(event=event, initial=self._initial()))
        return self._answer(request, event)  # type: ignore[arg-type]  # may write, so logged in

    @staticmethod
    def _initial() -> dict[str, Any]:
        return {"statuses": [Registration.Status.CONFIRMED]}

    def _may_write(self, request: HttpRequest, event: Event) -> bool:
        may = request.user.has_perm("registrations.add_message")
        return may and self.has_change_permission(request, event)

    def _answer(self, request: StaffRequest, event: Event) -> HttpResponse:
        form = MessageForm(request.POST, event=event)
        if not form.is_valid() or "edit" in request.POST:
            return self._ask(request, event, form)
        if "confirm" not in request.POST:
            return self._preview(request, event, form)
        try:
            sent = message.send(
                event,
                texts=form.texts,
                audience=form.audience,
                key=form.cleaned_data["key"],
                by=request.user,
                request=request,
            )
        except ValidationError as error:
            add_refusal(form, error)
            return self._ask(request, event, form)
        words = ngettext(
            "The message is on its way to %(count)d person.",
            "The message is on its way to %(count)d people.",
            sent.recipients,
        )
        self.message_user(request, words % {"count": sent.recipients})
        return HttpResponseRedirect(request.path)

    def _ask(self, request: HttpRequest, event: Event, form: MessageForm) -> HttpResponse:
        parts = [[form[name] for name in AUDIENCE if name in form.fields]]
        parts.append([each for each in form.visible_fields() if each.name not in AUDIENCE])
        return self.show(
            request,
            event,
            form=form,
            parts=parts,
            error_lines=summarize_form(form),
            placeholders=PLACEHOLDERS,
            reply_to=reply_to(event),
            details_url=ENTRIES[DETAILS].url(event.pk),
        )

    def _preview(self, request: HttpRequest, event: Event, form: MessageForm) -> HttpResponse:
        draft = Message(event=event, **form.texts)
        people = form.audience.people(event)
        readers = group.readers_of(people.exclude(email=""))
        counts = Counter(row.language for row in readers.people)
        counts.update(each.language for each, _people in readers.groups)
        previews = [
            Preview(OWN_NAMES[code], _sample(draft, code), counts.get(code, 0))
            for code in (current(), other(current()))
        ]
        return self.show(
            request,
            event,
            form=form,
            previews=previews,
            to=form.audience.in_words(form.sessions),
            count=sum(counts.values()),
            without_address=people.filter(email="").count(),
            in_groups=sum(len(rows) for _group, rows in readers.groups),
            reply_to=reply_to(event),
            hidden=SafeString("".join(field.as_hidden() for field in form)),
            details_url=ENTRIES[DETAILS].url(event.pk),
        )


def _sample(draft: Message, language: str) -> Letter:
    """Return the message as somebody would read it, with words for what differs by person."""
    with translation.override(draft.language_for(language)):
        name, link = gettext("[name of the person]"), gettext("[the person’s own link]")
    return letter_of(draft, language, name=name, link=link)
