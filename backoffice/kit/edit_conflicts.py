"""Edit conflicts: two people have the form of one row open, and both save it.

The form brings back the version of its row (an optimistic lock). Whoever saves second is told
who changed the row and when, with all that was typed still in the form.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Manager, Max, Model, OuterRef, Subquery
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from simple_history.utils import get_history_manager_for_model

from backoffice.kit import deleted_rows
from backoffice.kit.history import Record, entries, show_history
from backoffice.kit.model_admin import SummitAdmin
from summit.lib.database.numbers import rows_by_keys
from summit.lib.i18n.clock import moment_in_words
from summit.lib.i18n.names import staff_name

FIELD = "_version"
_WRITTEN = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,18})*)?-([0-9a-f]{16})?")


@dataclass(frozen=True)
class Version:
    """What a row was like: its newest records in the history, and a digest of what has none."""

    newest: tuple[int, ...]
    digest: str

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.newest))}-{self.digest}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what a form brings back; nothing where no page of ours has written it."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            return None
        newest, digest = found.groups(default="")
        return cls(tuple(int(number) for number in newest.split(".") if number), digest)


class OpenedBefore:
    """A form that was opened before it is sent, and the version that its row is found to have.

    What follows a refusal is the page of those who have been told: it brings that version.
    """

    row_version: Version | None = None


class VersionedAdmin(SummitAdmin):
    """A page whose row has versions: refuses edit conflicts, and shows the history.

    A form that was opened before somebody else saved is refused once. A form that brings no
    version, such as a program's, is saved. Costs a query. Whatever changes the row or what
    is edited on its page makes a new version: a save on any page, an action, a domain function.
    Overrides ``changeform_view``, ``get_form``, ``get_formset_kwargs``, ``render_change_form``
    and ``history_view``.
    """

    # What the page edits beside the row: {model: lookup of its history by the row's key}.
    history_parts: Mapping[type[Model], str] = {}
    # What the page edits and no history records, as lookups from the row.
    unrecorded: tuple[str, ...] = ()
    # Of ``history_parts`` those that the history tells, and other pages edit.
    edited_elsewhere: tuple[type[Model], ...] = ()

    def edits_row(self) -> bool:
        """Whether the page edits fields of the row itself, beside its parts."""
        return True

    def get_history_parts(self, request: HttpRequest) -> Mapping[type[Model], str]:
        return self.history_parts

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not hasattr(self.model, "history") or request.method not in ("GET", "HEAD"):
            return super().history_view(request, object_id, extra_context)
        return show_history(self, request, object_id)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "GET" and object_id is not None:
            # Before the row is read: what is saved in between is told of too much, and never lost.
            version = self._version(request, unquote(object_id))
            extra_context = {"row_version": version, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        opened = Version.read(request.POST.get(FIELD, "")) if change else None
        return form if opened is None else self._guarded(form, request, opened)

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: InlineModelAdmin, prefix: str
    ) -> dict[str, Any]:
        params = super().get_formset_kwargs(request, obj, inline, prefix)
        if FIELD in request.POST and inline.has_change_permission(request, obj):
            may_add = inline.has_add_permission(request, obj)
            return deleted_rows.as_new(params, may_add=may_add)
        return params

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        form = context["adminform"].form
        if isinstance(form, OpenedBefore):
            context["row_version"] = form.row_version
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _guarded(
        self, form: type[ModelForm], request: HttpRequest, opened: Version
    ) -> type[ModelForm]:
        page = self

        class Guarded(OpenedBefore, form):  # type: ignore[misc, valid-type]  # made for one request
            def _post_clean(self) -> None:
                super()._post_clean()
                # Last, since an event's programme is locked before its rows.
                self.row_version = page._lock_version(request, self.instance)
                error = page._changed_since(opened, self.row_version, request, self.instance)
                if error and not self.has_error(NON_FIELD_ERRORS, "moved_meanwhile"):
                    self.add_error(None, error)

        return Guarded

    def _lock_version(self, request: HttpRequest, row: Model) -> Version | None:
        self.model._base_manager.select_for_update(no_key=True).filter(pk=row.pk).first()
        return self._version(request, row.pk)

    def _changed_since(
        self, opened: Version, now: Version | None, request: HttpRequest, row: Model
    ) -> ValidationError | None:
        """Return the refusal if the row is another than was opened."""
        if now is None or now == opened or len(now.newest) != len(opened.newest):
            return None
        seen = dict(zip(self._recorded(request), opened.newest, strict=True))
        told = [
            entry
            for entry in (entries(row, self.get_history_parts(request)) if seen else ())
            if entry.record.instance_type in seen
            if entry.record.history_id > seen[entry.record.instance_type]
        ]
        if told:
            return _refusal(told[0].record, row)
        # A save that changed nothing is no change; the first record of a row says not what did.
        unknown = now.digest != opened.digest or seen.get(self.model) == 0
        return _changed_by_somebody() if unknown else None

    def _version(self, request: HttpRequest, key: Any) -> Version | None:
        """Return what version the row is; nothing where there is no such row. One query."""
        recorded = self._recorded(request)
        newest = [_newest(model, lookup) for model, lookup in recorded.items()]
        rows = rows_by_keys(self.model._base_manager.order_by(), [str(key)])
        found = list(rows.values_list(*newest, *self.unrecorded, "pk"))
        if not found:
            return None
        numbers = tuple(number or 0 for number in found[0][: len(newest)])
        values = sorted(repr(row[len(newest) :]) for row in found)
        digest = hashlib.sha256("\n".join(values).encode()).hexdigest()[:16]
        return Version(numbers, digest if self.unrecorded else "")

    def _recorded(self, request: HttpRequest) -> dict[type[Model], str]:
        """The models whose history tells of this page, each with its lookup by the row's key."""
        if not hasattr(self.model, "history"):
            return {}
        row = {self.model: self.opts.pk.attname} if self.edits_row() else {}
        return row | {
            model: lookup
            for model, lookup in self.get_history_parts(request).items()
            if model not in self.edited_elsewhere
        }


def _newest(model: type[Model], lookup: str) -> Subquery:
    history: Manager[Any] = get_history_manager_for_model(model)
    of_row = history.filter(**{lookup: OuterRef("pk")}).order_by()
    return Subquery(of_row.values(lookup).annotate(newest=Max("history_id")).values("newest"))


def _refusal(last: Record, row: Model) -> ValidationError:
    """Say who changed the row, as its newest record tells, and lead to the history."""
    words = gettext(
        "This was changed by %(who)s on %(when)s, after you opened it. What you typed is still "
        "here; save again to replace what they wrote."
    ) % {
        "who": staff_name(last.history_user) if last.history_user else gettext("the system"),
        "when": moment_in_words(last.history_date, timezone.get_current_timezone()),
    }
    opts = row._meta
    history = reverse(f"admin:{opts.app_label}_{opts.model_name}_history", args=[quote(row.pk)])
    link = format_html('{} <a href="{}">{}</a>', words, history, gettext("History"))
    return ValidationError(link, code="changed_meanwhile")


def _changed_by_somebody() -> ValidationError:
    return ValidationError(
        gettext(
            "This was changed after you opened it. What you typed is still here; save again to "
            "replace what was written meanwhile."
        ),
        code="changed_meanwhile",
    )
