"""An event's programme on the event's own page, checked as a whole."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.kit.choosers import KeySelectMultiple
from backoffice.kit.fields import SummitFields
from backoffice.kit.labels import pair
from backoffice.kit.readers import ForReader
from backoffice.kit.zones import FORMFIELDS, StartsBeforeEnd, ZonedDateTimeField, set_zone, zone_of
from events.domain import programme
from events.domain.untold import said_to
from events.models import Appearance, Event, Expert, Session
from events.models.limits import Person
from summit.lib.i18n.clock import Span, iso_times
from summit.lib.i18n.languages import listed
from summit.lib.web.fields import field_of

# Beside which field a refusal of the programme stands.
FIELD_OF = {"outside_event": "starts_at", "room_taken": "room", "expert_elsewhere": "people"}


def add_refusals(form: forms.ModelForm, errors: list[ValidationError], reader: Person) -> None:
    """Put each refusal of the programme beside the field that it is about, as one may read it."""
    for error in said_to(reader, ValidationError(errors)).error_list:
        name = FIELD_OF.get(error.code or "")
        if name == "room":
            name = next(column for column in pair("room") if getattr(form.instance, column))
        form.add_error(name if name in form.fields else None, error)


class SessionForm(StartsBeforeEnd, forms.ModelForm):
    """A session with its experts, who are saved as appearances."""

    too_early = _("The session must end after it starts.")

    # Not "experts", which the model knows as a relation through appearances.
    people = forms.ModelMultipleChoiceField(
        Expert.objects.all(),
        label=_("Experts"),
        required=False,
        help_text=_("New ones are added as speakers. Set other roles on the session's own page."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.appearances = list(self.instance.appearances.all()) if self.instance.pk else []
        self.initial["people"] = [appearance.expert_id for appearance in self.appearances]

    @property
    def hours(self) -> str:
        """When it is, in the event's zone; nothing for a new one."""
        session = self.instance
        if not (session.starts_at and session.ends_at):
            return ""
        zone = field_of(self, "starts_at", ZonedDateTimeField).zone or session.event.zone
        return iso_times(Span.of(session.starts_at, session.ends_at, zone))

    @property
    def speakers(self) -> str:
        return listed(appearance.expert for appearance in self.appearances)

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]  # not in the stubs
        if "people" in self.changed_data:
            self._save_experts()

    def _save_experts(self) -> None:
        chosen = self.cleaned_data["people"].in_bulk()
        self.instance.appearances.exclude(expert__in=chosen).delete()
        present = set(self.instance.appearances.values_list("expert", flat=True))
        last = self.instance.appearances.aggregate(last=Max("order"))["last"]
        order = -1 if last is None else last
        # In the order in which they were chosen.
        for key in self["people"].data:
            if int(key) not in present:
                order += 1
                appearance = Appearance(session=self.instance, expert=chosen[int(key)], order=order)
                appearance.full_clean()
                appearance.save()
                present.add(int(key))


class ProgrammeFormSet(ForReader, forms.BaseInlineFormSet):
    """All sessions of an event, compared with each other as they are about to be."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        # The event's own form may have set a new zone on the instance by now, or
        # refused it; what was posted decides for both.
        set_zone(form, zone_of(self.data if self.is_bound else {}, self.instance))

    def clean(self) -> None:
        super().clean()
        event = self.instance
        if any(self.errors) or not (event.starts_at and event.ends_at):
            return
        kept = [
            form
            for form in self.forms
            if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]
        self._number_slugs(kept)
        # A new event was not there to be locked before it was read.
        programme.lock()
        slots = [
            programme.Slot(
                form.instance,
                frozenset(expert.pk for expert in form.cleaned_data.get("people", ())),
            )
            for form in kept
        ]
        for form, errors in zip(kept, programme.refusals(event, slots), strict=True):
            add_refusals(form, errors, self.reader)

    def _number_slugs(self, kept: list[forms.ModelForm]) -> None:
        """Tell two new sessions of one title apart, neither of which is stored yet."""
        taken = {form.instance.slug for form in kept if form.instance.pk}
        for form in kept:
            session = form.instance
            if session.pk:
                continue
            base, number = session.slug, 2
            while session.slug in taken:
                session.slug = f"{base[:95]}-{number}"
                number += 1
            taken.add(session.slug)


class SessionInline(SummitFields, admin.StackedInline):
    model = Session
    form = SessionForm
    formset = ProgrammeFormSet
    template = "backoffice/folded_inline.html"
    verbose_name_plural = _("programme")
    formfield_overrides = FORMFIELDS
    change_link_text = _("All fields")
    extra = 0
    fields = [
        ("kind", "starts_at", "ends_at"),
        pair("title"),
        pair("room"),
        "people",
        ("language", "has_interpretation"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        return super().get_queryset(request).prefetch_related("appearances__expert")

    @admin.display(description=_("experts"))
    def people(self, session: Session) -> str:
        """The experts, for those who may only read."""
        return listed(session.appearances.all())

    def get_formset(
        self, request: HttpRequest, obj: Event | None = None, **kwargs: Any
    ) -> type[forms.BaseInlineFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        if "people" in formset.form.base_fields:
            relation = Session._meta.get_field("experts")
            experts = self.admin_site.get_model_admin(Expert)
            formset.form.base_fields["people"].widget = RelatedFieldWidgetWrapper(
                KeySelectMultiple(relation, self.admin_site),
                relation.remote_field,  # type: ignore[arg-type]  # as Django itself gives it
                self.admin_site,
                can_add_related=experts.has_add_permission(request),
            )
        return formset
