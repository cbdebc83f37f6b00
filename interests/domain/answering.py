"""An organizer answers a visitor by e-mail; what was answered stays with the interest."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from interests.domain.interest import advance, lock
from interests.mail_kinds import Kind
from interests.models import Interest, InterestAnswer
from mail import outbox


def check_may_be_answered(interest: Interest) -> None:
    """Raise ``ValidationError`` where no mail can be written to the visitor."""
    if not interest.is_open:
        raise ValidationError(
            _("Take it up again first: it is closed or was thrown away."), code="not_open"
        )
    if not interest.email:
        raise ValidationError(
            _("The visitor gave no e-mail address. Call instead, and note what was said."),
            code="no_address",
        )


@transaction.atomic
def answer(interest: Interest, text: str, *, by: User) -> InterestAnswer:
    """Mail an answer to the visitor and keep its text. Raises ``ValidationError``."""
    lock(interest)
    check_may_be_answered(interest)
    made = InterestAnswer(interest=interest, text=text, by=by)
    made.full_clean()
    made.save()
    outbox.queue(Kind.ANSWER, [interest], answer=made.pk)
    advance(interest, Interest.Status.ANSWERED)
    return made
