"""What each text message says: the texts that providers approve, with a code and a date in them.

No name, no link, nothing that somebody typed. A number of China gets the Chinese text, every
other one the English text. A change here needs another approval: docs/operations.md has them.
"""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from events.models import Event, SiteProfile
from mail.models import OutboundMail
from mail.text_messages import TextMessage, compose
from mail.writers import LANGUAGES_OF_STAFF, address
from mail.writers import compose as compose_mail
from registrations.domain import number_notice, query_code, text_message
from registrations.mail_kinds import TextKind
from registrations.models import Registration
from summit.lib.given import given
from summit.lib.i18n.languages import Words
from summit.lib.i18n.names import staff_name
from summit.lib.sms.messages import HOME

Status = Registration.Status

# By the template of the provider that has it.
TEXTS: dict[str, Words] = {
    "code": _("Your code: %(code)s. Valid for 30 minutes."),
    "query": _("Your query code: %(code)s. Do not pass it on."),
    "confirmed": _("Registered for %(date)s. Query code: %(code)s."),
    "cancelled": _("Your registration for %(date)s is cancelled."),
    "offered": _("Seat offered for %(date)s. Query code: %(code)s."),
    "hold_ended": _("Waiting list for %(date)s. Query code: %(code)s."),
    "informed": _("You were registered for %(date)s. Query code: %(code)s."),
    "number_changed": _("New number for %(date)s. Not you? Ask the organizer."),
}
TEMPLATES = {
    TextKind.CODE: "code",
    TextKind.QUERY: "query",
    TextKind.CONFIRMED: "confirmed",
    TextKind.CANCELLED: "cancelled",
    TextKind.OFFERED: "offered",
    TextKind.HOLD_ENDED: "hold_ended",
    TextKind.INFORMED: "informed",
    TextKind.NUMBER_CHANGED: "number_changed",
}
# What stands in each, in the order of the template.
PARAMETERS = {
    "code": ("code",),
    "query": ("code",),
    "confirmed": ("date", "code"),
    "cancelled": ("date",),
    "offered": ("date", "code"),
    "hold_ended": ("date", "code"),
    "informed": ("date", "code"),
    "number_changed": ("date",),
}


def write(row: OutboundMail) -> TextMessage | None:
    """Return the text message of a row, nothing where it is true no longer."""
    registration = _registration_of(row)
    if registration.erased_at or _is_true_no_longer(row, registration):
        return None
    code = query_code.code_to_tell(registration)
    if row.kind == TextKind.CODE:
        number = number_notice.number_of_message(row, registration)
        code = text_message.code_of(row, registration, number)
    return _written(row, registration, code)


def show(row: OutboundMail) -> TextMessage | None:
    """Return what staff may see of a text message: its codes are hidden."""
    registration = _registration_of(row)
    return None if registration.erased_at else _written(row, registration, "······")


def text_of(what: str, *, is_home: bool, code: str, event: Event) -> tuple[str, dict[str, str]]:
    """Return a text and what stands in its template, by name."""
    with translation.override("zh-hans" if is_home else "en"):
        date = date_format(event.starts_on, "DATE_FORMAT" if is_home else "SHORT_DATE_FORMAT")
        words = {"code": code, "date": date}
        parameters = {name: words[name] for name in PARAMETERS[what]}
        return str(TEXTS[what]) % words, parameters


def _written(row: OutboundMail, registration: Registration, code: str) -> TextMessage:
    what = TEMPLATES[TextKind(row.kind)]
    number = number_notice.number_of_message(row, registration)
    text, parameters = text_of(
        what, is_home=number.startswith(HOME), code=code, event=registration.event
    )
    return compose(row, what=what, number=number, text=text, **parameters)


def _registration_of(row: OutboundMail) -> Registration:
    if not isinstance(row.subject, Registration):
        raise TypeError(f"Text message {row.pk} is to no registration.")
    return row.subject


def _is_true_no_longer(row: OutboundMail, registration: Registration) -> bool:
    """Whether the message would say what has passed, or go to another number than was meant.

    One past the limit of its number is never sent.
    """
    if row.payload.get(text_message.WITHHELD):
        return True
    event = registration.event
    number = number_notice.number_of_message(row, registration)
    if not text_message.is_reached(number):
        return True
    if row.payload.get("number") != text_message.number_mark(number):
        return True
    if row.kind == TextKind.NUMBER_CHANGED:
        return event.is_over
    if row.kind == TextKind.CODE:
        is_late = row.created_at < timezone.now() - text_message.CODE_LASTS
        is_asked_for = "change" in row.payload or "to_owner" in row.payload
        is_needless = registration.proven_at is not None and not is_asked_for
        return is_late or is_needless or not registration.can_be_ended
    if row.kind in (TextKind.QUERY, TextKind.INFORMED):
        return not registration.can_be_ended or event.is_over
    if event.has_begun or not event.is_on:
        return True
    if row.kind == TextKind.CANCELLED:
        return registration.status != Status.CANCELLED
    if row.kind == TextKind.OFFERED:
        return not registration.has_open_offer
    if row.kind == TextKind.HOLD_ENDED:
        return registration.hold_ended_at is None
    return registration.shown_status != Status.CONFIRMED


def write_to_staff(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return the mail that says that an event has no text messages left today."""
    user, event = given(row.user), Event.objects.filter(pk=row.payload.get("event")).first()
    if event is None or not (user.email and user.is_active and user.is_staff):
        return None
    site = SiteProfile.load()
    parts, subjects, senders = [], [], []
    for code, tag in LANGUAGES_OF_STAFF:
        with translation.override(code):
            subjects.append(str(_("Text messages used up: %(event)s")) % {"event": event.title})
            senders.append(str(site.operator or site.site_name))
            sentences = [
                _("This event has sent as many text messages today as it may in a day."),
                _(
                    "No more codes are sent by text message today. Confirm contacts in the list "
                    "of registrations, or ask the operator of the site for a larger budget."
                ),
            ]
            button = str(_("Registrations"))
            parts.append({"tag": tag, "sentences": [*map(str, sentences)], "button": button})
    page = reverse("admin:registrations_registration_changelist")
    context = {
        "user": user,
        "title": " | ".join(subjects),
        "parts": parts,
        "link": f"{settings.SITE_URL}{page}?event__id__exact={event.pk}",
        "sender": " | ".join(dict.fromkeys(senders)),
    }
    return compose_mail(
        row,
        to=address(staff_name(user), user.email),
        subject=" | ".join(subjects),
        text=render_to_string("mail/staff_link.txt", context),
        html=render_to_string("mail/staff_link.html", context),
    )
