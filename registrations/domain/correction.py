"""What an attendee typed, corrected by the person or by staff, and the answers to questions."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Organization
from registrations.domain.admission import check_not_erased
from registrations.models import Answer, Question, Registration
from summit.lib.database.states import MoveRefused


def answer(registration: Registration, answers: dict[int, object]) -> None:
    """Store the answers in place of those there were to the same questions.

    Questions of other events are left out. A sensitive one is answered by the person alone, with
    the consent that its own form asked for: what a form does not ask, stays.
    """
    questions = Question.objects.filter(settings__event=registration.event_id, pk__in=list(answers))
    registration.answers.filter(question__in=list(answers)).delete()
    now = timezone.now()
    Answer.objects.bulk_create(
        Answer(
            registration=registration,
            question=question,
            value=answers[question.pk],
            consent_text=question.consent if question.is_sensitive else "",
            consented_at=now if question.is_sensitive else None,
        )
        for question in questions
        if answers[question.pk] not in ("", None, [])
    )


@transaction.atomic
def correct(
    registration: Registration, *, answers: dict[int, object] | None = None, **changes: object
) -> Registration:
    """Change what the attendee typed; the e-mail address stays.

    Raises ``MoveRefused`` where there is no place any more to correct.
    """
    # As it is now: somebody may have given it a seat or erased it since it was read, and
    # saving what was read would undo that.
    registration.refresh_from_db(
        from_queryset=Registration.objects.select_for_update(no_key=True, of=("self",))
    )
    if not registration.can_be_ended:
        raise MoveRefused(_("This registration is no longer active."), code="not_active")
    check_not_erased(registration)
    for name, value in changes.items():
        setattr(registration, name, value)
    registration.organization_id = Organization.objects.key_like(registration.organization_name)
    registration.full_clean()
    registration.save()
    if answers is not None:
        answer(registration, answers)
    return registration
