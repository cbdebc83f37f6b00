"""Accepting what a submission proposes, value by value, into a project."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext, override

from contacts.models import Contact
from events.domain import organization as organizations
from events.models import Organization
from events.models.scope import scope_of
from projects.domain import project as projects
from projects.models import Project
from projects.models.disclosure import Disclosure
from submissions.domain import link
from submissions.domain.decisions import Choice, decide, lock_reviewed, refuse_unless_reviewable
from submissions.fields import Field
from submissions.kinds import CallKind
from submissions.mail_kinds import Kind
from submissions.models import Submission
from summit.lib.database.history import write_as

# The key of the field that says what may be public.
_DISCLOSURE = "disclosure"
_KINDS = {
    CallKind.NEED: Project.Kind.REQUEST,
    # A request like others; that it is about people is known by its call.
    CallKind.TALENT: Project.Kind.REQUEST,
    CallKind.OFFER: Project.Kind.OFFER,
}


@transaction.atomic
def accept_fields(
    submission: Submission,
    choices: Mapping[str, Choice],
    *,
    by: User,
    version: int | None = None,
    seen: Mapping[str, Any] | None = None,
    owner: Organization | None = None,
) -> Submission:
    """Put the accepted values into the project, and record each decision.

    Without a project a draft is made: a request or an offer. What is not among ``choices``
    stays undecided and touches nothing; but what may be public of a new project is what the
    submission says, unless that is refused. Once every value is accepted the submission is
    ``accepted``, before that ``partly accepted``. ``version`` is that of the page, and ``seen``
    what the page showed of the project by the keys of the fields. An ``owner`` that is not saved
    yet is added.

    Raises ``ChangedMeanwhile`` where the submission or a value of the project is another one
    by now, ``MoveRefused`` where it is not to be reviewed, and ``ValidationError`` for what
    cannot be in a project. A refusal changes nothing.
    """
    stored = _lock(submission, version)
    project = _project_of(stored, owner, by)
    if project.pk is None and _DISCLOSURE not in choices:
        project.disclosure = _disclosure_of(stored)
    # Projects are locked after submissions, here as everywhere.
    moved = decide(
        stored,
        project,
        choices,
        by=by,
        seen=seen,
        write=lambda accepted: _write(stored, project, accepted, by=by),
    )
    if moved:
        link.mail(stored, Kind.ACCEPTED)
    submission.__dict__.update(stored.__dict__)
    return submission


def _lock(submission: Submission, version: int | None) -> Submission:
    stored = lock_reviewed(submission, "call", "district", "department")
    refuse_unless_reviewable(stored, version)
    return stored


def _project_of(submission: Submission, owner: Organization | None, by: User) -> Project:
    """Return the project, locked, or a new draft that is not saved yet.

    Raises ``ValidationError`` where the project is beyond somebody's limits.
    """
    if submission.project_id is not None:
        rows = Project.objects.select_for_update(no_key=True, of=("self",))
        project = rows.get(pk=submission.project_id)
        if why := scope_of(Project).explain_read_only(by, project):
            raise ValidationError(why, code="beyond_limits")
        return project
    if owner is not None and owner.pk is None:
        organizations.add(owner, by=by)
    return Project(
        kind=_KINDS[CallKind(submission.call.kind)],
        owner=owner,
        district=submission.district,
        department=submission.department,
        is_demonstration=submission.call.is_demonstration,
    )


def _disclosure_of(submission: Submission) -> str:
    """Return what may be public of a new project before somebody has decided about that.

    A wish that no list has, such as of an imported form, keeps all from the public.
    """
    wish = submission.values.get(_DISCLOSURE, Disclosure.PUBLIC)
    return wish if wish in Disclosure.values else Disclosure.BUREAU


def _write(
    submission: Submission, project: Project, accepted: Mapping[Field, Any], *, by: User
) -> None:
    is_new = project.pk is None
    for field, value in accepted.items():
        if not field.target.is_after_save:
            field.target.write(project, submission.language, value)
    if is_new:
        projects.add(project, by=by)
        _keep_contact(submission, project)
    else:
        write_as(project, by)
        project.full_clean()
        project.save()
    for field, value in accepted.items():
        if field.target.is_after_save:
            field.target.write(project, submission.language, value)
    submission.project = project
    submission.save(update_fields=["project"])


def _keep_contact(submission: Submission, project: Project) -> None:
    """Let organizers know whom to ask about a new project."""
    with override(submission.language):
        source = gettext("Call “%(call)s”") % {"call": submission.call}
    contact = Contact(
        project=project,
        name=submission.contact_name,
        phone=submission.readable_phone,
        email=submission.email,
        language="zh" if submission.language == "zh-hans" else "en",
        source=source[:200],
    )
    contact.full_clean()
    contact.save()


def owners_alike(submission: Submission) -> list[Organization]:
    """Return the organizations that may be the one that is named: by credit code, or name."""
    code = submission.credit_code
    by_code = list(Organization.objects.filter(credit_code=code)) if code else []
    named = Organization.objects.alike(submission.organization_name)
    return list({each.pk: each for each in [*by_code, *named]}.values())


def new_owner(submission: Submission) -> Organization:
    """Return the organization that is named as a new one, not saved.

    No public page names it before an organizer says so.
    """
    country = "CN" if submission.language == "zh-hans" else ""
    owner = organizations.from_name(submission.organization_name, country=country)
    owner.is_public = False
    owner.is_demonstration = submission.call.is_demonstration
    owner.credit_code = submission.credit_code
    return owner
