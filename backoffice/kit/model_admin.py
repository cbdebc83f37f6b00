"""The base of every page of the admin: whose rows it shows, what is done with one, what stays."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from typing import Any, ClassVar, Protocol

from django.contrib import messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_permission_codename
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.options import Options
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as admin_words
from django.utils.translation import gettext_lazy as _

from backoffice.kit.actions import Action, ActionPage, Button
from backoffice.kit.deletion import list_deleted
from backoffice.kit.demonstration import without_mark
from backoffice.kit.error_summary import summarize_errors
from backoffice.kit.exporting import ExportList
from backoffice.kit.exporting import page as export_page
from backoffice.kit.exporting.table import EXPORT_ROWS
from backoffice.kit.fields import SummitFields, focus_first_text
from backoffice.kit.guard import GuardedAdmin
from backoffice.kit.labels import labels
from backoffice.kit.readers import for_reader
from backoffice.kit.selected_rows import SelectedRowsPage, are_selected
from backoffice.kit.way_back import event_led_from, way_back
from events.models import Event
from events.models.limits import limits_of
from events.models.scope import Scope, Shared, readable, scope_of
from summit.lib.database.numbers import fits_bigint, rows_by_keys
from summit.lib.i18n.languages import Words
from summit.lib.web.requests import StaffRequest

# What a page does with rows: functions of Django's for the list, and ``Action``.
type Actions = Sequence[Action[Any] | ExportList | Callable[..., Any]]
# Of the page, the request and the row.
type Panel = Callable[[Any, HttpRequest, Any], dict[str, Any]]


class Draftable(Protocol):
    """A row that is a draft before it is published or signed."""

    _meta: ClassVar[Options[Any]]

    @property
    def is_draft(self) -> bool: ...
    def get_status_display(self) -> str: ...


class SummitAdmin(SummitFields, GuardedAdmin):
    """The base of every page.

    Shows and lets change what the policy of the model says (``events/models/scope.py``), has a
    button and a page for each of ``actions``, and says in plain words what cannot be deleted.
    The tick box of demonstration data is for demonstrations (``demonstration.py``).
    Overrides ``get_queryset``, ``get_form``, ``get_fieldsets``, ``get_object``, the five
    ``has_…_permission``, ``get_urls``, ``render_change_form``, ``response_action``,
    ``response_post_save_add``, ``response_post_save_change``, ``response_delete``,
    ``action_checkbox``, ``get_deleted_objects``, ``render_delete_form`` and ``history_view``.
    """

    actions: Actions | None = ()
    # Each adds to the context of the page of a row what it finds.
    panels: Sequence[Panel] = ()
    # What to do with a row that cannot be deleted, for the page that says so.
    instead_of_deleting: Words = ""
    # Names of further views of ours whose forms take a file, and so large bodies.
    views_with_files: Sequence[str] = ()
    # The page of the workspace of the row's event on which saving ends, in place of the list.
    ends_on = ""

    @property
    def scope(self) -> Scope[Any]:
        return scope_of(self.model)

    # Whose rows

    # Any, for a subclass knows the kind of its model.
    def get_queryset(self, request: HttpRequest) -> Any:
        rows = self.scope.readable(super().get_queryset(request), request.user)
        return self.scope.marked(rows, request.user)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form = super().get_form(request, obj, change, **{"labels": labels(self.model), **kwargs})
        return for_reader(form, request.user)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return without_mark(super().get_fieldsets(request, obj), obj)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model | None:
        is_shared = isinstance(self.scope, Shared) and limits_of(request.user)
        if request.method == "POST" and is_shared and fits_bigint(str(object_id)):
            # Nobody ties it to an event beyond while somebody changes it who then may not.
            _lock(self.model, Q(pk=object_id))
        return super().get_object(request, object_id, from_field)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.scope.may_see_any(request.user) and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.scope.may_see_any(request.user) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.scope.may_add(request.user) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and self.scope.may_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and self.scope.may_change(request.user, obj)

    def response_action(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> HttpResponse | None:
        """Do nothing at all where what is selected is not all theirs to change."""
        # All boxes of the form: whichever of them counts.
        only_exports = {*request.POST.getlist("action")} <= {EXPORT_ROWS, ""}
        is_free = limits_of(request.user) is None or not isinstance(self.scope, Shared)
        if only_exports or is_free:
            return super().response_action(request, queryset, action_location)
        selected = queryset
        if request.POST.get("select_across") != "1":
            selected = rows_by_keys(queryset, request.POST.getlist(ACTION_CHECKBOX_NAME))
        with transaction.atomic():
            _lock(self.model, Q(pk__in=selected.order_by().values("pk")))
            if self.are_all_theirs(request, selected):
                return super().response_action(request, queryset, action_location)
        return self.refuse_rows_of_others(request, request.get_full_path())

    def are_all_theirs(self, request: HttpRequest, rows: QuerySet[Any]) -> bool:
        """Whether this person may change all of the rows."""
        if limits_of(request.user) is None:
            return True
        return self.scope.changeable(rows, request.user).count() == rows.count()

    def refuse_rows_of_others(self, request: HttpRequest, back_to: str) -> HttpResponse:
        self.message_user(
            request,
            _("Some of these have a part in other events than yours alone. Nothing was changed."),
            messages.ERROR,
        )
        return HttpResponseRedirect(back_to)

    def lead_away(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say that there is no such row, and lead to the start page, as Django does."""
        return self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]  # Django's own
            request, self.opts, object_id
        )

    def action_checkbox(self, obj: Model) -> SafeString:
        """Return Django's box of a row without a template of its own, of which a list has many."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            *(ACTION_CHECKBOX_NAME, obj.pk),
            admin_words("Select this object for an action - {}").format(obj),
        )

    # The page of a row

    def event_in_sight(self, obj: Any) -> Event | None:
        """Return the event that a row belongs to, which its pages name at the top."""
        return getattr(obj, "event", None)

    def event_of_page(self, request: HttpRequest, row: Any) -> Event | None:
        """Return the event whose menu a page of a row keeps: its own, or the one that led here."""
        return self.event_in_sight(row) or event_led_from(request)

    def event_of_new(self, request: HttpRequest) -> Event | None:
        """Return the event that the address of an add page prefills, if one may read it."""
        chosen = request.GET.get("event", "")
        if not chosen:
            return None
        return rows_by_keys(readable(Event.objects.all(), request.user), [chosen]).first()

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context["error_lines"] = summarize_errors(
            context["adminform"], context["inline_admin_formsets"]
        )
        if add:
            focus_first_text(context["adminform"])
        if obj is None or not obj.pk:
            context["event_in_sight"] = self.event_of_new(request) or event_led_from(request)
            context["way_back"] = way_back(request)
            return super().render_change_form(request, context, add, change, form_url, obj)
        event = self.event_in_sight(obj)
        for panel in self.panels:
            context |= panel(self, request, obj)
        context["event_in_sight"] = self.event_of_page(request, obj)
        context["way_back"] = self.address_after(request, obj)
        context["row_actions"] = self.actions_for(request, obj)
        # Without the permission, whatever the row, there is nothing to explain.
        if limits_of(request.user) and self._may_change_any(request):
            context["why_read_only"] = self.scope.explain_read_only(request.user, obj)
        response = super().render_change_form(request, context, add, change, form_url, obj)
        # Times that are only shown are read in the zone of the event, as those that are typed.
        with timezone.override(event.zone) if event else nullcontext():
            return response.render()  # type: ignore[attr-defined]  # a TemplateResponse

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.read_row(request, unquote(object_id))
        event = self.event_of_page(request, row) if row is not None else None
        context = {"event_in_sight": event, **(extra_context or {})}
        return super().history_view(request, object_id, context)

    # Where saving ends

    def row_url(self, row: Any) -> str:
        """Return the address of the page on which somebody works on a row."""
        opts = row._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])

    def address_after(self, request: HttpRequest, row: Any) -> str:
        """Return where saving or deleting a row ends; nothing for the list.

        On the page that led here, as the address says; else, unless a filtered list led here,
        on the page of the event that ``ends_on`` names.
        """
        back = way_back(request)
        event = self.event_in_sight(row)
        if back or not self.ends_on or event is None or self.get_preserved_filters(request):
            return back
        return reverse(f"admin:events_event_{self.ends_on}", args=[event.pk])

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        address = self.address_after(request, obj)
        if address:
            return HttpResponseRedirect(address)
        return super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        address = self.address_after(request, obj)
        if address:
            return HttpResponseRedirect(address)
        return super().response_post_save_change(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        response = super().response_delete(request, obj_display, obj_id)
        back = way_back(request)
        return HttpResponseRedirect(back) if back and response.status_code == 302 else response

    # What is done with a row

    def get_urls(self) -> list[URLPattern]:
        return [
            *export_page.addresses(self),
            path(
                "<path:object_id>/do/<slug:name>/",
                self.admin_site.admin_view(self.action_view),
                name=f"{self.opts.app_label}_{self.opts.model_name}_action",
            ),
            *super().get_urls(),
        ]

    @property
    def list_export(self) -> ExportList | None:
        return next((each for each in self.actions or () if isinstance(each, ExportList)), None)

    @property
    def row_actions(self) -> list[Action[Any]]:
        return [action for action in self.actions or () if isinstance(action, Action)]

    def action_view(self, request: StaffRequest, object_id: str, name: str) -> HttpResponse:
        action = next((action for action in self.row_actions if action.name == name), None)
        if action is None:
            raise Http404
        is_for_selected = action.selected and are_selected(object_id)
        page = SelectedRowsPage if is_for_selected else ActionPage
        return page(self, request, object_id, action).respond()

    def actions_for(self, request: HttpRequest, obj: Any) -> list[tuple[Button, str]]:
        """Return the actions that this user may use on this row now, with their addresses."""
        return [
            (action.worded(obj), action.url(obj))
            for action in self.row_actions
            if self.may_use(action, request, obj) and action.offered(self, obj)
        ]

    def may_use(self, action: Action[Any], request: HttpRequest, obj: Model | None) -> bool:
        """Whether this person may use an action on a row, offered or not, or on any row."""
        if action.permission == "add":
            return self.has_add_permission(request)
        if "." in action.permission:
            allowed = request.user.has_perm(action.permission)
            return allowed and self.has_view_permission(request, obj)
        return self.has_change_permission(request, obj)

    def explain_forbidden(self, action: Action[Any], request: HttpRequest) -> str:
        """Return why this person may not, in words, where there is more to say than that."""
        scope = self.scope
        if not isinstance(scope, Shared) or limits_of(request.user) is None:
            return ""
        return scope.beyond_limits if self._may_change_any(request) else ""

    # What is deleted

    def explain_kept(self, request: HttpRequest, rows: Sequence[Any]) -> list[str]:
        """Return what else stands in the way of deleting rows, each in words or as a link."""
        return []

    def get_deleted_objects(
        self, objs: Sequence[Any] | QuerySet[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        rows = list(objs)
        if not rows:
            return [], {}, set(), []
        if not all(self.scope.may_change(request.user, row) for row in rows):
            # What else the rows are tied to is not theirs to know.
            return [], {}, {str(self.opts.verbose_name)}, []
        to_delete, counts, perms_needed, tied = list_deleted(rows, request, self.admin_site)
        protected = [*self.explain_kept(request, rows), *tied]
        # What stands in the way comes before who may delete it.
        return to_delete, counts, set() if protected else perms_needed, protected

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        context["instead_of_deleting"] = self.instead_of_deleting
        context["event_in_sight"] = self.event_of_page(request, context["object"])
        return super().render_delete_form(request, context)

    def _may_change_any(self, request: HttpRequest) -> bool:
        permission = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{permission}")


def name_what_is_no_draft(rows: Iterable[Draftable]) -> list[str]:
    """Return those of the rows that are public or signed, which nobody deletes."""
    return [
        _("%(kind)s “%(name)s” (%(status)s)")
        % {"kind": row._meta.verbose_name, "name": row, "status": row.get_status_display()}
        for row in rows
        if not row.is_draft
    ]


def offer_to_delete_drafts(
    _model_admin: SummitAdmin, _request: HttpRequest, row: Draftable
) -> dict[str, Any]:
    """Offer on the page of a row to delete it while it is a draft. A panel."""
    return {"show_delete": row.is_draft}


def _lock(model: type[Model], which: Q) -> None:
    """Lock rows to the end of the transaction, against new references to them as well."""
    rows = model._base_manager.select_for_update().filter(which)
    list(rows.order_by("pk").values_list("pk"))
