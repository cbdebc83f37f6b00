"""What each mail to the contact person of a group says.

Anybody may have typed that address and the names. So the mails hold neither, until the contact
person has opened the link of one: from then on they name the people whom they are about.
"""

import datetime as dt

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models import SiteProfile
from mail.models import OutboundMail
from mail.writers import address, compose
from registrations import emails, message_emails
from registrations.calendar import entry_of_group
from registrations.domain.query_code import code_of
from registrations.mail_kinds import GroupKind, Kind
from registrations.models import Registration, RegistrationGroup
from registrations.outdated_emails import is_announcement_outdated
from summit.lib.i18n.clock import moment_in_words
from summit.lib.i18n.languages import Words, listed
from summit.lib.web.signed_links import GROUP, sign

Status = Registration.Status
# Subject and sentences by kind. News of the event has those of the mails to attendees.
TEXTS: dict[str, tuple[Words, list[Words]]] = {
    GroupKind.REGISTERED: (
        _("Your group: %(event)s"),
        [
            _(
                "People were registered for this event with this address as their contact. Open "
                "the page of the group: that confirms the address."
            ),
            _(
                "There you see the status of each person, correct what was entered, and cancel. If "
                "you know nothing of it, do not open the page."
            ),
        ],
    ),
    GroupKind.CHANGED: (
        _("News of your group: %(event)s"),
        [
            _(
                "The status of people whom you registered has changed. The page of the group "
                "shows it."
            )
        ],
    ),
    GroupKind.TAKEN_OUT: (
        _("Somebody left your group: %(event)s"),
        [_("One of the people was taken out at their own wish. Their data has been erased.")],
    ),
    GroupKind.REMINDER: (
        emails.TEXTS[Kind.REMINDER][0],
        [
            _(
                "This is about the people whom you registered. Please remind them. If somebody "
                "cannot attend, please cancel that registration on the page of the group, so that "
                "somebody else gets the seat."
            )
        ],
    ),
}
PASS_ON = _(
    "This is about the people whom you registered. Please pass it on to them; the page of the "
    "group shows who they are."
)
OFFERED = _(
    "Seats are offered to people of the group. Accept them on its page before %(until)s. After "
    "that the offer expires."
)
HELD = _(
    "Seats are held for people of the group until %(until)s. Open its page before then: that "
    "confirms this address, and the seats are theirs."
)


def write(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return the mail to the contact person, nothing where it is true no longer."""
    group = _group_of(row)
    if group.erased_at or _is_true_no_longer(row, group):
        return None
    return _written(row, group, link=group_url(group), code=code_of(group))


def _is_true_no_longer(row: OutboundMail, group: RegistrationGroup) -> bool:
    """Whether nobody is left of whom the mail speaks, or what it says of the event has passed."""
    if row.kind == GroupKind.MESSAGE:
        return not _people_of(row, group)
    if group.event.is_over:
        return True
    if row.kind in (GroupKind.TAKEN_OUT, GroupKind.CHANGED):
        return False
    event = group.event
    if row.kind == GroupKind.REMINDER:
        seated = group.members.filter(status=Status.CONFIRMED)
        of_this_date = seated.filter(Q(reminded_for=None) | Q(reminded_for=event.starts_at))
        return event.has_begun or not event.is_on or not of_this_date.exists()
    if row.kind == GroupKind.ANNOUNCED and is_announcement_outdated(row.payload["about"], event):
        return True
    return not group.members.filter(status__in=(*Registration.ACTIVE, Status.DOUBLE)).exists()


def show(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return what staff may see of the mail: its link is left out."""
    group = _group_of(row)
    if group.erased_at:
        return None
    hidden = str(_("(personal link, not shown to anybody else)"))
    return _written(row, group, link=hidden, code="······")


def _people_of(row: OutboundMail, group: RegistrationGroup) -> list[Registration]:
    """Return the people whom a mail is about: their mails go to the contact person. One query.

    News are about all of the group, of whom the contact person sees the status. A message is about
    those of its audience who have not cancelled since.
    """
    members = group.members.filter(erased_at=None).select_related("event", "double_of")
    people = list(members.order_by("pk"))
    for each in people:
        each.group = group
    if row.kind in (GroupKind.CHANGED, GroupKind.REGISTERED):
        return people
    keys = row.payload.get("people")
    return [
        each
        for each in people
        if not each.has_own_contact and each.can_be_ended and (keys is None or each.pk in keys)
    ]


def _seated(people: list[Registration]) -> list[Registration]:
    """Return those with a seat whose mails go to the contact person."""
    return [
        each
        for each in people
        if not each.has_own_contact and each.shown_status == Status.CONFIRMED
    ]


def _names(group: RegistrationGroup, people: list[Registration], *, with_status: bool) -> str:
    """Name people, "" until the contact person has opened a link: anybody may have typed them."""
    if group.proven_at is None or not people:
        return ""
    words = gettext("%(name)s (%(status)s)")
    names = [
        words % {"name": each.name, "status": each.shown_words} if with_status else each.name
        for each in people
    ]
    return gettext("This is about: %(names)s.") % {"names": listed(names)}


def _method(row: OutboundMail, group: RegistrationGroup, seated: list[Registration]) -> str:
    """Return what the mail does in the contact person's calendar, "" where it leaves it alone.

    An entry is removed once nobody has a seat any more, where a mail may have brought one.
    """
    if row.kind in (GroupKind.MESSAGE, GroupKind.TAKEN_OUT):
        return ""
    about = emails.ENTRY.get(row.payload.get("about", ""), "REQUEST")
    if about == "REQUEST" and seated:
        return "" if group.event.is_postponed else about
    is_removed = bool(seated) if about == "CANCEL" else bool(row.payload.get("had_seats"))
    return "CANCEL" if is_removed and _has_entry(row, group) else ""


def _has_entry(row: OutboundMail, group: RegistrationGroup) -> bool:
    """Whether a mail before this one may have brought an entry. One query."""
    sent = group.mails.filter(
        pk__lt=row.pk, status__in=[OutboundMail.Status.SENT, OutboundMail.Status.UNKNOWN]
    )
    return sent.exclude(kind__in=[GroupKind.MESSAGE, GroupKind.TAKEN_OUT]).exists()


def _entry_in_words(row: OutboundMail, method: str) -> list[Words]:
    if not method:
        return []
    if row.kind == GroupKind.ANNOUNCED:
        return [emails.ENTRY_IN_WORDS[row.payload["about"]]]
    return [emails.ENTRY_IN_WORDS["cancelled" if method == "CANCEL" else "confirmed"]]


def _texts(row: OutboundMail, days: int) -> tuple[Words, list[Words]]:
    """Return subject and sentences of a mail, so many days before the event."""
    if row.kind == GroupKind.ANNOUNCED:
        subject, sentences = emails.TEXTS[row.payload["about"]]
        # What follows the first sentence speaks of the reader's own registration.
        return subject, [sentences[0], PASS_ON]
    subject, sentences = TEXTS[row.kind]
    if row.kind == GroupKind.REMINDER:
        subject = emails.REMINDER_SOON.get(days, subject)
    return subject, sentences


def _what_is_urgent(people: list[Registration]) -> list[str]:
    """Say until when seats are offered or held to be taken."""
    moments: dict[Words, dt.datetime] = {}
    for member in people:
        until = member.offer_ends_at if member.has_open_offer else member.hold_ends_at
        if until:
            words = OFFERED if member.has_open_offer else HELD
            moments[words] = min(until, moments.get(words, until))
    return [
        words % {"until": moment_in_words(until, people[0].event.zone)}
        for words, until in moments.items()
    ]


def group_url(group: RegistrationGroup) -> str:
    """Return the full address of the group's page, in the contact person's language."""
    with translation.override(group.language):
        return settings.SITE_URL + reverse("my-group", args=[sign(group.code, GROUP)])


def _group_of(row: OutboundMail) -> RegistrationGroup:
    if not isinstance(row.subject, RegistrationGroup):
        raise TypeError(f"Mail {row.pk} is to no group.")
    return row.subject


def _written(
    row: OutboundMail, group: RegistrationGroup, *, link: str, code: str
) -> EmailMultiAlternatives | None:
    event = group.event
    people = [] if row.kind == GroupKind.TAKEN_OUT else _people_of(row, group)
    if row.kind == GroupKind.REMINDER:
        people = [each for each in people if each.shown_status == Status.CONFIRMED]
    with translation.override(group.language):
        names = _names(group, people, with_status=row.kind == GroupKind.CHANGED)
        if row.kind == GroupKind.MESSAGE:
            return message_emails.write_to_group(row, group, link=link, about=names or str(PASS_ON))
        seated = _seated(people)
        method = _method(row, group, seated)
        days = max((event.starts_on - event.today).days, 0)
        subject, sentences = _texts(row, days)
        subject = subject % {"event": event.title, "days": days}
        if row.kind == GroupKind.CHANGED:
            sentences = [*sentences, *_what_is_urgent(people)]
        if names:
            sentences = [*sentences, names]
        sentences = [*sentences, *_entry_in_words(row, method)]
        context = {
            "subject": subject,
            "sentences": sentences,
            "announcement": emails.announcement_of(row),
            "event": event,
            "times": event.when_in_words,
            "link": link,
            "link_words": _("Open the page of the group"),
            "query_code": code,
            "site": SiteProfile.load(),
        }
        message = compose(
            row,
            to=address("", group.email),
            subject=subject,
            text=render_to_string("mail/message.txt", context),
            html=render_to_string("mail/message.html", context),
        )
        if method:
            about = _names(group, seated, with_status=False)
            before = group.mails.filter(pk__lt=row.pk).count()
            entry = entry_of_group(group, seated, method=method, mailed_before=before, about=about)
            emails.add_entry(message, entry, method)
        return message
