"""The organizations of an event: their roles, edited in place, and who else comes from where."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, ForeignKey, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.kit.new_or_chosen import OrganizationField
from backoffice.kit.way_back import change_url
from backoffice.workspace.menu import ENTRIES
from backoffice.workspace.page import EventPage
from backoffice.workspace.rows_inline import NewcomerForm, NewcomerFormSet, RowsInline
from events.models import Affiliation, Event, EventRole, Expert, Organization
from events.models.scope import readable
from projects.models import CooperationIntention
from registrations.models import Registration


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


@dataclass(frozen=True)
class Place:
    """An organization that takes part without a role, and through how many of whom."""

    row: Organization
    url: str
    experts: int
    intentions: int
    attendees: int


def list_places(_page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Find who takes part without a role, as of the event. A panel, of four queries.

    Those are where experts were on its first day, the parties of intentions, and for those who
    may see attendees where these come from.
    """
    shows_attendees = ENTRIES["attendees"].may_be_seen_by(request.user)
    experts, intentions = _count_experts(event), _count_intentions(event)
    attendees = _count_attendees(event) if shows_attendees else {}
    rows = (
        Organization.objects.filter(pk__in={*experts, *intentions, *attendees})
        .exclude(roles__event=event)
        .order_by("sort_name_en", "pk")
    )
    places = [
        Place(
            row,
            change_url(row, request.path),
            experts.get(row.pk, 0),
            intentions.get(row.pk, 0),
            attendees.get(row.pk, 0),
        )
        for row in readable(rows, request.user)
    ]
    return {"places": places, "shows_attendees": shows_attendees}


def _count_experts(event: Event) -> dict[int, int]:
    """Count by organization the experts who speak or recommend, and were there then."""
    experts = Expert.objects.filter(
        Q(appearances__session__event=event) | Q(recommendations__event=event)
    )
    held = Affiliation.objects.at(event.starts_on).filter(expert__in=experts.values("pk"))
    return _counted(held, "organization", of="expert")


def _count_intentions(event: Event) -> Counter[int]:
    """Count by organization the intentions to which it is a party, on either side."""
    status = CooperationIntention.Status
    standing = CooperationIntention.objects.filter(event=event).exclude(
        status__in=[status.ABANDONED, status.VOIDED]
    )
    sides = standing.order_by().values_list("company", "expert_organization")
    return Counter(party for parties in sides for party in {*parties} - {None})


def _count_attendees(event: Event) -> dict[int, int]:
    known = Registration.objects.filter(event=event, organization__isnull=False).active()
    return _counted(known, "organization", of="pk")


def _counted(rows: QuerySet[Any], by: str, *, of: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(by).annotate(Count(of, distinct=True)))


class OrganizationsPage(EventPage):
    name = "organizations"
    change_form_template = "backoffice/workspace/organizations.html"
    inlines = [RoleInline]
    panels = [list_places]
    history_parts = {EventRole: "event_id"}
