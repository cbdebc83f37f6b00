"""Who did something, as a row keeps it, and who may do something."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models.expressions import Combinable

from summit.lib.i18n.languages import Words


def staff_with(permission: str) -> models.QuerySet[User]:
    """Return the active members of staff who have a permission such as app.view_row, by name."""
    people = User.objects.with_perm(
        permission, is_active=True, backend="django.contrib.auth.backends.ModelBackend"
    )
    return people.filter(is_staff=True).order_by("last_name", "first_name", "username")


def account_field(
    label: Words, *, related_name: str = "+", **options: Any
) -> "models.ForeignKey[User | Combinable | None, User | None]":
    """Return a reference to an account, which may be none and is emptied where the account goes."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name=related_name,
        verbose_name=label,
        **{"null": True, "blank": True, **options},
    )
