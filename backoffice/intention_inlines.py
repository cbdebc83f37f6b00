"""What is edited on the page of a draft beside its own fields."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice import intention_fields
from backoffice.kit.bilingual import BilingualForm
from backoffice.kit.fields import SummitFields
from backoffice.kit.labels import pair
from projects.models import CooperationIntention, IntentionProject, Signatory


class IntentionForm(BilingualForm):
    text_languages = intention_fields.spoken(_("Languages of the text"))

    def clean_intended_amount(self) -> Decimal | None:
        amount: Decimal | None = self.cleaned_data["intended_amount"]
        if amount is not None and amount < 0:
            raise forms.ValidationError(_("An amount is not negative."), code="negative")
        return amount

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk and not self.instance.is_draft:
            self._refuse_what_came_too_late()
        return cleaned

    def _refuse_what_came_too_late(self) -> None:
        """Refuse the form of a draft that has moved on while somebody was typing.

        Django would leave out what is read-only by now and say that all is saved.
        """
        if set(CooperationIntention.SIGNED_FIELDS).intersection(self.data):
            raise forms.ValidationError(
                _(
                    "This is “%(status)s” by now, and nothing was saved: somebody has moved it "
                    "while you were typing. Open the page again."
                ),
                code="moved_meanwhile",
                params={"status": self.instance.get_status_display()},
            )


class FixedBySignature(InlineModelAdmin):
    """Rows that a signature fixes: nobody adds, changes or deletes them afterwards."""

    def has_add_permission(
        self, request: HttpRequest, obj: CooperationIntention | None = None
    ) -> bool:
        return super().has_add_permission(request, obj) and self._is_open(obj)

    def has_change_permission(
        self, request: HttpRequest, obj: CooperationIntention | None = None
    ) -> bool:
        return super().has_change_permission(request, obj) and self._is_open(obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: CooperationIntention | None = None
    ) -> bool:
        return super().has_delete_permission(request, obj) and self._is_open(obj)

    def _is_open(self, obj: CooperationIntention | None) -> bool:
        return obj is None or obj.is_draft


class IntentionProjectInline(FixedBySignature, SummitFields, admin.TabularInline):
    model = IntentionProject
    autocomplete_fields = ["project"]
    fields = ["project", "order"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[IntentionProject]:
        return super().get_queryset(request).select_related("project", "intention")


class SignatoryInline(FixedBySignature, SummitFields, admin.StackedInline):
    """Of a draft; afterwards they stand among what was signed."""

    model = Signatory
    template = "backoffice/folded_inline.html"
    of_draft = True
    fields = [("side", "order"), pair("name"), pair("capacity")]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Signatory]:
        return super().get_queryset(request).select_related("intention")
