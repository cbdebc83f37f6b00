"""Quick entry: a page of the workspace on which several rows are typed and saved in one go."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Model, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from backoffice.kit import alike
from events.domain import organization as organizations
from events.domain.untold import said_to
from events.models import Event, Organization
from events.models.limits import Person
from events.models.scope import readable
from summit.lib.i18n.bilingual import Bilingual
from summit.lib.i18n.languages import Words

# As many as somebody types before the page is saved.
MOST = 60


@dataclass
class Newcomers:
    """The organizations that a page adds: one that several rows name is added once."""

    by: User
    added: dict[frozenset[str], Organization] = field(default_factory=dict)

    def stored(self, organization: Organization | None) -> Organization | None:
        """Return the organization, which is saved if it is new."""
        if organization is None or organization.pk:
            return organization
        names = frozenset(organization.likeness_keys())
        for known, row in self.added.items():
            if known & names:
                return row
        self.added[names] = organizations.add(organization, by=self.by)
        return self.added[names]


class Asking(forms.BaseForm):
    """A form of one row among several, which asks once whether a new thing exists already.

    For forms that have a hidden field ``told``, which brings back what somebody was told of.
    """

    def ask(self, name: str, row: Bilingual | None, reader: Person) -> None:
        """Say beside a field that there are rows like a new one, unless that was said before."""
        if row is None or row.pk:
            return
        others = readable(type(row)._default_manager.all(), reader)
        self.ask_about(name, others.alike(*row.likeness_keys()))  # type: ignore[attr-defined]  # of those models

    def ask_about(self, name: str, found: Sequence[Model]) -> None:
        """Say beside a field that there are these rows, unless that was said before."""
        box = self.add_prefix("told")
        told = {*str(self.data.get(box) or "").split(",")} - {""}
        keys = {f"{each._meta.model_name}-{each.pk}" for each in found}
        if not keys <= told:
            self.add_error(name, ValidationError(alike.explain([*found]), code="alike"))
            # Of this form alone: what was sent is shared by all of them.
            data: Any = self.data
            self.data = data.copy()
            self.data[box] = ",".join(sorted(told | keys))  # type: ignore[index]  # just copied


class RowForm(Asking, forms.Form):
    """One row, which counts if something is in one of the boxes that ``counted`` names.

    ``add`` saves what it says, in the transaction of the whole page, and raises
    ``ValidationError`` for what the domain refuses.
    """

    told = forms.CharField(required=False, widget=forms.HiddenInput)
    counted: ClassVar[tuple[str, ...]]
    # The same where the domain calls a field otherwise.
    names: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, event: Event, user: User, **kwargs: Any) -> None:
        self.event, self.user = event, user
        super().__init__(*args, **kwargs)
        # A row that is left empty lacks nothing.
        self.use_required_attribute = False

    def has_changed(self) -> bool:
        return any(str(self.data.get(self.add_prefix(name)) or "").strip() for name in self.counted)

    def newcomer(self) -> Bilingual | None:
        """Return what the row adds that no other row of the page may add as well, if anything."""
        return None

    def add(self, newcomers: Newcomers) -> None:
        raise NotImplementedError

    def refuse(self, error: ValidationError) -> None:
        """Put what the domain refuses beside the fields that it is about, as one may read it."""
        told = said_to(self.user, error)
        by_field = getattr(told, "error_dict", {NON_FIELD_ERRORS: getattr(told, "error_list", [])})
        for name, errors in by_field.items():
            here = self.names.get(name, name)
            self.add_error(here if here in self.fields else None, errors)


class RowsFormSet(forms.BaseFormSet):
    """Rows to add. Those that begin with something are no rows that are there already."""

    def initial_form_count(self) -> int:
        return 0

    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.counted():
            row = form.newcomer() if form.is_valid() else None
            keys = row.likeness_keys() if row is not None else set()
            if seen & keys:
                form.add_error(
                    None, _("Another row on this page has this name. Remove one of them.")
                )
            seen |= keys

    def counted(self) -> Iterator[RowForm]:
        return (form for form in self.forms if form.has_changed())

    def add_all_or_none(self, newcomers: Newcomers) -> int | None:
        """Add every row that counts, and return how many; nothing where one is refused.

        Then the forms say why, and none is added.
        """
        if not self.is_valid():
            return None
        count = 0
        with transaction.atomic():
            for form in self.counted():
                try:
                    form.add(newcomers)
                except ValidationError as error:
                    form.refuse(error)
                    transaction.set_rollback(True)
                    return None
                count += 1
        return count


@dataclass(frozen=True)
class Rows:
    """What a page takes in rows: their form, what they begin with, and who may add them.

    ``done`` is an ``ngettext_lazy`` of ``count``.
    """

    form: type[RowForm]
    title: Words
    help_text: Words
    done: Words
    permissions: Sequence[str]
    begin: Callable[[Event, User], list[dict[str, Any]]] = lambda event, user: []
    empty: int = 3
    # What of the event all rows offer, which is read once for the page.
    reads: Sequence[str] = ()

    def may_be_added_by(self, user: Person) -> bool:
        return user.has_perms(self.permissions)

    def formset(self, event: Event, user: User, data: Any = None) -> RowsFormSet:
        """Return the rows to show, or those that were sent."""
        prefetch_related_objects([event], *self.reads)
        initial = self.begin(event, user) if data is None else []
        made: Any = forms.formset_factory(
            self.form,
            formset=RowsFormSet,
            extra=len(initial) + self.empty,
            max_num=MOST,
            absolute_max=MOST,
            validate_max=True,
        )
        form_kwargs = {"event": event, "user": user}
        rows: RowsFormSet = made(data, initial=initial, prefix="rows", form_kwargs=form_kwargs)
        return rows
