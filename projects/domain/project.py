from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from projects.models import Project
from summit.lib.database.states import move


@transaction.atomic
def publish(project: Project, *, by: User | None = None) -> Project:
    """Show a draft or withdrawn project in the catalogue. Raises ``MoveRefused``."""
    move(project, Project.Status.PUBLISHED, by=by, published_at=timezone.now(), withdrawn_at=None)
    return project


@transaction.atomic
def withdraw(project: Project, *, by: User | None = None) -> Project:
    """Take a project out of the catalogue and off its public page. Raises ``MoveRefused``.

    What was signed about it stays: intentions show it as it was called when signed.
    """
    move(project, Project.Status.WITHDRAWN, by=by, withdrawn_at=timezone.now())
    return project
