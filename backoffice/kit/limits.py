"""Who may do what for which event is given and taken away on record, and never by accident."""

from django import forms
from django.contrib import admin
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit import trail
from backoffice.kit.autocomplete import KeyChoices
from events.models import Event, OrganizerScope
from registrations.models import DeskAssignment
from staff.audited import Action


class LimitsFormSet(forms.BaseInlineFormSet):
    def clean(self):
        """Say beside the second of two equal limits what the database would only refuse."""
        super().clean()
        seen = set()
        for form in self.forms:
            if form in self.deleted_forms or not form.is_valid():
                continue
            named = form.cleaned_data.get("series") or form.cleaned_data.get("event")
            if named is not None and named in seen:
                form.add_error(None, _("This is named already."))
            seen.add(named)


class OrganizerScopeInline(KeyChoices, admin.TabularInline):
    """On the page of an account: to which series and events it is limited, if to any."""

    model = OrganizerScope
    formset = LimitsFormSet
    autocomplete_fields = fields = ["series", "event"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user", "series", "event")


class RecordsAssignments:
    """Enters into the audit trail who was put to a desk, or limited, and who no longer is."""

    def save_formset(self, request, form, formset, change):
        if formset.model not in (DeskAssignment, OrganizerScope):
            super().save_formset(request, form, formset, change)
            return
        with transaction.atomic():
            before = _named(formset)
            super().save_formset(request, form, formset, change)
            after = _named(formset)
            for pk, told in before.items():
                if after.get(pk) != told:
                    _record(Action.UNASSIGNED, request, told)
            for pk, told in after.items():
                if before.get(pk) != told:
                    _record(Action.ASSIGNED, request, told)


def _named(formset):
    """Return (subject, details) of the rows of a formset's parent as they are stored."""
    rows = formset.model.objects.filter(**{formset.fk.name: formset.instance})
    if formset.model is DeskAssignment:
        return {row.pk: _told(row, "desk") for row in rows.select_related("user", "event")}
    return {row.pk: _told(row, "limit") for row in rows.select_related("user", "event", "series")}


def _told(row, kind):
    named = row.event or getattr(row, "series", None)
    name = "event" if isinstance(named, Event) else "series"
    return trail.account(row.user), {"assignment": kind, name: named.slug}


def _record(action, request, told):
    subject, details = told
    trail.record(action, by=request.user, request=request, subject=subject, **details)


class LimitsKept:
    """Keeps the events and series that somebody is limited to.

    With the last of them the limit would go, and the person would run everything.
    """

    def get_deleted_objects(self, objs, request):
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        name = "event" if self.model is Event else "series"
        limited = OrganizerScope.objects.filter(**{f"{name}__in": [obj.pk for obj in objs]})
        kept = [
            gettext("%(name)s is limited to it") % {"name": scope.user.get_username()}
            for scope in limited.select_related("user")
        ]
        return to_delete, counts, set() if kept else perms_needed, [*protected, *kept]
