"""Passport data for a letter of invitation: by a code, with a consent, shown once for a purpose.

The personal link alone opens none of it. A code that is mailed to the address of the link does,
in the browser that asked for it. It is derived from a random key that only this browser's session
and the queued mail know, and from the link, so that nothing in the database is the code.
"""

import datetime as dt
import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit import trail
from events.models import Event
from events.models.event_role import EventRole
from mail import outbox
from submissions.audited import Action
from submissions.domain.decisions import ChangedMeanwhile
from submissions.domain.visit import lock_visit, refuse_ended
from submissions.mail_kinds import ExpertKind
from submissions.models import ExpertLink, ExpertVisit, PassportData
from submissions.models.visit import KEPT_DAYS
from summit.lib.database.sqlite import empty_write_ahead_log
from summit.lib.i18n.clock import date
from summit.lib.i18n.languages import listed_long
from summit.lib.web.signed_links import new_code
from throttle import rate_limit

CODE_LASTS = dt.timedelta(hours=1)
OPEN_FOR = dt.timedelta(minutes=30)
_DIGITS = 6
# Entered by the expert, in the order of the form. What else the row holds is about the consent.
ENTERED = (
    *("name", "sex", "born_on", "nationality", "number", "issued_on", "expires_on"),
    *("contact", "visa_city"),
)


class NoAddress(ValidationError):
    """The link was given by hand: there is no address to which a code could be mailed."""


class CodeRefused(ValidationError):
    """The code is wrong, too old, or of another browser."""


@dataclass(frozen=True)
class Asked:
    """What a browser's session keeps of the code that it asked for; no code itself."""

    key: str
    asked_at: float

    @property
    def moment(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.asked_at, dt.UTC)

    @property
    def is_over(self) -> bool:
        return not dt.timedelta() <= timezone.now() - self.moment <= CODE_LASTS


@transaction.atomic
def send_code(link: ExpertLink) -> Asked:
    """Mail a code to the address of a link; return what the browser's session keeps of it.

    Raises ``NoAddress``, and ``TooManyTries`` past six codes a day for one address.
    """
    if not link.email_key:
        raise NoAddress(
            _("There is no e-mail address for your link. Ask the organizer to send you a new one."),
            code="no_address",
        )
    rate_limit.count("passport-code", link.email_key)
    asked = Asked(new_code(), timezone.now().timestamp())
    outbox.queue(ExpertKind.PASSPORT_CODE.value, [link], key=asked.key, asked_at=asked.asked_at)
    return asked


def code_of(link: ExpertLink, key: str) -> str:
    """Return the six digits for who asked with this key; a link that is replaced has others."""
    digest = salted_hmac("passport code", f"{link.code} {key}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 10**_DIGITS:0{_DIGITS}}"


def check_code(link: ExpertLink, asked: Asked | None, typed: str) -> None:
    """Raise ``CodeRefused`` for a code that is wrong or too old, ``TooManyTries`` after five."""
    if asked is None or asked.is_over:
        raise CodeRefused(_("This code has expired. Have a new one sent."), code="expired")
    # Counted in the window of when it was sent, so that five are five however late they come.
    made = rate_limit.Try.of("passport-guess", asked.key, at=asked.moment)
    if rate_limit.count_all([made])[made] > made.limit:
        raise rate_limit.TooManyTries(
            _("Too many wrong codes. Have a new one sent."), code="too_many"
        )
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign.isalnum())
    if not hmac.compare_digest(code_of(link, asked.key).encode(), plain.encode()):
        raise CodeRefused(_("The code is not right. Check the e-mail."), code="wrong")


def recipients(event: Event) -> str:
    """Return who gets the data, in the current language: the sponsors by name. One query."""
    roles = EventRole.objects.filter(event=event, role=EventRole.Role.SPONSOR)
    names = [role.organization.name for role in roles.select_related("organization")]
    if not names:
        return gettext("the sponsor of the event and the foreign affairs office")
    return gettext("the sponsor (%(names)s) and the foreign affairs office") % {
        "names": listed_long(names)
    }


def consent_to(visit: ExpertVisit) -> str:
    """Return what an expert agrees to, in the current language. One query."""
    event = visit.event
    return gettext(
        "I agree that the data of my passport that I enter here is given to %(recipients)s for "
        "the letter of invitation to “%(event)s” and the visa, and for nothing else, and that it "
        "is erased %(days)s days after the event."
    ) % {"recipients": recipients(event), "event": event.title, "days": KEPT_DAYS}


def mark_of(consent: str) -> str:
    """Return by what a form says which words stood beside its box."""
    return hashlib.sha256(consent.encode()).hexdigest()


@transaction.atomic
def save(
    visit: ExpertVisit, values: dict[str, Any], *, agreed_to: str, link: ExpertLink
) -> PassportData:
    """Keep what was entered in place of what was there, with the consent as it read.

    ``agreed_to`` is the mark of the words beside the box that was ticked. Raises
    ``ValidationError`` where they are no longer those of now, a day is not as it must be, or
    nothing is asked any more.
    """
    stored = lock_visit(visit)
    refuse_ended(link)
    if not stored.asks_passport:
        raise ChangedMeanwhile(
            _("The organizer no longer asks for passport data."), code="not_asked"
        )
    consent = consent_to(stored)
    if agreed_to != mark_of(consent):
        raise ChangedMeanwhile(
            _("The words of the consent have changed. Read them and tick the box again."),
            code="consent_changed",
        )
    now = timezone.now()
    data = PassportData(
        visit=stored,
        **{name: values.get(name) or "" for name in ENTERED},
        consent_text=consent,
        consent_language=translation.get_language() or link.language,
        consented_at=now,
        entered_at=now,
    )
    data.clean_fields()
    check_days(data, stored.event)
    PassportData.objects.filter(visit=stored).delete()
    data.full_clean()
    data.save(force_insert=True)
    transaction.on_commit(empty_write_ahead_log)
    return data


def check_days(data: PassportData, event: Event) -> None:
    """Raise ``ValidationError``, by field, for days that no passport for this event can have."""
    today, errors = timezone.localdate(), {}
    if data.born_on >= today:
        errors["born_on"] = _("Choose a day in the past.")
    if data.issued_on > today:
        errors["issued_on"] = _("Choose a day that is not in the future.")
    elif data.issued_on <= data.born_on:
        errors["issued_on"] = _("This is before the date of birth.")
    if data.expires_on <= data.issued_on:
        errors["expires_on"] = _("This is before the day on which it was issued.")
    elif data.expires_on < event.ends_at.astimezone(event.zone).date():
        errors["expires_on"] = _("This passport expires before the event ends.")
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def erase(
    visit: ExpertVisit,
    *,
    by: User | None = None,
    request: HttpRequest | None = None,
    reason: str = "asked_for",
) -> bool:
    """Erase the passport data of a visit; return whether there was any. Twice is harmless."""
    lock_visit(visit)
    number, _of_models = PassportData.objects.filter(visit=visit).delete()
    if number:
        trail.record(
            Action.VISITS_ERASED,
            by=by,
            request=request,
            subject=subject_of(visit),
            event=visit.event.slug,
            reason=reason,
        )
        transaction.on_commit(empty_write_ahead_log)
    return number > 0


@transaction.atomic
def show(
    visit: ExpertVisit, *, purpose: str, by: User, request: HttpRequest | None = None
) -> PassportData:
    """Return the whole data for a letter of invitation, and record who needs it for what.

    Raises ``ValidationError`` where no purpose is given, or there is no data.
    """
    if not purpose.strip():
        raise ValidationError({"purpose": _("Enter what it is needed for.")}, code="no_purpose")
    data = PassportData.objects.filter(visit=visit).first()
    if data is None:
        raise ValidationError(_("No passport data has been entered."), code="nothing")
    trail.record(
        Action.PASSPORT_SHOWN,
        by=by,
        request=request,
        subject=subject_of(visit),
        event=visit.event.slug,
        purpose=purpose.strip(),
    )
    return data


def subject_of(visit: ExpertVisit) -> str:
    """Return what the audit trail calls the expert: by the key, since it outlives the name."""
    return f"expert · {visit.expert_id}"


def period(visit: ExpertVisit) -> str:
    """Return until when the data is kept, in words of the current language."""
    return date(visit.kept_until.astimezone(visit.event.zone).date())
