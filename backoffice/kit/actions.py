"""What is done with rows beside editing them, said once as data.

The page of a row has a button for each action that it allows; the list offers those that say
``selected`` for the rows that are ticked. Both lead to the page of the action, which says
what will happen, and calls the domain.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Never, Protocol

from django import forms
from django.contrib import messages
from django.contrib.admin import ActionLocation, ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models.options import Options
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.kit.error_summary import summarize_form
from backoffice.kit.labels import put_own_language_first
from backoffice.kit.way_back import way_back
from events.domain.untold import said_to
from summit.lib.i18n.languages import Words
from summit.lib.web.requests import StaffRequest

if TYPE_CHECKING:
    from backoffice.kit.model_admin import SummitAdmin

# A table of two columns: what something is called, and what it is.
type Facts = Sequence[tuple[Words, object]]

# The field that brings back which preview was seen.
PREVIEWED = "_previewed"

# The field that brings back which facts were shown.
SHOWN = "_shown"

CHANGED = _(
    "This was changed after you opened this page, so nothing has been done. Look at it and "
    "confirm again."
)

# In an address in the place of keys: the whole list, as its filters leave it.
ALL = "all"


class RowForm(forms.Form):
    """The form of an action whose fields depend on the row, and on who has it on the screen."""

    def __init__(self, *args: Any, row: Any, reader: User, **kwargs: Any) -> None:
        self.row, self.reader = row, reader
        super().__init__(*args, **kwargs)


def _always(model_admin: Any, obj: models.Model) -> bool:
    return True


def _nothing(obj: models.Model) -> list[Never]:
    return []


def _not_now(obj: models.Model) -> str:
    if not hasattr(obj, "get_status_display"):
        return gettext("This cannot be done here, or not any more.")
    return gettext("This is “%(now)s”, so this action is not available.") % {
        "now": obj.get_status_display()
    }


def explain_refusal(check: Callable[..., None], *args: Any) -> str:
    """Return the words with which the domain refuses what is not offered."""
    try:
        check(*args)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@dataclass(frozen=True)
class ForSelected[Row: models.Model]:
    """How an action is offered in the list, for the rows that are selected.

    ``rows`` leaves of them those with which it can be done. They are done one by one, each
    in a transaction of its own, unless ``run`` does all of them at once; it returns how many
    it did. ``done`` is an ``ngettext_lazy`` of ``count``. ``version`` tells of the rows what
    decides beside the ``facts``, where these name the first rows alone.
    """

    label: Words
    done: Words
    rows: Callable[[Any, StaffRequest, models.QuerySet[Row]], models.QuerySet[Row]]
    run: Callable[[Any, StaffRequest, models.QuerySet[Row], dict[str, Any]], int] | None = None
    explanation: Words = ""
    facts: Callable[[models.QuerySet[Row]], Facts] | None = None
    version: Callable[[models.QuerySet[Row]], object] | None = None


@dataclass(frozen=True)
class Action[Row: models.Model]:
    """What an organizer can do with a row beside editing it.

    ``run`` gets the model admin, the request, the row and what the form was given.
    It returns the row to land on, or nothing for the same one, and raises
    ``ValidationError`` for a refusal, which is shown on the page: beside the field of
    the form that the refusal names, if any. Where an action is not offered, its page says
    why, as ``refused`` words it, and does nothing. ``warnings`` are said above the
    button. ``label_of`` words the label for one row. ``permission`` is the admin's for
    this row, or the full name of another one, held by those who may see the row.

    ``preview`` tells of what was typed what it would change, and raises ``ValidationError``
    for a refusal. The page shows it first, and does it once the same is sent again and would
    still change the same.

    What a page shows before somebody confirms has a version, by default that of its ``facts``.
    The page brings it back, and where it has changed meanwhile the page is shown anew and
    nothing is done. ``version`` takes its place where facts change that decide nothing. A
    program that brings no version is not asked.

    ``run`` is called in a transaction with the row read anew in it. One that takes long
    before it writes ``has_own_transaction``, so that nobody else waits, and refuses by
    itself what is not offered.
    """

    name: str
    label: Words
    explanation: Words
    run: Callable[[Any, StaffRequest, Row, dict[str, Any]], models.Model | None]
    done: Words
    offered: Callable[[Any, Row], bool] = _always
    refused: Callable[[Row], Words] = _not_now
    warnings: Callable[[Row], Sequence[Words]] = _nothing
    form: Callable[..., forms.Form] = forms.Form
    facts: Callable[[Row], Facts] = _nothing
    facts_title: Words = ""
    version: Callable[[Row], object] | None = None
    preview: Callable[[Row, dict[str, Any]], Facts] | None = None
    permission: str = "change"
    label_of: Callable[[Row], Words] | None = None
    is_grave: bool = False
    is_main: bool = False
    has_own_transaction: bool = False
    selected: ForSelected[Row] | None = None

    # What Django asks of the actions of a list, and of what templates show.

    do_not_call_in_templates: ClassVar[bool] = True

    @property
    def has_preview(self) -> bool:
        # A template would call ``preview`` itself.
        return self.preview is not None

    @property
    def __name__(self) -> str:
        return self.name

    @property
    def short_description(self) -> Words:
        return self.selected.label if self.selected else self.label

    @property
    def locations(self) -> list[ActionLocation]:
        return [ActionLocation.CHANGE_LIST] if self.selected else []

    @property
    def allowed_permissions(self) -> list[str]:
        return [] if "." in self.permission else [self.permission]

    def __call__(
        self, model_admin: ModelAdmin, request: HttpRequest, queryset: models.QuerySet[Row]
    ) -> HttpResponse:
        """Lead from the list to the page of the action, the filters kept."""
        is_all = request.POST.get("select_across") == "1"
        # With a comma behind each, so that one that is ticked is no page of a row.
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        keys = ALL if is_all else "".join(f"{key}," for key in ticked)
        query = request.GET.urlencode()
        url = self._address(model_admin.opts, keys)
        return HttpResponseRedirect(f"{url}?{query}" if query else url)

    def url_of_ticked(self, model: type[models.Model], ticked: Sequence[str]) -> str:
        """Return the address of its page for rows that are ticked elsewhere than in their list."""
        return self._address(model._meta, "".join(f"{key}," for key in ticked))

    def worded(self, obj: Row) -> "Action[Row]":
        """Return it with the label that it has for one row."""
        return replace(self, label=self.label_of(obj)) if self.label_of else self

    def version_of(self, obj: Row, facts: Facts | None = None) -> str:
        """Return the version of what its page shows of a row; nothing where it shows nothing."""
        if self.version is not None:
            return digest(self.version(obj))
        facts = self.facts(obj) if facts is None else facts
        return digest_of_facts(facts) if facts else ""

    def url(self, obj: Row) -> str:
        """Return the address of its page for one row."""
        return self._address(obj._meta, obj.pk)

    def _address(self, opts: Options, key: Any) -> str:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_action", args=[key, self.name])


class Button(Protocol):
    """What stands on the page of a row and leads to another: an action, or any other way."""

    @property
    def label(self) -> Words: ...
    @property
    def is_main(self) -> bool: ...
    @property
    def is_grave(self) -> bool: ...


@dataclass(frozen=True)
class Preview:
    """What an action would change, and digests of what was typed and of that."""

    typed: str
    facts: Facts

    @property
    def seen(self) -> str:
        """What the page brings back once somebody has seen it."""
        return f"{self.typed}-{digest_of_facts(self.facts)}"


class ActionPage:
    """The page on which an action is used on a row: a view for one request."""

    def __init__(
        self,
        model_admin: "SummitAdmin",
        request: StaffRequest,
        object_id: str,
        action: Action[Any],
    ) -> None:
        self.model_admin, self.request, self.object_id = model_admin, request, object_id
        self.action = action
        self.previewed: Preview | None = None

    def respond(self) -> HttpResponse:
        row = self._read_row()
        if row is None:
            return self._no_such_row()
        action = self.action = self.action.worded(row)
        is_posted = self.request.method == "POST"
        posted = [self.request.POST, self.request.FILES] if is_posted else []
        # Without a lock: to check what was typed, such as a file, may take long.
        form = action.form(*posted, **self._form_arguments(row))
        put_own_language_first(form)
        if is_posted and form.is_valid():
            landed = self._run(form)
            if landed is not None:
                messages.success(self.request, action.done % {"object": landed})
                return HttpResponseRedirect(way_back(self.request) or self._url_after(landed))
            row = self._read_row()
            if row is None:
                return self._no_such_row()
            self._renew_hidden(form, row)
        return self._show(row, form)

    def _is_confirmed(self, row: models.Model, form: forms.Form) -> bool:
        """Whether what it would change was seen, where the action needs a preview."""
        if self.action.preview is None:
            return True
        typed = digest(form.cleaned_data)
        found = Preview(typed, self.action.preview(row, form.cleaned_data))
        seen = self.request.POST.get(PREVIEWED, "")
        if seen == found.seen:
            return True
        self.previewed = found
        if seen.startswith(f"{typed}-"):
            # Such as by the same page that was sent twice.
            form.add_error(None, CHANGED)
        return False

    def _read_row(self) -> models.Model | None:
        """Read the row, which this person may do that with; nothing where there is none."""
        # Pages that lock their row do so as they read it, for which they need a transaction.
        with transaction.atomic():
            row = self.model_admin.get_object(self.request, unquote(self.object_id))
        if row is not None and not self.model_admin.may_use(self.action, self.request, row):
            raise PermissionDenied(self.model_admin.explain_forbidden(self.action, self.request))
        return row

    def _no_such_row(self) -> HttpResponse:
        return self.model_admin.lead_away(self.request, self.object_id)

    def _run(self, form: forms.Form) -> models.Model | None:
        """Return the row to land on; nothing where it is refused, and the form says why."""
        action = self.action
        try:
            with nullcontext() if action.has_own_transaction else transaction.atomic():
                # Anew: what the form took its time for may have changed the row meanwhile.
                row = self._read_row()
                if row is None or not self._is_confirmed(row, form):
                    return None
                is_offered = action.offered(self.model_admin, row)
                if is_offered:
                    refuse_if_changed(self.request.POST.get(SHOWN, ""), action.version_of(row))
                landed = action.run(self.model_admin, self.request, row, form.cleaned_data) or row
                # The domain knows best why not; what it lets pass all the same is undone.
                if not is_offered:
                    raise ValidationError(action.refused(row))
                self.model_admin.log_change(self.request, landed, str(action.label))
        except ValidationError as error:
            add_refusal(form, said_to(self.request.user, error))
            return None
        return landed

    def _renew_hidden(self, form: forms.Form, row: models.Model) -> None:
        """Say of what the page that follows a refusal shows, not the page before it."""
        fresh = self._form_arguments(row).get("initial", {})
        data = self.request.POST.copy()
        for bound in form.hidden_fields():
            data[bound.html_name] = fresh.get(bound.name, "")
        form.data = data

    def _form_arguments(self, row: models.Model) -> dict[str, Any]:
        form = self.action.form
        initial = getattr(form, "initial_for", None)
        given: dict[str, Any] = {"initial": initial(row)} if initial else {}
        if isinstance(form, type) and issubclass(form, RowForm):
            given |= {"row": row, "reader": self.request.user}
        return given

    def _show(self, row: models.Model, form: forms.Form) -> HttpResponse:
        action, model_admin = self.action, self.model_admin
        is_offered = action.offered(model_admin, row)
        facts = self.previewed.facts if self.previewed else action.facts(row)
        return TemplateResponse(
            self.request,
            "backoffice/action.html",
            {
                **model_admin.admin_site.each_context(self.request),
                "title": action.label,
                "subtitle": str(row),
                "action": action,
                # What somebody has typed stays on the page all the same.
                "refusal": "" if is_offered or form.is_bound else action.refused(row),
                "warnings": action.warnings(row) if is_offered else [],
                "facts": facts,
                "previewed": self.previewed,
                "shown": "" if action.has_preview else action.version_of(row, facts),
                "form": form,
                "error_lines": summarize_form(form) if form.is_bound else [],
                "opts": model_admin.opts,
                "original": row,
                "event_in_sight": model_admin.event_of_page(self.request, row),
                "change_url": way_back(self.request) or model_admin.row_url(row),
                "has_view_permission": model_admin.has_view_permission(self.request, row),
            },
        )

    def _url_after(self, row: models.Model) -> str:
        """Return the page of a row, or the list if it is gone."""
        if type(row)._base_manager.filter(pk=row.pk).exists():
            return self.model_admin.row_url(row)
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist")


def digest(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()


def digest_of_facts(facts: Facts) -> str:
    return digest([(str(label), str(fact)) for label, fact in facts])


def refuse_if_changed(shown: str, now: str) -> None:
    """Raise ``ValidationError`` where what a page has shown is not what there is now."""
    if shown and shown != now:
        raise ValidationError(CHANGED, code="changed_meanwhile")


def add_refusal(form: forms.Form, error: ValidationError) -> None:
    """Say what the domain refuses beside the field that it names, else above the form."""
    for name, errors in getattr(error, "error_dict", {None: [error]}).items():
        if name in form.fields:
            form.add_error(name, errors)
        else:
            form.add_error(None, [each for part in errors for each in part.messages])
