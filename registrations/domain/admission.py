"""Whether an event takes registrations just now, and the lock under which it gives seats."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.models import Event
from registrations.models import Registration, RegistrationSettings
from summit.lib.database.states import MoveRefused
from summit.lib.i18n.clock import moment_in_words


class RegistrationClosed(ValidationError):
    """The event takes no registrations at this moment."""


def lock(event: Event) -> RegistrationSettings:
    """Take the event's lock on seats until the transaction ends, and return its settings.

    Raises ``RegistrationClosed`` where the event has none. Whoever also
    locks a registration does so after this, never before: ``lock_both``.
    """
    settings = RegistrationSettings.objects.locked().filter(event=event).first()
    if settings is None:
        raise _takes_none()
    return settings


def lock_both(registration: Registration) -> RegistrationSettings:
    """Take the event's lock on seats, then the registration's, which is read anew.

    Raises what ``lock`` does. The person may have been erased meanwhile.
    """
    settings = lock(registration.event)
    registration.refresh_from_db(
        from_queryset=Registration.objects.select_for_update(no_key=True, of=("self",))
    )
    return settings


def lock_rows(pks: Iterable[int]) -> None:
    """Lock registrations by their keys in order, so that no two who lock several block each other.

    Whoever also writes what hangs on them, as their changes of contacts, does so after this.
    """
    rows = Registration.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    list(rows.filter(pk__in=pks).values_list("pk"))


def check_not_erased(registration: Registration) -> None:
    """Raise ``MoveRefused`` where the person was erased."""
    if registration.erased_at:
        raise MoveRefused(_("This registration is no longer active."), code="not_active")


def open_settings(event: Event) -> RegistrationSettings:
    """Return how the event takes registrations, where anybody can register just now.

    Raises ``RegistrationClosed`` with the reason why nobody can. Queries only where
    ``registration_settings`` is not loaded with the event.
    """
    settings = getattr(event, "registration_settings", None)
    if settings is None:
        _check_event(event)
        raise _takes_none()
    check_open(settings)
    return settings


def check_open(settings: RegistrationSettings) -> None:
    event = settings.event
    if settings.is_open:
        return
    _check_event(event)
    if not settings.takes_registrations:
        raise _takes_none()
    if settings.opens_at and settings.is_not_open_yet:
        raise RegistrationClosed(
            _("Registration opens on %(moment)s."),
            code="not_open_yet",
            params={"moment": moment_in_words(settings.opens_at, event.zone)},
        )
    raise RegistrationClosed(_("Registration has closed."), code="closed")


def _takes_none() -> RegistrationClosed:
    return RegistrationClosed(_("This event takes no registrations here."), code="none")


def _check_event(event: Event) -> None:
    """Raise ``RegistrationClosed`` where the event itself is the reason why nobody can register."""
    if event.is_cancelled:
        raise RegistrationClosed(
            _("This event has been cancelled, so nobody can register."), code="cancelled"
        )
    if event.is_postponed:
        raise RegistrationClosed(
            _(
                "This event has been postponed and its new date is not known yet. You can "
                "register once it is announced."
            ),
            code="postponed",
        )
    if event.is_draft:
        raise RegistrationClosed(_("This event is not published yet."), code="draft")
    if event.is_over:
        raise RegistrationClosed(_("This event is over."), code="over")
