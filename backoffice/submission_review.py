"""The page of a submission: what is proposed beside what there is, and a decision about each value.

Two who review one, or a reviewer and the person who sends meanwhile, find each other out by the
version that the page brings back: the second decision is refused, with what has changed and all
that was typed still on the page.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from backoffice.kit.deletion import page_of
from backoffice.kit.error_summary import summarize_form
from backoffice.kit.model_admin import SummitAdmin
from backoffice.submission_files import files_of
from backoffice.submission_form import ReviewForm, Seen, renewed
from events.domain.untold import said_to
from events.models.scope import readable, scope_of
from projects.models import Project
from submissions.domain.acceptance import accept_fields
from submissions.domain.attachment_use import use_files
from submissions.domain.comparison import compare, shown
from submissions.domain.completeness import remarks_on
from submissions.domain.decisions import ChangedMeanwhile, Choice, changed_meanwhile
from submissions.domain.review import next_waiting, waiting_for
from submissions.models import Attachment, Decision, Submission
from submissions.models.reviewed import Reviewed
from summit.lib.files import pictures
from summit.lib.files.pictures import PictureNotStored
from summit.lib.i18n.languages import OWN_NAMES, TAGS
from summit.lib.i18n.names import staff_name
from summit.lib.web.requests import StaffRequest

SEEN = "_seen"
# Whether the next one waiting is opened after a decision.
GO_ON = "next"


class ReviewPage[Row: Reviewed]:
    """A view for one request. Each kind of row says what is specific to it at the end."""

    model: type[Row]
    template: str
    form_type: type[ReviewForm] = ReviewForm

    def __init__(self, page: SummitAdmin, request: StaffRequest, object_id: str) -> None:
        self.page, self.request, self.object_id = page, request, object_id

    def respond(self) -> HttpResponse:
        submission = self._read()
        if submission is None:
            return self.page.lead_away(self.request, self.object_id)
        if not self.page.has_view_permission(self.request, submission):
            raise PermissionDenied
        if self.request.method != "POST":
            return self._show(submission, self._form(submission))
        if not self.page.has_change_permission(self.request, submission):
            raise PermissionDenied
        return self._decide(submission)

    def _read(self) -> Row | None:
        row = self.page.read_row(self.request, self.object_id)
        return row if isinstance(row, self.model) else None

    def _form(self, submission: Row, **options: Any) -> ReviewForm:
        rows = [] if submission.erased_at else compare(submission)
        files = self.files(submission)
        return self.form_type(submission, rows, reader=self.request.user, files=files, **options)

    def _decide(self, submission: Row) -> HttpResponse:
        seen = Seen.read(self.request.POST.get(SEEN, ""))
        form = self._form(submission, data=self.request.POST.copy())
        if seen is not None and seen != Seen.of(submission, form.compared):
            return self._show_changed(submission, seen)
        if not form.is_valid():
            return self._show(submission, form)
        choices = form.choices()
        try:
            more = self.prepare(submission, form, choices)
            with transaction.atomic():
                self.accept(
                    submission,
                    choices,
                    by=self.request.user,
                    version=seen.version if seen else None,
                    seen=seen.current if seen else None,
                    **more,
                )
                self.page.log_change(self.request, submission, _("Values accepted"))
        except (ChangedMeanwhile, ObjectDoesNotExist):
            changed = self._read()
            if changed is None or seen is None:
                return self.page.lead_away(self.request, self.object_id)
            return self._show_changed(changed, seen)
        except ValidationError as error:
            form.add_refusal(said_to(self.request.user, error))
            return self._show(submission, form)
        self.tell(submission)
        self.after(submission, form)
        return HttpResponseRedirect(self._where_next(submission))

    def _show_changed(self, submission: Row, seen: Seen) -> HttpResponse:
        """Show what there is now, with what was marked and typed, and refuse what was decided."""
        rows = self._form(submission).compared
        data = renewed(self.request.POST, submission, rows, seen)
        form = self._form(submission, data=data, seen=seen)
        form.add_error(None, changed_meanwhile())
        return self._show(submission, form)

    def _show(self, submission: Row, form: ReviewForm) -> HttpResponse:
        page, request = self.page, self.request
        may_review = page.has_change_permission(request, submission)
        is_undecided = may_review and submission.status == Reviewed.Status.SENT
        event = page.event_of_page(request, submission)
        context = {
            **page.admin_site.each_context(request),
            "opts": page.opts,
            "original": submission,
            "subtitle": None,
            "event_in_sight": event,
            "row_actions": page.actions_for(request, submission),
            "language": OWN_NAMES.get(submission.language, submission.language),
            "lang": TAGS.get(submission.language, ""),
            "form": form,
            "files": list(form.file_rows()),
            "chooses_files": is_undecided
            or (may_review and submission.status in Reviewed.ACCEPTED_STATES),
            "rows": list(form.rows()) if submission.sent_at else [],
            "may_review": may_review and submission.is_reviewable,
            # What was typed stays on the page, also where nothing can be decided any more.
            "shows_boxes": (may_review and submission.is_reviewable) or form.is_bound,
            "seen": Seen.of(submission, form.compared),
            "error_lines": summarize_form(form) if form.is_bound else [],
            "reviewer": staff_name(submission.reviewer),
            "decisions": self._decisions(submission),
            "in_review": is_undecided,
            **self.more(submission),
        }
        context |= self._others_waiting(submission) if may_review else {}
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, self.template, context, status=status)

    def _decisions(self, submission: Row) -> list[tuple[Decision, str, str, str]]:
        """Return each decision, the latest first: of what, the accepted value, and who decided."""
        fields = {field.key: field for field in submission.known_fields()}
        rows = Decision.objects.filter(**{submission.decided_as: submission})
        return [
            (
                decision,
                fields[decision.field].whole_label if decision.field in fields else decision.label,
                shown(fields[decision.field], decision.accepted_value)
                if decision.field in fields
                else "",
                staff_name(decision.by),
            )
            for decision in rows.select_related("by")
        ]

    def _waiting(self) -> QuerySet[Row]:
        """Select what waits for this reviewer, who may decide about it."""
        user, rows = self.request.user, self.model._default_manager.all()
        return waiting_for(scope_of(self.model).changeable(readable(rows, user), user), user)

    def _where_next(self, row: Row) -> str:
        """Return the address of the next one waiting, where that was ticked, or of this one."""
        goes_on = GO_ON in self.request.POST
        following = next_waiting(self._waiting(), row) if goes_on else None
        return f"{page_of(following)}?{GO_ON}=1" if following else self.page.row_url(row)

    def _others_waiting(self, row: Row) -> dict[str, Any]:
        """Return how many more wait for this reviewer, and the next one. Two queries."""
        waiting = self._waiting()
        following = next_waiting(waiting, row)
        if following is None:
            return {}
        return {
            "others_waiting": waiting.exclude(pk=row.pk).count(),
            "next_url": f"{page_of(following)}?{GO_ON}=1",
            "goes_on": GO_ON in self.request.GET or GO_ON in self.request.POST,
        }

    # What is specific to a kind of row

    def prepare(self, row: Row, form: ReviewForm, choices: dict[str, Choice]) -> dict[str, Any]:
        """Return what else ``accept`` is given. Called before the transaction begins."""
        raise NotImplementedError

    def accept(self, row: Row, choices: dict[str, Choice], **options: Any) -> Row:
        """Call the domain, within the transaction."""
        raise NotImplementedError

    def tell(self, row: Row) -> None:
        """Say what has come of the decisions, above the next page."""
        raise NotImplementedError

    def files(self, row: Row) -> list[Attachment]:
        """Return the files about which is decided as well."""
        return []

    def after(self, row: Row, form: ReviewForm) -> None:
        """Do what follows once the values are accepted."""

    def more(self, row: Row) -> dict[str, Any]:
        """Return what the template shows beside the values: a title, and more."""
        raise NotImplementedError


class SubmissionReview(ReviewPage[Submission]):
    """The page of what was handed in to a call."""

    model = Submission
    template = "backoffice/submission.html"

    def prepare(
        self, row: Submission, form: ReviewForm, choices: dict[str, Choice]
    ) -> dict[str, Any]:
        return {"owner": form.owner() if row.project_id is None else None}

    def accept(self, row: Submission, choices: dict[str, Choice], **options: Any) -> Submission:
        return accept_fields(row, choices, **options)

    def tell(self, row: Submission) -> None:
        project = row.project
        if project is not None:
            words, colon = (
                _("Your decisions are saved in the project"),
                pgettext("after the kind of a row", ": "),
            )
            link = format_html('{}{}<a href="{}">{}</a>', words, colon, page_of(project), project)
            messages.success(self.request, link)

    def more(self, row: Submission) -> dict[str, Any]:
        return {
            "title": row.title or row.reference,
            "project": self._project(row),
            "remarks": [] if row.erased_at else remarks_on(row),
            "entered_by": staff_name(row.entered_by),
        }

    def files(self, row: Submission) -> list[Attachment]:
        return list(files_of(row))

    def after(self, row: Submission, form: ReviewForm) -> None:
        self._use_files(row, form)

    def _decide(self, submission: Submission) -> HttpResponse:
        if self.request.POST.get("do") == "files":
            return self._decide_files(submission)
        return super()._decide(submission)

    def _decide_files(self, submission: Submission) -> HttpResponse:
        """Change what becomes of the files, after values were accepted. Nothing else is sent."""
        files, data = files_of(submission), self.request.POST.copy()
        form = ReviewForm(submission, [], reader=self.request.user, data=data, files=files)
        if form.is_valid() and self._use_files(submission, form):
            messages.success(self.request, _("The files are used as you chose."))
        return HttpResponseRedirect(self.page.row_url(submission))

    def _use_files(self, submission: Submission, form: ReviewForm) -> bool:
        """Let files go with the project; a refusal is told, and the values stay accepted."""
        try:
            count = use_files(submission, form.uses(), by=self.request.user)
        except (ValidationError, PictureNotStored) as error:
            words = " ".join(getattr(error, "messages", [str(pictures.NOT_STORED)]))
            messages.warning(self.request, _("The files stay as they were.") + " " + words)
            return False
        if count:
            self.page.log_change(self.request, submission, _("Files chosen"))
        return True

    def _project(self, row: Submission) -> tuple[str, Project] | None:
        project = row.project
        if project is None or not self.request.user.has_perm("projects.view_project"):
            return None
        rows = readable(Project.objects.filter(pk=project.pk), self.request.user)
        return (page_of(project), project) if rows.exists() else None
