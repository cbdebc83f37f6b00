"""What each mail to attendees says, in their language, from things as they are when it is sent."""

import datetime as dt

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from events.domain.online_link import link_comes_at, link_to_join
from events.models import SiteProfile
from mail.models import OutboundMail
from mail.writers import address, compose
from registrations import contact_emails, message_emails
from registrations.calendar import entry_of
from registrations.domain.query_code import code_to_tell
from registrations.mail_kinds import Kind
from registrations.models import Announcement, Registration, RegistrationSettings
from registrations.outdated_emails import TOLD_TO_ALL, is_true_no_longer
from summit.lib.i18n.clock import moment_in_words
from summit.lib.i18n.languages import Words
from summit.lib.web.signed_links import NOT_ME, sign

Status = Registration.Status

STAYS = _(
    "Your registration stays as it is. If you cannot attend, please cancel it on your personal "
    "page, so that somebody else gets the seat."
)
# Subject and first sentences by kind. Every subject names the event by %(event)s. What depends
# on the person or the event is added by ``_more``.
TEXTS: dict[str, tuple[Words, list[Words]]] = {
    "confirmed": (_("Your registration is confirmed: %(event)s"), [_("You have a seat.")]),
    "invited": (
        pgettext_lazy("subject of a mail", "Invitation: %(event)s"),
        [
            _(
                "The organizer invites you. Please accept or decline on your personal page. A seat "
                "is yours once you accept."
            )
        ],
    ),
    "held": (
        _("Please confirm your registration: %(event)s"),
        [
            _(
                "A seat is held for you until %(held_until)s. Open your personal page before "
                "then: that confirms this address, and the seat is yours."
            )
        ],
    ),
    "hold_ended": (
        _("The seat is no longer held: %(event)s"),
        [
            _(
                "This address was not confirmed in time, so you are on the waiting list now. Open "
                "your personal page to confirm it: if a seat is free then, it is yours at once."
            )
        ],
    ),
    "waitlisted": (
        _("You are on the waiting list: %(event)s"),
        [
            _(
                "You are on the waiting list, in the order of registration, and hear from us as "
                "soon as there is a seat for you."
            )
        ],
    ),
    "pending": (
        _("We have received your registration: %(event)s"),
        [_("The organizer reviews each registration and will write to you.")],
    ),
    "declined": (
        _("Your registration was not approved: %(event)s"),
        [_("The organizer could not approve it. Write to the organizer if you have questions.")],
    ),
    "cancelled": (_("Your registration is cancelled: %(event)s"), []),
    "moved_up": (
        _("A seat is free and yours: %(event)s"),
        [_("You have moved up from the waiting list.")],
    ),
    "offered": (
        _("A seat is free for you: %(event)s"),
        [_("Accept it on your personal page before %(until)s. After that the offer expires.")],
    ),
    "expired": (
        _("The offer of a seat has expired: %(event)s"),
        [_("You did not accept it in time.")],
    ),
    "informed": (
        _("Somebody registered you: %(event)s"),
        [
            _(
                "A contact person has registered you for this event with this address and said "
                "that you know of it. Your personal page shows your status and what was entered; "
                "you can correct it there, or cancel."
            ),
        ],
    ),
    "link": (
        _("Your personal link: %(event)s"),
        [_("This address is registered. Here is your personal link again.")],
    ),
    "attempt": (
        _("Your mobile number was used for another registration: %(event)s"),
        [
            _(
                "Somebody has registered for this event with the mobile number that you gave. Your "
                "registration stays as it is. If you know nothing of it, write to the organizer."
            )
        ],
    ),
    "reminder": (
        _("Reminder: %(event)s starts in %(days)d days"),
        [
            _(
                "If you cannot attend, please cancel your registration on your personal page, so "
                "that somebody else gets the seat."
            )
        ],
    ),
    "event_changed": (_("Changed: %(event)s"), [_("Time or place has changed.")]),
    "event_postponed": (
        pgettext_lazy("subject of a mail", "Postponed: %(event)s"),
        [
            _("This event has been postponed. We will write to you again once it has a new date."),
            _("Your registration stays as it is; there is nothing that you have to do."),
        ],
    ),
    "event_rescheduled": (
        pgettext_lazy("subject of a mail", "New date: %(event)s"),
        [_("This event has been postponed and has a new date."), STAYS],
    ),
    "event_cancelled": (
        pgettext_lazy("subject of a mail", "Cancelled: %(event)s"),
        [pgettext_lazy("in a mail", "This event has been cancelled.")],
    ),
    "event_taken_up": (
        _("It takes place after all: %(event)s"),
        [_("This event had been cancelled, and takes place after all."), STAYS],
    ),
}
# To who was registered by a contact person.
INFORMED = _(
    "A contact person has registered you. Your personal page shows what is used for what, and asks "
    "whether you agree."
)
# To who has not agreed to anything yet.
LISTED = _(
    "An organizer has put you on the list. Your personal page says where your data comes from and "
    "asks whether you agree to its use."
)
# Who has an address learns whatever else is registered with it.
WITH_OTHERS = ("confirmed", "waitlisted", "held", "pending")
PROVE_FIRST = _(
    "Free seats go first to people whose address is confirmed. Open your personal page to confirm "
    "yours."
)
OTHERS = _(
    "This address has more than one registration for this event. Your personal page shows all of "
    "them. Cancel any that you do not recognize."
)
# At a hybrid event.
ONLINE, IN_PERSON = _("You take part online."), _("You take part in person.")
LEFT_THE_QUEUE = _("You are no longer on the waiting list: %(event)s")
# What became of a place that was cancelled, by what it was.
CANCELLED: dict[str, Words] = {
    Status.CONFIRMED: _("Your registration has been cancelled and your place released."),
    Status.OFFERED: _("Your registration has been cancelled and the seat offered to you released."),
    Status.HELD: _("Your registration has been cancelled and the seat held for you released."),
    Status.WAITLISTED: _("You have been taken off the waiting list."),
    Status.INVITED: _("The invitation has been withdrawn."),
    Status.PENDING: _("It had not been approved yet, and the organizer will no longer review it."),
}

# In the place of the number of days, which a reminder names otherwise.
REMINDER_SOON = {
    0: _("Reminder: %(event)s starts today"),
    1: _("Reminder: %(event)s starts tomorrow"),
}

# Which of them bring a calendar entry, and what it does in the calendar.
ENTRY = {
    "confirmed": "REQUEST",
    "moved_up": "REQUEST",
    "event_changed": "REQUEST",
    "reminder": "REQUEST",
    "event_rescheduled": "REQUEST",
    "event_taken_up": "REQUEST",
    "cancelled": "CANCEL",
    "event_postponed": "CANCEL",
    "event_cancelled": "CANCEL",
}
ENTRY_IN_WORDS: dict[str, Words] = {
    "confirmed": _("The calendar entry is attached."),
    "moved_up": _("The calendar entry is attached."),
    "event_changed": _("The attached entry updates your calendar."),
    "event_rescheduled": _("The attached entry puts the new date into your calendar."),
    "event_taken_up": _("The attached entry puts it into your calendar again."),
    "event_postponed": _("The attached entry removes it from your calendar until then."),
    "cancelled": _("The attached entry removes it from your calendar."),
    "event_cancelled": _("The attached entry removes it from your calendar."),
}


def _registration_of(row: OutboundMail) -> Registration:
    if not isinstance(row.subject, Registration):
        raise TypeError(f"Mail {row.pk} is to no registration.")
    return row.subject


def write(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return the mail to a registration's address, nothing where it is true no longer.

    Until its link was opened anybody may have typed that address, with an advertisement for
    a name. So the mail to it says nothing that was typed.
    """
    registration = _registration_of(row)
    if registration.erased_at or is_true_no_longer(row, registration):
        return None
    return _written(
        row,
        registration,
        link=personal_url(registration),
        code=code_to_tell(registration),
        removal=removal_url(registration),
    )


def show(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return what staff may see of the mail, as it would be written now; nothing of the erased.

    The personal link is left out: whoever has it can do what the person can.
    """
    registration = _registration_of(row)
    if registration.erased_at:
        return None
    hidden = str(_("(personal link, not shown to anybody else)"))
    return _written(row, registration, link=hidden, code="······", removal=hidden)


def _written(
    row: OutboundMail, registration: Registration, *, link: str, code: str, removal: str
) -> EmailMultiAlternatives | None:
    if row.kind == Kind.MESSAGE:
        return message_emails.write(row, registration, link=link)
    if row.kind in contact_emails.TEXTS:
        return contact_emails.write(row, registration, link=link, code=code)
    event = registration.event
    name = registration.mailed_name
    method = _method(row, registration)
    with translation.override(registration.language):
        subject, sentences = TEXTS[row.kind]
        sentences = [*sentences, *_more(row, registration)]
        if method and row.kind in ENTRY_IN_WORDS:
            sentences.append(ENTRY_IN_WORDS[row.kind])
        days = max((event.starts_on - event.today).days, 0)
        if row.kind == "reminder":
            subject = REMINDER_SOON.get(days, subject)
        if row.payload.get("was") == Status.WAITLISTED:
            subject = LEFT_THE_QUEUE
        words = {
            "event": event.title,
            "until": _in_words(registration.offer_ends_at, registration),
            "held_until": _in_words(registration.hold_ends_at, registration),
            "days": days,
        }
        context = {
            "subject": subject % words,
            "sentences": [sentence % words for sentence in sentences],
            "name": name,
            "join_link": link_to_join(event, is_confirmed=registration.may_join),
            "join_note": _note_of_link(registration),
            "has_code": registration.has_ticket,
            "has_venue": not registration.is_online,
            "event": event,
            "times": event.when_in_words,
            "link": link,
            "removal": removal if row.kind == Kind.INFORMED else "",
            "notice": settings.SITE_URL + reverse("privacy"),
            "query_code": code if registration.can_be_ended else "",
            "announcement": announcement_of(row),
            "site": SiteProfile.load(),
        }
        message = compose(
            row,
            to=address(name, registration.email),
            subject=subject % words,
            text=render_to_string("mail/message.txt", context),
            html=render_to_string("mail/message.html", context),
        )
        if method:
            add_entry(message, entry_of(registration, method=method), method)
    return message


def has_entry(registration: Registration) -> bool:
    """Whether a calendar entry was mailed to the person, who had a seat then. One query."""
    mailed = registration.mails.filter(
        kind__in=[kind for kind, method in ENTRY.items() if method == "REQUEST"],
        status__in=[OutboundMail.Status.SENT, OutboundMail.Status.UNKNOWN],
    )
    return mailed.exclude(kind__in=TOLD_TO_ALL).exists()


def _method(row: OutboundMail, registration: Registration) -> str:
    """Return what the mail does in the person's calendar; "" where it leaves it alone.

    A reminder or change that was queued for a seat given back since adds nothing, nor does
    any mail while the event has no date; there is nothing to remove for who only waited.
    """
    method = ENTRY.get(row.kind, "")
    if method == "CANCEL":
        return method if has_entry(registration) else ""
    has_seat = registration.shown_status == Status.CONFIRMED
    return method if has_seat and not registration.event.is_postponed else ""


def _more(row: OutboundMail, registration: Registration) -> list[Words]:
    """Return the sentences that depend on the person and the event."""
    event = registration.event
    if row.kind == "cancelled":
        was = row.payload.get("was", "")
        return [CANCELLED.get(was, _("Your registration is cancelled."))]
    more: list[Words] = []
    if row.kind in ("confirmed", "moved_up", "reminder") and event.is_hybrid:
        more.append(ONLINE if registration.chose_online else IN_PERSON)
    if row.kind in ("confirmed", "moved_up") and registration.has_ticket:
        more.append(_("Show the QR code on your personal page at the entrance."))
    if row.kind == "waitlisted" and registration.proven_at is None:
        more.append(PROVE_FIRST)
    if row.kind in WITH_OTHERS and _has_others(registration):
        more.append(OTHERS)
    if row.kind in ("confirmed", "invited") and registration.lacks_consent:
        more.append(INFORMED if registration.group_id else LISTED)
    if row.kind == "expired":
        how = RegistrationSettings.objects.select_related("event").filter(event=event).first()
        if how and how.is_open:
            more.append(_("You can register again."))
    return more


def _has_others(registration: Registration) -> bool:
    others = Registration.objects.with_contact_of(registration).exclude(pk=registration.pk)
    return others.exists()


def add_entry(message: EmailMultiAlternatives, calendar: bytes, method: str) -> None:
    """Add the calendar entry twice.

    Mail programs act on the alternative part, and offer the attached file to be opened.
    """
    entry = calendar.decode()
    mimetype = f"text/calendar; method={method}"
    message.attach_alternative(entry, mimetype)
    message.attach("event.ics", entry, mimetype)


def personal_url(registration: Registration) -> str:
    """The personal page's full address, in the attendee's language."""
    with translation.override(registration.language):
        return settings.SITE_URL + reverse("my-registration", args=[sign(registration.code)])


def removal_url(registration: Registration) -> str:
    """The full address where somebody says that they are not the person who was registered."""
    with translation.override(registration.language):
        return settings.SITE_URL + reverse("not-me", args=[sign(registration.code, NOT_ME)])


def _in_words(moment: dt.datetime | None, registration: Registration) -> str:
    return moment_in_words(moment, registration.event.zone) if moment else ""


def _note_of_link(registration: Registration) -> str:
    """Return from when the personal page shows the link to join, where that is still to come."""
    moment = link_comes_at(registration.event, is_confirmed=registration.may_join)
    words = {"moment": _in_words(moment, registration)}
    note = gettext("The link to join online is on your personal page from %(moment)s.")
    return note % words if moment else ""


def announcement_of(row: OutboundMail) -> Announcement | None:
    """Return what the mail tells of the event, where it does. At most one query."""
    pk = row.payload.get("announcement")
    return Announcement.objects.filter(pk=pk).first() if pk else None
