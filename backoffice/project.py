from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from backoffice.intention_fields import FORMFIELDS
from backoffice.kit.base import BilingualAdmin, both, languages
from backoffice.kit.importing import ImportPage
from backoffice.kit.labels import pair
from backoffice.kit.model_admin import GuardedModelAdmin
from backoffice.kit.scope import Shared
from backoffice.kit.verbs import DraftDeletion, Verb
from backoffice.project_imports import ProjectResource
from backoffice.recommendation import RecommendationOfProjectInline
from backoffice.report_selection import OfReport
from backoffice.what_came import WhatCameOfIt
from events.models.limits import limits_of
from events.models.organizer_scope import of_events_run_by
from projects.domain import project as domain
from projects.models import CooperationIntention, IntentionProject, Project, Recommendation

PROJECT_VERBS = [
    Verb(
        name="publish",
        label=_("Publish"),
        explanation=_("Everybody will find the project in the catalogue."),
        run=lambda admin, request, project, given: domain.publish(project, by=request.user),
        done=_("“%(object)s” is in the catalogue."),
        offered=lambda admin, project: project.status != Project.Status.PUBLISHED,
        is_main=True,
    ),
    Verb(
        name="withdraw",
        label=_("Withdraw"),
        explanation=_(
            "The project leaves the catalogue, and its page is gone. What was signed about it "
            "stays as it was signed."
        ),
        run=lambda admin, request, project, given: domain.withdraw(project, by=request.user),
        done=_("“%(object)s” is withdrawn."),
        offered=lambda admin, project: project.status == Project.Status.PUBLISHED,
        is_grave=True,
    ),
]


@admin.action(description=_("Publish"), permissions=["change"])
def publish(model_admin, request, queryset):
    """Publish each of the chosen projects that can be; say of the others why not."""
    for project in queryset:
        try:
            domain.publish(project, by=request.user)
        except ValidationError as error:
            messages.error(request, f"{project}: {' '.join(error.messages)}")
        else:
            model_admin.log_change(request, project, str(_("Publish")))
            messages.success(request, _("“%(object)s” is in the catalogue.") % {"object": project})


@admin.register(Project)
class ProjectAdmin(
    GuardedModelAdmin, OfReport, Shared, WhatCameOfIt, ImportPage, DraftDeletion, BilingualAdmin
):
    resource_classes = [ProjectResource]
    formfield_overrides = FORMFIELDS
    connections = ("recommendations__event", "intention_links__intention__event")
    inlines = [RecommendationOfProjectInline]
    actions = [publish, *BilingualAdmin.actions]
    verbs = [*PROJECT_VERBS, *BilingualAdmin.verbs]
    autocomplete_fields = ["owner", "sectors", "modes"]
    list_display = [
        both("title", _("title")),
        "state",
        "kind",
        "maturity",
        "shown_owner",
        "recommendation_count",
        "intention_count",
        "valid_until",
        languages,
    ]
    list_filter = ["status", "kind", "sectors", "modes", "maturity", "is_demonstration"]
    list_select_related = ["owner"]
    date_hierarchy = "published_at"
    search_fields = [
        *pair("title"),
        *pair("summary"),
        "slug",
        *(f"owner__{column}" for column in pair("name")),
        "owner__pinyin",
    ]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    pair("title"),
                    ("kind", "slug"),
                    ("owner", "valid_until", "is_demonstration"),
                ]
            },
        ),
        (
            _("Cooperation"),
            {"fields": [("maturity", "property_status"), ("sectors", "modes")]},
        ),
        (
            _("Texts"),
            {"fields": [pair("summary"), pair("description"), pair("advantages"), "picture"]},
        ),
    ]
    instead_of_deleting = _(
        "Withdraw the project: it leaves the catalogue, and what was signed about it stays as it "
        "was signed. A draft of an intention can name another project."
    )
    translation_parts = ("recommendations",)
    history_parts = {Recommendation: "project_id"}

    def get_history_parts(self, request):
        # Recommendations at other events than theirs are not told to those who are limited.
        return self.history_parts if limits_of(request.user) is None else {}

    def get_queryset(self, request):
        recommended, named = (of_events_run_by(request.user, path) for path in self.connections)
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

    def intentions_of(self, project):
        return CooperationIntention.objects.about(project)

    def get_deleted_objects(self, objs, request):
        """Name the intentions that stand in the way, not the rows that tie them to the project."""
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        tie = f"{capfirst(IntentionProject._meta.verbose_name)}: "
        others = [row for row in protected if not row.startswith(tie)]
        naming = CooperationIntention.objects.filter(project_links__project__in=list(objs))
        naming = naming.run_by(request.user)
        links = [
            format_html(
                '{}: <a href="{}">{}</a>',
                capfirst(intention._meta.verbose_name),
                reverse("admin:projects_cooperationintention_change", args=[intention.pk]),
                intention,
            )
            for intention in naming.select_related("company", "expert").distinct()
        ]
        return to_delete, counts, perms_needed, [*others, *links]

    @admin.display(description=_("status"), ordering="status")
    def state(self, project):
        return format_html(
            '<span class="state state-{}">{}</span>', project.status, project.get_status_display()
        )

    @admin.display(description=_("owner"), ordering="owner__name_en")
    def shown_owner(self, project):
        if project.owner is None:
            return "—"
        return project.owner.label.in_span

    @admin.display(description=_("recommendations"), ordering="recommendations_here")
    def recommendation_count(self, project):
        return project.recommendations_here

    @admin.display(description=_("intentions"), ordering="intentions_here")
    def intention_count(self, project):
        return project.intentions_here
