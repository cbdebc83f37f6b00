"""Page, screen, mails and calendar entry in every state: nothing promises what cannot come.

Each state is made, and then everything that was queued on the way is delivered at once, as after
an outage: what is no longer true by then must not be sent. The table says what may be promised;
every other promise of ``PROMISES`` must not be read, in either language.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import gettext, ngettext, pgettext
from icalendar import Calendar

from events.domain import event as events
from events.domain import postponement
from registrations.domain import (
    announcement,
    attendees,
    check_in,
    personal_link,
    place,
    waiting_list,
)
from registrations.emails import personal_url
from registrations.models import Registration
from summit.lib.web.signed_links import GROUP, sign
from tests import factories
from tests.cast import make_clerk
from tests.registrations.test_entries import calendars, sent

pytestmark = pytest.mark.django_db
LINK = "https://meet.example.org/room"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)

# What can be promised, as the sources say it; each sentence is looked for in either language.
PROMISES = {
    "seat": ["You have a seat.", "You have moved up from the waiting list."],
    "show the code": [
        "Show this at the entrance.",
        "Show the QR code on your personal page at the entrance.",
        "Show this at the entrance. Press the picture for a while to save it.",
        "There you see your status and QR code, correct what you entered, or cancel.",
        "At the entrance you can also be found by your name or number.",
    ],
    "place in the queue": [
        "You are number %(place)s on the waiting list.",
        "You are number %(place)s in the queue. Free seats go to those who wait, in their order.",
        "You are on the waiting list, in the order of registration, and hear from us as soon as "
        "there is a seat for you.",
        "Free seats go first to people whose address is confirmed. Open your personal page to "
        "confirm yours.",
        "People whose contact is confirmed come first: open the link in the e-mail.",
    ],
    "seat held": [
        "A seat is held for you until %(until)s.",
        "A seat is held for you until %(held_until)s. Open your personal page before then: that "
        "confirms this address, and the seat is yours.",
        "Open the link in the e-mail to %(email)s before then, and it is yours.",
    ],
    "seat by proof": [
        "This address was not confirmed in time, so you are on the waiting list now. Open your "
        "personal page to confirm it: if a seat is free then, it is yours at once."
    ],
    "seat offered": [
        "A seat is kept for you until %(until)s.",
        ">Accept the seat",
        "Accept it on your personal page before %(until)s. After that the offer expires.",
    ],
    "answer of the organizer": [
        "The organizer answers by e-mail.",
        "The answer appears on this page.",
        "The organizer looks at each registration.",
        "The organizer reviews each registration and will write to you.",
    ],
    "register again": ["You can register again."],
    "invitation": [
        "A seat is yours once you accept.",
        ">Accept the invitation",
        "The organizer invites you. Please accept or decline on your personal page. A seat is "
        "yours once you accept.",
    ],
    "new date": [
        "This event has been postponed and its new date is not known yet. Your registration stays "
        "as it is; we will write to you once there is one.",
        "This event has been postponed. We will write to you again once it has a new date.",
    ],
    "cancel": [
        ">Cancel my registration",
        ">Leave the waiting list",
        ">Cancel this registration",
        "We have sent an e-mail to %(email)s. Open the link in it to confirm that the address is "
        "yours; with it you can change or cancel the registration anywhere. No e-mail after ten "
        "minutes? Check your spam folder and the address.",
        "If you cannot attend, please cancel your registration on your personal page, so that "
        "somebody else gets the seat.",
        "Your registration stays as it is. If you cannot attend, please cancel it on your "
        "personal page, so that somebody else gets the seat.",
    ],
    "way to attend": ["You take part in person.", "You take part online."],
    "calendar": [">Add to my calendar", "The calendar entry is attached."],
}
_CONTEXTS = ("on a page", "in a mail", "subject of a mail")


def said(sentence: str, language: str) -> re.Pattern:
    """Return what finds a sentence of the sources in a language, whatever its blanks hold.

    One that begins with ``>`` is the label of a button or a link.
    """
    label = sentence.removeprefix(">")
    with translation.override(language):
        found = {gettext(label), ngettext(label, label, 2)}
        found |= {pgettext(context, label) for context in _CONTEXTS}
    if language != "en":
        found.discard(label)
        assert found, f"no translation: {label}"
    patterns = (map(re.escape, re.split(r"%\(\w+\)s", each)) for each in found)
    either = "|".join(map(".{1,80}?".join, patterns))
    return re.compile(rf">\s*(?:{either})\s*<" if label != sentence else either)


def promised(text: str, language: str) -> set[str]:
    words = " ".join(unescape(strip_tags(text) if "<" in text else text).split())
    found = {
        name
        for name, sentences in PROMISES.items()
        for sentence in sentences
        if said(sentence, language).search(text if sentence[0] == ">" else words)
    }
    return found | ({"link to join"} if LINK in text else set())


class Story:
    """One person's way into a state, at an event that the story chooses."""

    def __init__(self, time_machine, language: str) -> None:
        self.clock, self.language = time_machine, language
        time_machine.move_to(factories.at(8, day=dt.date(2020, 10, 1)))

    def event(self, *, format: str = "in_person", **how) -> None:
        self.at = factories.event(format=format, online_link=LINK if format != "in_person" else "")
        self.how = factories.registration_settings(event=self.at, **how)
        self.by = make_clerk(self.at).user

    def register(self, **fields) -> Registration:
        self.row = factories.registered(self.at, language=self.language, **fields)
        return self.row

    def prove(self) -> None:
        personal_link.prove(self.row)

    def behind(self) -> None:
        """Register behind somebody who has the only seat."""
        self.event(capacity=1)
        self.first = factories.registered(self.at)
        self.register()

    def begins(self) -> None:
        self.clock.move_to(self.at.starts_at + HOUR)

    def ends(self) -> None:
        self.clock.move_to(self.at.ends_at + HOUR)

    def calls_off(self) -> None:
        events.cancel(self.at)
        announcement.announce(self.at)

    def postpones(self, to: dt.datetime | None = None) -> None:
        postponement.postpone(self.at, to=to)
        self.at.refresh_from_db()
        announcement.announce(self.at)


@dataclass
class State:
    """``page``, ``screen`` and ``mail`` name what may be promised there.

    ``entry`` is method and STATUS of what the page's calendar file says, ``None`` where there is
    none; ``mailed`` likewise of the entries that come by mail.
    """

    happens: Callable[[Story], None]
    page: set[str]
    screen: set[str]
    mail: set[str]
    entry: tuple[str, str] | None = None
    mailed: tuple[tuple[str, str], ...] = ()


STATES: dict[str, State] = {}


def state(page="", screen="", mail="", entry=None, mailed=()):
    def keep(happens):
        as_sets = [
            {each.strip() for each in names.split(",")} - {""} for names in (page, screen, mail)
        ]
        STATES[happens.__name__] = State(happens, *as_sets, entry, mailed)
        return happens

    return keep


CONFIRMED, TENTATIVE = ("PUBLISH", "CONFIRMED"), ("PUBLISH", "TENTATIVE")
REQUEST, CANCEL = ("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")


@state(
    page="show the code, cancel, calendar",
    screen="seat, show the code, cancel, calendar",
    mail="seat, show the code, calendar",
    entry=CONFIRMED,
    mailed=(REQUEST,),
)
def confirmed(story):
    story.event()
    story.register()


@state(entry=CONFIRMED)
def confirmed_and_arrived_at_an_event_that_is_over(story):
    story.event()
    check_in.check_in(story.register(), by=story.by)
    story.ends()


@state(entry=CONFIRMED)
def confirmed_and_never_came(story):
    story.event()
    story.register()
    story.ends()


@state(
    page="link to join, cancel, calendar",
    screen="seat, link to join, cancel, calendar",
    mail="seat, link to join, calendar",
    entry=CONFIRMED,
    mailed=(REQUEST,),
)
def confirmed_at_an_online_event(story):
    story.event(format="online")
    story.register()


@state(
    page="link to join, cancel, calendar",
    screen="seat, link to join, way to attend, cancel, calendar",
    mail="seat, link to join, way to attend, calendar",
    entry=CONFIRMED,
    mailed=(REQUEST,),
)
def online_at_a_hybrid_event(story):
    story.event(format="hybrid")
    story.register(online=True)


@state(
    page="show the code, cancel, calendar",
    screen="seat, show the code, way to attend, cancel, calendar",
    mail="seat, show the code, way to attend, calendar",
    entry=CONFIRMED,
    mailed=(REQUEST,),
)
def in_person_at_a_hybrid_event(story):
    story.event(format="hybrid")
    story.register()


@state(entry=CONFIRMED)
def in_person_at_a_hybrid_event_that_is_over(story):
    in_person_at_a_hybrid_event(story)
    story.ends()


@state(page="cancel")
def in_person_at_a_cancelled_hybrid_event(story):
    in_person_at_a_hybrid_event(story)
    story.calls_off()


@state(page="cancel")
def confirmed_at_a_cancelled_event(story):
    story.event()
    story.register()
    story.calls_off()


@state(page="cancel", entry=CANCEL, mailed=(CANCEL,))
def confirmed_by_mail_at_an_event_that_was_cancelled_then(story):
    story.event()
    story.register()
    sent()
    story.calls_off()


@state(page="register again", screen="register again", entry=CANCEL, mailed=(CANCEL,))
def confirmed_by_mail_and_cancelled_by_the_person(story):
    story.event()
    story.register()
    sent()
    place.cancel(story.row)


@state(
    page="new date, cancel",
    screen="new date, seat",
    mail="new date, seat",
    entry=CANCEL,
    mailed=(CANCEL,),
)
def confirmed_at_a_postponed_event(story):
    story.event()
    story.register()
    story.postpones()


@state(
    page="show the code, cancel, calendar",
    screen="seat, show the code, cancel, calendar",
    mail="seat, show the code, cancel, calendar",
    entry=CONFIRMED,
    mailed=(REQUEST, REQUEST),
)
def confirmed_at_an_event_with_a_new_date(story):
    story.event()
    story.register()
    story.postpones(to=story.at.starts_at + DAY)


@state(
    page="place in the queue, cancel",
    screen="place in the queue, cancel",
    mail="place in the queue",
    entry=TENTATIVE,
)
def waiting(story):
    story.behind()


@state()
def waiting_when_the_event_has_begun(story):
    story.behind()
    story.begins()


@state()
def waiting_when_the_event_is_over(story):
    story.behind()
    story.ends()


@state(page="cancel")
def waiting_at_a_cancelled_event(story):
    story.behind()
    story.calls_off()


@state(
    page="new date, place in the queue, cancel",
    screen="new date, place in the queue",
    mail="new date, place in the queue",
)
def waiting_at_a_postponed_event(story):
    story.behind()
    story.postpones()


@state(page="register again", screen="register again")
def waiting_list_left(story):
    story.behind()
    place.cancel(story.row)


@state(
    page="show the code, cancel, calendar",
    screen="seat, show the code, cancel, calendar",
    mail="seat, show the code, calendar",
    entry=CONFIRMED,
    mailed=(REQUEST,),
)
def moved_up(story):
    story.behind()
    place.cancel(story.first)


@state(
    page="seat offered, cancel", screen="seat offered, cancel", mail="seat offered", entry=TENTATIVE
)
def offered(story):
    story.behind()
    type(story.how).objects.update(offer_hours=24)
    place.cancel(story.first)


@state(page="register again", screen="register again", mail="register again")
def offer_expired_with_nobody_behind(story):
    offered(story)
    story.clock.shift(2 * DAY)
    waiting_list.expire_offers()


@state()
def offer_expired_by_the_start(story):
    offered(story)
    story.begins()


@state(page="cancel")
def offer_of_a_cancelled_event(story):
    offered(story)
    story.calls_off()


@state(page="register again", screen="register again")
def cancelled_by_the_person(story):
    story.event()
    place.cancel(story.register())


@state(page="register again", screen="register again")
def cancelled_by_the_organizer(story):
    story.event()
    place.cancel_all([story.register()], by=story.by, tell=True)


@state()
def cancelled_by_the_person_before_the_event_was_over(story):
    cancelled_by_the_person(story)
    story.ends()


@state(
    page="answer of the organizer, cancel",
    screen="answer of the organizer, cancel",
    mail="answer of the organizer",
    entry=TENTATIVE,
)
def pending(story):
    story.event(needs_approval=True)
    story.register()


@state()
def pending_when_the_event_has_begun(story):
    pending(story)
    story.begins()


@state()
def pending_when_the_event_is_over(story):
    pending(story)
    story.ends()


@state(page="cancel")
def pending_at_a_cancelled_event(story):
    pending(story)
    story.calls_off()


@state()
def declined(story):
    pending(story)
    place.decline(story.row)


@state(screen="seat held, cancel", mail="seat held")
def held(story):
    story.event(capacity=4, hold_hours=24)
    story.register()


# Opening the page is the proof.
@state(
    page="show the code, cancel, calendar",
    screen="place in the queue, cancel",
    mail="seat by proof",
    entry=CONFIRMED,
)
def hold_ended(story):
    held(story)
    story.clock.shift(2 * DAY)
    waiting_list.end_holds()


@state()
def held_when_the_event_is_over(story):
    held(story)
    story.ends()
    waiting_list.end_holds()


@state()
def held_at_a_cancelled_event(story):
    held(story)
    story.calls_off()


@state(
    page="show the code, cancel, calendar",
    screen="seat, show the code, cancel, calendar",
    mail="seat, show the code, calendar",
    entry=CONFIRMED,
    mailed=(REQUEST, REQUEST),
)
def possible_double(story):
    confirmed(story)
    story.row = story.register(name=story.row.name, email=story.row.email)


@state(page="invitation", mail="invitation", entry=TENTATIVE)
def invited(story):
    story.event()
    person = attendees.Listed(
        name="Wei",
        email="wei@example.org",
        category="guest",
        language=story.language,
        is_invited=True,
        is_told=True,
    )
    [story.row] = attendees.add(story.at, [person], source="list", by=story.by)


@state()
def invited_to_an_event_that_is_over(story):
    invited(story)
    story.ends()


@state()
def invited_to_a_cancelled_event(story):
    invited(story)
    story.calls_off()


@pytest.fixture(params=["en", "zh-hans"])
def story(request, time_machine):
    return Story(time_machine, request.param)


def main(page: str) -> str:
    return re.search(r"<main.*?</main>", page, re.DOTALL)[0]


def own_screen(client, row: Registration, language: str) -> str:
    session = client.session
    session["registered-here"] = [row.ticket]
    session.save()
    with translation.override(language):
        return main(client.get(reverse("registered", args=[row.event.slug])).text)


def of(message) -> str:
    return " ".join(
        part.get_content() for part in message.walk() if part.get_content_type() == "text/plain"
    )


@pytest.mark.parametrize("name", STATES)
def test_nothing_promises_what_cannot_come(client, story, name):
    expected, language = STATES[name], story.language

    expected.happens(story)

    row = Registration.objects.get(pk=story.row.pk)
    screen = own_screen(client, row, language)
    mails = [each for each in sent() if row.email in each["To"]]
    entries = [
        (str(found[0]["METHOD"]), str(found[0].walk("VEVENT")[0]["STATUS"]))
        for found in map(calendars, mails)
        if found
    ]
    held_back = row.status == "held"
    page = "" if held_back else main(client.get(personal_url(row)).text)
    file = None if held_back else client.get(personal_url(row) + "event.ics")
    read = {
        "page": promised(page, language),
        "screen": promised(screen, language),
        "mail": set().union(*(promised(of(each), language) for each in mails)),
        "entry": _entry(file),
        "mailed": tuple(entries),
    }
    assert read == {
        "page": expected.page,
        "screen": expected.screen,
        "mail": expected.mail,
        "entry": expected.entry,
        "mailed": expected.mailed,
    }


def _entry(file) -> tuple[str, str] | None:
    if file is None or file.status_code != 200:
        return None
    calendar = Calendar.from_ical(file.content)
    return str(calendar["METHOD"]), str(calendar.walk("VEVENT")[0]["STATUS"])


CALLED_OFF, OVER = "This event has been cancelled.", "This event is over."
POSTPONED = PROMISES["new date"][0]
OF_GROUPS = [
    "Your group waits together",
    "You asked for all or none: you have seats together, or wait together.",
    "Verify your number by a text message below: then held seats are yours.",
    "Held seats are yours once the organizer or the check-in desk has confirmed your number.",
    "in person",
]


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize(
    ("becomes", "notice"),
    [("calls_off", CALLED_OFF), ("ends", OVER), ("postpones", POSTPONED)],
)
def test_pages_of_a_group_say_that_the_event_is_off(client, story, becomes, notice, waits):
    story.event(format="hybrid", capacity=2, hold_hours=None)
    if waits:
        story.register()
    group = factories.group(story.at, email="", phone="138 0013 8000", is_together=True)
    getattr(story, becomes)()

    session = client.session
    session["registered-here"] = [row.ticket for row in group.members.all()]
    session["groups-registered-here"] = [group.pk]
    session.save()
    with translation.override(story.language):
        screen = main(client.get(reverse("registered", args=[story.at.slug])).text)
        page = main(client.get(reverse("my-group", args=[sign(group.code, GROUP)])).text)
        status = str(Registration.Status.CONFIRMED.label)

    for shown in (screen, page):
        words = " ".join(unescape(strip_tags(shown)).split())
        notices = (CALLED_OFF, OVER, POSTPONED)
        assert [each for each in notices if said(each, story.language).search(words)] == [notice]
        if becomes != "postpones":
            assert not [each for each in OF_GROUPS if said(each, story.language).search(words)]
        if becomes == "calls_off":
            assert status not in words
