"""The base of the pages of an event's workspace."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from backoffice.kit.bilingual import BilingualAdmin, BilingualForm
from backoffice.kit.error_summary import summarize_rows
from backoffice.kit.guard import try_twice
from backoffice.kit.model_admin import Actions
from backoffice.kit.way_back import change_url
from backoffice.workspace.menu import ENTRIES, Entry
from backoffice.workspace.rows import Newcomers, Rows
from backoffice.workspace.rows_inline import NewcomerFormSet
from events.domain import programme
from events.models import Event
from summit.lib.i18n.languages import Words
from summit.lib.web.requests import user_of


class PartForm(BilingualForm):
    """The form of an event on a page that edits some of its fields, or only what belongs to it."""

    def _post_clean(self) -> None:
        # What is not on the page is not this page's to refuse.
        if self.fields:
            super()._post_clean()


class EventPage(BilingualAdmin):
    """A page of an event's workspace, at ``<pk>/<name>/``: named in ``EventAdmin.pages``.

    It edits what ``fieldsets`` and ``inlines`` say, with all guards of a page of the admin:
    permissions, limits of organizers, and edit conflicts by the version of the parts that
    ``history_parts`` and ``unrecorded`` name. Without either it shows, and takes ``rows`` if it
    has any. Each of ``panels`` adds to the context of the page's template. Saving ends on the
    page itself.
    Overrides ``get_fieldsets``, ``has_…_permission``, ``save_model``, ``save_related``,
    ``render_change_form`` and ``response_post_save_change``.
    """

    # Of the entry in the menu.
    name: ClassVar[str]
    form = PartForm
    fieldsets: ClassVar[Any] = ()
    actions: Actions = ()
    save_on_top = False
    # What is added on the page in several rows at once.
    rows: Rows | None = None

    @property
    def entry(self) -> Entry:
        return ENTRIES[self.name]

    @property
    def url_pattern(self) -> URLPattern:
        return path(
            f"<path:object_id>/{self.name}/",
            self.admin_site.admin_view(self.respond),
            name=self.entry.url_name,
        )

    @property
    def is_form(self) -> bool:
        return bool(self.fieldsets or self.inlines)

    def edits_row(self) -> bool:
        # Who changes the event elsewhere is no matter of a page that has no field of it.
        return bool(self.fieldsets)

    def explain_none(self, event: Event) -> Words:
        """Return why the event has no such page yet; the page above it in the menu then says so."""
        return ""

    def respond(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Answer a request: with the form if the page edits, else with what it shows."""
        if self.entry.under:
            event = self.read_event(request, object_id)
            if event is not None and (words := self.explain_none(event)):
                self.message_user(request, words)
                return HttpResponseRedirect(ENTRIES[self.entry.under].url(event.pk))
        if self.is_form:
            return self.changeform_view(request, object_id)
        if self.rows is not None and request.method == "POST":
            return try_twice(partial(self._take_rows, request, object_id, self.rows))
        event = self.read_event(request, object_id)
        if event is None:
            return self.lead_away(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self.show(request, event)

    def read_event(self, request: HttpRequest, object_id: str) -> Event | None:
        """Return the event, if there is one. Raises ``PermissionDenied`` for who may not see it."""
        return self._seen(request, self.read_row(request, unquote(object_id)))

    def _seen(self, request: HttpRequest, event: Model | None) -> Event | None:
        if not self.has_view_or_change_permission(request, event):
            raise PermissionDenied
        return event  # type: ignore[return-value]  # of our model

    def show(self, request: HttpRequest, event: Event, **context: Any) -> HttpResponse:
        """Answer with the page as its panels and its template say, without Django's form."""
        context = {**self.admin_site.each_context(request), **self._frame(event), **context}
        for panel in self.panels:
            context |= panel(self, request, event)
        if self.rows is not None and self._may_add(request, event, self.rows):
            context.setdefault("rows", self.rows.formset(event, user_of(request)))
            context["about_rows"] = self.rows
            if context["rows"].is_bound:
                context["error_lines"] = summarize_rows(context["rows"], self.rows.title)
            context["media"] += context["rows"].media
        response = TemplateResponse(request, str(self.change_form_template), context)
        # Times are read in the zone of the event.
        with timezone.override(event.zone):
            return response.render()

    def _may_add(self, request: HttpRequest, event: Event, rows: Rows) -> bool:
        may_change = self.has_change_permission(request, event)
        return may_change and rows.may_be_added_by(user_of(request))

    def _take_rows(self, request: HttpRequest, object_id: str, rows: Rows) -> HttpResponse:
        """Add the rows that were sent, all or none, or say beside each what is wrong with it."""
        user = user_of(request)
        newcomers = Newcomers(user)
        with transaction.atomic():
            event = self._seen(request, self.get_object(request, unquote(object_id)))
            if event is None:
                return self.lead_away(request, object_id)
            if not self._may_add(request, event, rows):
                raise PermissionDenied
            formset = rows.formset(event, user, request.POST)
            count = formset.add_all_or_none(newcomers)
            if count:
                self.log_change(request, event, str(rows.done % {"count": count}))
        if count is None:
            return self.show(request, event, rows=formset)
        if count:
            self.message_user(request, rows.done % {"count": count}, messages.SUCCESS)
        else:
            self.message_user(request, _("You entered nothing, so nothing was added."))
        self._name_newcomers(request, newcomers)
        return HttpResponseRedirect(request.path)

    def _name_newcomers(self, request: HttpRequest, newcomers: Newcomers) -> None:
        """Name the organizations that were added by their names alone, with links to them."""
        if newcomers.added:
            links = format_html_join(
                pgettext("between names", ", "),
                '<a href="{}">{}</a>',
                ((change_url(row, request.path), row) for row in newcomers.added.values()),
            )
            words = str(_("New organizations were added. Check their kind and place: {}"))
            self.message_user(request, format_html(words, links), messages.WARNING)

    def lock_row(self, key: int) -> None:
        # A programme is compared with others': its lock comes before the event's.
        programme.lock()
        Event.objects.select_for_update(no_key=True).filter(pk=key).first()

    def _frame(self, event: Event) -> dict[str, Any]:
        return {
            "title": self.entry.label,
            "subtitle": None,
            "entry": self.name,
            "opts": self.opts,
            "original": event,
            "event_in_sight": event,
            "has_view_permission": True,
            "media": self.media,
        }

    # In the place of Django's form of the whole event

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        # Without any, Django would take all fields.
        return super().get_fieldsets(request, obj) if self.fieldsets else []

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        may = self.entry.may_be_seen_by(request.user)
        return may and super().has_view_permission(request, obj)

    def event_in_sight(self, obj: Event) -> Event:
        return obj

    def save_model(
        self, request: HttpRequest, obj: Event, form: forms.ModelForm, change: bool
    ) -> None:
        if form.changed_data:
            super().save_model(request, obj, form, change)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context |= {
            **self._frame(obj),
            "media": context["media"],
            "show_delete": False,
            "show_close": False,
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formsets: list[forms.BaseInlineFormSet],
        change: bool,
    ) -> None:
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            if isinstance(formset, NewcomerFormSet):
                self._name_newcomers(request, formset.newcomers)

    def response_post_save_change(self, request: HttpRequest, obj: Event) -> HttpResponseRedirect:
        return HttpResponseRedirect(request.path)


def names_of(pages: Sequence[type[EventPage]]) -> set[str]:
    return {page.name for page in pages}
