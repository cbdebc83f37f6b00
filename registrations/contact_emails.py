"""What the mails about another address say: two to the one before, two to the new one."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from events.models import SiteProfile
from mail.models import OutboundMail
from mail.writers import address, compose
from registrations.mail_kinds import Kind
from registrations.models import ContactChange, Registration
from summit.lib.i18n.clock import moment_in_words
from summit.lib.i18n.languages import Words
from summit.lib.web import mail_addresses
from summit.lib.web.signed_links import CONTACT_CHANGE, sign

TO_THE_OLD = (Kind.ADDRESS_CHANGING, Kind.ADDRESS_LEFT)
# Who reads these may be anybody: they name nobody, and hold nothing that was typed but the
# new address, masked.
TO_ANYBODY = (Kind.ADDRESS_CONFIRM, Kind.ADDRESS_LEFT)
TEXTS: dict[str, tuple[Words, list[Words]]] = {
    Kind.ADDRESS_CHANGING: (
        _("Your address is being changed: %(event)s"),
        [
            _(
                "The e-mail address of your registration is being changed to %(new)s. That counts "
                "once the new address is confirmed."
            ),
            _("If this was not you, stop it now: open your personal page and stop the change."),
        ],
    ),
    Kind.ADDRESS_CONFIRM: (
        _("Please confirm your new address: %(event)s"),
        [
            _(
                "E-mails about a registration for this event are to go to this address. Open the "
                "link below to confirm it by %(until)s."
            ),
            _("If you know nothing of this, ignore this e-mail: nothing changes."),
        ],
    ),
    Kind.ADDRESS_CHANGED: (
        _("Your address has been changed: %(event)s"),
        [
            _(
                "E-mails about your registration go to this address from now on. Your personal "
                "page has a new link; the one before no longer works."
            )
        ],
    ),
    Kind.ADDRESS_LEFT: (
        _("This address is no longer used: %(event)s"),
        [
            _(
                "E-mails about a registration for this event went to this address. From now on "
                "%(new)s is used, and the personal link that you had no longer works."
            ),
            _("If you know nothing of this, write to the organizer."),
        ],
    ),
}
CONFIRM_LINK = _("Confirm this address")


def write(
    row: OutboundMail, registration: Registration, *, link: str, code: str, is_shown: bool = False
) -> EmailMultiAlternatives | None:
    """Return the mail; nothing where the change was stopped or ended otherwise meanwhile."""
    change = ContactChange.objects.filter(pk=row.payload.get("change")).first()
    if change is None or _is_true_no_longer(row, change, registration):
        return None
    to = change.old_email if row.kind in TO_THE_OLD else change.new_email
    name = "" if row.kind in TO_ANYBODY else registration.mailed_name
    is_confirmation = row.kind == Kind.ADDRESS_CONFIRM
    if is_confirmation and not is_shown:
        link = confirm_url(change, registration.language)
    event = registration.event
    with translation.override(registration.language):
        subject, sentences = TEXTS[row.kind]
        words = {
            "event": event.title,
            "new": change.shown_new,
            "until": moment_in_words(change.ends_at, event.zone),
        }
        context = {
            "subject": subject % words,
            "sentences": [sentence % words for sentence in sentences],
            "name": name,
            "event": event,
            "times": event.when_in_words,
            "link": "" if row.kind == Kind.ADDRESS_LEFT else link,
            "link_words": CONFIRM_LINK if is_confirmation else "",
            "query_code": code if row.kind == Kind.ADDRESS_CHANGED else "",
            "site": SiteProfile.load(),
        }
        return compose(
            row,
            to=address(name, to),
            subject=subject % words,
            text=render_to_string("mail/message.txt", context),
            html=render_to_string("mail/message.html", context),
        )


def _is_true_no_longer(
    row: OutboundMail, change: ContactChange, registration: Registration
) -> bool:
    """Whether the change has ended otherwise, or a key of now would go to another address."""
    to = {Kind.ADDRESS_CHANGING: change.old_email, Kind.ADDRESS_CHANGED: change.new_email}
    if row.kind in to and mail_addresses.key(to[Kind(row.kind)]) != registration.email_key:
        return True
    if row.kind in (Kind.ADDRESS_CHANGING, Kind.ADDRESS_CONFIRM):
        return not change.is_open
    return change.status != ContactChange.Status.CONFIRMED


def confirm_url(change: ContactChange, language: str) -> str:
    """Return the address of the page that confirms the new contact."""
    with translation.override(language):
        path = reverse("confirm-address", args=[sign(change.code, CONTACT_CHANGE)])
    return settings.SITE_URL + path
