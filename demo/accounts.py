"""The people who log in to the demo: the organizer, one at the desk, and one of a single series."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.models import Group, User

from events.models import EventSeries, OrganizerScope
from summit.lib.i18n.groups import DESK, ORGANIZER

# No letters and digits that look alike: the password is read off a terminal.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Login:
    username: str
    group: str
    last_name: str
    # The slug of the series that this organizer is limited to.
    limited_to: str = ""


LOGINS = (
    Login("organizer", ORGANIZER, "Organizer"),
    Login("desk", DESK, "Desk"),
    Login("series", ORGANIZER, "Series", limited_to="shijiazhuang-biomedical-cooperation-days"),
)


def ensure(login: Login, password: str | None) -> tuple[User, str | None]:
    """Return the person of a log-in, and the password where it is known.

    One who is there already keeps the password; it is known only where it is
    the one given.
    """
    user = User.objects.filter(username=login.username).first()
    if user is not None:
        return user, password if password and user.check_password(password) else None
    password = password or new_password()
    user = User.objects.create_user(
        login.username,
        f"{login.username}@example.org",
        password,
        is_staff=True,
        first_name="Demo",
        last_name=login.last_name,
    )
    user.groups.add(Group.objects.get_or_create(name=login.group)[0])
    return user, password


def limit() -> None:
    """Limit those who run one series to it, unless they are limited to something already."""
    for login in LOGINS:
        user = User.objects.get(username=login.username)
        series = EventSeries.objects.filter(slug=login.limited_to).first()
        if series and not user.organizer_scopes.exists():
            OrganizerScope.objects.create(user=user, series=series)


def new_password() -> str:
    parts = ("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))
    return "-".join(parts)
