"""How a mail is put together, whichever app writes its text."""

from email.headerregistry import Address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from mail.kinds import shower_of, writer_of
from mail.models import OutboundMail
from mail.text_messages import TextMessage
from summit.lib.web import mail_addresses

# Members of staff have no language of their own: mail to them is in both, Chinese first.
LANGUAGES_OF_STAFF = [("zh-hans", "zh-Hans"), ("en", "en")]


def write(row: OutboundMail) -> EmailMultiAlternatives | TextMessage | None:
    """Return the message of a queued row, or nothing where there is nothing left to say.

    Costs about five queries. Raises whatever a template raises.
    """
    return writer_of(row.kind)(row)


def show(row: OutboundMail) -> EmailMultiAlternatives | TextMessage | None:
    """Return the mail as staff may see it, written from things as they are now, or nothing.

    Without the links that only its reader may have, and also where it is true no longer.
    """
    shower = shower_of(row.kind)
    return shower(row) if shower else None


def compose(
    row: OutboundMail, *, to: str, subject: str, text: str, html: str
) -> EmailMultiAlternatives:
    """Put a mail together, with a Message-ID that stays the same however often it is tried."""
    message = EmailMultiAlternatives(
        # A title cannot hold a line break, but a header must not depend on that.
        subject=" ".join(subject.split()),
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers={
            "Message-ID": f"<mail-{row.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def address(name: str, email: str) -> str:
    """The name and the address as a header takes them, the address in its canonical form.

    A form lets no line break into a name, but a header must not depend on that. Raises
    ``ValidationError`` for an address that mail cannot be sent to.
    """
    return str(Address(" ".join(name.split()), addr_spec=mail_addresses.canonical(email)))
