"""The admin as a whole: its name, its desk and what people are searched for by."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import ERROR_FLAG, SEARCH_VAR
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from summit.lib.filters import MAX_QUERY
from summit.lib.numbers import is_number

# Each word of a search asks every field once more, and SQLite takes a thousand questions.
MOST_WORDS = 20
_SEARCHES = (SEARCH_VAR, "term")


class LabelledAutocomplete(AutocompleteJsonView):
    """Names what is found as its admin wants it named, where the bare name is not enough."""

    def get_queryset(self) -> QuerySet:
        # Rows that are counted with what belongs to them have lost their order.
        found = super().get_queryset()
        return found if found.ordered else found.order_by(*found.model._meta.ordering)

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        label = getattr(self.model_admin, "autocomplete_label", str)
        return {**super().serialize_result(obj, to_field_name), "text": label(obj)}


class SummitAdminSite(admin.AdminSite):
    site_title = _("Organizers’ desk")
    site_header = _("Organizers’ desk")
    index_title = _("Desk")
    index_template = "admin/desk.html"
    logout_template = "staff/logged_out.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # The apps are not loaded yet when this module is.
        from events.admin.scope import view_on_site
        from projects.admin import report, report_files

        # In the place of Django's own, which leads whoever is staff to any row there is.
        on_site = path(
            "r/<path:content_type_id>/<path:object_id>/",
            self.admin_view(view_on_site(self)),
            name="view_on_site",
        )
        return [*report.urls(self), *report_files.urls(self), on_site, *super().get_urls()]

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """Wrap a view of the admin as Django does; a key that no database holds finds nothing.

        SQLite says so only when it is asked, and Django takes such an address for right, and
        whatever is ticked in a list for a key.
        """
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def answering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            has_endless_number = False
            if request.method == "POST":
                _leave_keys(request)
                has_endless_number = _has_endless_number(request)
            elif any(name in request.GET for name in _SEARCHES):
                _shorten_search(request)
            try:
                response = inner(request, *args, **kwargs)
                # Forms look up what was chosen also while they are rendered.
                if has_endless_number and isinstance(response, SimpleTemplateResponse):
                    response.render()
                return response
            except (OverflowError, ValueError) as error:
                if has_endless_number:
                    raise BadRequest("A number is larger than any key.") from error
                is_list = request.method in ("GET", "HEAD") and request.GET
                if isinstance(error, ValueError) or not is_list:
                    raise
                return redirect(f"{request.path}?{ERROR_FLAG}=1")

        return answering

    def has_permission(self, request: HttpRequest) -> bool:
        """Let staff in, and where codes are asked for nobody without one."""
        return super().has_permission(request) and (
            not settings.STAFF_OTP or request.user.is_verified()
        )

    @login_not_required
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # The apps are not loaded yet when this module is.
        from staff.views import guards, log_in

        if request.method == "GET" and self.has_permission(request):
            return redirect(guards.next_page(request))
        return log_in.password(request)

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # The apps are not loaded yet when this module is.
        from events.context import site

        # Otherwise Django's own view puts a site of its own into its place.
        return super().logout(request, {**site(request), **(extra_context or {})})

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account-password")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.user.has_perm("events.check_in_registration") and not self.get_app_list(request):
            return redirect("desk")
        # The apps are not loaded yet when this module is.
        from projects.desk import desk

        context = {"desk": desk(request.user), **(extra_context or {})}
        return super().index(request, context)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return LabelledAutocomplete.as_view(admin_site=self)(request)


def _leave_keys(request: HttpRequest) -> None:
    """Leave of the rows that are ticked in a list those whose key can be one."""
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
    keys = [key for key in ticked if is_number(key)]
    if keys != ticked:
        posted = request.POST.copy()
        posted.setlist(ACTION_CHECKBOX_NAME, keys)
        request.POST = posted


def _shorten_search(request: HttpRequest) -> None:
    """Search a list, or the choices of a field, by the first words alone where they are many."""
    asked = request.GET.copy()
    for name in _SEARCHES:
        text = asked.get(name, "")
        if len(text) > MAX_QUERY or len(text.split()) > MOST_WORDS:
            asked[name] = " ".join(text[:MAX_QUERY].split()[:MOST_WORDS])
    request.GET = asked


def _has_endless_number(request: HttpRequest) -> bool:
    """Whether a number was sent that no database holds. Django's forms look it up all the same."""
    sent = (value for _name, values in request.POST.lists() for value in values)
    return any(value.isdecimal() and not is_number(value) for value in sent)
