"""Where a project came from: the submissions of which something was accepted into it."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from backoffice.kit.deletion import page_of
from events.models.scope import readable
from projects.models import Project
from submissions.models import Attachment, Submission

SHOWN = 3


def tell_submissions(_page: Any, request: HttpRequest, project: Model) -> dict[str, Any]:
    """Name them with their calls, for who may see submissions, and the documents from there.

    A panel. One query, and one more where there are any.
    """
    if not request.user.has_perm("submissions.view_submission"):
        return {}
    status = Submission.Status
    accepted = (status.ACCEPTED, status.PARTLY_ACCEPTED)
    rows = Submission.objects.filter(project=project.pk, status__in=accepted)
    found = readable(rows, request.user).select_related("call").order_by("-reviewed_at", "-pk")
    came_from = [(page_of(row), row) for row in found[:SHOWN]]
    if not came_from or not isinstance(project, Project):
        return {}
    documents = readable(Attachment.objects.of_project(project), request.user)
    return {"came_from": came_from, "documents": documents}
