"""What was signed, and what became of it, as tables for the page of an intention."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from projects.models import CooperationIntention, Signatory
from summit.lib.i18n.languages import (
    CONTENT_LANGUAGES,
    OWN_NAMES,
    TAGS,
    Words,
    listed,
    spoken_names,
    with_more,
)
from summit.lib.i18n.money import money
from summit.lib.i18n.names import staff_name

Status = CooperationIntention.Status
SIGNED = {
    Signatory.Side.COMPANY: _("Signed for the local side"),
    Signatory.Side.EXPERT: _("Signed for the expert’s side"),
    Signatory.Side.WITNESS: _("Witness"),
}

# A text in each language, and what was signed.
type Texts = dict[str, str]
type Snapshot = dict[str, Any]


def snapshot_rows(intention: CooperationIntention) -> list[tuple[Words, ...]]:
    """Return (name, English, Chinese) of all that the snapshot tells."""
    snapshot: Snapshot = intention.snapshot or {}

    def texts(name: str, key: str) -> Texts:
        return (snapshot.get(name) or {}).get(key, {})

    told = [
        (intention.local_party, texts("company", "name")),
        (_("Expert"), texts("expert", "name")),
        (_("Honorific"), texts("expert", "honorific")),
        (_("Position"), snapshot.get("position") or {}),
        (_("The expert acts for"), texts("expert_organization", "name")),
        (_("Event"), texts("event", "title")),
        (_("Session"), texts("session", "title")),
        *((_("Project"), project["title"]) for project in snapshot.get("projects", ())),
        (_("Subject"), snapshot.get("subject") or {}),
        (_("What is intended"), snapshot.get("purpose") or {}),
        *((SIGNED[each["side"]], _person(each)) for each in _people(snapshot)),
        *_terms(snapshot.get("terms") or {}),
    ]
    return [
        (name, *(each.get(language) or "—" for language in CONTENT_LANGUAGES))
        for name, each in told
        if any(each.values())
    ]


def _people(snapshot: Snapshot) -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = snapshot.get("signatories", [])
    return people


def _person(words: dict[str, Any]) -> Texts:
    """Name and capacity, in each language that has the name."""
    told = {}
    for language in CONTENT_LANGUAGES:
        if words["name"].get(language):
            with translation.override(language):
                told[language] = joined(words["name"][language], words["capacity"].get(language))
    return told


def joined(name: str, capacity: str | None) -> str:
    with_capacity = pgettext("person, capacity", "%(name)s, %(capacity)s")
    return with_capacity % {"name": name, "capacity": capacity} if capacity else str(name)


def _terms(terms: dict[str, Any]) -> Iterator[tuple[Words, Texts]]:
    """Yield each term as it reads in either language."""
    until, amount = terms.get("valid_until"), terms.get("intended_amount")
    governing = terms.get("governing_language")
    told = {
        _("Valid until"): lambda: date_format(dt.date.fromisoformat(until)) if until else "",
        _("Languages of the text"): lambda: listed(spoken_names(terms.get("text_languages") or [])),
        _("Governing language"): lambda: listed(spoken_names([governing] if governing else [])),
        _("Intended amount"): lambda: (
            money(Decimal(amount), terms["intended_currency"]) if amount else ""
        ),
    }
    for name, read in told.items():
        texts = {}
        for language in CONTENT_LANGUAGES:
            with translation.override(language):
                texts[language] = str(read())
        yield name, texts


def snapshot_table(intention: CooperationIntention) -> SafeString:
    return format_html(
        '<div class="wide"><table class="as-signed"><thead><tr><td></td>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        format_html_join(
            "",
            '<th scope="col" lang="{}">{}</th>',
            ((TAGS[language], OWN_NAMES[language]) for language in CONTENT_LANGUAGES),
        ),
        format_html_join(
            "",
            '<tr><th scope="row">{}</th><td lang="en">{}</td><td lang="zh-Hans">{}</td></tr>',
            snapshot_rows(intention),
        ),
    )


def outcome_rows(intention: CooperationIntention) -> list[tuple[Words, Words]]:
    """Return (name, text) of what came of it, for the states that say so."""
    day = date_format(intention.closed_on) if intention.closed_on else ""
    contracted = money(intention.contracted_amount, intention.contracted_currency)
    reason = (_("Reason"), intention.closing_reason or "—")
    came: dict[str, list[tuple[Words, Words]]] = {
        Status.CONVERTED: [
            (_("Kind of contract"), intention.get_contract_kind_display()),
            (_("Contract number"), intention.contract_number or "—"),
            (_("Date of the contract"), day),
            (_("Contracted amount"), contracted or "—"),
        ],
        Status.LAPSED: [(_("The term ended on"), day)],
        Status.TERMINATED: [(_("Terminated on"), day), reason],
        Status.ABANDONED: [(_("Abandoned on"), day), reason],
        Status.VOIDED: [(_("Voided on"), day), (_("Voided by"), _who_voided(intention)), reason],
    }
    return came.get(intention.status, [])


def _who_voided(intention: CooperationIntention) -> str:
    return staff_name(intention.voided_by) if intention.voided_by else "—"


def moves(intention: CooperationIntention) -> list[tuple[str, str, str]]:
    """Return (state, when, who) of each move, from the history. One query."""
    zone = intention.event.zone
    history = intention.history.select_related("history_user")  # type: ignore[attr-defined]  # a manager
    records = history.order_by("history_date", "history_id")
    found, status = [], None
    for record in records.only("status", "history_date", "history_user"):
        if record.status != status:
            status = record.status
            when = timezone.localtime(record.history_date, zone)
            found.append((record.get_status_display(), when, _name(record.history_user)))
    return [
        (state, with_more(f"{when:%Y-%m-%d %H:%M}", intention.event.zone_name), who)
        for state, when, who in found
    ]


def _name(user: User | None) -> str:
    return staff_name(user) if user else gettext("the system")


def course_table(intention: CooperationIntention) -> SafeString:
    """What came of it, and who recorded each move when."""
    rows = [
        (_("Status"), intention.get_status_display()),
        *outcome_rows(intention),
        *(
            (state, _("recorded by %(who)s, %(when)s") % {"who": who, "when": when})
            for state, when, who in moves(intention)
        ),
    ]
    return format_html(
        '<div class="wide"><table class="as-signed">{}</table></div>',
        format_html_join("", '<tr><th scope="row">{}</th><td>{}</td></tr>', rows),
    )
