"""The personal link of a submission: mailed, opened, renewed.

It is made of one secret in two ways. What is mailed proves the address that it was mailed to, and
no other one, when it is opened; what is shown on the screen opens the same page and proves
nothing, since anybody may have typed that address or number. Staff can confirm the contact
instead: ``review.confirm_contact``.
"""

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import override

from audit import trail
from mail import outbox
from submissions.audited import Action
from submissions.mail_kinds import Kind
from submissions.models import Submission
from summit.lib.web import mail_addresses
from summit.lib.web.signed_links import SUBMISSION, SUBMISSION_MAILED, new_code, sign, unsign
from throttle import rate_limit

# What somebody can cause who knows nothing but an address.
_OF_STRANGERS = (Kind.SAVED, Kind.SENT, Kind.LINK)
# Stands in no code.
_BETWEEN = "~"


def token_of(submission: Submission, *, is_mailed: bool = False) -> str:
    """Return what opens the submission, in the way that it reaches the person."""
    if not is_mailed:
        return sign(submission.code, SUBMISSION)
    return sign(f"{submission.code}{_BETWEEN}{_mark_of_address(submission)}", SUBMISSION_MAILED)


def _mark_of_address(submission: Submission) -> str:
    """Return a keyed hash of the address that the submission has now."""
    digest = salted_hmac("address of a submission", submission.email_key, algorithm="sha256")
    return digest.hexdigest()[:16]


def path_of(submission: Submission, *, is_mailed: bool = False) -> str:
    """Return the address of its page, in its language."""
    with override(submission.language):
        return reverse("submission", args=[token_of(submission, is_mailed=is_mailed)])


def open_link(token: str) -> Submission | None:
    """Return the submission that a link opens; nothing for one that is old, revoked or none.

    A link from a mail proves the address that it was mailed to. One query, and one more the first
    time.
    """
    submission = read_link(token)
    if submission and submission.proven_at is None and _is_mailed_to(submission, token):
        submission.proven_at = timezone.now()
        # Not where another address was typed at this moment.
        same = Submission.objects.filter(pk=submission.pk, email_key=submission.email_key)
        same.update(proven_at=submission.proven_at)
    return submission


def _is_mailed_to(submission: Submission, token: str) -> bool:
    """Whether a token that opens the submission was mailed to the address that it has now."""
    plain = unsign(token, SUBMISSION_MAILED) or ""
    mark = plain.partition(_BETWEEN)[2]
    return constant_time_compare(mark, _mark_of_address(submission))


def read_link(token: str) -> Submission | None:
    """Return the submission that a link opens, and prove nothing. One query."""
    plain = unsign(token, SUBMISSION) or unsign(token, SUBMISSION_MAILED)
    if plain is None:
        return None
    code = plain.partition(_BETWEEN)[0]
    rows = Submission.objects.named().select_related("call__event", "call__series", "project")
    submission = rows.filter(code=code).first()
    is_over = submission is None or submission.link_ends_at < timezone.now()
    return None if is_over else submission


@transaction.atomic
def renew(
    submission: Submission, *, by: User | None = None, request: HttpRequest | None = None
) -> Submission:
    """Make the links invalid that are out, and mail a new one."""
    submission.code = new_code()
    submission.save(update_fields=["code"])
    if by is not None:
        subject = f"call · {submission.call.slug}"
        trail.record(Action.LINK_RENEWED, by=by, request=request, subject=subject)
    mail(submission, Kind.LINK, is_by_staff=by is not None)
    return submission


def send_links(email: str) -> int:
    """Mail the link of each submission of an address; return how many there are."""
    rows = Submission.objects.named().filter(email_key=mail_addresses.key(email))
    found = [row for row in rows.select_related("call") if row.link_ends_at > timezone.now()]
    return sum(mail(row, Kind.LINK) for row in found[:20])


def mail(submission: Submission, kind: Kind, *, is_by_staff: bool = False) -> int:
    """Queue a mail where there is an address; return how many: 1 or 0.

    Of what strangers can cause, an address that nobody has proven gets as many in a day as it may
    get of first mails: somebody else may have typed it. What staff decide or ask for is mailed
    whatever strangers did before: who used the limit up keeps no answer away. Of one submission
    so many receipts are mailed an hour as links are, however often it is taken back and sent.
    """
    if not submission.email:
        return 0
    if kind in _OF_STRANGERS and not is_by_staff and not _may_be_mailed(submission, kind):
        return 0
    return outbox.queue(kind.value, [submission])


def _may_be_mailed(submission: Submission, kind: Kind) -> bool:
    """Count a mail that somebody causes by the form or the link; say whether it may be sent."""
    if submission.proven_at is None:
        # Counted apart, so that nobody is kept from registering by what came from here.
        key = f"submissions {mail_addresses.key(submission.email)}"
        return rate_limit.take("mailbox", key, 1) == 1
    return kind != Kind.SENT or rate_limit.take("link", f"receipt {submission.pk}", 1) == 1
