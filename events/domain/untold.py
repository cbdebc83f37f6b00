"""Refusals that quote what not everybody may know of."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError

from events.models import Event
from events.models.limits import runs
from summit.lib.i18n.languages import Words


class QuotesAnother(ValidationError):
    """A refusal that quotes a row of ``event``, and ``unquoted`` says it without that."""

    def __init__(
        self,
        message: Words,
        *,
        unquoted: Words,
        event: Event,
        code: str,
        params: dict[str, object],
    ) -> None:
        super().__init__(message, code=code, params=params)
        self.unquoted = unquoted
        self.event = event


def said_to(user: User | AnonymousUser, refusal: ValidationError) -> ValidationError:
    """Return the refusal as somebody may read it: nothing is quoted of events they do not run.

    Every page that shows a refusal of the domain to somebody passes it through here.
    """
    if hasattr(refusal, "error_dict"):
        by_field = refusal.error_dict.items()
        return ValidationError({name: _said(user, errors) for name, errors in by_field})
    return ValidationError(_said(user, refusal.error_list))


def _said(user: User | AnonymousUser, errors: Iterable[ValidationError]) -> list[ValidationError]:
    told, unquoted = [], set()
    for error in errors:
        if not isinstance(error, QuotesAnother) or runs(user, error.event):
            told.append(error)
            continue
        plain = ValidationError(error.unquoted, code=error.code, params=error.params)
        # How many there are elsewhere is not told either.
        if plain.messages[0] not in unquoted:
            unquoted.add(plain.messages[0])
            told.append(plain)
    return told
