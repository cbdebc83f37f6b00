"""Buttons on a change form that call the domain, each with a page that says what will happen."""

from collections.abc import Callable
from contextlib import nullcontext
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

from events.domain.untold import said_to


def _always(model_admin: Any, obj: models.Model) -> bool:
    return True


def _nothing(obj: models.Model) -> list[tuple[str, str]]:
    return []


def _not_now(obj: models.Model) -> str:
    if not hasattr(obj, "get_status_display"):
        return gettext("This cannot be done here, or not any more.")
    return gettext("This is “%(now)s”, so this action is not available.") % {
        "now": obj.get_status_display()
    }


def why_refused(check: Callable[..., None], *args: Any) -> str:
    """Return the words with which the domain refuses what is not offered."""
    try:
        check(*args)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@dataclass(frozen=True)
class Verb:
    """What an organizer can do with a row beside editing it.

    ``run`` gets the model admin, the request, the row and what the form was given.
    It returns the row to land on, or nothing for the same one, and raises
    ``ValidationError`` for a refusal, which is shown on the page: beside the field of
    the form that the refusal names, if any. Where a verb is not offered, its page says
    why, as ``refused`` words it, and does nothing. ``warnings`` are said above the
    button. ``label_of`` words the label for one row. ``permission`` is the admin's for
    this row, or the full name of another one, held by those who may see the row.

    ``run`` is called in a transaction with the row read anew in it. One that takes long
    before it writes ``has_own_transaction``, so that nobody else waits, and refuses by
    itself what is not offered.
    """

    name: str
    label: str
    explanation: str
    run: Callable[[Any, HttpRequest, models.Model, dict], models.Model | None]
    done: str
    offered: Callable[[Any, models.Model], bool] = _always
    refused: Callable[[models.Model], str] = _not_now
    warnings: Callable[[models.Model], list[str]] = _nothing
    form: Callable[..., forms.Form] = forms.Form
    facts: Callable[[models.Model], list[tuple[str, str]]] = _nothing
    facts_title: str = ""
    permission: str = "change"
    label_of: Callable[[models.Model], str] | None = None
    is_grave: bool = False
    is_main: bool = False
    has_own_transaction: bool = False


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
        verb = next((verb for verb in self.verbs if verb.name == name), None)
        if verb is None:
            raise Http404
        obj = self._row_of(verb, request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        verb = _worded(verb, obj)
        posted = [request.POST, request.FILES] if request.method == "POST" else []
        # Without a lock: to check what was typed, such as a file, may take long.
        form = verb.form(*posted, **self._form_arguments(verb, obj))
        if request.method == "POST" and form.is_valid():
            landed = self._run_verb(verb, request, object_id, form)
            if landed is not None:
                messages.success(request, verb.done % {"object": landed})
                return HttpResponseRedirect(self._change_url(landed))
            obj = self._row_of(verb, request, object_id)
            if obj is None:
                return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            self._renew_hidden(form, verb, obj)
        return self._verb_page(verb, request, obj, form)

    def _row_of(self, verb, request, object_id):
        """Read the row, which this person may do that with, or nothing where there is none."""
        # Pages that lock their row do so as they read it, for which they need a transaction.
        with transaction.atomic():
            obj = self.get_object(request, unquote(object_id))
        if obj is not None and not self._may(verb, request, obj):
            raise PermissionDenied(self.why_not(verb, request))
        return obj

    def _verb_page(self, verb, request, obj, form):
        is_offered = verb.offered(self, obj)
        return TemplateResponse(
            request,
            "backoffice/verb.html",
            {
                **self.admin_site.each_context(request),
                "title": verb.label,
                "subtitle": str(obj),
                "verb": verb,
                # What somebody has typed stays on the page all the same.
                "refusal": "" if is_offered or form.is_bound else verb.refused(obj),
                "warnings": verb.warnings(obj) if is_offered else [],
                "facts": verb.facts(obj),
                "form": form,
                "opts": self.opts,
                "original": obj,
                "event_in_sight": self.event_in_sight(obj),
                "change_url": self._change_url(obj),
                "has_view_permission": self.has_view_permission(request, obj),
            },
        )

    def _run_verb(self, verb, request, object_id, form):
        """Return the row to land on, or nothing where it is refused; the form says why."""
        try:
            with nullcontext() if verb.has_own_transaction else transaction.atomic():
                # Anew: what the form took its time for may have changed the row meanwhile.
                obj = self._row_of(verb, request, object_id)
                if obj is None:
                    return None
                is_offered = verb.offered(self, obj)
                landed = verb.run(self, request, obj, form.cleaned_data) or obj
                # The domain knows best why not; what it lets pass all the same is undone.
                if not is_offered:
                    raise ValidationError(verb.refused(obj))
                self.log_change(request, landed, str(verb.label))
        except ValidationError as error:
            _add_refusal(form, said_to(request.user, error))
            return None
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


def _add_refusal(form: forms.Form, error: ValidationError) -> None:
    """Say what the domain refuses beside the field that it names, else above the form."""
    for name, errors in getattr(error, "error_dict", {None: [error]}).items():
        if name in form.fields:
            form.add_error(name, errors)
        else:
            form.add_error(None, [each for part in errors for each in part.messages])


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
