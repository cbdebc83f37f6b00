"""Buttons on a change form that call the domain, each with a page that says what will happen."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext


class NothingToFill(forms.Form):
    pass


def _always(model_admin: Any, obj: models.Model) -> bool:
    return True


def _nothing(obj: models.Model) -> list[tuple[str, str]]:
    return []


@dataclass(frozen=True)
class Verb:
    """What an organizer can do with a row beside editing it.

    ``run`` gets the model admin, the request, the row and what the form was given.
    It returns the row to land on, or nothing for the same one, and raises
    ``ValidationError`` for a refusal, which is shown on the page. ``label_of`` words
    the label for one row. ``permission`` is the admin's for this row, or the full name
    of another one, held by those who may see the row.
    """

    name: str
    label: str
    explanation: str
    run: Callable[[Any, HttpRequest, models.Model, dict], models.Model | None]
    done: str
    offered: Callable[[Any, models.Model], bool] = _always
    form: Callable[..., forms.Form] = NothingToFill
    facts: Callable[[models.Model], list[tuple[str, str]]] = _nothing
    facts_title: str = ""
    permission: str = "change"
    label_of: Callable[[models.Model], str] | None = None
    is_grave: bool = False
    is_main: bool = False


class VerbsMixin:
    """Adds the verbs' buttons and pages to a ``ModelAdmin``."""

    verbs: list[Verb] = []

    def event_in_sight(self, obj):
        return None

    def why_not(self, verb, request):
        """Return why this person may not, in words, where there is more to say than that."""
        return ""

    def get_urls(self):
        return [
            path(
                "<path:object_id>/do/<slug:name>/",
                self.admin_site.admin_view(self.verb_view),
                name=f"{self.opts.app_label}_{self.opts.model_name}_verb",
            ),
            *super().get_urls(),
        ]

    def verbs_for(self, request, obj):
        """Return the verbs that this user may use on this row now, with their addresses."""
        return [
            (_worded(verb, obj), self._verb_url(verb, obj))
            for verb in self.verbs
            if self._may(verb, request, obj) and verb.offered(self, obj)
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and obj.pk:
            context["verbs"] = self.verbs_for(request, obj)
            context["event_in_sight"] = self.event_in_sight(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def verb_view(self, request, object_id, name):
        if request.method != "POST":
            return self._verb_page(request, object_id, name)
        # Pages that lock their row do so as they read it.
        with transaction.atomic():
            return self._verb_page(request, object_id, name)

    def _verb_page(self, request, object_id, name):
        verb = next((verb for verb in self.verbs if verb.name == name), None)
        if verb is None:
            raise Http404
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self._may(verb, request, obj):
            raise PermissionDenied(self.why_not(verb, request))
        verb = _worded(verb, obj)
        posted = [request.POST, request.FILES] if request.method == "POST" else []
        form = verb.form(*posted, **self._form_arguments(verb, obj))
        if request.method == "POST" and form.is_valid():
            landed = self._run_verb(verb, request, obj, form)
            if landed is not None:
                messages.success(request, verb.done % {"object": landed})
                return HttpResponseRedirect(self._change_url(landed))
            # The refused attempt may have touched the row in memory.
            obj = self.get_object(request, unquote(object_id))
            self._renew_hidden(form, verb, obj)
        return TemplateResponse(
            request,
            "admin/verb.html",
            {
                **self.admin_site.each_context(request),
                "title": verb.label,
                "subtitle": str(obj),
                "verb": verb,
                "facts": verb.facts(obj),
                "form": form,
                "opts": self.opts,
                "original": obj,
                "event_in_sight": self.event_in_sight(obj),
                "change_url": self._change_url(obj),
                "has_view_permission": self.has_view_permission(request, obj),
            },
        )

    def _run_verb(self, verb, request, obj, form):
        try:
            with transaction.atomic():
                landed = verb.run(self, request, obj, form.cleaned_data) or obj
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return None
        self.log_change(request, landed, str(verb.label))
        return landed

    def _renew_hidden(self, form, verb, obj):
        """Say of what the page that follows a refusal shows, not the page before it."""
        fresh = self._form_arguments(verb, obj).get("initial", {})
        form.data = form.data.copy()
        for bound in form.hidden_fields():
            form.data[bound.html_name] = fresh.get(bound.name, "")

    def _form_arguments(self, verb, obj):
        initial = getattr(verb.form, "initial_for", None)
        return {"initial": initial(obj)} if initial else {}

    def _may(self, verb, request, obj):
        if verb.permission == "add":
            return self.has_add_permission(request)
        if "." in verb.permission:
            allowed = request.user.has_perm(verb.permission)
            return allowed and self.has_view_permission(request, obj)
        return self.has_change_permission(request, obj)

    def _verb_url(self, verb, obj):
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_verb"
        return reverse(name, args=[obj.pk, verb.name])

    def _change_url(self, obj):
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[obj.pk])


def _worded(verb: Verb, obj: models.Model) -> Verb:
    return replace(verb, label=verb.label_of(obj)) if verb.label_of else verb


class DraftDeletion:
    """Only drafts can be deleted; what is public or signed is refused in plain words."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["show_delete"] = obj is None or obj.is_draft
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_deleted_objects(self, objs, request):
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        kept = [
            gettext("%(kind)s “%(name)s” (%(status)s)")
            % {"kind": obj._meta.verbose_name, "name": obj, "status": obj.get_status_display()}
            for obj in objs
            if not obj.is_draft
        ]
        # Whoever may not delete follow-ups, say, is still told what really stands in the way.
        return to_delete, counts, set() if kept else perms_needed, [*kept, *protected]
