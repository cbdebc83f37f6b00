"""The private link under which somebody's calendar reads the follow-ups assigned to them."""

from django.contrib.auth.models import User

from projects.models import FollowUpFeed
from projects.models.follow_up import may_see_follow_ups
from summit.lib.web.signed_links import FOLLOW_UPS, new_code, sign, unsign


def create(user: User) -> FollowUpFeed:
    """Return the feed, made where there is none: making it twice changes nothing."""
    return FollowUpFeed.objects.get_or_create(user=user)[0]


def replace(user: User) -> FollowUpFeed:
    """Give the feed a new link; the old one stops working."""
    return FollowUpFeed.objects.update_or_create(user=user, defaults={"code": new_code()})[0]


def stop(user: User) -> None:
    """End the feed. Stopping one that is not there is harmless."""
    FollowUpFeed.objects.filter(user=user).delete()


def key_of(feed: FollowUpFeed) -> str:
    """Return the signed code, as the address of the feed carries it."""
    return sign(feed.code, FOLLOW_UPS)


def owner_of(key: str) -> User | None:
    """Return whose feed it is; nobody for a key that is unknown, replaced or stopped.

    Nobody either where its owner may not, or no longer, see follow-ups. A key that
    this site has not signed costs no query, any other one to three.
    """
    code = unsign(key, FOLLOW_UPS)
    feed = FollowUpFeed.objects.select_related("user").filter(code=code).first() if code else None
    return feed.user if feed is not None and may_see_follow_ups(feed.user) else None
