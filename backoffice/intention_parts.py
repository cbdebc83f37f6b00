"""What is edited on the page of a draft beside its own fields."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from backoffice import intention_fields
from backoffice.kit.fields import SummitFields
from backoffice.kit.labels import pair
from projects.models import CooperationIntention, IntentionProject, Signatory


class IntentionForm(forms.ModelForm):
    text_languages = intention_fields.spoken(_("Languages of the text"))

    def clean_intended_amount(self):
        amount = self.cleaned_data["intended_amount"]
        if amount is not None and amount < 0:
            raise forms.ValidationError(_("An amount is not negative."), code="negative")
        return amount

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and not self.instance.is_draft:
            self._refuse_what_came_too_late()
        return cleaned

    def _refuse_what_came_too_late(self):
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


class FixedBySignature:
    """Rows that a signature fixes: nobody adds, changes or deletes them afterwards."""

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and self._is_open(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_open(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_open(obj)

    def _is_open(self, obj):
        return obj is None or obj.is_draft


class IntentionProjectInline(FixedBySignature, SummitFields, admin.TabularInline):
    model = IntentionProject
    autocomplete_fields = ["project"]
    fields = ["project", "order"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("project", "intention")


class SignatoryInline(FixedBySignature, SummitFields, admin.StackedInline):
    """Of a draft; afterwards they stand among what was signed."""

    model = Signatory
    template = "backoffice/folded_inline.html"
    of_draft = True
    fields = [("side", "order"), pair("name"), pair("capacity")]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("intention")
