"""Requests, as far as a view can know more of them than any request says."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


class StaffRequest(HttpRequest):
    """A request of somebody who is logged in: ``LoginRequiredMiddleware`` lets no other through.

    For annotations; nothing makes one.
    """

    user: User


def user_of(request: HttpRequest) -> User:
    """Return who is logged in. Raises ``PermissionDenied`` for a visitor.

    For views whose signature is Django's, and which visitors do not reach.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
