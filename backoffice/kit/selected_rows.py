"""The page of an action for the rows that are selected in a list: ``…/12,13,14/do/cancel/``."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Model, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.kit.actions import (
    ALL,
    SHOWN,
    Action,
    Facts,
    add_refusal,
    digest,
    digest_of_facts,
    refuse_if_changed,
)
from backoffice.kit.way_back import event_led_from, way_back
from events.domain.untold import said_to
from summit.lib.database.numbers import fits_bigint, rows_by_keys
from summit.lib.given import given
from summit.lib.i18n.languages import Words
from summit.lib.web.requests import StaffRequest

if TYPE_CHECKING:
    from backoffice.kit.model_admin import SummitAdmin

# What does all of the rows at once, and returns how many.
type Run = Callable[["SummitAdmin", StaffRequest, QuerySet[Any], dict[str, Any]], int]

# How many of the rows are named.
NAMED = 20


def are_selected(keys: str) -> bool:
    """Whether the first part of an address of an action stands for rows of the list."""
    return keys == ALL or "," in keys


class SelectedRowsPage:
    """A view for one request. Those who come to the list after the page was shown are left out.

    Where others of the rows have changed since, nothing is done, and the page is shown anew.
    """

    def __init__(
        self, model_admin: "SummitAdmin", request: StaffRequest, keys: str, action: Action[Any]
    ) -> None:
        self.model_admin, self.request, self.keys, self.action = model_admin, request, keys, action
        self.selected = given(action.selected)

    def respond(self) -> HttpResponse:
        if not self.model_admin.may_use(self.action, self.request, None):
            raise PermissionDenied(self.model_admin.explain_forbidden(self.action, self.request))
        try:
            found = self._find()
        except IncorrectLookupParameters:
            # The list says so, and shows all of it.
            return HttpResponseRedirect(self._list_url())
        if not found.exists():
            messages.warning(self.request, _("The selected rows are no longer in the list."))
            return HttpResponseRedirect(self._list_url())
        if not self.model_admin.are_all_theirs(self.request, found):
            return self.model_admin.refuse_rows_of_others(self.request, self._list_url())
        is_posted = self.request.method == "POST"
        form = self.action.form(*([self.request.POST, self.request.FILES] if is_posted else []))
        rows = self.selected.rows(self.model_admin, self.request, found)
        newest = self.request.POST.get("newest", "")
        if is_posted and fits_bigint(newest):
            rows = rows.filter(pk__lte=newest)
        if is_posted and form.is_valid() and self._run(rows, form):
            return HttpResponseRedirect(self._list_url())
        return self._show(found, rows, form)

    def _find(self) -> QuerySet[Any]:
        if self.keys == ALL:
            return self.model_admin.get_changelist_instance(self.request).get_queryset(self.request)
        return rows_by_keys(self.model_admin.get_queryset(self.request), self.keys.split(","))

    def _run(self, rows: QuerySet[Any], form: forms.Form) -> bool:
        """Do it, and say for how many; ``False`` if it is refused, and the form says why."""
        run = self.selected.run
        try:
            refuse_if_changed(self.request.POST.get(SHOWN, ""), self._version(rows))
            done = self._run_at_once(run, rows, form) if run else self._run_one_by_one(rows, form)
        except ValidationError as error:
            add_refusal(form, said_to(self.request.user, error))
            return False
        if done:
            messages.success(self.request, self.selected.done % {"count": done})
        else:
            messages.warning(self.request, _("Nothing was changed."))
        return True

    def _facts(self, rows: QuerySet[Any]) -> Facts:
        return (self.selected.facts or _by_name)(rows)

    def _version(self, rows: QuerySet[Any], facts: Facts | None = None) -> str:
        """Return the version of what is shown: which rows these are, and what is said of them."""
        keys = sorted(rows.order_by().values_list("pk", flat=True))
        shown = digest_of_facts(self._facts(rows) if facts is None else facts)
        version = self.selected.version
        return digest((keys, shown, version(rows) if version else None))

    def _run_at_once(self, run: Run, rows: QuerySet[Any], form: forms.Form) -> int:
        with transaction.atomic():
            return run(self.model_admin, self.request, rows, form.cleaned_data)

    def _run_one_by_one(self, rows: QuerySet[Any], form: forms.Form) -> int:
        done = 0
        for key in list(rows.values_list("pk", flat=True)):
            try:
                with transaction.atomic():
                    done += self._run_one(key, form)
            except ValidationError as error:
                told = said_to(self.request.user, error)
                messages.warning(self.request, " ".join(told.messages))
        return done

    def _run_one(self, key: int, form: forms.Form) -> bool:
        action, model_admin, request = self.action, self.model_admin, self.request
        # Anew, and locked: somebody else may have done it meanwhile.
        row = model_admin.get_object(request, str(key))
        if row is None or not model_admin.may_use(action, request, row):
            return False
        if not action.offered(model_admin, row):
            return False
        action.run(model_admin, request, row, form.cleaned_data)
        model_admin.log_change(request, row, str(action.label))
        return True

    def _show(self, found: QuerySet[Any], rows: QuerySet[Any], form: forms.Form) -> HttpResponse:
        count, facts = rows.count(), self._facts(rows)
        return TemplateResponse(
            self.request,
            "backoffice/selected_rows.html",
            {
                **self.model_admin.admin_site.each_context(self.request),
                "title": self.selected.label,
                "opts": self.model_admin.opts,
                "action": self.action,
                "explanation": self.selected.explanation or self.action.explanation,
                "count": count,
                "left_out": found.count() - count,
                "facts": facts,
                "shown": self._version(rows, facts),
                "form": form,
                "newest": rows.aggregate(newest=Max("pk"))["newest"],
                "list_url": self._list_url(),
                "event_in_sight": event_led_from(self.request),
            },
            status=422 if form.errors else 200,
        )

    def _list_url(self) -> str:
        if back := way_back(self.request):
            return back
        opts = self.model_admin.opts
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        query = self.request.GET.urlencode()
        return f"{address}?{query}" if query else address


def list_first[Row: Model](
    rows: QuerySet[Row], describe: Callable[[Row], tuple[Words, object]]
) -> Facts:
    """Return what ``describe`` tells of the first rows, and an ellipsis if there are more."""
    first = list(rows[: NAMED + 1])
    facts = [describe(row) for row in first[:NAMED]]
    return [*facts, ("", "…")] if len(first) > NAMED else facts


def _by_name(rows: QuerySet[Any]) -> Facts:
    return list_first(rows, lambda row: ("", row))
