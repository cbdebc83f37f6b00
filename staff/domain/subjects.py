"""How the audit trail names what it is about."""

from django.contrib.auth.models import User


def account(user: User) -> str:
    return f"account · {user.get_username()}"
