"""Rows of a sheet as rows of a model, found by their slugs, every error with its column."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from import_export.results import RowResult
from import_export.widgets import ManyToManyWidget

from backoffice.kit import alike
from backoffice.kit.labels import capitalized, field_of, named_in_its_language, pair
from summit.lib.files.sheet_headings import plain_heading
from summit.lib.i18n.languages import CONTENT_LANGUAGES
from summit.lib.i18n.likeness import one_line, visible


class SheetRow(RowResult):
    """What became of a row, and in which columns it changes what is stored."""

    def __init__(self) -> None:
        super().__init__()
        self.changed: list[str] = []


class SheetResource(resources.ModelResource):
    """A new row where the slug is empty or new, a change of the row that has it otherwise.

    An empty cell leaves what is stored. Every row goes through ``full_clean()``.
    """

    # What columns are called besides their names and their labels.
    other_headings: ClassVar[dict[str, tuple[str, ...]]] = {}
    # What the metaclass makes of the class: its options have no annotations.
    fields: dict[str, Field]
    _meta: Any

    class Meta:
        import_id_fields = ("slug",)
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
        adds_alike: bool = False,
        **kwargs: Any,
    ) -> None:
        """``may_change`` says whether somebody may change a row, or rows at all.

        ``adds_alike`` adds rows without a slug though rows like them exist.
        """
        super().__init__(**kwargs)
        self.adds_alike = adds_alike
        self.added: set[object] = set()
        self.may_change = may_change
        self.slugs_seen: set[str] = set()
        self.changes: list[str] = []

    def get_queryset(self) -> models.QuerySet[Any]:
        # Who may change a row is asked before it is written: it stays what it was meanwhile, and
        # nobody ties it to another event.
        return super().get_queryset().select_for_update(of=("self",))

    @classmethod
    def get_row_result_class(cls) -> type[SheetRow]:
        return SheetRow

    @classmethod
    def columns(cls) -> list[tuple[str, str, str]]:
        """Return (column, meaning, how to write it) of all columns, in their order."""
        told = []
        for name, field in cls.fields.items():
            of_model = field_of(cls.meant(name), name)
            hint = str(getattr(field.widget, "hint", "") or of_model.help_text)
            told.append((name, capitalized(named_in_its_language(of_model)), hint))
        return told

    @classmethod
    def headings(cls) -> dict[str, str]:
        """Return the column of each heading under which a file may bring it, in any language.

        Headings are those of ``plain_heading``. One that could be of two columns is left out.
        """
        found: dict[str, set[str]] = {}
        for name in cls.fields:
            known = [name, *cls.other_headings.get(name, ())]
            for language in CONTENT_LANGUAGES:
                with translation.override(language):
                    known.append(named_in_its_language(field_of(cls.meant(name), name)))
            for heading in known:
                # “Country/region” is called by its first word as well.
                for text in (heading, heading.partition("/")[0]):
                    found.setdefault(plain_heading(text), set()).add(name)
        return {heading: names.pop() for heading, names in found.items() if len(names) == 1}

    @classmethod
    def meant(cls, column: str) -> type[models.Model]:
        """Return the model whose field a column fills."""
        return cls._meta.model

    def before_import_row(self, row: dict[str, str], **kwargs: Any) -> None:
        """Take out of each cell what nobody sees, and breaks where the column has one line."""
        for name in self.fields:
            if text := row.get(name):
                is_long = isinstance(field_of(self.meant(name), name), models.TextField)
                row[name] = visible(text) if is_long else one_line(text)

    def understood(self, column: str, text: str, instance: Any) -> str:
        """Return a cell as typed, and what it was taken for where that reads otherwise."""
        told = getattr(self.fields[column].widget, "told", None)
        value = self.fields[column].get_value(instance) if told and text and instance else None
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
        elif not slug and not self.adds_alike and (namesake := self._namesake(row)) is not None:
            return {"slug": [ValidationError(self._explain(namesake), code="alike")]}
        self.slugs_seen.add(slug)
        return {"slug": [ValidationError(problem)]} if problem else {}

    def _namesake(self, row: dict[str, str]) -> Any:
        """Return the row that people would take for the same, if there is one."""
        model = self._meta.model
        texts = [row.get(column, "") for name in model.known_by for column in pair(name)]
        return next(iter(model._default_manager.alike(*texts)), None)

    def _explain(self, namesake: Any) -> str:
        if namesake.pk in self.added:
            return _("An earlier row of this file has a name like this.")
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
        return not self.changes

    def after_import_row(self, row: dict[str, str], row_result: SheetRow, **kwargs: Any) -> None:
        row_result.changed = self.changes if row_result.is_update() else []
        if row_result.is_new():
            self.added.add(row_result.object_id)

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
