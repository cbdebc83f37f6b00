"""The base of the pages of bilingual models."""

import copy
import logging
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models.options import Options
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from backoffice.kit import alike
from backoffice.kit.actions import Button
from backoffice.kit.edit_conflicts import VersionedAdmin
from backoffice.kit.merging import MERGE, links_to_merge, may_merge, merge_url, merging_urls
from backoffice.kit.model_admin import Actions
from backoffice.kit.readers import ForReader
from backoffice.kit.translation import MARK_TRANSLATED, TranslationFilter
from events.domain.told_apart import without_told_apart
from events.models.scope import readable
from summit.lib.database.merged_rows import present_key
from summit.lib.database.numbers import fits_bigint
from summit.lib.files import pictures
from summit.lib.files.pictures import PictureNotStored
from summit.lib.i18n.bilingual import Bilingual, text_in
from summit.lib.i18n.languages import CONTENT_LANGUAGES, Words, column

log = logging.getLogger(__name__)

# What is said of a row that lacks neither language.
BOTH = "EN · 中文"
_NOT_STORED = "not_stored"


class BilingualForm(ForReader, forms.ModelForm):
    """A form that asks once whether a row like its own, which exists already, is another one.

    A form that is refused leaves its row the slug that is stored: its page links to it.
    """

    # Of the rows that it asks about; its page brings them back.
    alike_keys = ""

    def _post_clean(self) -> None:
        stored = getattr(self.instance, "slug", "")
        super()._post_clean()  # type: ignore[misc]  # of every form of Django
        self._ask_about_alike()
        if self.errors and stored:
            self.instance.slug = stored

    def _ask_about_alike(self) -> None:
        row = self.instance
        names = {column(name, each) for name in row.known_by for each in CONTENT_LANGUAGES}
        if not names.intersection(self.changed_data):
            return
        others = readable(without_told_apart(type(row)._default_manager.all(), row), self.reader)
        rows = others.alike(*row.likeness_keys())
        self.alike_keys = alike.keys_of(rows)
        if not alike.told_of(rows, self.data.get(alike.FIELD)):
            self.add_error(None, ValidationError(alike.explain(rows), code="alike"))


def _public_page(obj: Any) -> str | None:
    """Return the address of a row's page, as a model says it."""
    return obj.get_absolute_url()


class BilingualAdmin(VersionedAdmin):
    """The page of a bilingual model: pairs of fields, a filter by translation, pictures.

    Reads all pictures of a form before the transaction begins in which Django's
    ``changeform_view`` takes the form: on SQLite nobody else could write meanwhile. Says in
    the form that a picture or a file could not be stored, with all that was typed still in it.
    Where ``offers_merging``, it has pages of the rows that look alike, and to merge some.
    Overrides ``get_list_filter``, ``view_on_site``, ``changeform_view``, ``get_form``,
    ``get_urls``, ``render_change_form`` and ``_get_obj_does_not_exist_redirect``.
    """

    form = BilingualForm
    actions: Actions = [MARK_TRANSLATED]
    save_on_top = True
    list_per_page = 50
    # Relations whose rows are edited on this page and are bilingual as well.
    translation_parts: tuple[str, ...] = ()
    view_on_site: Callable[[Any], str | None] | bool = staticmethod(_public_page)
    offers_merging = False
    # Why the page refuses each form: a copy of it that answers a single request does.
    not_stored: Words = ""

    def get_urls(self) -> list[URLPattern]:
        urls = super().get_urls()
        return [*merging_urls(self), *urls] if self.offers_merging else urls

    def actions_for(self, request: HttpRequest, obj: Any) -> list[tuple[Button, str]]:
        offered = super().actions_for(request, obj)
        if self.offers_merging and may_merge(self, request, obj):
            offered.append((MERGE, merge_url(self.opts, [obj])))
        return offered

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if self.offers_merging and obj is not None and obj.pk and may_merge(self, request, obj):
            context["alike_rows"] = links_to_merge(self, obj, request.user)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Options, object_id: str
    ) -> HttpResponse:
        """Lead from a row that was merged into another to that one, as it is gone."""
        key = int(object_id) if fits_bigint(object_id) else 0
        present = present_key(self.model, key) if key and self.offers_merging else None
        if present is None or not self.model._base_manager.filter(pk=present).exists():
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]  # Django's own
        words = _("This was merged into the row below. What you typed before was not saved.")
        self.message_user(request, words, messages.WARNING)
        name = f"admin:{opts.app_label}_{opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[present]))

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_filter(request), TranslationFilter]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if self.has_add_permission(request) or self.has_change_permission(request):
            pictures.check_all(self.sent_pictures(request))
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except PictureNotStored:
            log.exception("A picture could not be stored")
            words: Words = pictures.NOT_STORED
        except ValidationError as error:
            # What stores a file refuses so, where the form itself was right.
            if getattr(error, "code", "") != _NOT_STORED:
                raise
            words = error.message
        # The transaction is rolled back: the same form again, which now has a reason to refuse.
        refusing = copy.copy(self)
        refusing.not_stored = words
        return super(BilingualAdmin, refusing).changeform_view(
            request, object_id, form_url, extra_context
        )

    def sent_pictures(self, request: HttpRequest) -> Iterator[File[Any]]:
        """Yield what each field of the form takes of what was sent."""
        for _name, sent in request.FILES.lists():
            yield sent[-1]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        if not self.not_stored:
            return form
        words = self.not_stored

        class Refused(form):  # type: ignore[misc, valid-type]  # made for one request
            def clean(self) -> dict[str, Any] | None:
                self.add_error(None, ValidationError(words, code=_NOT_STORED))
                return super().clean()

        return Refused


def translation_notes(obj: Bilingual) -> list[Words]:
    """Return which language is missing or behind, in words; costs no query."""
    missing = [
        language
        for language in CONTENT_LANGUAGES
        if any(
            text_in(obj, name, other) and not text_in(obj, name, language)
            for name in obj.bilingual_names()
            for other in CONTENT_LANGUAGES
        )
    ]
    notes: list[Words] = [
        {"en": _("lacks English"), "zh-hans": _("lacks Chinese")}[language] for language in missing
    ]
    if obj.outdated_language:
        notes.append(
            {"en": _("English is older"), "zh-hans": _("Chinese is older")}[obj.outdated_language]
        )
    return notes


@admin.display(description=_("languages"))
def languages(obj: Bilingual) -> str:
    """Say which language is missing or behind."""
    notes = translation_notes(obj)
    if not notes:
        return format_html('<span class="both-languages">{}</span>', BOTH)
    return format_html_join(" ", '<span class="lacking">{}</span>', ((note,) for note in notes))


def both(name: str, description: Words, *, sort_by: str = "") -> Callable[[Bilingual], str]:
    """Return a list column that shows a bilingual text in both languages, one under the other.

    Sorted by ``sort_by``, else by the English text.
    """

    @admin.display(description=description, ordering=sort_by or column(name, "en"))
    def show(obj: Bilingual) -> str:
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
