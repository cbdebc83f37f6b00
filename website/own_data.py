"""What is kept about an attendee, in words: the page beside the file of ``privacy.own_data``."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from contacts.domain import contact
from mail.kinds import registered_kinds
from registrations.models import Answer, Registration
from summit.lib.i18n.bilingual import Text, in_both, pick
from summit.lib.i18n.clock import moment
from summit.lib.i18n.languages import OWN_NAMES, listed, spoken_names
from summit.lib.web import mail_addresses


@dataclass(frozen=True)
class Section:
    """Rows of label and value, and perhaps a text of the organizer's."""

    heading: str
    rows: list[tuple[Any, Any]]
    text: Text | None = None


def own_contacts(registration: Registration) -> list[dict[str, Any]]:
    """Return the contacts under the address of a person who has proven it. One query."""
    return contact.own_data(registration.email) if registration.proven_at else []


def _of_contact(row: dict[str, Any]) -> list[tuple[Any, Any]]:
    confirmed = moment(row["last_confirmed"], timezone.get_current_timezone())
    return [
        (_("Contact of"), row["contact_of"]),
        (_("Name"), row["name"]),
        (_("E-mail"), mail_addresses.readable(row["email"])),
        (_("Phone"), row["phone"]),
        (_("WeChat"), row["wechat"]),
        (pgettext("of a person", "Language"), listed(spoken_names([row["language"]]))),
        (_("Note by staff"), row["note"]),
        (_("Source"), row["source"]),
        (_("Last confirmed"), confirmed),
    ]


def _of_answer(answer: Answer, consented: SafeString | str) -> str:
    if not consented:
        return answer.shown
    said = format_html(_("agreed on {time}"), time=consented)
    return format_html("{} · {}<br>{}", answer.shown, said, answer.consent_text)


def _of_consent(
    wording: Text, given: SafeString | str, withdrawn: SafeString | str
) -> tuple[Text, SafeString]:
    sentence, *facts = wording.splitlines()
    said = format_html(_("agreed on {time}"), time=given)
    if withdrawn:
        said = format_html("{} · {}", said, format_html(_("withdrawn on {time}"), time=withdrawn))
    tag = SafeString(wording.lang_attr)
    lines = format_html_join("", "<br><span{}>{}</span>", ((tag, fact) for fact in facts))
    return Text(sentence, wording.lang), format_html("{}{}", said, lines)


def own_data_sections(registration: Registration) -> list[Section]:
    """Return all that ``privacy.own_data`` returns, with headings in the current language.

    What is empty is left out. Six queries.
    """
    zone = registration.event.zone

    def at(time: dt.datetime | None) -> SafeString | str:
        return moment(time, zone) if time else ""

    person = [
        (_("Name"), registration.name),
        (_("E-mail"), registration.readable_email),
        (_("Phone"), registration.readable_phone),
        (pgettext("attendee", "Organization"), registration.organization_name),
        (_("Known organization"), str(registration.organization or "")),
        (_("Position"), registration.position),
        (_("Category"), registration.get_category_display()),
        (_("Language of our e-mails"), OWN_NAMES.get(registration.language, "")),
        (_("Note by staff"), registration.staff_note),
    ]
    place = [
        (_("Status"), capfirst(registration.shown_words)),
        (_("Ticket"), registration.ticket),
        (_("Registered on"), at(registration.registered_at)),
        (_("Contact verified on"), at(registration.proven_at)),
        (_("How it was verified"), capfirst(registration.get_proof_display())),
        (_("Seat held until"), at(registration.held_until)),
        (_("Seat kept until"), at(registration.offer_expires_at)),
        (_("Cancelled on"), at(registration.cancelled_at)),
        (_("Reason for the cancellation"), registration.get_cancel_reason_display()),
        (_("Reminded on"), at(registration.reminded_at)),
        (_("Reminded of the start on"), at(registration.reminded_for)),
    ]
    answers = [
        (answer.question.text, _of_answer(answer, at(answer.consented_at)))
        for answer in registration.answers.select_related("question")
    ]
    check_ins = []
    for each in registration.check_ins.order_by("pk").select_related("session"):
        where = each.session.title if each.session else _("At the entrance")
        when = at(each.checked_in_at)
        if each.undone_at:
            undone = format_html(_("undone on {time}"), time=at(each.undone_at))
            when = format_html("{} · {}", when, undone)
        check_ins.append((where, when))
    kinds = dict(registered_kinds())
    mails = [
        (
            capfirst(kinds.get(mail.kind, mail.kind)),
            at(mail.sent_at)
            or format_html("{} · {}", at(mail.created_at), mail.get_status_display()),
        )
        for mail in registration.mails.order_by("pk")
    ]
    contacts = [
        Section(_("You as a contact"), _of_contact(each)) for each in own_contacts(registration)
    ]
    notice = registration.privacy_notice
    consent = [
        (_("Source of the data"), registration.source),
        (_("Consented on"), at(registration.consented_at)),
    ]
    separate = [
        _of_consent(pick(in_both(each.wording, "text")), at(each.given_at), at(each.withdrawn_at))
        for each in registration.consents.select_related("wording")
    ]
    sections = [
        Section(_("Your details"), person),
        Section(_("Your registration"), place),
        Section(_("Your answers"), answers),
        Section(_("Check-ins"), check_ins),
        Section(_("Your consent"), consent, pick(in_both(notice, "text")) if notice else None),
        Section(_("Your separate consents"), separate),
        Section(_("E-mails to you"), mails),
        *contacts,
    ]
    filled = [
        Section(each.heading, [row for row in each.rows if row[1]], each.text) for each in sections
    ]
    return [each for each in filled if each.rows]
