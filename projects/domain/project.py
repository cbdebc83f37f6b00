from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from projects.models import Project
from summit.lib.database.history import write_as
from summit.lib.database.states import move


def add(project: Project, *, by: User) -> Project:
    """Save a new project, which is a draft. Raises ``ValidationError`` for what cannot be one."""
    write_as(project, by)
    project.full_clean()
    project.save()
    return project


@transaction.atomic
def publish_all(projects: Iterable[Project], *, by: User | None = None) -> list[Project]:
    """Show several drafts in the catalogue, all or none. Raises ``MoveRefused``."""
    return [publish(project, by=by) for project in projects]


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
