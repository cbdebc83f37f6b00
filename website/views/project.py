from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from events.models import Event
from events.models.expert import CARD_COLUMNS
from projects.models import CooperationIntention, Project
from projects.models.project import ProjectQuerySet
from summit.lib.web.mail_addresses import readable
from summit.lib.web.phones import dial_link
from website.cards import for_project_cards, project_cards
from website.forms.catalogue import ProjectFilter
from website.people import people_on
from website.views.intention import latest

TITLE_ONLY = "website/project_title_only.html"


class ProjectListView(ListView):
    template_name = "website/project_list.html"
    context_object_name = "projects"
    extra_context = {"section": "projects"}
    paginate_by = 24

    def get_queryset(self) -> QuerySet[Project]:
        self.filter = ProjectFilter(self.request.GET)
        projects = self.filter.apply(Project.objects.listed().open())
        return for_project_cards(projects)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(filter=self.filter, **kwargs)
        return context | {"projects": project_cards(context["projects"], with_sectors=True)}


class ProjectView(DetailView):
    object: Project
    template_name = "website/project.html"
    context_object_name = "project"
    extra_context = {"section": "projects"}

    def get_queryset(self) -> ProjectQuerySet:
        return Project.objects.visible_to(self.request.user).select_related(
            "owner", "district", "industry"
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if self.object.shows_contacts:
            # People are named who may ask any day not to be: no cache keeps it.
            response.headers["Cache-Control"] = "no-store"
        return response

    def get_template_names(self) -> list[str]:
        return [TITLE_ONLY if self.object.is_title_only else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = {
            "trail": [(_("Projects"), reverse("projects"))],
            "contacts": [
                (each, dial_link(each.phone), readable(each.email))
                for each in (self.object.contacts.all() if self.object.shows_contacts else ())
            ],
        }
        if self.object.is_title_only:
            return super().get_context_data(**shared, **kwargs)
        # Not Recommendation.visible(): the preview of a draft shows its page as it will be.
        recommendations = (
            self.object.recommendations.filter(
                event__status__in=Event.VISIBLE, expert__is_public=True
            )
            .for_lists(*(f"expert__{name}" for name in CARD_COLUMNS))
            .select_related("expert")
            .order_by("-event__starts_at", "order", "pk")
        )
        # As it was when they were recommended.
        days = [(each.expert, each.event.starts_on) for each in recommendations]
        experts = people_on(days)
        intentions = CooperationIntention.objects.visible().about(self.object)
        [shown] = latest((intentions, {"project": self.object.slug}))
        published_at = self.object.published_at
        return super().get_context_data(
            recommendations=[
                (experts[expert.pk, day], each)
                for (expert, day), each in zip(days, recommendations, strict=True)
            ],
            intentions=shown,
            sectors=self.object.sectors.all(),
            modes=self.object.modes.all(),
            listed_on=published_at and timezone.localdate(published_at),
            price=self.object.price if self.object.shows_price else "",
            **shared,
            **kwargs,
        )
