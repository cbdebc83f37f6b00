"""A chooser of organizations that takes the name of a new one as well."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model
from django.utils.translation import gettext_lazy as _

from backoffice.kit.choosers import KeySelect
from events.domain import organization as domain
from events.models import Organization
from events.models.limits import Person
from events.models.scope import choosable
from summit.lib.database.numbers import fits_bigint
from summit.lib.i18n.languages import Words
from summit.lib.web.typed_text import LineField

# Before the name of what is not there yet, in the place of a key.
NEW = "new:"


class NewOrKeySelect(KeySelect):
    """Offers what somebody types as a new row, below the rows that are found."""

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return {**attrs, "data-new": str(_("New: %(name)s"))}

    def optgroups(
        self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        groups = super().optgroups(name, value, attr)
        for typed in value:
            if str(typed).startswith(NEW):
                label = str(typed).removeprefix(NEW)
                groups[0][1].append(self.create_option(name, typed, label, True, 1))
        return groups


class OrganizationField(forms.ModelChoiceField):
    """An organization that is chosen, or a new one, not saved, by its name.

    ``of`` is the relation that is chosen for. Whoever may not add organizations chooses.
    """

    def __init__(
        self, of: ForeignKey, *, user: Person, country: str = "", label: Words, **kwargs: Any
    ) -> None:
        may_add = user.has_perm("events.add_organization")
        box = NewOrKeySelect if may_add else KeySelect
        super().__init__(
            choosable(Organization.objects.all(), user),
            widget=box(of, admin.site),
            label=label,
            **kwargs,
        )
        self.may_add, self.country = may_add, country

    def to_python(self, value: Any) -> Model | None:
        if isinstance(value, str) and value.startswith(NEW) and self.may_add:
            return self._new(value.removeprefix(NEW))
        if value not in self.empty_values and not fits_bigint(str(value)):
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": value},
            )
        return super().to_python(value)

    def _new(self, typed: str) -> Organization:
        name = LineField(max_length=400, label=str(self.label)).clean(typed)
        row = domain.from_name(name, country=self.country)
        try:
            row.clean_fields()
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return row
