"""The admin as a whole: its name, its start page and what people are searched for by."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from backoffice import report, report_files
from backoffice.kit.choosers import (
    NEAR,
    WITHIN,
    chooser_label,
    chooser_rows,
    nearest_first,
    rows_within,
)
from backoffice.kit.guard import GuardedAdmin
from backoffice.kit.scope import view_on_site
from backoffice.start_page import start_page_of
from backoffice.work import groups_of_work
from events.context import site
from staff.middleware import is_verified
from staff.views import guards, log_in
from summit.lib.database.numbers import fits_bigint
from summit.lib.given import given
from summit.lib.web.requests import user_of


class LabelledAutocomplete(AutocompleteJsonView):
    """Names what is found as its admin wants it named, where the bare name is not enough."""

    def get_queryset(self) -> QuerySet[Any]:
        # Rows that are counted with what belongs to them have lost their order.
        found = chooser_rows(self.model_admin, super().get_queryset())
        if within := self.request.GET.get(WITHIN):
            found = rows_within(found, within)
        found = found if found.ordered else found.order_by(*found.model._meta.ordering)
        return nearest_first(self.model_admin, found, self.request.GET.get(NEAR, ""))

    def process_request(
        self, request: HttpRequest
    ) -> tuple[str, admin.ModelAdmin, ForeignKey, str]:
        """Search for a field of a page of this admin alone, and not for what refers to its row."""
        found = super().process_request(request)
        source_field = found[2]
        if source_field.auto_created or source_field.model not in _edited_models(
            given(self.admin_site)
        ):
            raise PermissionDenied
        return found

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        label = chooser_label(self.model_admin, obj)
        return {**super().serialize_result(obj, to_field_name), "text": label}


class SummitAdminSite(admin.AdminSite):
    site_title = _("Organizers’ area")
    site_header = _("Organizers’ area")
    index_title = _("Start page")
    index_template = "backoffice/start_page.html"
    logout_template = "staff/logged_out.html"
    # As pages of ours write it.
    empty_value_display = "—"

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[admin.ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        """Register a page as Django does, if it is one of ours and stands on the guard."""
        page = admin_class or admin.ModelAdmin
        if issubclass(page, GuardedAdmin):
            super().register(model_or_iterable, page, **options)
        elif not _is_of_a_library(page):
            raise ImproperlyConfigured(
                f"{page.__module__}.{page.__qualname__} is no page of this admin: "
                "it has to be a backoffice.kit.model_admin.SummitAdmin."
            )

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # In the place of Django's own, which leads whoever is staff to any row there is.
        on_site = path(
            "r/<path:content_type_id>/<path:object_id>/",
            self.admin_view(view_on_site(self)),
            name="view_on_site",
        )
        return [*report.urls(self), *report_files.urls(self), on_site, *super().get_urls()]

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the lists as groups of work, or those of one app where its page asks for them."""
        apps = super().get_app_list(request, app_label)
        return apps if app_label else groups_of_work(request, apps)

    def admin_view[View: Callable[..., HttpResponseBase]](
        self, view: View, cacheable: bool = False
    ) -> View:
        """Wrap a view of the admin as Django does, which takes for a key what is ticked."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def answering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method == "POST":
                _leave_keys(request)
            return inner(request, *args, **kwargs)

        return answering  # type: ignore[return-value]  # stands for the view, as Django's does

    def has_permission(self, request: HttpRequest) -> bool:
        """Let staff in, and where codes are asked for nobody without one."""
        return super().has_permission(request) and (
            not settings.STAFF_OTP or is_verified(user_of(request))
        )

    @login_not_required
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "GET" and self.has_permission(request):
            return redirect(guards.next_page(request))
        return log_in.password(request)  # type: ignore[return-value]  # a page or a redirect

    def logout(  # type: ignore[override]  # or a redirect
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # Otherwise Django's own view puts a site of its own into its place.
        return super().logout(request, {**site(request), **(extra_context or {})})

    def password_change(  # type: ignore[override]  # or a redirect
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account-password")

    def index(  # type: ignore[override]  # or a redirect
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.user.has_perm("registrations.check_in_registration") and not self.get_app_list(
            request
        ):
            return redirect("desk")
        context = {"start": start_page_of(user_of(request)), **(extra_context or {})}
        return super().index(request, context)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return LabelledAutocomplete.as_view(admin_site=self)(request)  # type: ignore[return-value]  # JSON


def _is_of_a_library(page: type[admin.ModelAdmin]) -> bool:
    """Whether a library brings a page that nobody has asked for.

    Such are left out: Django's own of accounts and groups, for which there are ours; those
    that show the keys of authenticators, of django-otp; and that of the results of tasks,
    whose rows say nothing to an organizer.
    """
    is_ours = page.__module__.startswith(f"{__package__}.")
    return not is_ours and page is not admin.ModelAdmin


def _edited_models(site: admin.AdminSite) -> set[type[Model]]:
    """Return the models that have a page of their own, or are edited on another one's."""
    pages: list[Any] = list(site._registry.values())
    # Those of an event's workspace are no pages of a list.
    pages += [part for page in pages for part in getattr(page, "pages", ())]
    return {*site._registry, *(inline.model for page in pages for inline in page.inlines)}


def _leave_keys(request: HttpRequest) -> None:
    """Leave of the rows that are ticked in a list those whose key can be one."""
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
    keys = [key for key in ticked if fits_bigint(key)]
    if keys != ticked:
        posted = request.POST.copy()
        posted.setlist(ACTION_CHECKBOX_NAME, keys)
        request.POST = posted  # type: ignore[assignment]  # any will do
