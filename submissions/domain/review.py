"""What organizers do with a submission: take it on, return, refuse, permit late."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from events.models.scope import readable
from registrations.domain import query_code
from submissions.audited import Action
from submissions.domain import link
from submissions.domain.decisions import lock_reviewed
from submissions.mail_kinds import Kind
from submissions.models import Submission
from submissions.models.reviewed import Reviewed, is_waiting
from summit.lib.database.accounts import staff_with
from summit.lib.database.states import MoveRefused, move
from summit.lib.i18n.names import staff_name


def who_may_review() -> QuerySet[User]:
    """Everybody to whom one may be assigned, within their limits, by name."""
    return staff_with("submissions.change_submission")


def waiting_for[Row: Reviewed](rows: QuerySet[Row], user: User) -> QuerySet[Row]:
    """Leave those of the ``rows`` that wait for somebody's decision: theirs, and nobody's."""
    return rows.filter(is_waiting(), Q(reviewer=user) | Q(reviewer=None))


def next_waiting[Row: Reviewed](rows: QuerySet[Row], after: Row) -> Row | None:
    """Return the next one of those that wait, in the order of sending.

    Of submissions those of the same call come first, of proposals those of the same expert.
    After the last of them the first begins again, so that nothing is left behind.
    """
    others = rows.exclude(pk=after.pk)
    same = Q(**{after.reviewed_with: getattr(after, f"{after.reviewed_with}_id")})
    later = Q(pk__gt=after.pk)
    if after.sent_at:
        later = Q(sent_at__gt=after.sent_at) | Q(sent_at=after.sent_at, pk__gt=after.pk)
    order = Case(
        When(same & later, then=Value(0)),
        When(same, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return others.order_by(order, "sent_at", "pk").first()


def _check_reviews(person: User, submission: Submission) -> None:
    may_review = who_may_review().filter(pk=person.pk).exists()
    rows = Submission.objects.filter(pk=submission.pk)
    if may_review and readable(rows, person).exists():
        return
    raise ValidationError(
        _("%(person)s cannot review this submission. Choose somebody else."),
        code="cannot_review",
        params={"person": staff_name(person)},
    )


@transaction.atomic
def assign(submission: Submission, *, to: User | None) -> Submission:
    """Let others know who reviews it, or that nobody does; the person is told nothing.

    Raises ``MoveRefused`` for what nobody can review now, and ``ValidationError`` for somebody
    who may not review it.
    """
    if to is not None:
        _check_reviews(to, submission)
    return note_reviewer(submission, to)


def note_reviewer[Row: Reviewed](row: Row, to: User | None) -> Row:
    """Write down who reviews a row, in the caller's transaction. Raises ``MoveRefused``."""
    stored = lock_reviewed(row)
    if not stored.is_reviewable:
        raise MoveRefused(
            _("This is “%(now)s”, so that nobody reviews it now."),
            code="not_reviewable",
            params={"now": stored.Status(stored.status).label},
        )
    row.reviewer = to
    row.save(update_fields=["reviewer"])
    return row


@transaction.atomic
def return_with_reason(
    submission: Submission,
    *,
    reason: str,
    by: User,
    until: dt.datetime | None = None,
    request: HttpRequest | None = None,
) -> Submission:
    """Give it back to the person, who reads the reason, changes it and sends it again.

    Where the call has closed, or closes before, ``until`` permits that. Raises ``MoveRefused``
    where somebody else decided first, and ``ValidationError`` without a reason.
    """
    changes = {}
    if until is not None:
        _refuse_past(until)
        changes = {"late_until": until}
    end(submission, Submission.Status.RETURNED, reason=reason, by=by, **changes)
    if until is not None:
        _record_late(submission, by, request)
    link.mail(submission, Kind.RETURNED)
    return submission


@transaction.atomic
def refuse(submission: Submission, *, reason: str, by: User) -> Submission:
    """Take nothing of it. Raises what ``return_with_reason`` raises."""
    end(submission, Submission.Status.REFUSED, reason=reason, by=by)
    link.mail(submission, Kind.REFUSED)
    return submission


def end(row: Reviewed, to: str, *, reason: str, by: User, **changes: Any) -> None:
    """Return or refuse what was sent, in the caller's transaction. Mails nothing."""
    if not reason.strip():
        raise ValidationError(
            {"reason": _("Say why, in the language of the submission.")}, code="no_reason"
        )
    if row.erased_at:
        raise MoveRefused(_("This has been erased."), code="erased")
    move(
        row,
        to,
        reason=reason.strip(),
        reviewer=by,
        reviewed_at=timezone.now(),
        version=lock_reviewed(row).version + 1,
        **changes,
    )


@transaction.atomic
def permit_late(
    submission: Submission,
    *,
    until: dt.datetime,
    by: User,
    request: HttpRequest | None = None,
) -> Submission:
    """Let one submission be sent until a moment after its call has closed, and mail that.

    Raises ``ValidationError`` for a moment that is past, and where it was sent already.
    """
    stored = Submission.objects.locked().select_related("call").get(pk=submission.pk)
    _refuse_past(until)
    if not stored.is_editable:
        raise MoveRefused(_("This has already been sent."), code="not_editable")
    submission.late_until = until
    submission.save(update_fields=["late_until"])
    _record_late(stored, by, request)
    link.mail(submission, Kind.LATE)
    return submission


@transaction.atomic
def confirm_contact(
    submission: Submission, *, by: User, request: HttpRequest | None = None
) -> Submission:
    """Note that staff vouch for number and address: from now on files can be added.

    Its query code can be tried again, however often others have. Nobody is mailed, and a
    contact that is proven stays so. Raises ``MoveRefused`` for what has been erased.
    """
    stored = lock_reviewed(submission, "call")
    if stored.erased_at:
        raise MoveRefused(_("This has been erased."), code="erased")
    if stored.proven_at is None:
        submission.proven_at = timezone.now()
        submission.save(update_fields=["proven_at"])
        subject = f"call · {stored.call.slug}"
        trail.record(Action.CONTACT_CONFIRMED, by=by, request=request, subject=subject)
    query_code.allow_again(stored)
    return submission


def _refuse_past(until: dt.datetime) -> None:
    if until <= timezone.now():
        raise ValidationError({"until": _("Choose a time that is still to come.")}, code="past")


def _record_late(submission: Submission, by: User, request: HttpRequest | None) -> None:
    subject = f"call · {submission.call.slug}"
    trail.record(Action.LATE_PERMITTED, by=by, request=request, subject=subject)
