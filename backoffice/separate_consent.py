"""The separate consents that an event asks for, edited: who agreed before is asked anew."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.kit.fields import SummitFields
from backoffice.kit.inline_rows import count_rows
from backoffice.kit.labels import pair
from registrations.models import SeparateConsent

CONSENT = (
    ("kind", "is_offered", "order"),
    pair("recipient"),
    ("contact", "is_abroad"),
    pair("purpose"),
    pair("data_kinds"),
)


class SeparateConsentFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        if count_rows(self) > SeparateConsent.MOST:
            raise forms.ValidationError(
                _("An event asks for at most %(most)s separate consents. Remove one first."),
                params={"most": SeparateConsent.MOST},
            )
        # Two new rows know nothing of each other.
        seen: set[str] = set()
        for form in self.forms:
            kind = getattr(form, "cleaned_data", {}).get("kind", "")
            if form in self.deleted_forms or kind in ("", SeparateConsent.Kind.RECIPIENT):
                continue
            if kind in seen:
                form.add_error("kind", _("This event already asks for this consent."))
            seen.add(kind)


class SeparateConsentInline(SummitFields, admin.StackedInline):
    model = SeparateConsent
    formset = SeparateConsentFormSet
    fields = (*CONSENT, "agreed")
    readonly_fields = ("agreed",)
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[SeparateConsent]:
        standing = Count("given", filter=Q(given__withdrawn_at=None))
        return super().get_queryset(request).annotate(agreed_here=standing)

    @admin.display(description=_("people who agree"))
    def agreed(self, separate_consent: SeparateConsent) -> str:
        number: int = getattr(separate_consent, "agreed_here", 0)
        if not number:
            return "0"
        return format_html(
            '{} <div class="quiet">{}</div>',
            number,
            gettext(
                "With another recipient, purpose or kinds of data, these people are left out of "
                "lists until they agree to the new wording. To stop asking, untick “offered”."
            ),
        )
