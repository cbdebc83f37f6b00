"""What a password of staff has to be, beside what Django itself asks for."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class DifferentCharactersValidator:
    """Refuses a password of few different characters, such as one that is repeated."""

    def __init__(self, least: int = 5) -> None:
        self.least = least

    def validate(self, password: str, user: User | None = None) -> None:
        if len(set(password.casefold())) < self.least:
            raise ValidationError(
                _("This password has fewer than %(least)d different characters."),
                code="password_too_uniform",
                params={"least": self.least},
            )

    def get_help_text(self) -> str:
        return _("Your password must have at least %(least)d different characters.") % {
            "least": self.least
        }
