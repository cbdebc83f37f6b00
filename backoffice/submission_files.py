"""The files of a submission for who reviews it: given out by its page alone, and on record."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from audit import trail
from submissions.audited import Action
from submissions.models import Attachment, Submission
from summit.lib.web.downloads import give_out_or_404, named_for_disk
from summit.lib.web.requests import StaffRequest


def files_of(submission: Submission) -> QuerySet[Attachment]:
    """Return what organizers see of its files: as of what was typed, nothing before it is sent."""
    return submission.attachments.all() if submission.sent_at else Attachment.objects.none()


def file_urls(page: Any) -> list[URLPattern]:
    """Return the address of a file, for who may see its submission."""

    @require_safe
    def view(request: StaffRequest, object_id: str, code: str) -> HttpResponseBase:
        submission = page.read_row(request, unquote(object_id))
        if not isinstance(submission, Submission):
            raise Http404
        if not page.has_view_permission(request, submission):
            raise PermissionDenied
        found = get_object_or_404(files_of(submission), code=code)
        response = give_out_or_404(
            found.file,
            size=found.size,
            content_type=found.content_type,
            name=named_for_disk(found.download_name, found.ending),
        )
        subject = f"call · {submission.call.slug}"
        trail.record(
            Action.FILE_DOWNLOADED,
            by=request.user,
            request=request,
            subject=subject,
            submission=submission.reference,
        )
        return response

    site: admin.AdminSite = page.admin_site
    address = "<path:object_id>/files/<slug:code>/"
    return [path(address, site.admin_view(view), name="submissions_submission_file")]
