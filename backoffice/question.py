"""The questions of an event, edited: what people chose before keeps its meaning."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.kit.fields import SummitFields
from backoffice.kit.inline_rows import count_rows
from backoffice.kit.labels import pair
from registrations.models import Answer, Question
from registrations.models.option import (
    Option,
    Texts,
    in_both_languages,
    lines_of,
    match_options,
    rows_of,
)
from summit.lib.i18n.languages import CONTENT_LANGUAGES, column, listed

QUESTION = (
    ("kind", "is_required", "order"),
    pair("text"),
    pair("options"),
    ("is_sensitive", "kept_days"),
)
REMOVED = "removed"


class BecameWidget(forms.Widget):
    """Asks of each option that is gone from the lines what it is now; hidden where none is.

    Its value is a dictionary of choices by the keys of options.
    """

    def __init__(self) -> None:
        super().__init__()
        # (key, label, choices)
        self.gone: list[tuple[str, str, list[tuple[str, str]]]] = []

    @property
    def is_hidden(self) -> bool:
        return not self.gone

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> dict[str, str]:
        start = f"{name}-"
        return {key.removeprefix(start): data[key] for key in data if key.startswith(start)}

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = value if isinstance(value, dict) else {}
        return format_html_join(
            "",
            '<p><label for="{}">{}</label> {}</p>',
            (
                (
                    f"id_{name}-{key}",
                    label,
                    forms.Select(choices=choices).render(
                        f"{name}-{key}", chosen.get(key), {"id": f"id_{name}-{key}"}
                    ),
                )
                for key, label, choices in self.gone
            ),
        )


class BecameField(forms.Field):
    widget = BecameWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class QuestionForm(forms.ModelForm):
    """Asks what an option that people chose has become where its line is gone."""

    became = BecameField(label=_("Options no longer listed"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.renamed: dict[str, Texts] = {}

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.instance.pk and not self.errors and self.instance.has_options:
            self._ask_what_became()
        return self.cleaned_data

    def _ask_what_became(self) -> None:
        before = self.instance.all_options
        rows = rows_of(
            {
                code: lines_of(self.cleaned_data[column("options", code)])
                for code in CONTENT_LANGUAGES
            }
        )
        after = match_options(before, rows)
        offered = {option.key for option in after if option.is_offered}
        gone = [option for option in before if option.is_offered and option.key not in offered]
        chosen = self._count_answers() if gone else Counter()
        gone = [option for option in gone if chosen[option.key]]
        known = {option.key for option in before}
        new = {
            in_both_languages(option.texts): option.texts
            for option in after
            if option.key not in known
        }
        said = self.cleaned_data.get("became") or {}
        self.renamed = {
            option.key: new[said[option.key]] for option in gone if said.get(option.key) in new
        }
        is_said = all(said.get(option.key) in (REMOVED, *new) for option in gone)
        is_one_each = len({str(texts) for texts in self.renamed.values()}) == len(self.renamed)
        if not is_said or not is_one_each:
            self._ask(gone, chosen, list(new))
            self._explain(gone, chosen, is_said)

    def _count_answers(self) -> Counter[str]:
        """Return how many people chose each option, by key. One query, all answers."""
        answers = Answer.objects.filter(question=self.instance.pk).only("value")
        return Counter(key for answer in answers.iterator() for key in answer.keys)

    def _ask(self, gone: list[Option], chosen: Counter[str], new: list[str]) -> None:
        choices = [
            ("", "—"),
            *((text, gettext("renamed to “%(option)s”") % {"option": text}) for text in new),
            (REMOVED, gettext("removed: its answers keep the old wording")),
        ]
        widget = self.fields["became"].widget
        widget.gone = [(option.key, _with_count(option, chosen), choices) for option in gone]

    def _explain(self, gone: list[Option], chosen: Counter[str], is_said: bool) -> None:
        if is_said:
            words = gettext("Two options cannot be renamed to the same option.")
        else:
            words = gettext(
                "People have chosen options that are no longer listed: %(options)s. For each "
                "one, say whether it was renamed to one of the new options or removed. A "
                "removed option can no longer be chosen, and its answers keep the old "
                "wording."
            ) % {"options": listed(_with_count(option, chosen) for option in gone)}
        self.add_error("became", words)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's, which its stubs do not name
        if not self.errors:
            self.instance.keep_options(self.renamed)


def _with_count(option: Option, chosen: Counter[str]) -> str:
    number = chosen[option.key]
    return ngettext(
        "“%(option)s” (%(count)d answer)", "“%(option)s” (%(count)d answers)", number
    ) % {"option": option.in_both, "count": number}


class QuestionFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        if count_rows(self) > Question.MOST:
            raise forms.ValidationError(
                _("An event asks at most %(most)s questions. Remove one first."),
                params={"most": Question.MOST},
            )


class QuestionInline(SummitFields, admin.StackedInline):
    model = Question
    form = QuestionForm
    formset = QuestionFormSet
    fields = (*QUESTION, "became", "answered")
    readonly_fields = ("answered",)
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).annotate(answers_here=Count("answers"))

    @admin.display(description=_("answers"))
    def answered(self, question: Question) -> str:
        number: int = getattr(question, "answers_here", 0)
        if not number:
            return "0"
        return format_html(
            '{} <div class="quiet">{}</div>',
            number,
            gettext(
                "Answers stay as they are when options are added, moved or renamed. The kind "
                "can no longer be changed. Deleting the question deletes its answers."
            ),
        )
