"""Looking again at what was signed: planned at the signature, recorded when done."""

import datetime as dt
from collections.abc import Collection, Iterable

from dateutil.relativedelta import relativedelta
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from simple_history.utils import get_history_manager_for_model

from events.models import Event, SiteProfile
from events.models.limits import limits_of
from projects.domain import checks
from projects.models import CooperationIntention, FollowUp
from projects.models.follow_up import may_see_follow_ups
from summit.lib.database.history import write_as
from summit.lib.given import given
from summit.lib.i18n.languages import Words
from summit.lib.i18n.names import staff_name

Status = CooperationIntention.Status
ENDED = _("Only signed intentions that have not ended are followed up.")
DONE = _("Somebody has recorded this follow-up already. Reload the page.")


class FollowUpRefused(ValidationError):
    """This follow-up cannot be recorded or planned so."""


def plan(intentions: Iterable[CooperationIntention], *, assigned_to: User | None) -> list[FollowUp]:
    """Plan the follow-ups of signed intentions at the intervals of the site profile.

    A month that is shorter than the day of signing ends it earlier: a year after
    29 February is 28 February. Two queries for each 200 intentions, one for the profile.
    """
    months = SiteProfile.load().follow_up_intervals
    rows = [
        FollowUp(
            intention=intention,
            due_on=given(intention.signed_on) + relativedelta(months=number),
            assigned_to=assigned_to,
        )
        for intention in intentions
        for number in months
    ]
    FollowUp.objects.bulk_create(rows, batch_size=500)
    get_history_manager_for_model(FollowUp).bulk_history_create(
        rows, batch_size=500, default_user=assigned_to
    )
    return rows


@transaction.atomic
def add(
    intention: CooperationIntention,
    *,
    due_on: dt.date | None,
    assigned_to: User | None,
    by: User | None = None,
) -> FollowUp:
    """Plan one more look at a signed intention.

    Raises ``FollowUpRefused`` for what is not, or no longer, signed, for a day before
    the signature or on which one is due already, and for somebody who cannot see it.
    """
    # Locked, so that it does not end while this is planned, and nobody plans the same.
    intention = CooperationIntention.objects.select_for_update(no_key=True).get(pk=intention.pk)
    if intention.status not in CooperationIntention.ALIVE:
        raise FollowUpRefused(ENDED, code="not_alive")
    _check_due(intention, due_on)
    _check_sees(assigned_to, [intention.event_id])
    made = FollowUp(intention=intention, due_on=given(due_on), assigned_to=assigned_to)
    write_as(made, by)
    made.full_clean()
    made.save()
    return made


@transaction.atomic
def record(
    follow_up: FollowUp,
    *,
    outcome: str,
    done_on: dt.date | None,
    by: User,
    note: str = "",
    next_step: str = "",
    next_due_on: dt.date | None = None,
) -> FollowUp:
    """Record what a follow-up found and, with ``next_due_on``, plan the next one.

    What a look found is recorded also where the intention has ended since; then there
    is no next one. Of what was voided nothing is recorded. The next goes to the same
    person, or to ``by`` where that one can no longer see it. Raises ``FollowUpRefused``
    where somebody has recorded it already, for a day in the future or before the
    signature, and for a next one that is not later, or that ``add`` refuses.
    """
    _lock_open(follow_up)
    intention = follow_up.intention
    _refuse_voided(intention)
    not_done = checks.wrong_day(intention, done_on, unsaid=_("Enter the day on which it was done."))
    too_early = None
    if not not_done and next_due_on is not None and next_due_on <= given(done_on):
        too_early = ValidationError(
            _("The next follow-up must be later than this one."), code="not_later"
        )
    found_nothing = ValidationError(_("Choose what the follow-up found."), code="no_outcome")
    checks.refuse(
        FollowUpRefused,
        {
            "outcome": None if outcome in FollowUp.FINDINGS else found_nothing,
            "done_on": not_done,
            "next_due_on": too_early,
        },
    )
    follow_up.outcome, follow_up.done_on, follow_up.done_by = outcome, done_on, by
    follow_up.note, follow_up.next_step = note.strip(), next_step.strip()
    write_as(follow_up, by)
    follow_up.full_clean()
    follow_up.save()
    if next_due_on is not None:
        person = follow_up.assigned_to
        if person is not None and not (
            may_see_follow_ups(person) and _runs(person, [intention.event_id])
        ):
            person = by
        add(intention, due_on=next_due_on, assigned_to=person, by=by)
    return follow_up


@transaction.atomic
def close_as_done_earlier(
    follow_ups: QuerySet[FollowUp], *, done_on: dt.date | None, note: str, by: User
) -> int:
    """Close those that are overdue as done before anybody recorded it here; return how many.

    One note says for all of them who did it, or where it is on record. Reports count them apart
    from those whose outcome is known. Those that are not overdue stay as they are. Raises
    ``FollowUpRefused`` without a note, for a day in the future, and for one before a signature.
    """
    rows = list(
        FollowUp.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=follow_ups.order_by().values("pk"))
        .overdue()
        .select_related("intention__event")
        .order_by("pk")
    )
    unsaid = _("Enter the day on which it was done.")
    wrong = (checks.wrong_day(row.intention, done_on, unsaid=unsaid) for row in rows)
    no_note = ValidationError(_("Enter who did it, or where it is on record."), code="no_note")
    checks.refuse(
        FollowUpRefused,
        {
            "done_on": next(filter(None, wrong), None),
            "note": None if note.strip() else no_note,
        },
    )
    for row in rows:
        row.outcome, row.note = FollowUp.Outcome.EARLIER, note.strip()
        row.done_on, row.done_by = done_on, by
    FollowUp.objects.bulk_update(rows, ["outcome", "note", "done_on", "done_by"], batch_size=500)
    get_history_manager_for_model(FollowUp).bulk_history_create(
        rows, batch_size=500, update=True, default_user=by
    )
    return len(rows)


@transaction.atomic
def reschedule(follow_up: FollowUp, *, due_on: dt.date | None, by: User) -> FollowUp:
    """Move one that is still to be done to another day; refuses the days that ``add`` refuses."""
    _lock_open(follow_up)
    _check_due(follow_up.intention, due_on, but=follow_up)
    follow_up.due_on = given(due_on)
    write_as(follow_up, by)
    follow_up.full_clean()
    follow_up.save()
    return follow_up


@transaction.atomic
def assign(follow_ups: Iterable[FollowUp], *, to: User | None, by: User) -> int:
    """Give follow-ups that are still to be done to somebody; return how many changed hands.

    Those that are done, or are that person's already, stay as they are. Raises
    ``FollowUpRefused`` for somebody who cannot see them.
    """
    rows = list(
        FollowUp.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=[row.pk for row in follow_ups], done_on=None)
        .select_related("intention")
        .order_by("pk")
    )
    _check_sees(to, {row.intention.event_id for row in rows})
    rows = [row for row in rows if row.assigned_to_id != (to and to.pk)]
    for row in rows:
        row.assigned_to = to
    FollowUp.objects.bulk_update(rows, ["assigned_to"], batch_size=500)
    get_history_manager_for_model(FollowUp).bulk_history_create(
        rows, batch_size=500, update=True, default_user=by
    )
    return len(rows)


@transaction.atomic
def assign_one(follow_up: FollowUp, *, to: User | None, by: User) -> FollowUp:
    """Give one that is still to be done to somebody.

    Refuses, in the words of ``FollowUpRefused``, what is done, whose intention has ended
    or which is that person's already, and somebody who cannot see it.
    """
    _lock_open(follow_up)
    if follow_up.intention.status not in CooperationIntention.ALIVE:
        raise FollowUpRefused(ENDED, code="not_alive")
    if not assign([follow_up], to=to, by=by):
        raise FollowUpRefused({"assigned_to": ValidationError(_same(to), code="same")})
    follow_up.refresh_from_db()
    return follow_up


def _same(person: User | None) -> Words:
    if person is None:
        return _("It is assigned to nobody already.")
    return _("It is assigned to %(person)s already.") % {"person": staff_name(person)}


def _check_due(
    intention: CooperationIntention, due_on: dt.date | None, *, but: FollowUp | None = None
) -> None:
    """Refuse a day on which none can be due; ``but`` is the one that is moved there, if any."""
    wrong = checks.before_signature(
        intention, due_on, unsaid=_("Enter the day on which it is due.")
    )
    if wrong is None:
        others = FollowUp.objects.filter(intention=intention, due_on=given(due_on), done_on=None)
        if but is not None:
            others = others.exclude(pk=but.pk)
        if others.exists():
            wrong = ValidationError(
                _("A follow-up of this intention is due on that day already."), code="planned"
            )
    checks.refuse(FollowUpRefused, {"due_on": wrong})


def _lock_open(follow_up: FollowUp) -> None:
    """Read the row anew and keep it; refuse where somebody else was faster."""
    # Nothing is joined that may be another by the time that the lock is free, as who has it.
    follow_up.refresh_from_db(
        from_queryset=FollowUp.objects.select_for_update(no_key=True, of=("self",)).select_related(
            "intention__event"
        )
    )
    if follow_up.is_done:
        raise FollowUpRefused(DONE, code="done")


def _refuse_voided(intention: CooperationIntention) -> None:
    """Keep an intention from being voided meanwhile; refuse where it is already."""
    locked = CooperationIntention.objects.select_for_update(no_key=True).order_by()
    if locked.values_list("status", flat=True).get(pk=intention.pk) == Status.VOIDED:
        raise FollowUpRefused(
            _("This signing was voided, so it is not followed up."), code="voided"
        )


def _check_sees(person: User | None, events: Collection[int]) -> None:
    if person is None:
        return
    if not may_see_follow_ups(person):
        raise FollowUpRefused(
            _("%(person)s cannot see follow-ups. Choose somebody else."),
            code="cannot_see",
            params={"person": staff_name(person)},
        )
    if not _runs(person, events):
        raise FollowUpRefused(
            _("%(person)s works on other events. Choose somebody else."),
            code="limited",
            params={"person": staff_name(person)},
        )


def _runs(person: User, events: Collection[int]) -> bool:
    """Whether none of the events is beyond what the person is limited to."""
    if limits_of(person) is None:
        return True
    return Event.objects.run_by(person).filter(pk__in=events).count() == len(events)
