"""What every admin page of a bilingual model has in common."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from backoffice.kit.autocomplete import KeyChoices
from backoffice.kit.deletion import PlainDeletion
from backoffice.kit.history import HistoryMixin
from backoffice.kit.labels import labels, language_of
from backoffice.kit.meanwhile import ChangedMeanwhile
from backoffice.kit.pictures import RoomForPictures
from backoffice.kit.readers import for_reader
from backoffice.kit.scope import ChoicesInScope
from backoffice.kit.translation import MARK_TRANSLATED, TranslationFilter, mark_translated
from backoffice.kit.verbs import VerbsMixin
from summit.lib.i18n.bilingual import text_in
from summit.lib.i18n.languages import CONTENT_LANGUAGES, TAGS, column


class SummitFields(KeyChoices, ChoicesInScope):
    """Says of each half of a bilingual pair which language it is in. For admins and inlines.

    Forms and formsets of it that are ``ForReader`` know who that is.
    """

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **{"labels": labels(self.model), **kwargs})
        return for_reader(form, request.user)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **{"labels": labels(self.model), **kwargs})
        return for_reader(formset, request.user)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            # A cross beside a name looks like "not this one", and would delete it everywhere.
            field.widget.can_delete_related = False
        language = language_of(db_field)
        if field is not None and language:
            # Fonts, hyphenation and spell checking follow it.
            field.widget.attrs["lang"] = TAGS[language]
            if isinstance(db_field, models.TextField):
                field.widget.attrs["rows"] = 4 if db_field.max_length else 9
        return field


class PinyinSearch:
    """Finds 王伟 by ``wangwei`` as well as by ``wang wei``."""

    def get_search_results(self, request, queryset, search_term):
        found, duplicates = super().get_search_results(request, queryset, search_term)
        compact = "".join(search_term.split()).lower()
        if compact.isascii() and compact:
            by_pinyin = self.model._base_manager.alias(
                compact_pinyin=Replace("pinyin", Value(" "), Value(""))
            ).filter(compact_pinyin__contains=compact)
            found = queryset.filter(
                Q(pk__in=found.order_by().values("pk")) | Q(pk__in=by_pinyin.values("pk"))
            )
        return found, duplicates


class BilingualForm(forms.ModelForm):
    """A form that is refused leaves its row the slug that is stored: its page links to it."""

    def _post_clean(self):
        stored = getattr(self.instance, "slug", "")
        super()._post_clean()
        if self.errors and stored:
            self.instance.slug = stored


class BilingualAdmin(
    RoomForPictures,
    SummitFields,
    VerbsMixin,
    PlainDeletion,
    ChangedMeanwhile,
    HistoryMixin,
    SimpleHistoryAdmin,
):
    """A page of a bilingual model: pairs of fields, filters by translation, verbs, history."""

    form = BilingualForm
    actions = [mark_translated]
    verbs = [MARK_TRANSLATED]
    save_on_top = True
    list_per_page = 50
    # Relations whose rows are edited on this page and are bilingual as well.
    translation_parts: tuple[str, ...] = ()

    def get_list_filter(self, request):
        return [*super().get_list_filter(request), TranslationFilter]

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def event_in_sight(self, obj):
        """Return the event that a row belongs to, which its pages name at the top."""
        return getattr(obj, "event", None)


@admin.display(description=_("languages"))
def languages(obj: models.Model) -> str:
    """Say which language is missing or behind, in a column that costs no query."""
    missing = [
        language
        for language in CONTENT_LANGUAGES
        if any(
            text_in(obj, name, other) and not text_in(obj, name, language)
            for name in obj.bilingual_names()
            for other in CONTENT_LANGUAGES
        )
    ]
    notes = [
        {"en": _("lacks English"), "zh-hans": _("lacks Chinese")}[language] for language in missing
    ]
    if obj.outdated_language:
        notes.append(
            {"en": _("English is older"), "zh-hans": _("Chinese is older")}[obj.outdated_language]
        )
    if not notes:
        return format_html('<span class="both-languages">{}</span>', "EN · 中文")
    return format_html_join(" ", '<span class="lacking">{}</span>', ((note,) for note in notes))


def both(name: str, description: str):
    """Return a list column that shows a bilingual text in both languages, one under the other."""

    @admin.display(description=description, ordering=column(name, "en"))
    def show(obj: models.Model) -> str:
        first = getattr(obj, name)
        others = [text_in(obj, name, language) for language in CONTENT_LANGUAGES]
        second = next((text for text in others if text and text.lang != first.lang), None)
        shown = first.in_span
        if second is None:
            return shown
        return format_html(
            '{} <span class="other-language"{}>{}</span>', shown, second.lang_attr, second
        )

    return show
