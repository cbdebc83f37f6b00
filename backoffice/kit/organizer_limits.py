"""Who may do what for which event is given and taken away on record, and never by accident."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit import trail
from backoffice.kit.fields import SummitFields
from events.models import Event, EventSeries, OrganizerScope
from registrations.models import DeskAssignment
from staff.audited import Action
from summit.lib.given import given
from summit.lib.web.requests import user_of

# The account that an entry of the audit trail is about, and its details.
type Assignment = tuple[str, dict[str, str]]


class LimitsFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
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


class OrganizerScopeInline(SummitFields, admin.TabularInline):
    """On the page of an account: to which series and events it is limited, if to any."""

    model = OrganizerScope
    formset = LimitsFormSet
    autocomplete_fields = ["series", "event"]
    fields = ["series", "event"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrganizerScope]:
        return super().get_queryset(request).select_related("user", "series", "event")


@contextmanager
def recorded_assignments(request: HttpRequest, formset: forms.BaseInlineFormSet) -> Iterator[None]:
    """Enter into the audit trail who is put to a desk, or limited, and who no longer is.

    Around the saving of any formset of a page; of others nothing is entered.
    """
    if formset.model not in (DeskAssignment, OrganizerScope):
        yield
        return
    with transaction.atomic():
        before = _assignments(formset)
        yield
        after = _assignments(formset)
        for pk, assignment in before.items():
            if after.get(pk) != assignment:
                _record(Action.UNASSIGNED, request, assignment)
        for pk, assignment in after.items():
            if before.get(pk) != assignment:
                _record(Action.ASSIGNED, request, assignment)


def _assignments(formset: forms.BaseInlineFormSet) -> dict[int, Assignment]:
    """Return the rows of a formset's parent as they are stored."""
    of_parent = {formset.fk.name: formset.instance}
    if formset.model is DeskAssignment:
        desks = DeskAssignment.objects.filter(**of_parent).select_related("user", "event")
        return {row.pk: _details(row, "desk") for row in desks}
    limits = OrganizerScope.objects.filter(**of_parent).select_related("user", "event", "series")
    return {row.pk: _details(row, "limit") for row in limits}


def _details(row: DeskAssignment | OrganizerScope, kind: str) -> Assignment:
    named: Event | EventSeries = row.event or given(getattr(row, "series", None))
    name = "event" if isinstance(named, Event) else "series"
    return trail.account(row.user), {"assignment": kind, name: named.slug}


def _record(action: Action, request: HttpRequest, assignment: Assignment) -> None:
    subject, details = assignment
    trail.record(action, by=user_of(request), request=request, subject=subject, **details)


def name_whom_it_limits(rows: Sequence[Event | EventSeries]) -> list[str]:
    """Return who is limited to events or series, of one model, which are kept for that.

    With the last of them the limit would go, and the person would run everything.
    """
    name = "event" if isinstance(rows[0], Event) else "series"
    limited = OrganizerScope.objects.filter(**{f"{name}__in": [row.pk for row in rows]})
    return [
        gettext("%(name)s is limited to it") % {"name": scope.user.get_username()}
        for scope in limited.select_related("user")
    ]
