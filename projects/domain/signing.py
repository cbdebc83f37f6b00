"""Signing: alone, or all that a ceremony holds, together or not at all."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.utils import get_history_manager_for_model

from events.models import Event, Session
from events.models.series import DEFAULT_PREFIX
from projects.domain import checks, draft_versions, follow_up, snapshot
from projects.models import CooperationIntention, ReferenceCounter, Signatory
from projects.models.intention_queryset import IntentionQuerySet
from summit.lib.database.states import MoveRefused
from summit.lib.given import given
from summit.lib.i18n.bilingual import in_both
from summit.lib.i18n.languages import Words

Status = CooperationIntention.Status
TERMS = (
    *("valid_until", "text_languages", "governing_language"),
    *("intended_amount", "intended_currency"),
)


NOTHING_TO_SIGN = _("This session has no drafts to sign, or somebody has just signed them.")
NOBODY_SIGNS = {
    Signatory.Side.COMPANY: _(
        "Nobody is named as signing for the local side. This cannot be added later."
    ),
    Signatory.Side.EXPERT: _(
        "Nobody is named as signing for the expert’s side. This cannot be added later."
    ),
}


class SigningRefused(ValidationError):
    """What a signature needs is not there."""


@transaction.atomic
def sign(
    intention: CooperationIntention,
    *,
    signed_on: dt.date | None,
    by: User | None = None,
    seen: str | None = None,
    **terms: dt.date | list[str] | str | Decimal | None,
) -> CooperationIntention:
    """Sign a draft as it is stored, with names and positions as they read today.

    ``terms``, where given, replace those that the draft holds: see ``TERMS``. ``seen`` is the
    version that somebody was shown before they agreed (``draft_versions``).
    References run without gaps per prefix and year. Follow-ups are planned for the
    months that the site profile names, and assigned to ``by``. Raises
    ``SigningRefused`` with everything that is missing or where the draft is not as it
    was seen any more, ``ValidationError`` for a term
    that is none, such as a language nobody knows, and ``MoveRefused`` where it is no
    draft.
    """
    # What is signed is what is stored, not a copy that somebody looked at earlier.
    [stored] = _locked(pk=intention.pk)
    refuse_unless_draft(stored)
    if seen is not None:
        _refuse_changed([stored], {stored.pk: seen})
    for name in terms:
        if name not in TERMS:
            raise TypeError(f"{name} is no term of an intention")
        setattr(stored, name, terms[name])
    stored.clean_fields(exclude={field.name for field in stored._meta.fields} - set(terms))
    stored.clean()
    _sign_all([stored], signed_on, by, terms)
    intention.refresh_from_db()
    return intention


@transaction.atomic
def sign_ceremony(
    session: Session,
    *,
    signed_on: dt.date | None,
    by: User | None = None,
    seen: Mapping[int, str] | None = None,
) -> list[CooperationIntention]:
    """Sign every draft of a session in one step, in the order in which they were made.

    ``seen`` holds by key the versions of those that somebody was shown before they agreed
    (``draft_versions``). All or none: raises ``SigningRefused`` with what each of them lacks,
    where there is nothing to sign, and where the drafts are others than those seen, or not
    as they were seen. About 25 queries for 200.
    """
    drafts = _locked(session=session, status=Status.DRAFT)
    if not drafts:
        raise SigningRefused(NOTHING_TO_SIGN, code="nothing")
    if seen is not None:
        _refuse_changed(drafts, seen)
    _sign_all(drafts, signed_on, by)
    return drafts


def _refuse_changed(drafts: list[CooperationIntention], seen: Mapping[int, str]) -> None:
    if errors := draft_versions.explain_changes(drafts, seen):
        raise SigningRefused(errors)


def look_over(session: Session) -> list[tuple[CooperationIntention, list[str]]]:
    """Return the drafts that a ceremony would sign, each with what it lacks beside the day.

    Four queries, however many there are; ``warnings`` of them cost none.
    """
    drafts = CooperationIntention.objects.filter(session=session, status=Status.DRAFT)
    return [
        (draft, [error.messages[0] for error in _lacking(draft).values()])
        for draft in _with_what_is_signed(drafts)
    ]


def warnings(draft: CooperationIntention) -> list[Words]:
    """Return what a signature does not need, and what cannot be corrected after it.

    Whom the draft lacks on each side, an institution for which the expert is not known to act,
    a party whose name is that of another kind of organization, and a reference without a
    prefix of its own. No query where the parties and ``snapshot.PARTS`` are fetched.
    """
    named = {person.side for person in draft.signatories.all()}
    told: list[Words] = [words for side, words in NOBODY_SIGNS.items() if side not in named]
    return [*told, *_doubts_about_parties(draft), *_doubts_about_reference(draft.event)]


def _doubts_about_parties(draft: CooperationIntention) -> Iterator[Words]:
    expert, institution = draft.expert, draft.institution
    if expert and institution is None:
        yield _("The expert signs without an institution. This cannot be added later.")
    places = expert.affiliations_at(draft.event.starts_on) if expert else ()
    if institution and institution not in [place.organization for place in places]:
        yield gettext("%(expert)s is not known to be at “%(organization)s”.") % {
            "expert": expert,
            "organization": institution,
        }
    for party in (draft.company, institution):
        if party and party.seems_no_company:
            yield gettext(
                "“%(organization)s” is recorded as a company. If it is not one, correct its "
                "kind first."
            ) % {"organization": party}


def _doubts_about_reference(event: Event) -> Iterator[Words]:
    if not (event.series and event.series.reference_prefix):
        yield gettext(
            "The series of this event has no reference prefix, so the reference will begin "
            "with %(prefix)s. It cannot be changed later."
        ) % {"prefix": DEFAULT_PREFIX}


def _locked(**lookups: object) -> list[CooperationIntention]:
    """Return the rows as they are now, locked to the end of the transaction. A query more."""
    # Locked first and read with their parties after it: who waits for a merger in one query
    # gets the new row joined to the experts of before, that is to nobody.
    rows = CooperationIntention.objects.select_for_update(no_key=True).order_by("pk")
    locked = list(rows.filter(**lookups).values_list("pk", flat=True))
    return list(_with_what_is_signed(CooperationIntention.objects.filter(pk__in=locked)))


def _with_what_is_signed(rows: IntentionQuerySet) -> IntentionQuerySet:
    return (
        rows.select_related("event__series", "session", "company", "expert", "expert_organization")
        .prefetch_related(*snapshot.PARTS)
        .order_by("pk")
    )


def refuse_unless_draft(row: CooperationIntention) -> None:
    """Raise ``MoveRefused`` for what is signed, or was abandoned."""
    if not row.is_draft:
        raise MoveRefused(
            _("This is “%(now)s” and cannot be signed any more."),
            code="not_allowed",
            params={"now": row.get_status_display()},
        )


def _sign_all(
    drafts: list[CooperationIntention],
    signed_on: dt.date | None,
    by: User | None,
    terms: Collection[str] = (),
) -> None:
    lacking = _lacking_all(drafts, signed_on)
    checks.refuse(SigningRefused, {"signed_on": _wrong_day(drafts[0].event, signed_on)} | lacking)
    for draft in drafts:
        draft.expert_organization = draft.institution
    taken = snapshot.take(drafts)
    # The counter's row stays locked to the end of the transaction, so that a
    # signature that fails gives its number back.
    references = _next_references(drafts, given(signed_on).year)
    now = timezone.now()
    for draft, words, reference in zip(drafts, taken, references, strict=True):
        draft.status, draft.signed_on = Status.SIGNED, signed_on
        draft.snapshot, draft.reference = words, reference
        draft.signed_at, draft.signed_by = now, by
    fields = ["status", "signed_on", "expert_organization", "snapshot", "reference", *terms]
    fields += ["signed_at", "signed_by"]
    # The compare-and-swap of many rows at once: whatever is no draft is not touched.
    swapped = CooperationIntention.objects.filter(status=Status.DRAFT).bulk_update(drafts, fields)
    if swapped != len(drafts):
        raise MoveRefused(
            _("Somebody else has changed this in the meantime. Reload the page and look again."),
            code="changed_meanwhile",
        )
    history = get_history_manager_for_model(CooperationIntention)
    history.bulk_history_create(drafts, update=True, default_user=by)
    follow_up.plan(drafts, assigned_to=by)


def _lacking_all(
    drafts: Sequence[CooperationIntention], signed_on: dt.date | None
) -> dict[str, ValidationError]:
    """Return everything that is missing by field, or each draft named where there are several."""
    if len(drafts) == 1:
        return _lacking(drafts[0], signed_on)
    told = [
        ValidationError(
            _("%(intention)s: %(reason)s"),
            code=error.code,
            params={"intention": draft, "reason": error.messages[0]},
        )
        for draft in drafts
        for error in _lacking(draft, signed_on).values()
    ]
    return {NON_FIELD_ERRORS: ValidationError(told)} if told else {}


def _lacking(
    intention: CooperationIntention, signed_on: dt.date | None = None
) -> dict[str, ValidationError]:
    """Return what a draft lacks, under the names of its fields."""
    missing = {}
    if intention.company is None:
        missing["company"] = ValidationError(
            _("Choose the organization that signs."), code="no_company"
        )
    if intention.expert is None:
        missing["expert"] = ValidationError(_("Choose the expert who signs."), code="no_expert")
    has_subject = any(text.strip() for text in in_both(intention, "subject").values())
    if not has_subject and not intention.project_links.all():
        missing["subject"] = ValidationError(
            _("Name a project, or the subject where there is none."), code="no_subject"
        )
    no_amount = checks.wrong_amount(
        intention.intended_amount,
        intention.intended_currency,
        unpaired=_("Enter the intended amount together with its currency, or neither."),
    )
    if no_amount:
        missing["intended_amount"] = no_amount
    if intention.valid_until and signed_on and intention.valid_until < signed_on:
        missing["valid_until"] = ValidationError(
            _("The term must end on the day of signing or later."), code="term_ends_early"
        )
    return missing


def _wrong_day(event: Event, signed_on: dt.date | None) -> ValidationError | None:
    if signed_on is None:
        return ValidationError(_("Enter the day of signing."), code="no_date")
    if signed_on > event.today:
        return ValidationError(_("The day of signing is in the future."), code="future")
    if signed_on < event.starts_on:
        return ValidationError(
            _("The day of signing is before the event, which starts on %(day)s."),
            code="before_event",
            params={"day": date_format(event.starts_on)},
        )
    return None


def upcoming_references(event: Event, year: int, count: int) -> list[str]:
    """Return the references that the next signatures of an event get. One query.

    Others who sign meanwhile move them on.
    """
    prefix = prefix_of(event)
    counter = ReferenceCounter.objects.filter(prefix=prefix, year=year).first()
    return _numbered(prefix, year, counter.last if counter else 0, count)


def _next_references(drafts: Sequence[CooperationIntention], year: int) -> list[str]:
    """Return the next numbers of the prefix; drafts that are signed together share one event."""
    prefix = prefix_of(drafts[0].event)
    ReferenceCounter.objects.get_or_create(prefix=prefix, year=year)
    counter = ReferenceCounter.objects.select_for_update().get(prefix=prefix, year=year)
    last = counter.last
    counter.last += len(drafts)
    counter.save(update_fields=["last"])
    return _numbered(prefix, year, last, len(drafts))


def prefix_of(event: Event) -> str:
    """Return what the references of an event begin with."""
    return (event.series.reference_prefix if event.series else "") or DEFAULT_PREFIX


def _numbered(prefix: str, year: int, last: int, count: int) -> list[str]:
    return [f"{prefix}-{year}-{number:03d}" for number in range(last + 1, last + 1 + count)]
