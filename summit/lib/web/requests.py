"""Requests, as far as a view can know more of them than any request says."""

from django.contrib.auth.models import User
from django.http import HttpRequest


class StaffRequest(HttpRequest):
    """A request of somebody who is logged in: ``LoginRequiredMiddleware`` lets no other through.

    For annotations; nothing makes one.
    """

    user: User
