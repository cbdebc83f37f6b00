"""The organizations of an event: their roles, edited in place, and who else comes from where."""

from typing import Any

from django import forms
from django.db.models import Count, ForeignKey, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.kit.new_or_chosen import OrganizationField
from backoffice.kit.way_back import change_url
from backoffice.workspace.page import EventPage
from backoffice.workspace.rows_inline import NewcomerForm, NewcomerFormSet, RowsInline
from events.models import Event, EventRole, Expert, Organization
from events.models.scope import readable
from projects.models import CooperationIntention


class RoleForm(NewcomerForm):
    new_ones = ("organization",)

    @property
    def row(self) -> Organization:
        """What the row is about, whose page its name leads to."""
        return self.instance.organization

    def has_named(self) -> bool:
        return bool(self.instance.organization_id or self.cleaned_data.get("organization"))

    def organization_keys(self) -> set[object]:
        """Return what tells the organization from others: its key, or the names of a new one."""
        new = self.unsaved("organization")
        if isinstance(new, Organization):
            return {*new.likeness_keys()}
        return {self.instance.organization_id}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.ask("organization", self.unsaved("organization"), self.reader)  # type: ignore[arg-type]  # an organization
        return cleaned

    def save(self, commit: bool = True) -> EventRole:
        new = self.unsaved("organization")
        if isinstance(new, Organization):
            self.instance.organization = self.newcomers.stored(new)
        return super().save(commit)


class RoleFormSet(NewcomerFormSet):
    """Another organization is another row: of those that are there the role is edited."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if isinstance(form, RoleForm) and form.instance.pk:
            form.fields.pop("organization", None)

    def clean(self) -> None:
        """Say beside the second of two equal roles what the database would only refuse."""
        super().clean()
        seen: set[tuple[object, str]] = set()
        rows: list[Any] = self.forms
        for form in rows:
            if form in self.deleted_forms or not form.is_valid() or not form.has_named():
                continue
            named = {(key, form.cleaned_data["role"]) for key in form.organization_keys()}
            if seen & named:
                form.add_error("role", _("This organization has this role already."))
            seen |= named


class RoleInline(RowsInline):
    model = EventRole
    form = RoleForm
    formset = RoleFormSet
    fields = ["organization", "role", "order", "told"]
    about = _(
        "Choose an organization, or type the name of a new one, in both languages with a / "
        "between them. The public page lists them by role, in the order of the numbers."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventRole]:
        return super().get_queryset(request).select_related("organization", "event")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name != "organization":
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        return OrganizationField(db_field, user=request.user, country="CN", label=_("Organization"))


def list_places(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Find who takes part without a role: where experts are, parties of intentions. A panel."""
    experts = Expert.objects.filter(
        Q(appearances__session__event=event) | Q(recommendations__event=event)
    )
    of_event = CooperationIntention.objects.filter(event=event)
    places = (
        Organization.objects.filter(
            Q(affiliations__expert__in=experts.values("pk"))
            | Q(pk__in=of_event.values("company"))
            | Q(pk__in=of_event.values("expert_organization"))
        )
        .exclude(roles__event=event)
        .annotate(
            experts_here=Count(
                "affiliations__expert",
                filter=Q(affiliations__expert__in=experts.values("pk")),
                distinct=True,
            ),
            intentions_here=Count("intentions", filter=Q(intentions__event=event), distinct=True),
        )
        .order_by("sort_name_en", "pk")
        .distinct()
    )
    rows = readable(places, request.user)
    return {"places": [{"row": row, "url": change_url(row, request.path)} for row in rows]}


class OrganizationsPage(EventPage):
    name = "organizations"
    change_form_template = "backoffice/workspace/organizations.html"
    inlines = [RoleInline]
    panels = [list_places]
    history_parts = {EventRole: "event_id"}
