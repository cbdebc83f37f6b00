"""What a message in an organizer's own words says to one person, in the person's language."""

from typing import NamedTuple

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext, pgettext

from events.models import Event, SiteProfile
from mail.models import OutboundMail
from mail.writers import address, compose
from registrations.domain.message import fill, has_link
from registrations.models import Message, Registration, RegistrationGroup
from summit.lib.i18n.bilingual import Text, text_in
from summit.lib.i18n.languages import TAGS


class Letter(NamedTuple):
    """A message as one person reads it: ``note`` says that it is not in their language."""

    subject: Text
    text: Text
    note: str
    has_link: bool

    @property
    def lang(self) -> str:
        return TAGS[self.text.lang]


def letter_of(message: Message, language: str, *, name: str, link: str) -> Letter:
    """Return the message to somebody who reads ``language``, with everything filled in.

    Without a name, as for an address that is not proven, it is a word for an attendee.
    """
    written_in = message.language_for(language)
    with translation.override(written_in):
        values = {
            "name": name or pgettext("in the place of a name", "attendee"),
            "event": str(text_in(message.event, "title", written_in) or message.event.title),
            "link": link,
        }
    subject, text = (text_in(message, part, written_in) for part in ("subject", "text"))
    with translation.override(language):
        return Letter(
            Text(fill(subject, values.__getitem__), written_in),
            Text(fill(text, values.__getitem__), written_in),
            _note(written_in) if written_in != language else "",
            has_link(text),
        )


def _note(language: str) -> str:
    if language == "en":
        return gettext("The organizers wrote this message in English only.")
    return gettext("The organizers wrote this message in Chinese only.")


def write(
    row: OutboundMail, registration: Registration, *, link: str
) -> EmailMultiAlternatives | None:
    """Return the mail; nothing where the message is gone. Replies go to the event's contact."""
    message = Message.objects.select_related("event").filter(pk=row.payload["message"]).first()
    if message is None:
        return None
    return _written(row, message, registration, name=registration.mailed_name, link=link)


def write_to_group(
    row: OutboundMail, group: RegistrationGroup, *, link: str, about: str
) -> EmailMultiAlternatives | None:
    """Return the mail to a contact person as ``write`` does; ``about`` says of whom it speaks.

    ``{link}`` is that of the group's page.
    """
    message = Message.objects.select_related("event").filter(pk=row.payload["message"]).first()
    if message is None:
        return None
    name = group.name if group.proven_at else ""
    return _written(row, message, group, name=name, link=link, about=about)


def _written(
    row: OutboundMail,
    message: Message,
    to: Registration | RegistrationGroup,
    *,
    name: str,
    link: str,
    about: str = "",
) -> EmailMultiAlternatives:
    letter = letter_of(message, to.language, name=name, link=link)
    with translation.override(to.language):
        context = {
            "about": about,
            "letter": letter,
            "event": message.event,
            "times": message.event.when_in_words,
            "link": link,
            "site": SiteProfile.load(),
        }
        mail = compose(
            row,
            to=address(name, to.email),
            subject=letter.subject,
            text=render_to_string("mail/organizers_message.txt", context),
            html=render_to_string("mail/organizers_message.html", context),
        )
    mail.reply_to = reply_to(message.event)
    return mail


def reply_to(event: Event) -> list[str]:
    """Return where replies go: to the public contact of the event, if it has an address."""
    return [event.contact_email] if event.contact_email else []
