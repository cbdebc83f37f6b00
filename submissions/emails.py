"""What the mails about submissions say, written from them as they are when they are sent."""

from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from events.models import SiteProfile
from mail.models import OutboundMail
from mail.writers import address, compose
from registrations.domain.query_code import code_of
from submissions.domain import link
from submissions.mail_kinds import Kind
from submissions.models import Submission
from summit.lib.i18n.languages import Words

Status = Submission.Status
# The subject, and the sentences.
TEXTS: dict[str, tuple[Words, list[Words]]] = {
    Kind.SAVED: (
        _("Saved: %(call)s"),
        [
            _(
                "What you entered for this call is saved and has not been sent yet. Open the link "
                "below to go on and send it by %(deadline)s."
            ),
            _("If you know nothing of this, ignore this e-mail: it is erased after some weeks."),
        ],
    ),
    Kind.SENT: (
        _("Received: %(call)s"),
        [
            _("We have received your submission %(reference)s. An organizer will read it."),
            _(
                "On its page you see how it stands, and can add files as long as the call is open. "
                "Until it is reviewed you can withdraw it there."
            ),
        ],
    ),
    Kind.RETURNED: (
        _("Please complete your submission: %(call)s"),
        [
            _(
                "Your submission %(reference)s has been read and returned to you. Open its page, "
                "change what is asked for and send it again."
            ),
            _("Reason: %(reason)s"),
        ],
    ),
    Kind.ACCEPTED: (
        _("Accepted: %(call)s"),
        [
            _(
                "Your submission %(reference)s has been accepted. Organizers now prepare it, and "
                "nothing is published before they do so."
            ),
        ],
    ),
    Kind.REFUSED: (
        _("Not accepted: %(call)s"),
        [
            _("Your submission %(reference)s has been read and was not accepted."),
            _("Reason: %(reason)s"),
        ],
    ),
    Kind.LATE: (
        _("You can send your submission late: %(call)s"),
        [_("The call has closed, but you can still send your submission by %(late_until)s.")],
    ),
    Kind.REMINDER: (
        _("Reminder: %(call)s closes soon"),
        [_("You have saved a submission that has not been sent. The call closes on %(deadline)s.")],
    ),
    Kind.ASKED: (
        _("Please check your project: %(title)s"),
        [
            _(
                "We ask you to check what we have about your project “%(title)s”. Open the link "
                "below, change what is not right, and send it by %(late_until)s."
            ),
            _("%(reason)s"),
            _("Nothing of the project changes before an organizer has accepted it."),
        ],
    ),
    Kind.LINK: (
        _("Your link: %(call)s"),
        [_("The link below opens your submission.")],
    ),
}
# Whether a mail still says what is so, by its kind.
_IS_TRUE: dict[str, Callable[[Submission], bool]] = {
    Kind.SAVED: lambda row: row.status == Status.DRAFT,
    Kind.RETURNED: lambda row: row.status == Status.RETURNED,
    Kind.ACCEPTED: lambda row: row.status in (Status.ACCEPTED, Status.PARTLY_ACCEPTED),
    Kind.REFUSED: lambda row: row.status == Status.REFUSED,
    Kind.LATE: lambda row: row.may_be_sent,
    Kind.ASKED: lambda row: row.status == Status.DRAFT,
    Kind.REMINDER: lambda row: row.may_be_sent,
}


def write(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return the mail, or nothing where what it says is so no longer."""
    submission = _submission_of(row)
    if submission is None or not _IS_TRUE.get(row.kind, lambda each: True)(submission):
        return None
    where = settings.SITE_URL + link.path_of(submission, is_mailed=True)
    return _message(row, submission, where=where, code=code_of(submission))


def show(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return the mail as staff may see it: without the link and the query code."""
    submission = _submission_of(row)
    if submission is None:
        return None
    return _message(row, submission, where="https://…/", code="••••••")


def _submission_of(row: OutboundMail) -> Submission | None:
    rows = Submission.objects.named().select_related("call__event", "call__series")
    return rows.filter(mails=row.pk).exclude(email="").first()


def _message(
    row: OutboundMail, submission: Submission, *, where: str, code: str
) -> EmailMultiAlternatives:
    call = submission.call
    with translation.override(submission.language):
        subject, sentences = TEXTS[row.kind]
        late = submission.late_until
        words = {
            "call": call.title,
            "reference": submission.reference,
            "reason": submission.reason,
            "deadline": call.deadline_in_words,
            "title": submission.title,
            "late_until": call.moment_in_words(late) if late else call.deadline_in_words,
        }
        context = {
            "subject": subject % words,
            "sentences": [sentence % words for sentence in sentences],
            "name": submission.mailed_name,
            "call": call,
            "link": where,
            "query_code": code,
            "site": SiteProfile.load(),
        }
        return compose(
            row,
            to=address(submission.mailed_name, submission.email),
            subject=str(context["subject"]),
            text=render_to_string("mail/submission.txt", context),
            html=render_to_string("mail/submission.html", context),
        )
