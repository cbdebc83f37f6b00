"""Answers to sensitive questions, such as the number of a passport: kept for days, not months."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from events.models import Event
from registrations.domain.admission import check_not_erased
from registrations.models import Answer, Question, Registration
from summit.lib.database.sqlite import empty_write_ahead_log


@transaction.atomic
def withdraw(registration: Registration, question: int) -> None:
    """Erase the answer of a person who withdraws the consent to it. Twice is harmless.

    Raises ``MoveRefused`` where the person was erased.
    """
    check_not_erased(registration)
    registration.answers.filter(question=question, question__is_sensitive=True).delete()
    transaction.on_commit(empty_write_ahead_log)


def end_consents_of_another(registration: Registration) -> None:
    """Withdraw what was agreed to separately, and erase sensitive answers, on a changed row.

    That is where name, address or number are no longer as they are stored: what somebody agreed
    to does not stand for somebody else. Call it with the row locked, before it is saved.
    """
    names = ("name_key", "email_key", "phone")
    was = Registration.objects.values_list(*names).get(pk=registration.pk)
    if was == tuple(getattr(registration, name) for name in names):
        return
    registration.consents.standing().update(withdrawn_at=timezone.now())
    registration.answers.filter(question__is_sensitive=True).delete()
    transaction.on_commit(empty_write_ahead_log)


def erase_expired() -> int:
    """Erase the answers that are kept no longer; return how many.

    A postponed event is not over, whatever day it was to be on.
    """
    now = timezone.now()
    past = Question.objects.filter(is_sensitive=True, settings__event__ends_at__lte=now)
    erased = 0
    for question in past.exclude(settings__event__status=Event.Status.POSTPONED).select_related(
        "settings__event"
    ):
        kept_until = question.settings.event.ends_at + dt.timedelta(days=question.kept_days or 0)
        if kept_until <= now:
            erased += _erase(question)
    return erased


@transaction.atomic
def _erase(question: Question) -> int:
    number, _of_models = Answer.objects.filter(question=question).delete()
    if number:
        transaction.on_commit(empty_write_ahead_log)
    return number
