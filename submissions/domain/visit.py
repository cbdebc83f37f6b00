"""The visit of an expert to an event: asked for, arrival and departure saved, erased.

What an expert types here is saved at once, without a review: it is on no public page, and who
fetches people at the airport needs it as it is now.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit import trail
from events.domain.merging import add_check
from events.models import Event, Expert
from submissions.audited import Action
from submissions.domain.decisions import ChangedMeanwhile
from submissions.models import ExpertLink, ExpertVisit, PassportData
from summit.lib.database.sqlite import empty_write_ahead_log
from summit.lib.i18n.bilingual import in_both

# Who arrives long before an event, or leaves long after it, has mistyped a date.
MARGIN = dt.timedelta(days=60)
TRAVEL = ("arrives_at", "arrival_by", "departs_at", "departure_by")
_NOTHING = {"arrives_at": None, "arrival_by": "", "departs_at": None, "departure_by": ""}


@transaction.atomic
def ask(
    expert: Expert, event: Event, *, travel: bool, passport: bool, by: User | None
) -> ExpertVisit:
    """Ask an expert about the visit to an event; what was entered of it before stays.

    Raises ``ValidationError`` for nothing asked, and for an event that is cancelled or over.
    """
    if not (travel or passport):
        words = _("Tick what to ask for, or leave the event empty.")
        raise ValidationError({"visit_to": words}, code="nothing_asked")
    if event.ends_at <= timezone.now() or event.status == Event.Status.CANCELLED:
        words = _("This event is over or cancelled. Choose one that is still to come.")
        raise ValidationError({"visit_to": words}, code="over")
    asked = {"asks_travel": travel, "asks_passport": passport}
    visit, is_new = ExpertVisit.objects.get_or_create(
        expert=expert, event=event, defaults={**asked, "asked_by": by}
    )
    if not is_new:
        visit = lock_visit(visit)
        visit.asks_travel, visit.asks_passport = travel, passport
        visit.asked_at, visit.asked_by = timezone.now(), by
        _save(visit)
    return visit


def open_visits(expert: Expert) -> list[ExpertVisit]:
    """Return the visits of which an expert's page tells. One query."""
    rows = ExpertVisit.objects.kept().filter(expert=expert).with_all()
    return [row for row in rows if row.asks_travel or row.asks_passport or has_data(row)]


def upcoming_visit(expert: Expert) -> ExpertVisit | None:
    """Return the visit to the next event that is not over, if one is asked about. One query."""
    rows = ExpertVisit.objects.filter(expert=expert, event__in=Event.objects.upcoming())
    rows = rows.exclude(event__status=Event.Status.CANCELLED)
    return rows.order_by("event__starts_at", "pk").first()


def has_data(visit: ExpertVisit) -> bool:
    """Whether anything of a visit was entered."""
    return visit.has_travel or visit.passport_data is not None


def lock_visit(visit: ExpertVisit) -> ExpertVisit:
    """Return a visit read anew and locked until the transaction ends.

    Raises ``ChangedMeanwhile`` where it was erased meanwhile.
    """
    rows = ExpertVisit.objects.select_for_update(no_key=True, of=("self",))
    stored = rows.select_related("event", "expert").filter(pk=visit.pk).first()
    if stored is None:
        raise ChangedMeanwhile(_("This has been erased."), code="erased")
    return stored


@transaction.atomic
def save_travel(
    visit: ExpertVisit, values: dict[str, Any], *, version: int, link: ExpertLink
) -> ExpertVisit:
    """Save arrival and departure as the expert typed them by the personal link.

    ``values`` goes by ``TRAVEL``. Raises ``ValidationError`` as ``check_travel`` does, and
    ``ChangedMeanwhile`` where somebody else has saved since that ``version``, nothing is asked
    any more, or the link was revoked.
    """
    stored = lock_visit(visit)
    refuse_ended(link)
    if stored.version != version:
        raise ChangedMeanwhile(
            _(
                "This was changed in another window or by an organizer. What you typed is still "
                "here. Compare, and save again to replace what was written meanwhile."
            ),
            code="changed_meanwhile",
        )
    if not stored.asks_travel:
        raise ChangedMeanwhile(
            _("The organizer no longer asks for arrival and departure."), code="not_asked"
        )
    for name in TRAVEL:
        setattr(stored, name, values.get(name, _NOTHING[name]))
    check_travel(stored)
    stored.saved_at = timezone.now()
    return _save(stored)


def check_travel(visit: ExpertVisit) -> None:
    """Raise ``ValidationError`` for times in no order, or far from the event.

    A postponed event has no days that they could be far from.
    """
    event, arrival, departure = visit.event, visit.arrives_at, visit.departs_at
    errors = {}
    if event.status != Event.Status.POSTPONED:
        first, last = event.starts_at - MARGIN, event.ends_at + MARGIN
        if arrival and not first <= arrival <= event.ends_at:
            errors["arrives_at"] = _(
                "Check the date: the arrival is after the event, or more than 60 days before it."
            )
        if departure and not event.starts_at <= departure <= last:
            errors["departs_at"] = _(
                "Check the date: the departure is before the event, or more than 60 days after it."
            )
    if arrival and departure and departure <= arrival:
        errors.setdefault("departs_at", _("The departure must be after the arrival."))
    if errors:
        raise ValidationError(errors)


def refuse_ended(link: ExpertLink) -> None:
    """Raise ``ChangedMeanwhile`` where a link was revoked or has ended. One query."""
    if not ExpertLink.objects.working().filter(pk=link.pk).exists():
        raise ChangedMeanwhile(
            _("This link has ended in the meantime. Ask the organizer for a new one."),
            code="link_ended",
        )


def save_by_staff(visit: ExpertVisit) -> ExpertVisit:
    """Save what an organizer typed, for a visit that the caller has locked in the transaction.

    Raises ``ValidationError`` as ``check_travel`` does, and ``ChangedMeanwhile``.
    """
    check_travel(visit)
    visit.version = lock_visit(visit).version
    return _save(visit)


def _save(visit: ExpertVisit) -> ExpertVisit:
    visit.version += 1
    visit.full_clean(validate_unique=False)
    visit.save()
    return visit


@transaction.atomic
def clear(visits: Iterable[ExpertVisit]) -> int:
    """Erase what an expert has entered of visits, on the own page; return of how many.

    What the organizer asks stays asked, so that it can be entered again.
    """
    keys = [each.pk for each in visits]
    rows = list(ExpertVisit.objects.select_for_update(no_key=True).filter(pk__in=keys))
    with_passport = set(
        PassportData.objects.filter(visit__in=keys).values_list("visit_id", flat=True)
    )
    cleared = [row for row in rows if row.has_travel or row.pk in with_passport]
    PassportData.objects.filter(visit__in=keys).delete()
    for row in cleared:
        for name, value in _NOTHING.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
    if cleared:
        trail.record(Action.VISITS_ERASED, visits=len(cleared), reason="own_wish")
        transaction.on_commit(empty_write_ahead_log)
    return len(cleared)


@transaction.atomic
def erase(
    visits: Iterable[ExpertVisit],
    *,
    by: User | None = None,
    request: HttpRequest | None = None,
    reason: str = "asked_for",
) -> int:
    """Erase visits with all that was entered of them; return how many. Twice is harmless."""
    keys = sorted(each.pk for each in visits)
    # Who saves meanwhile waits, and is told that it is erased.
    locked = ExpertVisit.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    keys = [row.pk for row in locked]
    if not keys:
        return 0
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(ExpertVisit),
        object_id__in=[str(key) for key in keys],
    ).delete()
    ExpertVisit.objects.filter(pk__in=keys).delete()
    trail.record(Action.VISITS_ERASED, by=by, request=request, visits=len(keys), reason=reason)
    transaction.on_commit(empty_write_ahead_log)
    return len(keys)


def erase_expired() -> int:
    """Erase the visits that are kept no longer, with the passport data; return how many."""
    erased = 0
    while batch := list(ExpertVisit.objects.expired()[:500]):
        erased += erase(batch, reason="retention")
    return erased


def own_rows(expert: Expert) -> list[dict[str, Any]]:
    """Return what is kept of an expert's visits, for the person: passport data masked."""
    return [_own_row(row) for row in ExpertVisit.objects.filter(expert=expert).with_all()]


def _own_row(row: ExpertVisit) -> dict[str, Any]:
    data = row.passport_data
    return {
        "event": in_both(row.event, "title"),
        "time_zone": row.event.time_zone,
        "arrives_at": row.arrives_at,
        "arrival_by": row.arrival_by,
        "departs_at": row.departs_at,
        "departure_by": row.departure_by,
        "passport_number": data.masked_number if data else "",
        "passport_entered_at": data.entered_at if data else None,
        "consent": data.consent_text if data else "",
        "kept_until": row.kept_until,
    }


def refuse_two_visits(rows: Sequence[Expert], *, lock: bool) -> list[str]:
    """Return why experts cannot be merged: passport data of two people is never put together."""
    found = ExpertVisit.objects.filter(expert__in=[row.pk for row in rows]).select_related("event")
    if lock:
        found = found.select_for_update(of=("self",))
    events: dict[int, list[ExpertVisit]] = {}
    for visit in found.order_by("pk"):
        events.setdefault(visit.event_id, []).append(visit)
    return [
        gettext("Two of them have a visit to “%(event)s”. Erase one of the visits first.")
        % {"event": visits[0].event}
        for visits in events.values()
        if len(visits) > 1
    ]


def register() -> None:
    """Let mergers know this rule. Harmless when repeated."""
    add_check(Expert, refuse_two_visits)
