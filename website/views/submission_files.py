"""The files of one submission, by its link: listed, added one at a time, taken, removed."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_POST, require_safe

from submissions.domain import attachment as domain
from submissions.domain import link
from submissions.forms.attachment import AttachmentForm
from submissions.models import Submission
from summit.lib.web import client_network
from summit.lib.web.downloads import give_out_or_404, named_for_disk
from throttle import rate_limit
from website.views.submission import keyed

# What the page says once, by a word of its address.
NOTES = ("added", "removed", "saved")
# For so many files more counts one on which all the time was spent that one may take.
EXHAUSTING = 9


def takes_attachments(path: str) -> bool:
    """Whether a file may be sent to this address: it has the key of a submission that takes one.

    One query at most.
    """
    try:
        match = resolve(path)
    except Resolver404:
        return False
    if match.view_name != "submission-files":
        return False
    submission = link.read_link(match.kwargs["code"])
    return submission is not None and domain.may_upload(submission)


@keyed
def page(request: HttpRequest, submission: Submission, code: str) -> HttpResponse:
    form = AttachmentForm(submission=submission)
    if request.method != "POST":
        return _show(request, submission, code, form)
    form = AttachmentForm(request.POST, request.FILES, submission=submission)
    if form.is_valid():
        given, network = form.cleaned_data, client_network.network_of(request)
        try:
            # Files are checked one after the other: nobody keeps all others waiting.
            rate_limit.count("attachment", network)
            domain.attach(submission, given["file"], caption=given["caption"])
        except ValidationError as error:
            if getattr(error, "code", "") == "too_complex":
                rate_limit.take("attachment", network, EXHAUSTING)
            form.add_error("file", error.messages)
        else:
            return _back(code, "added")
    return _show(request, submission, code, form)


@require_POST
@keyed
def remove(request: HttpRequest, submission: Submission, code: str, file_code: str) -> HttpResponse:
    try:
        domain.remove(submission, file_code)
    except ValidationError as error:
        form = AttachmentForm(submission=submission)
        return _show(request, submission, code, form, error)
    # Also where another window has removed it before.
    return _back(code, "removed")


@require_safe
@keyed
def download(
    request: HttpRequest, submission: Submission, code: str, file_code: str
) -> HttpResponseBase:
    found = get_object_or_404(submission.attachments, code=file_code)
    return give_out_or_404(
        found.file,
        size=found.size,
        content_type=found.content_type,
        name=named_for_disk(found.download_name, found.ending),
    )


def _show(
    request: HttpRequest,
    submission: Submission,
    code: str,
    form: AttachmentForm,
    error: ValidationError | None = None,
) -> HttpResponse:
    files = list(submission.attachments.all())
    may_upload = domain.may_upload(submission)
    messages = [*(error.messages if error else ()), *form.errors.get("file", ())]
    context = {
        "submission": submission,
        "call": submission.call,
        "code": code,
        "files": files,
        "form": form if may_upload else None,
        # Without the form, its page says it.
        "errors": [] if may_upload and error is None else messages,
        "used": sum(file.size for file in files),
        "most": settings.ATTACHMENTS_MAX_BYTES,
        "note": next((each for each in NOTES if each in request.GET), ""),
    }
    status = 409 if error else 422 if form.errors else 200
    return TemplateResponse(request, "website/submission_files.html", context, status=status)


def _back(code: str, note: str) -> HttpResponse:
    return redirect(f"{reverse('submission-files', args=[code])}?{note}")
