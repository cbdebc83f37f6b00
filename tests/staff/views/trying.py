"""Log-ins that fail, and browsers that are known."""

from django.test import Client
from django.urls import reverse

from staff.domain import logins
from tests.cast import make_superuser
from tests.staff.people import (
    logged_in,
    send_password,
)

COOKIE = "known-browser"

COOKIE = "known-browser"
LINK = "/staff/log-in-link/"
OPEN = "/staff/open-log-in/"


def fail(times, *, name="zhang", **headers):
    for _number in range(times):
        response = send_password(Client(**headers), name, "wrong")
    return response


def known_to(user) -> Client:
    """A browser in which somebody logged in and out again."""
    client = logged_in(user)
    client.post(reverse("admin:logout"))
    assert client.cookies[COOKIE].value
    return client


def holding(cookie) -> Client:
    client = Client()
    client.cookies[COOKIE] = cookie
    return client


def end_all_by_superuser(user, mine=None):
    logins.end_all(user, by=make_superuser().user)
