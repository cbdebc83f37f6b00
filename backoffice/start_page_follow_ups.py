"""What the start page says of follow-ups: one's own first, then what others have to do."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from events.models.scope import of_events_run_by
from projects.domain import feed
from projects.models import FollowUp, FollowUpFeed
from projects.models.follow_up import FollowUpQuerySet, who_may_see_follow_ups
from summit.lib.i18n.names import staff_name

SHOWN = 6


@dataclass
class Unreached:
    """Somebody with follow-ups to do who gets no mail about them."""

    pk: int
    name: str
    is_active: bool


@dataclass
class FollowUps:
    """Counts and rows up to 30 days ahead, and the address of one's calendar feed, if any."""

    numbers: dict[str, int]
    mine: list[FollowUp]
    unreached: list[Unreached]
    feed: str


def follow_ups_of(user: User) -> FollowUps:
    """Return what the start page of ``user`` tells. Four queries."""
    mine, others = Q(assigned_to=user), ~Q(assigned_to=user) & Q(assigned_to__isnull=False)
    nobodys = Q(assigned_to=None)
    late = Q(due_on__lt=timezone.localdate())
    soon = FollowUp.objects.filter(of_events_run_by(user, "intention__event")).due_within()
    return FollowUps(
        numbers=soon.order_by().aggregate(
            my_overdue=Count("pk", filter=mine & late),
            my_upcoming=Count("pk", filter=mine & ~late),
            others_overdue=Count("pk", filter=others & late),
            others_upcoming=Count("pk", filter=others & ~late),
            nobodys_overdue=Count("pk", filter=nobodys & late),
            nobodys_upcoming=Count("pk", filter=nobodys & ~late),
        ),
        mine=list(soon.of(user).select_related("intention")[:SHOWN]),
        unreached=_unreached(soon),
        feed=_address(user),
    )


def _unreached(soon: FollowUpQuerySet) -> list[Unreached]:
    able = who_may_see_follow_ups().order_by().values("pk")
    beyond = soon.exclude(pk__in=soon.within_limits().order_by().values("pk"))
    people = (
        get_user_model()
        .objects.filter(pk__in=soon.order_by().values("assigned_to"))
        .annotate(is_able=Q(pk__in=able) & ~Q(pk__in=beyond.order_by().values("assigned_to")))
        .filter(Q(email="") | Q(is_able=False))
        .order_by("username")
    )
    return [Unreached(each.pk, staff_name(each), each.is_able) for each in people[:SHOWN]]


def _address(user: User) -> str:
    """The feed in the language of the page, empty where there is none."""
    found = FollowUpFeed.objects.filter(user=user).first()
    if found is None:
        return ""
    return settings.SITE_URL + reverse("follow-up-calendar", args=[feed.key_of(found)])
