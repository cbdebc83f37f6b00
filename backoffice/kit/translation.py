"""Which texts lack a language, or have one that is older than its source."""

from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.contrib import admin
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from backoffice.kit.actions import Action, ForSelected
from events.models.scope import readable
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet
from summit.lib.i18n.languages import Words
from summit.lib.web.requests import StaffRequest

if TYPE_CHECKING:
    from backoffice.kit.bilingual import BilingualAdmin

# The filter's values and what each selects; the desk links to them.
LACKS_ENGLISH, LACKS_CHINESE = "lacks-en", "lacks-zh"
CHINESE_OLDER, ENGLISH_OLDER = "older-zh", "older-en"


def selected[Row: Bilingual](rows: BilingualQuerySet[Row], value: str) -> BilingualQuerySet[Row]:
    """Return the rows of a bilingual queryset that the filter's value selects."""
    return {
        LACKS_ENGLISH: lambda: rows.lacking_translation("en"),
        LACKS_CHINESE: lambda: rows.lacking_translation("zh-hans"),
        CHINESE_OLDER: lambda: rows.filter(outdated_language="zh-hans"),
        ENGLISH_OLDER: lambda: rows.filter(outdated_language="en"),
    }[value]()


class _Part(NamedTuple):
    """All rows that are edited on the page of another, and the column in which they name it."""

    rows: BilingualQuerySet[Any]
    attname: str

    @classmethod
    def of(cls, model: type[models.Model], name: str) -> Self:
        relation = model._meta.get_field(name)
        if not isinstance(relation, models.ManyToOneRel):
            raise TypeError(f"{model.__name__} has no rows called {name}.")
        return cls(
            as_bilingual(relation.related_model._default_manager.all()), relation.field.attname
        )


def as_bilingual(rows: QuerySet[Any]) -> BilingualQuerySet[Any]:
    """Return the rows of a bilingual model as what they are. Raises ``TypeError`` for others."""
    if not isinstance(rows, BilingualQuerySet):
        raise TypeError(f"{rows.model.__name__} is not bilingual.")
    return rows


class TranslationFilter(admin.SimpleListFilter):
    title = _("translation")
    parameter_name = "translation"

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, list[str]],
        model: type[models.Model],
        model_admin: admin.ModelAdmin,
    ) -> None:
        names = getattr(model_admin, "translation_parts", ())
        self.parts = [_Part.of(model, name) for name in names]
        super().__init__(request, params, model, model_admin)

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        return [
            (LACKS_ENGLISH, _("lacks English")),
            (LACKS_CHINESE, _("lacks Chinese")),
            (CHINESE_OLDER, _("Chinese older than English")),
            (ENGLISH_OLDER, _("English older than Chinese")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value is None or value not in dict(self.lookup_choices):
            return queryset
        own = selected(as_bilingual(type(queryset)(queryset.model)), value)
        wanted = Q(pk__in=own.values("pk"))
        for part in self.parts:
            rows = selected(readable(part.rows, request.user), value)
            wanted |= Q(pk__in=rows.values(part.attname))
        return queryset.filter(wanted)


def _parts(
    model_admin: "BilingualAdmin", obj: Bilingual, request: HttpRequest | None = None
) -> list[Bilingual]:
    """Return the parts that are out of date; of a request, those that its reader works on."""
    found: list[Bilingual] = []
    for name in model_admin.translation_parts:
        rows = getattr(obj, name).outdated_translation()
        found += readable(rows, request.user) if request else rows
    return found


def _outdated(model_admin: "BilingualAdmin", rows: QuerySet[Bilingual]) -> QuerySet[Bilingual]:
    """Leave of the rows those that are out of date, or of which a part is."""
    wanted = ~Q(outdated_language="")
    for name in model_admin.translation_parts:
        part = _Part.of(model_admin.model, name)
        wanted |= Q(pk__in=part.rows.outdated_translation().values(part.attname))
    return rows.filter(wanted)


def _mark(
    model_admin: "BilingualAdmin", request: StaffRequest, obj: Bilingual, _given: dict[str, Any]
) -> None:
    """Say that both languages tell the same again, of the row and its bilingual parts."""
    for row in [obj, *_parts(model_admin, obj, request)]:
        if row.outdated_language:
            row.mark_translated()
            row.save()


MARK_TRANSLATED: Action[Bilingual] = Action(
    name="mark-translated",
    label=_("Mark translation as up to date"),
    explanation=_(
        "Marks the older text as up to date. Use this when you have compared both languages "
        "and nothing had to be changed."
    ),
    run=_mark,
    done=_("The translation is marked as up to date."),
    offered=lambda model_admin, obj: bool(obj.outdated_language) or bool(_parts(model_admin, obj)),
    selected=ForSelected(
        label=_("Mark the selected translations as up to date"),
        rows=lambda model_admin, request, rows: _outdated(model_admin, rows),
        done=ngettext_lazy(
            "The translation of %(count)d row is marked as up to date.",
            "The translations of %(count)d rows are marked as up to date.",
            "count",
        ),
    ),
)
