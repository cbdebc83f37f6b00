"""Which texts lack a language, or have one that is older than its source."""

from django.contrib import admin
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.kit.actions import Action, ForSelected
from events.models.scope import readable

# The filter's values and what each selects; the desk links to them.
LACKS_ENGLISH, LACKS_CHINESE = "lacks-en", "lacks-zh"
CHINESE_OLDER, ENGLISH_OLDER = "older-zh", "older-en"


def selected(rows: QuerySet, value: str) -> QuerySet:
    """Return the rows of a bilingual queryset that the filter's value selects."""
    return {
        LACKS_ENGLISH: lambda: rows.lacking_translation("en"),
        LACKS_CHINESE: lambda: rows.lacking_translation("zh-hans"),
        CHINESE_OLDER: lambda: rows.filter(outdated_language="zh-hans"),
        ENGLISH_OLDER: lambda: rows.filter(outdated_language="en"),
    }[value]()


class TranslationFilter(admin.SimpleListFilter):
    title = _("translation")
    parameter_name = "translation"

    def __init__(self, request, params, model, model_admin):
        self.parts = [
            model._meta.get_field(name) for name in getattr(model_admin, "translation_parts", ())
        ]
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [
            (LACKS_ENGLISH, _("lacks English")),
            (LACKS_CHINESE, _("lacks Chinese")),
            (CHINESE_OLDER, _("Chinese older than English")),
            (ENGLISH_OLDER, _("English older than Chinese")),
        ]

    def queryset(self, request, queryset):
        value = self.value()
        if value not in dict(self.lookup_choices):
            return queryset
        own = selected(type(queryset)(queryset.model), value)
        wanted = Q(pk__in=own.values("pk"))
        for part in self.parts:
            theirs = readable(part.related_model.objects.all(), request.user)
            rows = selected(theirs, value)
            wanted |= Q(pk__in=rows.values(part.field.attname))
        return queryset.filter(wanted)


def _parts(
    model_admin: admin.ModelAdmin, obj: models.Model, request: HttpRequest | None = None
) -> list[models.Model]:
    """Return the parts that are out of date; of a request, those that its reader works on."""
    found = []
    for name in model_admin.translation_parts:
        rows = getattr(obj, name).outdated_translation()
        found += readable(rows, request.user) if request else rows
    return found


def _outdated(model_admin: admin.ModelAdmin, rows: QuerySet) -> QuerySet:
    """Leave of the rows those that are out of date, or of which a part is."""
    wanted = ~Q(outdated_language="")
    for name in model_admin.translation_parts:
        part = model_admin.model._meta.get_field(name)
        parts = part.related_model.objects.outdated_translation()
        wanted |= Q(pk__in=parts.values(part.field.attname))
    return rows.filter(wanted)


def _mark(model_admin: admin.ModelAdmin, request: HttpRequest, obj: models.Model) -> bool:
    """Say that both languages tell the same again, of the row and its bilingual parts."""
    parts = _parts(model_admin, obj, request)
    rows = [row for row in [obj, *parts] if row.outdated_language]
    for row in rows:
        row.mark_translated()
        row.save()
    return bool(rows)


MARK_TRANSLATED = Action(
    name="mark-translated",
    label=_("Mark translation as up to date"),
    explanation=_(
        "Mark the older text as up to date, once you have compared both languages and it "
        "needed no change."
    ),
    run=lambda model_admin, request, obj, given: _mark(model_admin, request, obj) and None,
    done=_("The translation is marked as up to date."),
    offered=lambda model_admin, obj: bool(obj.outdated_language) or bool(_parts(model_admin, obj)),
    selected=ForSelected(
        label=_("Mark the selected translations as up to date"),
        rows=lambda model_admin, request, rows: _outdated(model_admin, rows),
        done=lambda count: (
            ngettext(
                "The translation of %(count)d row is marked as up to date.",
                "The translations of %(count)d rows are marked as up to date.",
                count,
            )
            % {"count": count}
        ),
    ),
)
