from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count, F, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from backoffice.contact import UNRECORDED, ContactInline
from backoffice.exports import PROJECTS
from backoffice.intentions_panel import intentions_panel
from backoffice.kit.actions import Action, Button, ForSelected
from backoffice.kit.bilingual import BilingualAdmin, both, languages
from backoffice.kit.choosers import mark_namesakes, tell_apart
from backoffice.kit.columns import count_column, status_column
from backoffice.kit.deletion import link_to
from backoffice.kit.importing import ImportPage
from backoffice.kit.merging import merge_selected
from backoffice.kit.model_admin import name_what_is_no_draft, offer_to_delete_drafts
from backoffice.kit.searched_filters import by_event, by_series
from backoffice.project_corrections import ASK_OWNER, tell_corrections
from backoffice.project_fields import (
    FIELDSETS,
    PROJECT_FORMFIELDS,
    SectionFilter,
    hint_at_stage,
    without_other_kind,
)
from backoffice.project_imports import ProjectResource
from backoffice.project_matches import link_to_matches, matches_urls
from backoffice.recommendation import RecommendationOfProjectInline
from backoffice.related import OWNED_BY, RECOMMENDED_BY
from backoffice.report_selection import FigureFilter
from backoffice.submission_origin import tell_submissions
from events.models.limits import limits_of
from events.models.scope import scope_of_event_rows
from projects.domain import project as domain
from projects.models import CooperationIntention, IntentionProject, Project, Recommendation
from projects.models.disclosure import Disclosure
from projects.models.intention_queryset import IntentionQuerySet

PROJECT_ACTIONS: list[Action[Project]] = [
    Action(
        name="publish",
        label=_("Publish"),
        explanation=_(
            "Everyone will be able to see the project in the catalogue; “what is public” decides "
            "how much of it."
        ),
        run=lambda admin, request, project, given: domain.publish(project, by=request.user),
        done=_("“%(object)s” has been published in the catalogue."),
        offered=lambda admin, project: project.status != Project.Status.PUBLISHED,
        is_main=True,
        selected=ForSelected(
            label=_("Publish the selected projects"),
            explanation=_(
                "Everyone will be able to see the projects in the catalogue; “what is public” of "
                "each decides how much of it."
            ),
            rows=lambda admin, request, rows: rows.exclude(status=Project.Status.PUBLISHED),
            done=ngettext_lazy(
                "%(count)d project has been published in the catalogue.",
                "%(count)d projects have been published in the catalogue.",
                "count",
            ),
        ),
    ),
    Action(
        name="withdraw",
        label=_("Withdraw"),
        explanation=_(
            "The project is taken out of the catalogue, and its page is no longer public. "
            "Intentions that were signed about it stay as they are."
        ),
        run=lambda admin, request, project, given: domain.withdraw(project, by=request.user),
        done=_("“%(object)s” is withdrawn."),
        offered=lambda admin, project: project.status == Project.Status.PUBLISHED,
        is_grave=True,
    ),
]


class ContactOfProjectInline(ContactInline):
    verbose_name_plural = _("contacts (visible to organizers only, unless they are public)")


@admin.register(Project)
class ProjectAdmin(ImportPage, BilingualAdmin):
    offers_merging = True
    resource_classes = [ProjectResource]
    formfield_overrides = PROJECT_FORMFIELDS
    panels = [
        tell_submissions,
        tell_corrections,
        intentions_panel,
        offer_to_delete_drafts,
        hint_at_stage,
    ]
    actions = [*PROJECT_ACTIONS, ASK_OWNER, PROJECTS, merge_selected, *BilingualAdmin.actions]
    inlines = [RecommendationOfProjectInline, ContactOfProjectInline]
    unrecorded = UNRECORDED
    autocomplete_fields = ["owner", "sectors", "modes", "industry", "district", "department"]
    list_display = [
        both("title", _("title")),
        "state",
        "kind",
        "level",
        "shown_owner",
        *("recommendation_count", "intention_count", "valid_until"),
        languages,
    ]
    list_filter = [
        "status",
        by_event("recommendations__event"),
        by_series("recommendations__event__series"),
        *("kind", "disclosure", "sectors", "modes", "maturity", "stage"),
        ("district", admin.RelatedOnlyFieldListFilter),
        ("department", admin.RelatedOnlyFieldListFilter),
        *(SectionFilter, "is_demonstration"),
        OWNED_BY,
        RECOMMENDED_BY,
        FigureFilter,
    ]
    list_select_related = ["owner", "district"]
    # Drafts first, the newest of them at the top, on either database.
    ordering = [F("published_at").desc(nulls_first=True), "-pk"]
    date_hierarchy = "published_at"
    search_fields = ["search_text", "search_prose", "owner__search_text"]
    fieldsets = FIELDSETS
    instead_of_deleting = _(
        "Withdraw the project: it is taken out of the catalogue, and intentions that were "
        "signed about it stay as they are. A draft of an intention can name another project."
    )
    translation_parts = ("recommendations",)
    history_parts = {Recommendation: "project_id"}

    def get_fieldsets(self, request: HttpRequest, obj: Project | None = None) -> Any:
        # A form that is refused has put what was typed into ``obj``.
        stored = Project.objects.filter(pk=obj.pk).values_list("kind").first() if obj else None
        return without_other_kind(super().get_fieldsets(request, obj), *(stored or ("",)))

    def get_urls(self) -> list[URLPattern]:
        return [*matches_urls(self), *super().get_urls()]

    def actions_for(self, request: HttpRequest, obj: Project) -> list[tuple[Button, str]]:
        return [*super().actions_for(request, obj), link_to_matches(obj)]

    def get_history_parts(self, request: HttpRequest) -> dict[type[Model], str]:
        # Recommendations at other events than theirs are not told to those who are limited.
        return self.history_parts if limits_of(request.user) is None else {}

    def chooser_rows(self, rows: QuerySet[Project]) -> QuerySet[Project]:
        return mark_namesakes(rows, "title").select_related("owner")

    def chooser_label(self, project: Project) -> str:
        """Tell projects of one title apart where they are chosen: by their owner."""
        return tell_apart(project, project.owner.label if project.owner else "")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        recommended = scope_of_event_rows(Recommendation).condition(request.user, "recommendations")
        named = scope_of_event_rows(IntentionProject).condition(request.user, "intention_links")
        return (
            super()
            .get_queryset(request)
            .annotate(
                recommendations_here=Count(
                    "recommendations", filter=recommended or None, distinct=True
                ),
                intentions_here=Count("intention_links", filter=named or None, distinct=True),
            )
        )

    def part_in(self, event: int) -> QuerySet[Recommendation]:
        """Select what gives a project a part in an event, for choosers."""
        return Recommendation.objects.filter(event=event, project=OuterRef("pk"))

    def intentions_of(self, project: Project) -> IntentionQuerySet:
        return CooperationIntention.objects.about(project)

    def explain_kept(self, request: HttpRequest, rows: Sequence[Project]) -> list[str]:
        """Name what is published, and the intentions that name a project."""
        naming = CooperationIntention.objects.filter(project_links__project__in=rows)
        theirs = naming.run_by(request.user).select_related("company", "expert").distinct()
        return [*name_what_is_no_draft(rows), *map(link_to, theirs)]

    @admin.display(description=_("status"), ordering="status")
    def state(self, project: Project) -> str:
        """The status, and below it what keeps a project from the public."""
        mark = status_column(self, project)
        if project.disclosure == Disclosure.PUBLIC:
            return mark
        return format_html(
            '{} <div class="other-language">{}</div>', mark, project.get_disclosure_display()
        )

    @admin.display(description=_("maturity (TRL)"), ordering="maturity")
    def level(self, project: Project) -> str:
        """By its number, for which a list has room; the name is told of it."""
        if project.maturity is None:
            return "—"
        label = project.get_maturity_display()
        return format_html('<span class="whole" title="{}">TRL {}</span>', label, project.maturity)

    @admin.display(description=_("owner"), ordering="owner__sort_name_en")
    def shown_owner(self, project: Project) -> str:
        """The owner, and below it the district."""
        owner = project.owner.label.in_span if project.owner else "—"
        if project.district is None:
            return owner
        district = project.district.name
        return format_html(
            '{} <div class="other-language"{}>{}</div>', owner, district.lang_attr, district
        )

    recommendation_count = count_column("recommendations_here", _("recommendations"))
    intention_count = count_column("intentions_here", _("intentions"))
