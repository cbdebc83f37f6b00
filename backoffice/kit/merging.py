"""Pages on which rows that look alike are found and merged: organizations, experts, projects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Field, ManyToManyField, Model, QuerySet
from django.db.models.options import Options
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.kit.choosers import chooser_label, chooser_rows
from backoffice.kit.doubles import ChooseOthers, alike_to, show_doubles
from backoffice.kit.history import shown_value
from backoffice.kit.labels import capitalized, named_in_its_language
from backoffice.kit.scope import reads
from backoffice.kit.telling_apart import are_told_apart, label_told_apart, tell_apart
from events.domain import merging
from events.domain.references import Moves
from events.domain.untold import said_to
from events.models.limits import Person
from summit.lib.database.numbers import rows_by_keys
from summit.lib.i18n.languages import Words, listed, with_more
from summit.lib.web.requests import StaffRequest

if TYPE_CHECKING:
    from backoffice.kit.model_admin import SummitAdmin

# How much of a long text is shown of each row.
LONGEST = 300
# How many of the rows that become one are named.
NAMED = 5


@dataclass(frozen=True)
class MergeButton:
    """What leads from the page of a row to the page on which it is merged."""

    label: Words = gettext_lazy("Merge with…")
    is_main: bool = False
    is_grave: bool = False


MERGE = MergeButton()


def may_merge(page: "SummitAdmin", request: HttpRequest, row: Model | None = None) -> bool:
    """Whether this person may merge a row, or rows at all: change one and delete the others."""
    return page.has_change_permission(request, row) and page.has_delete_permission(request, row)


def merge_url(opts: Options[Any], rows: Iterable[Model]) -> str:
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_merge")
    return f"{address}?rows={','.join(str(row.pk) for row in rows)}"


def links_to_merge(page: "SummitAdmin", row: Model, reader: Person) -> list[tuple[str, str]]:
    """Return the label of each row that looks like one, with the address to merge the two."""
    alike = alike_to(page, row, reader)
    return [(label, merge_url(page.opts, [row, other])) for other, label in alike]


def merging_urls(page: "SummitAdmin") -> list[URLPattern]:
    """Return the addresses of a page that offers merging."""
    name = f"{page.opts.app_label}_{page.opts.model_name}"
    view = page.admin_site.admin_view

    def merge(request: StaffRequest) -> HttpResponse:
        return MergePage(page, request).respond()

    def doubles(request: StaffRequest) -> HttpResponse:
        return show_doubles(page, request, may_merge(page, request))

    def different(request: StaffRequest) -> HttpResponse:
        return tell_apart(page, request)

    return [
        path("merge/", view(merge), name=f"{name}_merge"),
        path("doubles/", view(doubles), name=f"{name}_doubles"),
        path("different/", view(different), name=f"{name}_different"),
    ]


@admin.action(
    description=gettext_lazy("Merge the selected %(verbose_name_plural)s"), permissions=["delete"]
)
def merge_selected(
    page: "SummitAdmin", request: HttpRequest, rows: QuerySet[Any]
) -> HttpResponse | None:
    """Lead from the list to the page on which the rows that are ticked are merged."""
    ticked = rows_by_keys(rows, request.POST.getlist(ACTION_CHECKBOX_NAME))
    return HttpResponseRedirect(merge_url(page.opts, ticked.order_by("pk")[: merging.MOST + 1]))


@dataclass
class Cell:
    """What one of the rows says in a field."""

    row: Model
    text: str
    is_chosen: bool


@dataclass
class Line:
    """A field in which the rows differ."""

    name: str
    label: str
    cells: list[Cell]


@dataclass
class Moving:
    """What moves, as the page tells it."""

    label: str
    count: int
    same: list[str]
    same_count: int


class MergePage:
    """The page on which rows become one: a view for one request."""

    def __init__(self, page: "SummitAdmin", request: StaffRequest) -> None:
        self.page, self.request, self.opts = page, request, page.opts
        self.sent = request.POST if request.method == "POST" else request.GET

    def respond(self) -> HttpResponse:
        if not may_merge(self.page, self.request):
            raise PermissionDenied
        rows = self._rows()
        if not all(may_merge(self.page, self.request, row) for row in rows):
            raise PermissionDenied(getattr(self.page.scope, "beyond_limits", ""))
        if not rows:
            return self._to_list(_("The selected rows are no longer in the list."))
        if len(rows) > merging.MOST:
            return self._to_list(_("Merge at most %(most)d rows at once.") % {"most": merging.MOST})
        if len(rows) == 1:
            return self._choose_others(rows[0])
        kept, *others = self._kept_first(rows)
        errors: list[str] = []
        if self.request.method == "POST":
            try:
                return self._merge(kept, others)
            except ValidationError as error:
                errors = _told(said_to(self.request.user, error), self.page.model)
        return self._show(kept, others, errors)

    def _rows(self) -> list[Any]:
        """Return the rows that are named, in that order."""
        named = [key for part in self.sent.getlist("rows") for key in part.split(",") if key]
        rows = rows_by_keys(self.page.get_queryset(self.request), named)
        found = {str(row.pk): row for row in rows}
        return [found[key] for key in dict.fromkeys(named) if key in found]

    def _kept_first(self, rows: list[Any]) -> list[Any]:
        kept = self.sent.get("kept", "")
        return sorted(rows, key=lambda row: str(row.pk) != kept)

    def _merge(self, kept: Any, others: list[Any]) -> HttpResponse:
        keys = {str(row.pk): row.pk for row in (kept, *others)}
        values = {
            field.name: keys[key]
            for field in merging.choosable_fields(self.page.model)
            if (key := self.sent.get(f"value-{field.name}", "")) in keys
        }
        names = listed(str(row) for row in others)
        merging.merge(
            kept,
            others,
            by=self.request.user,
            values=values,
            keeps_names="keeps_names" in self.sent,
            seen=self.sent.get("seen", ""),
        )
        row = self.page.model._base_manager.get(pk=kept.pk)
        self.page.log_change(self.request, row, _("Merged with %(others)s.") % {"others": names})
        words = _("%(others)s was merged into “%(kept)s”.") % {"others": names, "kept": row}
        messages.success(self.request, words)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[row.pk]))

    def _to_list(self, words: str) -> HttpResponse:
        messages.warning(self.request, words)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return HttpResponseRedirect(reverse(name))

    def _choose_others(self, row: Any) -> HttpResponse:
        return self._answer(
            "backoffice/merge_with.html",
            row,
            form=ChooseOthers(self.page, row),
            alike=links_to_merge(self.page, row, self.request.user),
            told_apart=[
                (label, merge_url(self.opts, [row, other]))
                for other, label in label_told_apart(self.page, self.request, row)
            ],
        )

    def _show(self, kept: Any, others: Sequence[Any], errors: list[str]) -> HttpResponse:
        rows, preview = [kept, *others], merging.look_over(kept, others)
        told = chooser_rows(self.page, self.page.get_queryset(self.request)).in_bulk(
            [row.pk for row in rows]
        )
        lines = self._lines(rows)
        moving = [_moving(moves) for moves in preview.moves]
        return self._answer(
            "backoffice/merge.html",
            kept,
            status=422 if errors else 200,
            rows=[(row, chooser_label(self.page, told[row.pk])) for row in rows],
            keys=",".join(str(row.pk) for row in rows),
            lines=lines,
            moving=moving,
            errors=errors,
            refusals=[] if errors else preview.refusals,
            is_refused=bool(preview.refusals),
            seen=preview.seen,
            are_told_apart=are_told_apart(rows),
            loses_page=_is_hidden(kept) and not all(_is_hidden(row) for row in others),
            has_former_names=hasattr(kept, "former_names"),
            keeps_names="keeps_names" in self.sent or self.request.method != "POST",
        )

    def _lines(self, rows: Sequence[Any]) -> list[Line]:
        """Return the fields in which the rows differ, with what each says."""
        proposed = merging.proposed(rows[0], rows[1:])
        knows = reads(self.request.user)
        found = []
        for field in merging.choosable_fields(self.page.model):
            texts = [_shown(row, field, knows) for row in rows]
            if len(set(texts)) == 1:
                continue
            sent = self.sent.get(f"value-{field.name}", str(proposed[field.name]))
            cells = [
                Cell(row, text, str(row.pk) == sent) for row, text in zip(rows, texts, strict=True)
            ]
            label = capitalized(named_in_its_language(field))
            found.append(Line(field.name, label, cells))
        return found

    def _answer(self, template: str, row: Any, status: int = 200, **context: Any) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return TemplateResponse(
            self.request,
            template,
            {
                **self.page.admin_site.each_context(self.request),
                "title": _("Merge %(kind)s") % {"kind": self.opts.verbose_name_plural},
                "opts": self.opts,
                "original": row,
                "change_url": reverse(name, args=[row.pk]),
                **context,
            },
            status=status,
        )


def _is_hidden(row: Any) -> bool:
    """Whether a row with a status is not published."""
    return not getattr(row, "is_published", True)


def _shown(row: Any, field: "Field[Any, Any]", knows: Any) -> str:
    if isinstance(field, ManyToManyField):
        return listed(str(each) for each in merging.value_in(row, field))
    return Truncator(shown_value(field, row, knows)).chars(LONGEST)


def _moving(moves: Moves) -> Moving:
    """Return what a reference is called, how many rows move, and which are there twice."""
    reference, same = moves.reference, moves.same
    opts = reference.model._meta
    label = capfirst(str(opts.verbose_name_plural))
    if not reference.is_alone:
        label = with_more(label, reference.field.verbose_name)
    # A link of many to many has no name of its own.
    names = [] if opts.auto_created else [str(row) for row, _other in same[:NAMED]]
    return Moving(label, moves.count, names, len(same))


def _told(error: ValidationError, model: type[Model]) -> list[str]:
    """Return a refusal in words, each with the field that it is about."""
    if not hasattr(error, "error_dict"):
        return error.messages
    told = []
    for name, errors in error.error_dict.items():
        words = [words for each in errors for words in each.messages]
        field = next((each for each in model._meta.fields if each.name == name), None)
        if field is None:
            told += words
        else:
            label = capitalized(named_in_its_language(field))
            told += [
                _("%(field)s: %(reason)s") % {"field": label, "reason": each} for each in words
            ]
    return told
