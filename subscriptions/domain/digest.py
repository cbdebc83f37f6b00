"""The weekly mail of new projects: to whom it goes, and of which it tells.

Its text: ``subscriptions/emails.py``.
"""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mail import outbox
from projects.models import Project
from projects.models.project import ProjectQuerySet
from subscriptions.mail_kinds import Kind
from subscriptions.models import Subscription, SubscriptionQuerySet

MONDAY_MORNING = dt.time(8)


def queue_due() -> int:
    """Queue the mail of this week for everybody whom a new project fits; return how many.

    From Monday 08:00 of ``TIME_ZONE`` on, whenever it runs in that week. Two that run at once
    queue each mail once. Three queries, and three for each mail.
    """
    now = timezone.localtime()
    monday = timezone.make_aware(
        dt.datetime.combine(now.date() - dt.timedelta(days=now.weekday()), MONDAY_MORNING)
    )
    if now < monday:
        return 0
    due = Subscription.objects.confirmed().filter(told_until__lt=monday)
    fits = _fitting(due)
    return sum(_queue(each, now) for each in due.prefetch_related("sectors") if fits(each))


def _fitting(due: SubscriptionQuerySet) -> Callable[[Subscription], bool]:
    """Return what says whether a published project is new to a subscription and fits it."""
    first = due.order_by("told_until").values_list("told_until", flat=True).first()
    if first is None:
        return lambda _subscription: False
    new = Project.objects.visible().open().filter(published_at__gt=first)
    projects = [
        (project.published_at, project.kind, {sector.pk for sector in project.sectors.all()})
        for project in new.prefetch_related("sectors")
    ]

    def fits(subscription: Subscription) -> bool:
        wanted = {sector.pk for sector in subscription.sectors.all()}
        return any(
            published_at is not None
            and published_at > subscription.told_until
            and subscription.kind in ("", kind)
            and wanted & sectors
            for published_at, kind, sectors in projects
        )

    return fits


@transaction.atomic
def _queue(subscription: Subscription, now: dt.datetime) -> int:
    """Queue it once: with the moment up to which it tells, or neither of the two."""
    since = subscription.told_until
    rows = Subscription.objects.filter(pk=subscription.pk, told_until=since)
    if not rows.update(told_until=now):
        return 0
    return outbox.queue(
        Kind.NEW_PROJECTS, [subscription], since=since.isoformat(), until=now.isoformat()
    )


def new_projects(subscription: Subscription, since: str, until: str) -> ProjectQuerySet:
    """Return the public projects that were published in between and fit, the latest first."""
    of_kind = Q(kind=subscription.kind) if subscription.kind else Q()
    return (
        Project.objects.visible()
        .open()
        .filter(
            of_kind,
            published_at__gt=dt.datetime.fromisoformat(since),
            published_at__lte=dt.datetime.fromisoformat(until),
            pk__in=Project.objects.filter(sectors__in=subscription.sectors.all()).values("pk"),
        )
    )
