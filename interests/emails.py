"""What the mails about interests say, written from them as they are when they are sent."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from contacts.models import Contact
from events.models import SiteProfile
from interests.domain import link
from interests.mail_kinds import Kind
from interests.models import HandOver, Interest, InterestAnswer
from mail.models import OutboundMail
from mail.writers import LANGUAGES_OF_STAFF, address, compose
from registrations.domain.query_code import code_of
from summit.lib.i18n.languages import CONTENT_LANGUAGES, Words

RECEIVED: list[Words] = [
    _("Your message about “%(about)s” has reached the organizers, who will reply to you."),
    _(
        "Your personal page shows what was sent and to whom it was passed on. There you can "
        "withdraw your consent and delete everything."
    ),
    _("If you know nothing of this, delete it there."),
]
LINK: list[Words] = [
    _("The link below opens your message about “%(about)s”."),
    _("If you know nothing of this, ignore this e-mail."),
]
ARRIVED_SUBJECT = _("A visitor has written: %(about)s")
ARRIVED = _("A visitor has written about “%(about)s”. Organizers read and answer it here: %(link)s")
ANSWERED: list[Words] = [_("You wrote to us about “%(about)s”. Here is our answer.")]
PASSED_ON: list[Words] = [
    _(
        "A visitor of our site is interested in “%(about)s” and agreed that we give you name and "
        "contact, so that you can reply."
    ),
    _(
        "Use the contact for nothing else, and delete it when it is no longer needed. Our number "
        "for this: %(number)d."
    ),
]
WITHDRAWN: list[Words] = [
    _(
        "We passed on to you the message of a visitor, with our number %(number)d. The visitor no "
        "longer agrees to it: please delete the name, the contact and the message."
    )
]


def write(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return the mail; nothing where it is true no longer, or its row is gone."""
    subject = row.subject
    if isinstance(subject, HandOver):
        return _write_to_owner(row, subject)
    if isinstance(subject, Contact):
        return _write_withdrawn(row, subject)
    if not isinstance(subject, Interest) or subject.status == Interest.Status.SPAM:
        return None
    writers = {
        Kind.ANSWER: _write_answer,
        Kind.ARRIVED: _write_to_contact,
        Kind.LINK: _write_link,
    }
    return writers.get(Kind(row.kind), _write_receipt)(row, subject)


def _write_receipt(row: OutboundMail, interest: Interest) -> EmailMultiAlternatives:
    """Anybody may have typed that address: the receipt says nothing that was typed."""
    with translation.override(interest.language):
        words = {"about": interest.about_title}
        return _compose(
            row,
            to=address("", interest.email),
            subject=_("We have received your message: %(about)s") % words,
            sentences=[sentence % words for sentence in RECEIVED],
            link=_personal_url(interest),
            query_code=code_of(interest),
        )


def _write_link(row: OutboundMail, interest: Interest) -> EmailMultiAlternatives:
    with translation.override(interest.language):
        words = {"about": interest.about_title}
        return _compose(
            row,
            to=address("", interest.email),
            subject=_("Your link: %(about)s") % words,
            sentences=[sentence % words for sentence in LINK],
            link=_personal_url(interest),
            query_code=code_of(interest),
        )


def _write_answer(row: OutboundMail, interest: Interest) -> EmailMultiAlternatives | None:
    answer = InterestAnswer.objects.filter(pk=row.payload.get("answer")).first()
    if answer is None:
        return None
    with translation.override(interest.language):
        words = {"about": interest.about_title}
        return _compose(
            row,
            to=address(interest.name, interest.email),
            name=interest.name,
            subject=_("Our answer: %(about)s") % words,
            sentences=[sentence % words for sentence in ANSWERED],
            letter=answer.text,
            facts=[(pgettext_lazy("interest", "Your message"), interest.message)],
            link=_personal_url(interest),
            reply_to=_organizers(interest),
        )


def _write_to_contact(row: OutboundMail, interest: Interest) -> EmailMultiAlternatives | None:
    """Tell the event's contact, in both languages, of what the admin shows; it names nobody."""
    event = interest.event
    if event is None or not event.contact_email:
        return None
    page = reverse("admin:interests_interest_change", args=[interest.pk])
    subjects, sentences = [], []
    for code, _tag in LANGUAGES_OF_STAFF:
        with translation.override(code):
            words = {"about": str(interest.about_title), "link": settings.SITE_URL + page}
            subjects.append(str(ARRIVED_SUBJECT) % words)
            sentences.append(str(ARRIVED) % words)
    with translation.override(LANGUAGES_OF_STAFF[0][0]):
        return _compose(
            row,
            to=address("", event.contact_email),
            subject=" | ".join(subjects),
            sentences=sentences,
        )


def _write_to_owner(row: OutboundMail, made: HandOver) -> EmailMultiAlternatives | None:
    """Return the mail with the visitor's contact; nothing once the consent was withdrawn."""
    interest, contact = made.interest, made.contact
    if contact is None or not contact.email or not interest.is_agreed:
        return None
    with translation.override(_language_of(contact)):
        words = {"about": interest.about_title, "number": interest.pk}
        facts: list[tuple[Words, str]] = [
            (_("Name"), interest.name),
            (pgettext("attendee", "Organization"), interest.organization_name),
            (_("Phone"), interest.readable_phone),
            (_("E-mail"), interest.readable_email),
            (pgettext_lazy("interest", "Message"), interest.message),
        ]
        return _compose(
            row,
            to=address(contact.name, contact.email),
            name=contact.name,
            subject=_("Somebody is interested: %(about)s") % words,
            sentences=[sentence % words for sentence in PASSED_ON],
            facts=[(label, value) for label, value in facts if value],
            reply_to=[interest.email] if interest.email else [],
        )


def _write_withdrawn(row: OutboundMail, contact: Contact) -> EmailMultiAlternatives | None:
    if not contact.email:
        return None
    with translation.override(_language_of(contact)):
        words = {"number": row.payload.get("number", 0)}
        return _compose(
            row,
            to=address(contact.name, contact.email),
            name=contact.name,
            subject=_("Please delete a visitor’s contact: number %(number)d") % words,
            sentences=[sentence % words for sentence in WITHDRAWN],
        )


def _compose(
    row: OutboundMail,
    *,
    to: str,
    subject: str,
    sentences: Sequence[Words],
    name: str = "",
    letter: str = "",
    facts: Sequence[tuple[Words, str]] = (),
    link: str = "",
    query_code: str = "",
    reply_to: Sequence[str] = (),
) -> EmailMultiAlternatives:
    context = {
        "subject": subject,
        "sentences": sentences,
        "name": name,
        "letter": letter,
        "facts": facts,
        "link": link,
        "query_code": query_code,
        "site": SiteProfile.load(),
    }
    message = compose(
        row,
        to=to,
        subject=subject,
        text=render_to_string("mail/interest.txt", context),
        html=render_to_string("mail/interest.html", context),
    )
    message.reply_to = list(reply_to)
    return message


def _organizers(interest: Interest) -> list[str]:
    """Return where the visitor's reply goes: to the event's public contact, else to the site's."""
    event = interest.event
    found = event.contact_email if event and event.contact_email else SiteProfile.load().email
    return [found] if found else []


def _language_of(contact: Contact) -> str:
    """Return the content language in which a contact is written to."""
    if not contact.language:
        return settings.LANGUAGE_CODE
    return next((code for code in CONTENT_LANGUAGES if code.startswith(contact.language)), "en")


def _personal_url(interest: Interest) -> str:
    """The personal page's full address, in the visitor's language."""
    return settings.SITE_URL + link.path_of(interest)
