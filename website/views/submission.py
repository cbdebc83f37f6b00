"""The page of one submission, whose link is its key: continued, sent, read, withdrawn."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from interests.domain import link as interest_link
from interests.models import Interest
from registrations.domain.query_code import code_of, find_among
from registrations.forms.finding import FindForm, LinkForm
from submissions.domain import attachment, expert_link, finding, link, privacy
from submissions.domain import submission as domain
from submissions.domain.comparison import shown
from submissions.domain.decisions import ChangedMeanwhile
from submissions.forms.submission import SubmissionForm, sender_of
from submissions.models import Submission
from summit.lib.given import given
from summit.lib.i18n.bilingual import Text
from summit.lib.web import client_network, constant_pace, mail_addresses
from summit.lib.web.signed_links import SUBMISSION
from throttle import rate_limit
from website.views.call import SEND, answer, posted
from website.views.guards import View, count_post, too_many
from website.views.personal import hide_key, not_found

# The button that saves what was typed and leads to the files.
FILES = "files"
# What the page says once, by a word of its address.
NOTES = ("saved", "sent", "missing", "closed", "withdrawn", "renewed")


def keyed(view: Callable[..., HttpResponseBase]) -> View:
    """Find the submission of a link, and keep the page from leaking its address."""

    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def load(request: HttpRequest, code: str, **more: str) -> HttpResponseBase:
        if refusal := count_post(request, "form"):
            return hide_key(too_many(request, refusal))
        submission = link.open_link(code)
        if submission is None:
            return hide_key(not_found(request, SUBMISSION))
        return hide_key(view(request, submission, code, **more))

    return load


@keyed
def page(request: HttpRequest, submission: Submission, code: str) -> HttpResponse:
    form = SubmissionForm.of(submission, posted(request))
    if request.method != "POST":
        return _show(request, submission, code, form)
    if form.is_valid():
        try:
            note = _save(request, submission, form)
        except ChangedMeanwhile as error:
            stored = Submission.objects.get(pk=submission.pk)
            if stored.is_editable:
                form.renew_version(stored.version)
            form.add_error(None, error.messages)
        except domain.Incomplete as error:
            form.renew_version(submission.version)
            form.mark_missing(error.message_dict)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            if FILES in request.POST:
                return redirect(f"{reverse('submission-files', args=[code])}?{note}")
            return redirect(f"{request.path}?{note}")
    return _show(request, submission, code, form)


def _save(request: HttpRequest, submission: Submission, form: SubmissionForm) -> str:
    """Save what was typed, and send it where the button says so. Return what to say."""
    version = form.cleaned_data.get("version") or 0
    domain.save(submission, form.sender(), form.values(), version=version)
    if SEND not in request.POST:
        return "saved"
    try:
        domain.send(submission, version=submission.version)
    except domain.CallClosed:
        return "closed"
    return "sent"


def _show(
    request: HttpRequest,
    submission: Submission,
    code: str,
    form: SubmissionForm,
    error: ValidationError | None = None,
) -> HttpResponse:
    # What was typed in a window of before stays readable, though it cannot be saved.
    shows_form = submission.is_editable or bool(form.errors)
    missing = domain.missing_of(submission) if submission.is_editable else {}
    refused = bool(form.errors)
    context = {
        "submission": submission,
        "call": submission.call,
        "title": Text(submission.title, submission.language) or submission.call.title,
        "code": code,
        "form": form if shows_form else None,
        # The switch of languages saves what was typed.
        "kept_form": "submission" if shows_form else "",
        "refused": refused,
        "missing": [form.label_of(key) for key in missing],
        "values": [(field.label, shown(field, value)) for field, value in submission.proposed],
        "attachments": submission.attachments.all(),
        "may_upload": attachment.may_upload(submission),
        "query_code": code_of(submission),
        "kept_until": privacy.kept_until(submission),
        "shows_reason": submission.reason and submission.status in ("draft", "returned", "refused"),
        "note": next((each for each in NOTES if each in request.GET), ""),
        "error": error.messages[0] if error else "",
    }
    status = 409 if error else 422 if refused else 200
    return TemplateResponse(request, "website/submission.html", context, status=status)


@require_POST
@keyed
def withdraw(request: HttpRequest, submission: Submission, code: str) -> HttpResponse:
    try:
        domain.withdraw(submission, version=submission.version)
    except ValidationError as error:
        return _show(request, submission, code, SubmissionForm.of(submission), error)
    return _back(code, "withdrawn")


@require_POST
@keyed
def renew(request: HttpRequest, submission: Submission, code: str) -> HttpResponse:
    """Make the link invalid, which somebody else may have, and lead to the new one."""
    try:
        # Each is mailed: who was sent the link floods no mailbox.
        rate_limit.count("link", f"submission {submission.pk}")
    except ValidationError as error:
        return _show(request, submission, code, SubmissionForm.of(submission), error)
    link.renew(submission)
    return redirect(f"{link.path_of(submission)}?renewed")


@keyed
def erase(request: HttpRequest, submission: Submission, code: str) -> HttpResponse:
    if request.method == "POST":
        privacy.erase([submission], reason="own_wish")
        return TemplateResponse(request, "website/submission_erased.html", {"is_done": True})
    context = {"submission": submission, "call": submission.call, "code": code}
    return TemplateResponse(request, "website/submission_erased.html", context)


@keyed
def another(request: HttpRequest, submission: Submission, code: str) -> HttpResponse:
    """Offer the form of the same call once more, with company and contact filled in."""
    return answer(request, submission.call, sender_of(submission), like=submission)


@never_cache
@sensitive_post_parameters()
def find(request: HttpRequest) -> HttpResponse:
    """Bring back what was sent by its query code, or mail the links of an address.

    What was handed in to calls, and messages to the organizers.
    """
    if refusal := count_post(request, "form"):
        return too_many(request, refusal)
    by_mail = "email" in request.POST
    link_form = LinkForm(request.POST if by_mail else None)
    find_form = FindForm(request.POST if request.method == "POST" and not by_mail else None)
    if by_mail and link_form.is_valid() and _mail_links(request, link_form):
        return _find_page(request, find_form, LinkForm(), is_sent=True)
    if find_form.is_bound and find_form.is_valid():
        typed, network = find_form.cleaned_data, client_network.network_of(request)
        try:
            with constant_pace.keep_pace():
                found = find_among(
                    _sent_with, typed["contact"], typed["query_code"], network=network
                )
        except ValidationError as error:
            find_form.add_error(None, error.messages)
        else:
            return redirect(_path_of(found))
    return _find_page(request, find_form, link_form)


def _sent_with(key: str) -> list[Submission | Interest]:
    return [*finding.with_contact(key), *interest_link.with_contact(key)]


def _path_of(found: Submission | Interest) -> str:
    return link.path_of(found) if isinstance(found, Submission) else interest_link.path_of(found)


def _mail_links(request: HttpRequest, form: LinkForm) -> bool:
    """Mail the links, whether there are any or not; return whether the form was taken."""
    email = form.cleaned_data["email"]
    try:
        if not rate_limit.is_first_use(given(form.stamp).use):
            raise form.sent_before()
        rate_limit.count("link", client_network.network_of(request))
        rate_limit.count("link", mail_addresses.key(email))
    except ValidationError as error:
        form.add_error(None, error)
        return False
    with constant_pace.keep_pace():
        link.send_links(email)
        interest_link.send_links(email)
        expert_link.send_links(email)
    return True


def _find_page(
    request: HttpRequest, find_form: FindForm, link_form: LinkForm, *, is_sent: bool = False
) -> HttpResponse:
    find_form.fields["query_code"].help_text = _(
        "Six letters and digits, shown after saving and in our e-mails."
    )
    context: dict[str, Any] = {"form": find_form, "link_form": link_form, "is_sent": is_sent}
    status = 422 if find_form.errors or link_form.errors else 200
    return TemplateResponse(request, "website/submission_find.html", context, status=status)


def _back(code: str, note: str) -> HttpResponse:
    response = redirect("submission", code=code)
    response.headers["Location"] += f"?{note}"
    return response
