"""Rows of a sheet as rows of a model, found by their slugs, every error with its column."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from import_export.results import RowResult
from import_export.widgets import ManyToManyWidget

from backoffice.kit import alike
from backoffice.kit.importing.described import Described
from backoffice.kit.importing.headings import by_letters
from backoffice.kit.importing.lists import split
from backoffice.kit.importing.rows import Names
from backoffice.kit.labels import capitalized, pair
from summit.lib.i18n.languages import column, listed
from summit.lib.i18n.likeness import one_line, visible
from summit.lib.spreadsheets import Cell


@dataclass(frozen=True)
class Change:
    """What a column held, and what it will hold, as they read."""

    label: str
    old: str
    new: str


class SheetRow(RowResult):
    """What became of a row, in which columns it changes what is stored, and from what to what."""

    def __init__(self) -> None:
        super().__init__()
        self.changed: list[str] = []
        self.changes: list[Change] = []


class SheetResource(Described, resources.ModelResource):
    """A new row where the slug is empty or new, a change of the row that has it otherwise.

    An empty cell leaves what is stored. Every row goes through ``full_clean()``. ``header`` and
    ``cells`` write what an import reads again without a difference.
    """

    # What an export reads beside the rows themselves.
    related: ClassVar[tuple[str, ...]] = ()
    # Columns by which a row without a slug is one that exists, and the one form of each.
    identifiers: ClassVar[Mapping[str, Callable[[str], str]]] = {}
    # What the metaclass makes of the class: its options have no annotations.
    fields: dict[str, Field]
    _meta: Any

    class Meta:
        import_id_fields: tuple[str, ...] = ("slug",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True
        store_instance = True
        use_transactions = True

    def __init__(
        self,
        may_change: Callable[[models.Model | None], bool] = lambda row: True,
        *,
        alike: str = "",
        **kwargs: Any,
    ) -> None:
        """``may_change`` says whether somebody may change a row, or rows at all.

        ``alike`` is what is done with a row without a slug where one like it exists: ``add``
        it, ``change`` the one that exists, or refuse it.
        """
        super().__init__(**kwargs)
        self.alike = alike
        self.added: set[object] = set()
        self.may_change = may_change
        self.slugs_seen: set[str] = set()
        self.changes: list[str] = []
        self.told_changes: list[Change] = []
        self.misplaced: dict[str, str] = {}
        # What somebody should know of the whole, beside its rows.
        self.remarks: list[str] = []

    def get_queryset(self) -> models.QuerySet[Any]:
        # Who may change a row is asked before it is written: it stays what it was meanwhile, and
        # nobody ties it to another event.
        return super().get_queryset().select_for_update(of=("self",))

    @classmethod
    def get_row_result_class(cls) -> type[SheetRow]:
        return SheetRow

    def name_in(self, row: Mapping[str, str]) -> str:
        """Return what a row of a file is called, for messages about it."""
        for name in self._meta.model.required_texts:
            for each in (name, *pair(name)):
                if row.get(each):
                    return one_line(row[each])[:60]
        return ""

    def cells(self, row: Any) -> list[Cell]:
        """Return a row as an export writes it, in the current language."""
        return [self.fields[name].widget.render(self.value(name, row)) for name in self.written()]

    def exported(self, rows: models.QuerySet[Any]) -> Iterator[list[Cell]]:
        """Yield the cells of rows, some at a time; as many queries for few of them as for many."""
        for row in rows.prefetch_related(*self.related).iterator(chunk_size=500):
            yield self.cells(row)

    def value(self, name: str, row: Any) -> Any:
        """Return what a column shows of a row."""
        return self.fields[name].get_value(row)

    @cached_property
    def names(self) -> Names:
        """The rows that exist, with those that this import has added."""
        return Names(self._meta.model._default_manager.all())

    def before_import_row(self, row: dict[str, str], **kwargs: Any) -> None:
        """Take out of each cell what nobody sees, and breaks where the column has one line.

        A text under a heading without a language goes to the column of its letters.
        """
        self.misplaced = {}
        for base in self.texts():
            for language, text in by_letters(row.get(base, "")).items():
                name = column(base, language)
                if text and row.get(name, "") not in ("", text):
                    self.misplaced[name] = text
                row[name] = row.get(name, "") or text
        for name in self.fields:
            if typed := row.get(name):
                row[name] = visible(typed) if self.has_lines(name) else one_line(typed)

    def label_of_error(self, name: str) -> str:
        """Return what is called what an error is about, in the language of the page."""
        if name in self.fields or name in self.texts():
            return self.label(name)
        known = {field.name: field for field in self._meta.model._meta.get_fields()}
        return capitalized(str(getattr(known.get(name), "verbose_name", name)))

    def understood(self, column: str, text: str, instance: Any) -> str:
        """Return a cell as typed, and what it was taken for where that reads otherwise."""
        field = self.fields.get(column)
        told = getattr(field.widget, "told", None) if field and field.attribute else None
        value = field.get_value(instance) if field and told and text and instance else None
        words = told(value) if told and value else text
        return text if words.casefold() == text.strip().casefold() else f"{text} → {words}"

    def import_field(
        self,
        field: Field,
        instance: models.Model,
        row: dict[str, str],
        is_m2m: bool = False,
        **kwargs: Any,
    ) -> None:
        if row.get(field.column_name, ""):
            super().import_field(field, instance, row, is_m2m, **kwargs)

    def import_instance(self, instance: models.Model, row: dict[str, str], **kwargs: Any) -> None:
        errors: dict[str, list[ValidationError]] = self.refused(instance, row)
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        for name, text in self.misplaced.items():
            errors.setdefault(name, []).append(
                ValidationError(
                    _("“%(one)s” and “%(two)s” are both names of this column. Keep one of them.")
                    % {"one": row[name], "two": text}
                )
            )
        # Links to many are set after saving; what is wrong with them is said with the rest.
        for field in self.get_import_fields():
            if isinstance(field.widget, ManyToManyWidget) and row.get(field.column_name):
                try:
                    field.clean(row)
                except ValueError as error:
                    errors.setdefault(field.column_name, []).append(ValidationError(str(error)))
        if errors:
            raise ValidationError(errors)

    def refused(self, instance: Any, row: dict[str, str]) -> dict[str, list[ValidationError]]:
        """Return what is wrong with a row as a whole, by column."""
        slug = row.get("slug", "")
        problem = ""
        if slug and slug in self.slugs_seen:
            problem = _("An earlier row of this file has the same slug.")
        elif instance.pk and not self.may_change(None):
            problem = _("This slug exists, and you may add rows but not change them.")
        elif instance.pk and not self.may_change(instance):
            problem = _(
                "This slug is of a row with a part in other events than yours alone, "
                "which you may not change."
            )
        elif not slug and not instance.pk and self.alike != "add" and (found := self.alike_to(row)):
            return {"slug": [ValidationError(self._explain(found), code="alike")]}
        self.slugs_seen.add(slug)
        return {"slug": [ValidationError(problem)]} if problem else {}

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Any:
        if row.get("slug"):
            return super().get_instance(instance_loader, row)
        for name, canonical in self.identifiers.items():
            if value := canonical(row.get(name, "")):
                known = list(self.get_queryset().filter(**{name: value}).order_by()[:2])
                if len(known) == 1:
                    return known[0]
        alike = self.alike_to(row) if self.alike == "change" else []
        if len(alike) == 1 and alike[0].pk not in self.added:
            return self.get_queryset().get(pk=alike[0].pk)
        return None

    def alike_to(self, row: dict[str, str]) -> list[Any]:
        """Return the rows that people would take for the same."""
        known_by = self._meta.model.known_by
        return self.names.alike(row.get(each, "") for name in known_by for each in pair(name))

    def _explain(self, found: list[Any]) -> str:
        namesake = found[0]
        if namesake.pk in self.added:
            return _("An earlier row of this file has the same or a similar name.")
        if len(found) > 1:
            rows = ((alike.link_to(row), row.slug) for row in found[: alike.MOST])
            return format_html(
                _(
                    "These exist already: {rows}. Write the slug of one to change it, or a new "
                    "slug."
                ),
                rows=format_html_join(", ", "{} ({})", rows),
            )
        return format_html(
            _(
                "{link} exists already. Write its slug, {slug}, to change it, "
                "or another slug to add one more."
            ),
            link=alike.link_to(namesake),
            slug=namesake.slug,
        )

    def skip_row(
        self,
        instance: models.Model,
        original: models.Model,
        row: dict[str, str],
        import_validation_errors: dict[str, Any] | None = None,
    ) -> bool:
        if import_validation_errors or original.pk is None:
            return False
        self.changes = self.changed(instance, original, row)
        self.told_changes = [
            Change(
                self.label(self.fields[name].attribute if self._is_other_unit(name) else name),
                str(self.fields[name].widget.render(self.value_before(name, original, row))),
                self.new_text(name, instance, row),
            )
            for name in self.changes
        ]
        return not self.changes

    def _is_other_unit(self, name: str) -> bool:
        """Whether another column shows what this one writes, in the unit in which it is stored."""
        return name in self.only_read and self.fields[name].attribute in self.fields

    def value_before(self, name: str, original: Any, row: dict[str, str]) -> Any:
        """Return what a column holds that a row would change."""
        return self.value(name, original)

    def new_text(self, name: str, instance: Any, row: dict[str, str]) -> str:
        """Return what a column would hold. Links to many are not set yet, so they are as typed."""
        field = self.fields[name]
        if not field.attribute or isinstance(field.widget, ManyToManyWidget):
            return listed(split(row[name])) if self.has_lines(name) else row[name]
        return str(field.widget.render(field.get_value(instance)))

    def after_import_row(self, row: dict[str, str], row_result: SheetRow, **kwargs: Any) -> None:
        self.tell_changes(row_result)
        if row_result.is_new():
            self.added.add(row_result.object_id)
            if self._meta.model.known_by:
                self.names.add(row_result.instance)

    def tell_changes(self, row_result: SheetRow) -> None:
        if row_result.is_update():
            row_result.changed, row_result.changes = self.changes, self.told_changes

    def changed(self, instance: Any, original: Any, row: dict[str, str]) -> list[str]:
        """Return the columns in which a row would change what is stored."""
        found = []
        for name, field in self.fields.items():
            if not row.get(name) or not field.attribute:
                continue
            if isinstance(field.widget, ManyToManyWidget):
                stored = set(getattr(original, field.attribute).all())
                differs = stored != set(field.clean(row))
            else:
                differs = field.get_value(original) != field.get_value(instance)
            if differs:
                found.append(name)
        return found
