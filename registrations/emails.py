"""What each mail to attendees says, in their language, from things as they are when it is sent."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import SiteProfile
from mail.models import OutboundMail
from mail.writers import address, compose
from registrations.calendar import entry_of
from registrations.models import Announcement, Registration
from summit.lib.i18n.clock import moment_in_words
from summit.lib.web.signed_links import sign

Status = Registration.Status

# Subject and first sentences by kind. Every one names the event by %(event)s.
TEXTS = {
    "confirmed": (
        _("Your registration is confirmed: %(event)s"),
        [_("You have a seat. The calendar entry is attached; show the QR code at the entrance.")],
    ),
    "waitlisted": (
        _("You are on the waiting list: %(event)s"),
        [
            _(
                "All seats are taken at the moment. You are on the waiting list, in the order "
                "of registration, and hear from us as soon as a seat is free."
            )
        ],
    ),
    "pending": (
        _("We have received your registration: %(event)s"),
        [_("The organizer looks at each registration and then writes to you.")],
    ),
    "declined": (
        _("Your registration was not approved: %(event)s"),
        [_("The organizer could not approve it. Write to the organizer if you have questions.")],
    ),
    "cancelled": (
        _("Your registration is cancelled: %(event)s"),
        [_("Your place has been given back. The attached entry removes it from your calendar.")],
    ),
    "moved_up": (
        _("A seat is free and yours: %(event)s"),
        [_("You have moved up from the waiting list. The calendar entry is attached.")],
    ),
    "offered": (
        _("A seat is free for you: %(event)s"),
        [
            _(
                "Accept it on your personal page before %(until)s. "
                "After that it goes to the next person."
            )
        ],
    ),
    "expired": (
        _("The offered seat has gone to the next person: %(event)s"),
        [_("You did not accept it in time. You can register again.")],
    ),
    "link": (
        _("Your personal link: %(event)s"),
        [_("This address is registered. Here is your personal link again.")],
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
    "event_changed": (
        _("Changed: %(event)s"),
        [_("Time or place has changed. The attached entry updates your calendar.")],
    ),
    "event_cancelled": (
        pgettext_lazy("subject of a mail", "Cancelled: %(event)s"),
        [_("This event has been cancelled. The attached entry removes it from your calendar.")],
    ),
}

# In the place of the number of days, which a reminder names otherwise.
REMINDER_SOON = {
    0: _("Reminder: %(event)s starts today"),
    1: _("Reminder: %(event)s starts tomorrow"),
}

# Which of them bring a calendar entry, and what it does in the calendar.
ENTRY = {
    "confirmed": "PUBLISH",
    "moved_up": "PUBLISH",
    "event_changed": "PUBLISH",
    "reminder": "PUBLISH",
    "cancelled": "CANCEL",
    "event_cancelled": "CANCEL",
}


def _registration_of(row: OutboundMail) -> Registration:
    if not isinstance(row.subject, Registration):
        raise TypeError(f"Mail {row.pk} is to no registration.")
    return row.subject


def write(row: OutboundMail) -> EmailMultiAlternatives:
    """Return the mail to a registration's address.

    Until its link was opened anybody may have typed that address, with an advertisement for
    a name. So the mail to it says nothing that was typed.
    """
    registration = _registration_of(row)
    event = registration.event
    name = registration.name if registration.proven_at else ""
    with translation.override(registration.language):
        subject, sentences = TEXTS[row.kind]
        days = max((event.starts_on - event.today).days, 0)
        if row.kind == "reminder":
            subject = REMINDER_SOON.get(days, subject)
        words = {"event": event.title, "until": _until(registration), "days": days}
        context = {
            "subject": subject % words,
            "sentences": [sentence % words for sentence in sentences],
            "name": name,
            "is_confirmed": registration.status == Status.CONFIRMED,
            "event": event,
            "times": event.when_in_words,
            "link": personal_url(registration),
            "announcement": _announcement(row),
            "site": SiteProfile.load(),
        }
        message = compose(
            row,
            to=address(name, registration.email),
            subject=subject % words,
            text=render_to_string("mail/message.txt", context),
            html=render_to_string("mail/message.html", context),
        )
        method = ENTRY.get(row.kind)
        # A reminder or change that was queued for a seat given back since adds nothing.
        if method == "CANCEL" or (method and registration.status == Status.CONFIRMED):
            entry = entry_of(registration, method=method)
            message.attach("event.ics", entry, f"text/calendar; method={method}")
    return message


def personal_url(registration: Registration) -> str:
    """The personal page's full address, in the attendee's language."""
    with translation.override(registration.language):
        return settings.SITE_URL + reverse("my-registration", args=[sign(registration.code)])


def _until(registration: Registration) -> str:
    if registration.offer_expires_at is None:
        return ""
    return moment_in_words(registration.offer_expires_at, registration.event.zone)


def _announcement(row: OutboundMail) -> Announcement | None:
    pk = row.payload.get("announcement")
    return Announcement.objects.filter(pk=pk).first() if pk else None
