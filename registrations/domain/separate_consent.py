"""What people agree to beside the privacy notice: each for themselves, and not for ever."""

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registrations.domain.admission import check_not_erased
from registrations.models import (
    Consent,
    ConsentWording,
    Registration,
    RegistrationSettings,
    SeparateConsent,
)
from summit.lib.database.states import MoveRefused
from summit.lib.i18n.languages import CONTENT_LANGUAGES, column


class WordingChanged(ValidationError):
    """The organizer has changed a consent since the page with its box was shown."""


def offered(settings: RegistrationSettings) -> list[SeparateConsent]:
    """Return what the event asks now. One query."""
    return list(settings.separate_consents.filter(is_offered=True))


def chosen(asked: Iterable[SeparateConsent], keys: Collection[str]) -> list[SeparateConsent]:
    """Return those whose boxes were ticked. Raises ``WordingChanged`` for a key of none of them."""
    known = {each.key: each for each in asked}
    if set(keys) - known.keys():
        raise WordingChanged(
            _("What you are asked to agree to was changed meanwhile. Read it again."),
            code="wording_changed",
        )
    return [each for key, each in known.items() if key in keys]


def give(registration: Registration, agreed: Iterable[SeparateConsent]) -> None:
    """Note that the person agrees to each as it reads now; what stands already stays.

    For who has just registered, or in the transaction that holds the row.
    """
    standing = {
        each.to_id: each for each in registration.consents.standing().select_related("wording")
    }
    now = timezone.now()
    for each in agreed:
        before = standing.get(each.pk)
        if before is not None and before.wording.terms == each.terms:
            continue
        if before is not None:
            # Agreed to anew, on other terms: until now to those of then.
            Consent.objects.filter(pk=before.pk).update(withdrawn_at=now)
        Consent.objects.create(
            registration=registration, to=each, wording=_wording(each), given_at=now
        )


def _wording(separate_consent: SeparateConsent) -> ConsentWording:
    texts = {
        column("text", language): separate_consent.wording(language)
        for language in CONTENT_LANGUAGES
    }
    return ConsentWording.objects.get_or_create(
        digest=separate_consent.digest, defaults={"terms": separate_consent.terms, **texts}
    )[0]


@transaction.atomic
def decide(registration: Registration, *, shown: Collection[str], ticked: Collection[str]) -> None:
    """Give and withdraw as the boxes say that were ``shown`` to the person, each by its key.

    What was not shown stays as it is. Doing it again is harmless. Raises ``WordingChanged``,
    and ``MoveRefused`` where the person was erased, or would agree without the privacy notice.
    """
    _lock(registration)
    asked = {each.key: each for each in choices(registration)}
    agreed = chosen(asked.values(), ticked)
    if agreed and registration.lacks_consent:
        raise MoveRefused(_("Agree to the privacy notice first."), code="no_consent")
    # By its number: what was worded anew meanwhile can be withdrawn all the same.
    unticked = {_number(key) for key in shown} - {_number(key) for key in ticked}
    _withdraw(registration, [each.pk for each in asked.values() if str(each.pk) in unticked])
    give(registration, agreed)


@transaction.atomic
def withdraw(registration: Registration, named: Iterable[SeparateConsent]) -> None:
    """End what the person agreed to. Doing it twice is harmless.

    Raises ``MoveRefused`` where the person was erased.
    """
    _lock(registration)
    _withdraw(registration, [each.pk for each in named])


def _number(key: str) -> str:
    return key.partition("-")[0]


def _lock(registration: Registration) -> None:
    registration.refresh_from_db(
        from_queryset=Registration.objects.select_for_update(no_key=True, of=("self",))
    )
    check_not_erased(registration)


def _withdraw(registration: Registration, keys: Collection[int]) -> None:
    standing = registration.consents.standing().filter(to__in=keys)
    standing.update(withdrawn_at=timezone.now())


def choices(registration: Registration) -> list[SeparateConsent]:
    """Return what the person can decide on: what is asked now, and what still stands. A query."""
    given = registration.consents.standing().values("to")
    of_event = SeparateConsent.objects.filter(settings__event=registration.event_id)
    return list(of_event.filter(Q(is_offered=True) | Q(pk__in=given)))


def ticked(registration: Registration) -> list[str]:
    """Return the keys of what the person agreed to, on the terms of now. A query."""
    standing = registration.consents.standing().select_related("to", "wording")
    return [each.to.key for each in standing if each.wording.terms == each.to.terms]
