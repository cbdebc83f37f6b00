"""What experts propose by their personal links: a work list, and the page that reviews one."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from backoffice.kit.actions import Action, Facts, ForSelected
from backoffice.kit.columns import status_column
from backoffice.kit.deletion import page_of
from backoffice.kit.filters import ChoiceFilter
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.zones import short_moment
from backoffice.review_actions import ReasonForm, facts_of, may_become, take_on, version_of
from backoffice.slides import ProposalForm, slides_urls
from backoffice.submission_form import ReviewForm
from backoffice.submission_review import ReviewPage
from submissions.domain import expert_privacy, expert_review, slides, slides_review
from submissions.domain.decisions import Choice
from submissions.models import ExpertProposal
from summit.lib.i18n.names import staff_name
from summit.lib.web.downloads import give_out_or_404
from summit.lib.web.requests import StaffRequest

Status = ExpertProposal.Status


class ReasonToExpert(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "The expert reads it, by e-mail and on the page of the personal link."
        )


def _return(
    _admin: ModelAdmin, request: StaffRequest, row: ExpertProposal, given: dict[str, Any]
) -> None:
    expert_review.return_with_reason(row, reason=given["reason"], by=request.user)


def _refuse(
    _admin: ModelAdmin, request: StaffRequest, row: ExpertProposal, given: dict[str, Any]
) -> None:
    expert_review.refuse(row, reason=given["reason"], by=request.user)


def _erase(
    _admin: ModelAdmin, request: StaffRequest, row: ExpertProposal, _given: dict[str, Any]
) -> None:
    expert_privacy.erase([row], by=request.user, request=request)


def _what_it_is(row: ExpertProposal) -> Facts:
    return [
        (_("Expert"), row.expert.display_name),
        *facts_of(row),
    ]


ASSIGN = take_on(
    expert_review.assign,
    facts=_what_it_is,
    selected=ForSelected[ExpertProposal](
        label=_("Assign the selected proposals to me"),
        rows=lambda admin, request, rows: rows.filter(status__in=ExpertProposal.REVIEWABLE),
        done=ngettext_lazy(
            "You review %(count)d proposal.", "You review %(count)d proposals.", "count"
        ),
    ),
)
RETURN = Action[ExpertProposal](
    name="return",
    label=_("Return with a reason"),
    explanation=_(
        "The expert gets the reason by e-mail, changes the proposal and sends it again. Write in "
        "the language of the proposal."
    ),
    run=_return,
    done=_("%(object)s has been returned."),
    offered=may_become(Status.RETURNED),
    form=ReasonToExpert,
    facts=_what_it_is,
    version=version_of,
)
REFUSE = Action[ExpertProposal](
    name="refuse",
    label=_("Refuse with a reason"),
    explanation=_(
        "Nothing of it is accepted, and the expert gets the reason by e-mail. Write in the "
        "language of the proposal."
    ),
    run=_refuse,
    done=_("%(object)s has been refused."),
    offered=may_become(Status.REFUSED),
    form=ReasonToExpert,
    facts=_what_it_is,
    version=version_of,
    is_grave=True,
)
ERASE = Action[ExpertProposal](
    name="erase",
    label=_("Erase the proposal"),
    explanation=_(
        "All that was typed and the decisions about it are erased for good. What was accepted "
        "stays on the pages of the expert."
    ),
    run=_erase,
    done=_("%(object)s has been erased."),
    facts=_what_it_is,
    version=version_of,
    is_grave=True,
)


class ProposalReview(ReviewPage[ExpertProposal]):
    """The page of a proposal of an expert."""

    model = ExpertProposal
    template = "backoffice/expert_proposal.html"
    form_type = ProposalForm

    def prepare(
        self, row: ExpertProposal, form: ReviewForm, choices: dict[str, Choice]
    ) -> dict[str, Any]:
        publications = form.publications() if isinstance(form, ProposalForm) else {}
        return {
            "portrait": expert_review.read_portrait(row, choices),
            "slides": slides_review.read(row, choices, publications),
        }

    def accept(
        self, row: ExpertProposal, choices: dict[str, Choice], **options: Any
    ) -> ExpertProposal:
        return expert_review.accept_fields(row, choices, **options)

    def tell(self, row: ExpertProposal) -> None:
        messages.success(self.request, _("Your decisions are saved in the records."))

    def more(self, row: ExpertProposal) -> dict[str, Any]:
        photo = row.expert.photo
        return {
            "title": str(row.expert.display_name),
            "expert": row.expert,
            "expert_url": page_of(row.expert),
            "why_read_only": self.page.scope.explain_read_only(self.request.user, row),
            "portrait_url": f"{self.page.row_url(row)}../portrait.webp",
            "portrait_now": photo.url if photo else "",
            "slides_without_talk": slides.without_talk(row) if row.sent_at else [],
        }


class WaitingFilter(ChoiceFilter):
    """What waits for a decision, and for whose."""

    title = _("review")
    parameter_name = "review"
    options = {
        "waiting": (_("waiting for review"), lambda rows, user: rows.filter(status=Status.SENT)),
        "mine": (_("mine"), lambda rows, user: rows.filter(reviewer=user)),
    }


@admin.register(ExpertProposal)
class ExpertProposalAdmin(SummitAdmin):
    """A list of work. Nobody edits what others have typed; the page reviews it."""

    actions = [ASSIGN, RETURN, REFUSE, ERASE]
    list_display = ["who", "state", "sent"]
    list_filter = [WaitingFilter, "status"]
    list_select_related = ["expert", "link", "reviewer"]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["expert__search_text"]
    search_help_text = _("Name of the expert, also in pinyin.")
    # What waits at the top, the latest first; drafts, which have no time, below.
    ordering = [
        Case(
            When(status=Status.SENT, then=Value(0)),
            When(status=Status.DRAFT, then=Value(2)),
            default=Value(1),
            output_field=IntegerField(),
        ),
        F("sent_at").desc(nulls_last=True),
        "-pk",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExpertProposal]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<path:object_id>/portrait.webp",
                self.admin_site.admin_view(self.portrait),
                name="submissions_expertproposal_portrait",
            ),
            *slides_urls(self),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Experts propose by their links.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # By the button alone, which takes along what was decided.
        return False

    def change_view(  # type: ignore[override]  # the site lets nobody else in
        self,
        request: StaffRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return ProposalReview(self, request, object_id).respond()

    def portrait(self, request: StaffRequest, object_id: str) -> HttpResponseBase:
        """Show the picture that is proposed to who may see the proposal."""
        row = self.read_row(request, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if not isinstance(row, ExpertProposal) or not row.sent_at or not row.portrait:
            raise Http404
        return give_out_or_404(
            row.portrait,
            size=row.portrait.size,
            content_type="image/webp",
            name="portrait.webp",
            is_shown=True,
        )

    @admin.display(description=_("expert"), ordering="expert__sort_name_en")
    def who(self, row: ExpertProposal) -> str:
        name = row.expert.display_name
        return format_html('{}<div class="quiet">{}</div>', name.in_span, row.reference)

    @admin.display(description=_("status"), ordering="status")
    def state(self, row: ExpertProposal) -> str:
        """The status, and below it who reviews it or has done so."""
        mark = status_column(self, row)
        if row.reviewer is None:
            return mark
        return format_html('{}<div class="quiet">{}</div>', mark, staff_name(row.reviewer))

    @admin.display(description=pgettext_lazy("submission", "sent at"), ordering="sent_at")
    def sent(self, row: ExpertProposal) -> str:
        zone = timezone.get_current_timezone()
        return short_moment(row.sent_at, zone) if row.sent_at else "—"
