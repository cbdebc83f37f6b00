"""What was handed in to calls: a work list, and the page on which one is reviewed."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.kit.columns import status_column
from backoffice.kit.filters import ChoiceFilter, lately
from backoffice.kit.guard import GuardedChangeList
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.private_search import PrivateChangeList, PrivateSearch
from backoffice.kit.searched_filters import by_event
from backoffice.kit.zones import short_moment
from backoffice.submission_actions import ACTIONS
from backoffice.submission_files import file_urls
from backoffice.submission_review import SubmissionReview
from submissions.domain.completeness import has_remarks, remarks_on
from submissions.models import Attachment, Submission, SubmissionQuerySet
from submissions.models.reviewed import is_waiting
from summit.lib.i18n.names import staff_name
from summit.lib.web.requests import StaffRequest

Status = Submission.Status
# So many remarks a line of the list has room for.
REMARKS = 3


def _complete(rows: SubmissionQuerySet, _user: User) -> QuerySet[Submission]:
    return rows.named().exclude(has_remarks(rows))


def _incomplete(rows: SubmissionQuerySet, _user: User) -> QuerySet[Submission]:
    return rows.named().filter(has_remarks(rows))


class WaitingFilter(ChoiceFilter):
    """What waits for a decision, and for whose."""

    title = _("review")
    parameter_name = "review"
    options = {
        "waiting": (_("waiting for review"), lambda rows, user: rows.waiting()),
        "nobody": (
            _("waiting, without a reviewer"),
            lambda rows, user: rows.waiting().filter(reviewer=None),
        ),
        "for-me": (
            _("waiting for me"),
            lambda rows, user: rows.waiting().filter(reviewer=user),
        ),
        "mine": (_("all of mine"), lambda rows, user: rows.filter(reviewer=user)),
    }


class BegunFilter(ChoiceFilter):
    """What began lately: a wave of spam is there at once."""

    title = pgettext_lazy("submission", "begun")
    parameter_name = "begun"
    options = lately("created_at")


class ProofFilter(ChoiceFilter):
    """Whether somebody opened a mail at the address, or staff vouch for the contact."""

    title = _("contact confirmed")
    parameter_name = "confirmed"
    options = {
        "yes": (_("yes"), lambda rows, user: rows.exclude(proven_at=None)),
        "no": (_("no"), lambda rows, user: rows.filter(proven_at=None)),
    }


class CompleteFilter(ChoiceFilter):
    title = _("completeness")
    parameter_name = "complete"
    options = {
        "yes": (pgettext_lazy("submission", "complete"), _complete),
        "no": (_("with something to ask about"), _incomplete),
    }


class SubmissionChangeList(GuardedChangeList, PrivateChangeList):
    pass


@admin.register(Submission)
class SubmissionAdmin(PrivateSearch, SummitAdmin):
    """A list of work. Nobody edits what others have typed; the page reviews it."""

    changelist_class = SubmissionChangeList
    actions = ACTIONS
    list_display = ["shown_title", "who", "lacks", "state"]
    list_display_links = ["shown_title"]
    list_filter = [
        *(WaitingFilter, "status", CompleteFilter, BegunFilter, ProofFilter),
        ("call", admin.RelatedOnlyFieldListFilter),
        "call__kind",
        ("district", admin.RelatedOnlyFieldListFilter),
        ("department", admin.RelatedOnlyFieldListFilter),
        by_event("call__event"),
    ]
    list_select_related = ["call__event", "district", "department", "reviewer", "project"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["search_text"]
    search_help_text = _(
        "Title, organization, contact person, pinyin, e-mail, phone or credit code."
    )
    # What waits at the top, the latest first; drafts, which have no time, below.
    ordering = [
        Case(
            When(is_waiting(), then=Value(0)),
            When(status=Status.DRAFT, then=Value(2)),
            default=Value(1),
            output_field=IntegerField(),
        ),
        F("sent_at").desc(nulls_last=True),
        "-pk",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        # Counted apart: rows that are grouped cannot be locked.
        files = Attachment.objects.filter(submission=OuterRef("pk")).order_by()
        counted = files.values("submission").annotate(count=Count("pk")).values("count")
        return rows.annotate(files_here=Coalesce(Subquery(counted), 0))

    def get_urls(self) -> list[URLPattern]:
        return [*file_urls(self), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # People hand something in on the site.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Submission | None = None) -> bool:
        # Spam is thrown away, and who asks for it is erased: by the buttons.
        return False

    def lock_row(self, key: int) -> None:
        # The person may change or send it meanwhile.
        Submission.objects.locked().filter(pk=key).first()

    def change_view(  # type: ignore[override]  # the site lets nobody else in
        self,
        request: StaffRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return SubmissionReview(self, request, object_id).respond()

    @admin.display(description=_("title"))
    def shown_title(self, row: Submission) -> str:
        """The title, and below it the number and how many files there are."""
        title = gettext("erased") if row.erased_at else row.title or "—"
        below = row.reference
        if count := row.files_here:  # type: ignore[attr-defined]  # get_queryset adds it
            files = ngettext("%(count)d file", "%(count)d files", count) % {"count": count}
            below = f"{below} · {files}"
        return format_html('{}<div class="quiet">{}</div>', title, below)

    @admin.display(description=_("organization"), ordering="organization_name")
    def who(self, row: Submission) -> str:
        """The organization, and below it the contact person, the district and the department."""
        places = [each.name.in_span for each in (row.district, row.department) if each]
        shown = row.organization_name or "—"
        below = [(line,) for line in (row.contact_name, *places) if line]
        return format_html(
            "{}{}", shown, format_html_join("", '<div class="quiet">{}</div>', below)
        )

    @admin.display(description=_("status"), ordering="status")
    def state(self, row: Submission) -> str:
        """The status, when it was sent, and who reviews it or has done so."""
        sent = short_moment(row.sent_at, row.call.zone) if row.sent_at else ""
        below = [(line,) for line in (sent, row.reviewer and staff_name(row.reviewer)) if line]
        return format_html(
            "{}{}",
            status_column(self, row),
            format_html_join("", '<div class="quiet">{}</div>', below),
        )

    @admin.display(description=_("to ask about"))
    def lacks(self, row: Submission) -> str:
        """The first remarks of a reader's checklist, and how many more there are."""
        if row.erased_at:
            return "—"
        remarks = remarks_on(row)
        if not remarks:
            return pgettext("submission", "complete")
        lines = [(remark.words,) for remark in remarks[:REMARKS]]
        if len(remarks) > REMARKS:
            more = gettext("and %(count)d more") % {"count": len(remarks) - REMARKS}
            lines.append((more,))
        return format_html_join("", '<div class="remark">{}</div>', lines)
