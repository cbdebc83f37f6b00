"""The experts of an event: who appears in its programme, and new ones in rows."""

from typing import Any

from django import forms
from django.db.models import Prefetch, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from backoffice.expert_visit import travel_line, visits_of_event
from backoffice.kit.deletion import page_of
from backoffice.kit.labels import pair
from backoffice.kit.new_or_chosen import OrganizationField
from backoffice.kit.way_back import add_url, change_url
from backoffice.workspace.boxes import SessionField, both_lines
from backoffice.workspace.page import EventPage
from backoffice.workspace.rows import Newcomers, RowForm, Rows
from events.domain import expert as domain
from events.models import Affiliation, Appearance, Event, Expert
from projects.models import Recommendation
from submissions.models import ExpertVisit


class ExpertRow(RowForm):
    counted = (*pair("name"), "organization", *pair("position"), "session")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= both_lines(Expert, "name")
        self.fields["organization"] = OrganizationField(
            Affiliation._meta.get_field("organization"),
            user=self.user,
            label=_("Organization"),
            required=False,
        )
        self.fields |= both_lines(Affiliation, "position")
        self.fields["session"] = SessionField(self.event, label=_("Session"))
        self.fields["role"] = forms.ChoiceField(
            label=pgettext_lazy("in a session", "Role"), choices=Appearance.Role.choices
        )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        named = [
            name for name in self.fields if name in pair("name") and self.cleaned_data.get(name)
        ]
        if not named:
            self.add_error(
                next(name for name in self.fields if name in pair("name")),
                _("Fill this in, in English or in Chinese."),
            )
        else:
            self.ask(named[0], self.newcomer(), self.user)
        self.ask("organization", self.cleaned_data.get("organization"), self.user)
        return cleaned

    def newcomer(self) -> Expert:
        # The organization says where the expert is from.
        return Expert(
            country="", **{name: self.cleaned_data.get(name, "") for name in pair("name")}
        )

    def add(self, newcomers: Newcomers) -> None:
        cleaned = self.cleaned_data
        expert = domain.add(
            self.newcomer(),
            organization=newcomers.stored(cleaned["organization"]),
            position={name: cleaned[name] for name in pair("position")},
            by=self.user,
        )
        if cleaned["session"]:
            domain.appear(expert, cleaned["session"], role=cleaned["role"], by=self.user)


def list_experts(page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Find who appears, recommends a project or is asked about a visit, with that. A panel."""
    back = request.path
    here = Appearance.objects.filter(session__event=event).select_related("session")
    recommended = Recommendation.objects.filter(event=event).select_related("project")
    visits = visits_of_event(request.user, event)
    experts = (
        Expert.objects.filter(
            Q(pk__in=here.values("expert"))
            | Q(pk__in=recommended.values("expert"))
            | Q(pk__in=list(visits))
        )
        .prefetch_related(
            "affiliations__organization",
            Prefetch("appearances", here.order_by("session__starts_at"), to_attr="here"),
            Prefetch("recommendations", recommended, to_attr="recommended"),
        )
        .order_by("sort_name_en", "pk")
    )
    rows = [
        {
            "expert": expert,
            "url": change_url(expert, back),
            "affiliation": expert.affiliation_at(event.starts_on),
            "appearances": expert.here,  # type: ignore[attr-defined]  # just read
            "recommended": expert.recommended,  # type: ignore[attr-defined]  # as well
            **_travel(visits.get(expert.pk)),
        }
        for expert in experts
    ]
    may_add = request.user.has_perm("events.add_expert")
    return {
        "experts": rows,
        "has_visits": bool(visits),
        "add_url": add_url(Expert, back) if may_add else "",
    }


def _travel(visit: ExpertVisit | None) -> dict[str, Any]:
    """Return when an expert travels, and the page of the visit; nothing where none is asked."""
    if visit is None:
        return {}
    return {
        "visit_url": page_of(visit),
        "arrival": travel_line(visit, visit.arrives_at, visit.arrival_by),
        "departure": travel_line(visit, visit.departs_at, visit.departure_by),
    }


class ExpertsPage(EventPage):
    name = "experts"
    change_form_template = "backoffice/workspace/experts.html"
    panels = [list_experts]
    rows = Rows(
        form=ExpertRow,
        title=_("Add experts"),
        help_text=_(
            "One row for each expert. Choose the organization, or type the name of a new "
            "one, in both languages with a / between them. If you choose a session, the "
            "expert is added to it."
        ),
        done=ngettext_lazy("%(count)d expert was added.", "%(count)d experts were added.", "count"),
        permissions=("events.add_expert", "events.add_affiliation", "events.add_appearance"),
        reads=("sessions",),
    )
