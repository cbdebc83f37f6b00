"""What is kept about an attendee, in words: the page beside the file of ``privacy.own_data``."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from contacts.domain import contact
from interests.domain import privacy as interests
from mail.kinds import registered_kinds
from registrations.models import Answer, ContactChange, Registration
from submissions.domain import expert_privacy
from submissions.domain import privacy as submission_privacy
from submissions.models import ExpertProposal, Submission
from subscriptions.domain import subscription
from summit.lib.i18n.bilingual import Text, in_both, pick
from summit.lib.i18n.clock import moment
from summit.lib.i18n.languages import OWN_NAMES, listed, spoken_names
from summit.lib.web import mail_addresses
from website.own_meetings import meeting_facts, own_meetings


@dataclass(frozen=True)
class Section:
    """Rows of label and value, and perhaps a text of the organizer's."""

    heading: str
    rows: list[tuple[Any, Any]]
    text: Text | None = None


def _proven_address(registration: Registration) -> str:
    """Return the address that the person reads; "" where another contact alone is proven."""
    return registration.email if registration.has_proven_address else ""


def own_subscriptions(registration: Registration) -> list[dict[str, Any]]:
    """Return the subscriptions of a person's address that is proven. Two queries."""
    return subscription.own_data(address) if (address := _proven_address(registration)) else []


def own_contacts(registration: Registration) -> list[dict[str, Any]]:
    """Return the contacts under the address of a person who has proven it. One query."""
    return contact.own_data(address) if (address := _proven_address(registration)) else []


def own_interests(registration: Registration) -> list[dict[str, Any]]:
    """Return the interests sent with the address of a person who has proven it. One query."""
    return interests.own_data(address) if (address := _proven_address(registration)) else []


def _of_interest(row: dict[str, Any]) -> list[tuple[Any, Any]]:
    zone = timezone.get_current_timezone()
    agreed, withdrawn = row["consent"]["at"], row["consent"]["withdrawn_at"]
    return [
        (pgettext("interest", "About"), row["about"]),
        (_("Event"), row["event"]),
        (_("Name"), row["name"]),
        (pgettext("attendee", "Organization"), row["organization"]),
        (_("E-mail"), mail_addresses.readable(row["email"])),
        (_("Phone"), row["phone"]),
        (pgettext("interest", "Message"), row["message"]),
        (_("Sent on"), moment(row["received_at"], zone)),
        (_("Agreed to be passed on"), agreed and moment(agreed, zone)),
        (_("Consent withdrawn on"), withdrawn and moment(withdrawn, zone)),
        (_("Note by staff"), row["note_by_staff"]),
    ]


def own_submissions(registration: Registration) -> list[dict[str, Any]]:
    """Return what was handed in under the address of a person who has proven it. Two queries."""
    return (
        submission_privacy.own_data(address) if (address := _proven_address(registration)) else []
    )


def _of_submission(row: dict[str, Any]) -> list[tuple[Any, Any]]:
    zone = timezone.get_current_timezone()
    return [
        (_("Call"), pick(row["call"])),
        (pgettext("of a submission", "Number"), row["reference"]),
        (_("Status"), capfirst(str(Submission.Status(row["status"]).label))),
        (_("Company or institution"), row["organization"]),
        (_("Unified social credit code"), row["credit_code"]),
        (_("Contact person"), row["contact_person"]),
        (_("Phone"), row["phone"]),
        (_("E-mail"), mail_addresses.readable(row["email"])),
        *row["values"].items(),
        (pgettext("of a submission", "Files"), listed(each["name"] for each in row["files"])),
        (_("Saved on"), moment(row["saved_at"], zone)),
        (_("Sent on"), moment(row["sent_at"], zone) if row["sent_at"] else ""),
        (pgettext("of a decision", "Reason"), row["reason"]),
        (_("Kept until"), moment(row["kept_until"], zone)),
    ]


def own_proposals(registration: Registration) -> list[dict[str, Any]]:
    """Return what was proposed by links to the address of a person who has proven it."""
    return expert_privacy.own_data(address) if (address := _proven_address(registration)) else []


def _of_link(row: dict[str, Any]) -> list[tuple[Any, Any]]:
    zone = timezone.get_current_timezone()
    facts: list[tuple[Any, Any]] = [
        (_("Expert"), pick(row["expert"])),
        (_("E-mail"), mail_addresses.readable(row["email"])),
        (_("Sent on"), moment(row["link_sent_at"], zone)),
        (_("Works until"), moment(row["link_works_until"], zone)),
    ]
    for each in row["proposals"]:
        status = capfirst(str(ExpertProposal.Status(each["status"]).label))
        facts += [
            (pgettext("of a submission", "Number"), each["reference"]),
            (_("Status"), status),
            *each["values"].items(),
            (pgettext("of a talk", "Slides"), listed(_without_talk(each))),
            (pgettext("of a decision", "Reason"), each["reason"]),
            (_("Kept until"), moment(each["kept_until"], zone)),
        ]
    for each in row["visits"]:
        facts += _of_visit(each, ZoneInfo(each["time_zone"]))
    return facts


def _without_talk(proposal: dict[str, Any]) -> list[str]:
    """Return the names of slides whose talk is gone, so that they are no value of a field."""
    values = proposal["values"].values()
    return [each["name"] for each in proposal["slides"] if each["name"] not in values]


def _of_visit(row: dict[str, Any], zone: ZoneInfo) -> list[tuple[Any, Any]]:
    """Return the facts of a visit; of the passport what is shown masked, with the consent."""

    def at(time: dt.datetime | None) -> SafeString | str:
        return moment(time, zone) if time else ""

    return [
        (pgettext("of an expert", "Visit"), pick(row["event"])),
        (_("Arrival"), _listed(at(row["arrives_at"]), row["arrival_by"])),
        (_("Departure"), _listed(at(row["departs_at"]), row["departure_by"])),
        (_("Passport number"), row["passport_number"]),
        (pgettext("passport data", "Entered on"), at(row["passport_entered_at"])),
        (_("Consent"), row["consent"]),
        (_("Kept until"), at(row["kept_until"])),
    ]


def _listed(*facts: str) -> SafeString:
    return format_html_join(" · ", "{}", ((fact,) for fact in facts if fact))


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
        (_("Public on the page of the project"), _("yes") if row["is_on_project_page"] else ""),
    ]


def _of_subscription(row: dict[str, Any]) -> list[tuple[Any, Any]]:
    zone = timezone.get_current_timezone()
    return [
        (_("Sectors"), listed(row["sectors"])),
        (pgettext("of a person", "Language"), OWN_NAMES.get(row["language"], "")),
        (_("Asked for on"), moment(row["asked_for"], zone)),
        (_("Confirmed on"), moment(row["confirmed"], zone) if row["confirmed"] else ""),
    ]


def _of_answer(answer: Answer, consented: SafeString | str) -> str:
    if not consented:
        return answer.shown
    said = format_html(_("agreed on {time}"), time=consented)
    return format_html("{} · {}<br>{}", answer.shown, said, answer.consent_text)


def _of_change(change: ContactChange, asked: SafeString | str) -> tuple[str, SafeString]:
    before = mail_addresses.readable(change.old_email) if change.old_email else change.old_phone
    return f"{before} → {change.shown_new}", format_html(
        "{} · {}", asked, change.get_status_display()
    )


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

    What is empty is left out. Eleven queries, ten more with meetings.
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
        (_("Takes part online"), _("yes") if registration.is_online else ""),
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
        (_("Badge printed on"), at(registration.badge_printed_at)),
        (_("Name on the badge"), registration.badge_name),
        (_("Organization on the badge"), registration.badge_organization_name),
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
    changes = [
        _of_change(each, at(each.asked_at)) for each in registration.contact_changes.order_by("pk")
    ]
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
    subscriptions = [
        Section(_("New projects by e-mail"), _of_subscription(each))
        for each in own_subscriptions(registration)
    ]
    sent = [
        Section(_("Interest that you expressed"), _of_interest(each))
        for each in own_interests(registration)
    ]
    submissions = [
        Section(_("What you handed in"), _of_submission(each))
        for each in own_submissions(registration)
    ]
    links = [
        Section(_("Your personal link as an expert"), _of_link(each))
        for each in own_proposals(registration)
    ]
    kept = own_meetings(registration)
    of_meetings = [Section(_("One-to-one meetings"), meeting_facts(kept, zone))] if kept else []
    group = registration.group
    notice = registration.privacy_notice or (group.privacy_notice if group else None)
    consent = [
        (_("Source of the data"), registration.source),
        (_("Registered by contact person"), group.name if group else ""),
        (_("Informed by that person on"), at(group.informed_at if group else None)),
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
        Section(_("Changes of your contact"), changes),
        Section(_("E-mails to you"), mails),
        *of_meetings,
        *contacts,
        *subscriptions,
        *sent,
        *submissions,
        *links,
    ]
    filled = [
        Section(each.heading, [row for row in each.rows if row[1]], each.text) for each in sections
    ]
    return [each for each in filled if each.rows]
