"""Who interprets at the meetings of an event, between which languages, and when they are there."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.kit.actions import Action, Facts, ForSelected
from backoffice.kit.edit_conflicts import VersionedAdmin
from backoffice.kit.guard import GuardedChangeList
from backoffice.kit.private_search import PrivateChangeList, PrivateSearch
from backoffice.kit.searched_filters import by_event
from backoffice.meeting_times import TimesInline
from backoffice.meeting_words import hours_of, tell_concerned
from events.models import Session
from meetings.domain import interpreters
from meetings.domain.concerned import concerned_by
from meetings.models import Interpreter, Placement, Presence
from summit.lib.i18n.languages import SPOKEN, listed
from summit.lib.web.requests import StaffRequest


class InterpreterChangeList(GuardedChangeList, PrivateChangeList):
    pass


class InterpreterForm(forms.ModelForm):
    languages = forms.MultipleChoiceField(
        label=_("Interprets between"), choices=SPOKEN, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "sessions" in self.fields:
            field: Any = self.fields["sessions"]
            field.queryset = Session.objects.filter(event=self.instance.event_id)
            field.label_from_instance = lambda session: session.title_and_start

    def clean_languages(self) -> list[str]:
        languages: list[str] = self.cleaned_data["languages"]
        refuse_one_language(languages)
        return languages


def refuse_one_language(languages: list[str]) -> None:
    if len(languages) < 2:
        raise forms.ValidationError(_("Choose two languages or more."), code="one_language")


class PresenceInline(TimesInline):
    model = Presence
    verbose_name_plural = _("times of presence (none: always there)")


def _facts(rows: QuerySet[Interpreter]) -> Facts:
    """Say of each who is placed with them, and how to reach them, since no mail is sent."""
    keys = rows.order_by().values("pk")
    placed = concerned_by(Placement.objects.filter(interpreter__in=keys))
    return [
        (
            listed(filter(None, [row.name, row.phone, row.email])),
            "\n".join(
                f"{hours_of(each.placement.slot)} {tell_concerned([each])}"
                for each in placed
                if each.placement.interpreter_id == row.pk
            )
            or gettext("Interprets at no meeting that is placed."),
        )
        for row in rows
    ]


def _delete(
    _admin: ModelAdmin, request: StaffRequest, rows: QuerySet[Interpreter], _given: dict[str, Any]
) -> int:
    return interpreters.delete_interpreters(rows, by=request.user, request=request)


EXPLAINED = _(
    "The meetings at which the person was to interpret keep their time and table, and lack an "
    "interpreter: choose another one in the schedule. No e-mail is sent, so tell the person "
    "yourself."
)

DELETE_INTERPRETERS: Action[Interpreter] = Action(
    name="delete-interpreters",
    label=_("Delete the interpreter"),
    explanation=EXPLAINED,
    run=lambda admin, request, row, given: _delete_one(request, row),
    done=_("The interpreter is deleted."),
    permission="meetings.delete_interpreter",
    is_grave=True,
    facts=lambda row: _facts(Interpreter.objects.filter(pk=row.pk)),
    facts_title=_("Whom it concerns"),
    selected=ForSelected(
        label=_("Delete the selected interpreters"),
        explanation=EXPLAINED,
        rows=lambda admin, request, rows: rows,
        run=_delete,
        done=ngettext_lazy(
            "%(count)d interpreter was deleted.", "%(count)d interpreters were deleted.", "count"
        ),
        facts=_facts,
    ),
)


def _delete_one(request: StaffRequest, row: Interpreter) -> None:
    interpreters.delete_interpreters([row], by=request.user, request=request)


@admin.register(Interpreter)
class InterpreterAdmin(PrivateSearch, VersionedAdmin):
    changelist_class = InterpreterChangeList
    form = InterpreterForm
    actions = [DELETE_INTERPRETERS]
    inlines = [PresenceInline]
    unrecorded = (
        *("name", "email", "phone", "language", "languages", "sessions"),
        *("presences__starts_at", "presences__ends_at"),
    )
    list_display = ["name", "event", "between"]
    list_filter = [by_event("event")]
    list_select_related = ["event"]
    search_fields = ["name", "sort_name"]
    search_help_text = _("Name, also in pinyin.")
    ends_on = "interpreters"
    fields = ["event", "name", ("email", "phone"), "language", "languages", "sessions"]
    readonly_fields = ["event"]

    @admin.display(description=pgettext_lazy("interpreter", "between"))
    def between(self, row: Interpreter) -> str:
        return listed(row.languages_in_words)

    def has_add_permission(self, request: HttpRequest) -> bool:
        # On the page of the event.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Interpreter | None = None) -> bool:
        # An action says before whom it concerns.
        return False

    def lock_row(self, key: int) -> None:
        Interpreter.objects.select_for_update(no_key=True).filter(pk=key).first()
