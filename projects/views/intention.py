from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from projects.forms import IntentionFilter
from projects.models import CooperationIntention
from projects.models.intention import IntentionQuerySet


class IntentionListView(ListView):
    template_name = "projects/intention_list.html"
    context_object_name = "intentions"
    extra_context = {"section": "intentions"}
    paginate_by = 24

    def get_queryset(self) -> QuerySet[CooperationIntention]:
        self.filter = IntentionFilter(self.request.GET)
        return self.filter.apply(CooperationIntention.objects.visible()).with_parties()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(filter=self.filter, **kwargs)


class IntentionView(DetailView):
    template_name = "projects/intention.html"
    context_object_name = "intention"
    extra_context = {"section": "intentions"}
    slug_field = "reference"
    slug_url_kwarg = "reference"

    def get_queryset(self) -> IntentionQuerySet:
        return CooperationIntention.objects.visible_to(self.request.user).with_parties()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        intention = self.object
        signed = intention.signature
        names = [party.name for party in (signed.company, signed.expert) if party]
        about = [project.name for project in signed.projects] or [signed.subject]
        return super().get_context_data(
            description=" · ".join([*names, *about]),
            is_visible=intention.is_public and not intention.event.is_draft,
            trail=[(_("Signed intentions"), reverse("intentions"))],
            **kwargs,
        )
