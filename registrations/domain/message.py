"""Writing to attendees in one's own words."""

import re
import uuid
from collections.abc import Callable, Mapping

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit import trail
from events.models import Event
from registrations.audited import Action
from registrations.domain import group
from registrations.domain.audience import Audience
from registrations.mail_kinds import Kind
from registrations.models import Message
from summit.lib.i18n.languages import CONTENT_LANGUAGES, column, current

# What a text may hold, by the names under which it is written in either language.
PLACEHOLDERS = {
    "name": "name",
    "姓名": "name",
    "event": "event",
    "活动": "event",
    "link": "link",
    "链接": "link",
}
# Each sign is read once, however many blanks there are.
_PLACEHOLDER = re.compile(r"[{｛]\s*+([^{}｛｝\n]*+)\s*+[}｝]")


NOBODY = _("Nobody with an e-mail address matches this choice. Choose other recipients.")


class MessageRefused(ValidationError):
    """This cannot be sent, or to nobody."""


def fill(text: str, value_of: Callable[[str], str]) -> str:
    """Return the text with the value of each placeholder, ``name``, ``event`` or ``link``."""
    return _PLACEHOLDER.sub(lambda match: value_of(PLACEHOLDERS[match[1].strip()]), text)


def has_link(text: str) -> bool:
    return "link" in map(PLACEHOLDERS.get, placeholders_in(text))


def placeholders_in(text: str) -> list[str]:
    """Return what is written between braces, known or not."""
    return [name.strip() for name in _PLACEHOLDER.findall(text)]


def check_texts(texts: Mapping[str, str]) -> None:
    """Raise ``MessageRefused`` by field for what is missing, and for unknown placeholders.

    ``texts`` are ``subject_en``, ``text_en`` and so on. One language is enough: who reads the
    other gets that one with a note.
    """
    found: dict[str, ValidationError] = {}
    if not any(texts.values()):
        found[column("text", current())] = ValidationError(
            _("Write the message, in English or in Chinese."), code="no_text"
        )
    for code in CONTENT_LANGUAGES:
        subject, text = column("subject", code), column("text", code)
        if texts[text] and not texts[subject]:
            found[subject] = ValidationError(_("Enter a subject for this text."), code="no_subject")
        if texts[subject] and not texts[text]:
            found[text] = ValidationError(_("Enter a text for this subject."), code="no_text")
    for name, text in texts.items():
        unknown = [each for each in placeholders_in(text) if each not in PLACEHOLDERS]
        if unknown:
            found[name] = ValidationError(
                _("“{%(name)s}” is not a placeholder. Use {name}, {event} or {link}."),
                code="unknown_placeholder",
                params={"name": unknown[0]},
            )
        elif name.startswith("subject") and has_link(text):
            found[name] = ValidationError(
                _("Put the personal link in the text: other people may see the subject."),
                code="link_in_subject",
            )
    if found:
        raise MessageRefused(found)


def refuse_nobody(event: Event, audience: Audience) -> None:
    """Raise ``MessageRefused`` where nobody would get a message. One query."""
    if not audience.people(event).exclude(email="").exists():
        raise MessageRefused(NOBODY, code="nobody")


@transaction.atomic
def send(
    event: Event,
    *,
    texts: Mapping[str, str],
    audience: Audience,
    key: uuid.UUID,
    by: User,
    request: HttpRequest | None = None,
) -> Message:
    """Queue a mail to everybody of the audience who has an address.

    The contact person of a group has one for all of its people without an own contact, and
    counts as one recipient. ``key`` names the form: sent twice, also at once, it is one message,
    which is returned. Who cancels or is erased before their mail leaves gets none. The audit trail
    says how many recipients. Raises what ``check_texts`` does, and ``MessageRefused`` where nobody
    would get it.
    """
    # Who sends the same at once waits here, and finds the message.
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    sent = Message.objects.filter(event=event, key=key).first()
    if sent is not None:
        return sent
    texts = {name: text.strip() for name, text in texts.items()}
    check_texts(texts)
    message = Message(event=event, audience=audience.as_stored(), key=key, by=by, **texts)
    message.full_clean()
    message.save(force_insert=True)
    people = audience.people(event).order_by("pk")
    message.recipients = group.queue_mails(Kind.MESSAGE, people.iterator(), message=message.pk)
    if not message.recipients:
        raise MessageRefused(NOBODY, code="nobody")
    message.save(update_fields=["recipients"])
    trail.record(
        Action.MESSAGE_SENT,
        by=by,
        request=request,
        subject=f"event · {event.slug}",
        people=message.recipients,
        message=message.pk,
    )
    return message
