"""The person who logs in to the demo."""

import secrets

from django.contrib.auth.models import Group, User

USERNAME = "organizer"
GROUP = "Organizer"
# No letters and digits that look alike: the password is read off a terminal.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def ensure(password: str | None) -> tuple[User, str | None]:
    """Return the demo organizer, and the password where it is known.

    One who is there already keeps the password; it is known only where it is
    the one given.
    """
    user = User.objects.filter(username=USERNAME).first()
    if user is not None:
        return user, password if password and user.check_password(password) else None
    password = password or new_password()
    user = User.objects.create_user(
        USERNAME,
        "organizer@example.org",
        password,
        is_staff=True,
        first_name="Demo",
        last_name="Organizer",
    )
    user.groups.add(Group.objects.get_or_create(name=GROUP)[0])
    return user, password


def new_password() -> str:
    parts = ("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))
    return "-".join(parts)
