"""The page of a call: what is asked and of whom, and how much has come in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.call_import import import_urls, link_to_import, may_import
from backoffice.call_notice import link_to_notice, notice_urls
from backoffice.call_pages import link_to_submissions
from backoffice.call_summary import link_to_summary, summary_urls
from backoffice.kit.actions import Action, Button
from backoffice.kit.bilingual import BilingualAdmin, BilingualForm, both, languages
from backoffice.kit.columns import count_column, status_column
from backoffice.kit.demonstration import without_mark
from backoffice.kit.fields import SummitFields
from backoffice.kit.labels import pair
from backoffice.kit.model_admin import name_what_is_no_draft, offer_to_delete_drafts
from backoffice.kit.scope import RowsInScope
from backoffice.kit.searched_filters import by_event, by_series
from backoffice.kit.zones import FORMFIELDS, short_moment
from events.models import Event
from submissions.domain import call as domain
from submissions.domain.attachment import space_of
from submissions.fields import fields_of_kind
from submissions.models import Call, CallDistrict, Submission
from summit.lib.database.numbers import fits_bigint
from summit.lib.i18n.languages import Words
from summit.lib.web.moment_fields import set_zone

CALL_ACTIONS: list[Action[Call]] = [
    Action(
        name="publish",
        label=_("Publish"),
        explanation=_(
            "Everyone will be able to see the call. From the time at which it opens until it "
            "closes, everyone can hand something in."
        ),
        run=lambda admin, request, call, given: domain.publish(call, by=request.user),
        done=_("“%(object)s” has been published."),
        offered=lambda admin, call: call.is_draft,
        is_main=True,
    ),
    Action(
        name="unpublish",
        label=_("Take off the site"),
        explanation=_(
            "The page of the call is no longer public, and nothing can be sent. What was handed in "
            "or saved is kept."
        ),
        run=lambda admin, request, call, given: domain.unpublish(call, by=request.user),
        done=_("“%(object)s” is a draft again."),
        offered=lambda admin, call: not call.is_draft,
        is_grave=True,
    ),
]


class CallForm(BilingualForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self._event_chosen()
        set_zone(self, (Call(event=chosen)).zone)
        for name in ("asked", "required"):
            if name in self.fields:
                self._offer_keys(name)

    def _event_chosen(self) -> Event | None:
        """Return the event that is sent, or that of the call: its clock is that of the times."""
        sent = self.data.get("event", "") if self.is_bound else ""
        if sent and fits_bigint(sent):
            return Event.objects.filter(pk=sent).first()
        return self.instance.event

    def _offer_keys(self, name: str) -> None:
        fields = [each for each in fields_of_kind(self.instance.kind) if not each.is_always_asked]
        kept = [each.key for each in fields if each.key in getattr(self.instance, name)]
        self.initial[name] = kept
        old = self.fields[name]
        self.fields[name] = forms.MultipleChoiceField(
            label=old.label,
            help_text=old.help_text,
            required=False,
            choices=[(each.key, each.label) for each in fields],
            widget=forms.CheckboxSelectMultiple,
        )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        opens, closes = given.get("opens_at"), given.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The call must close after it opens."))
        if "asked" in given and "required" in given:
            given["asked"] = [*given["asked"], *set(given["required"]) - set(given["asked"])]
        return cleaned

    def _post_clean(self) -> None:
        row = self.instance
        if row.pk is None and not row.asked:
            # A new one asks for all there is, until organizers take something out.
            kind = self.cleaned_data.get("kind", "")
            row.asked = [each.key for each in fields_of_kind(kind)]
        super()._post_clean()


class CallDistrictInline(RowsInScope, SummitFields, admin.TabularInline):
    model = CallDistrict
    fields = ["district", "target"]
    autocomplete_fields = ["district"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[CallDistrict]:
        return super().get_queryset(request).select_related("district", "call")


_BASICS: list[Any] = [
    pair("title"),
    ("event", "series"),
    ("opens_at", "closes_at"),
    ("kind", "slug", "is_demonstration"),
]
_ASKED = (
    _("What is asked"),
    {
        "fields": [("asked", "required")],
        "description": _(
            "The name, the company and the contact person are always asked. Short forms are filled "
            "in more often."
        ),
    },
)
_TEXTS = (_("Texts"), {"fields": [pair("text")]})
_WHO = (_("Who takes part"), {"fields": ["departments", "attachment_quota_mb", "shown_space"]})


@admin.register(Call)
class CallAdmin(BilingualAdmin):
    form = CallForm
    formfield_overrides = FORMFIELDS
    panels = [offer_to_delete_drafts]
    actions = [*CALL_ACTIONS, *BilingualAdmin.actions]
    inlines = [CallDistrictInline]
    autocomplete_fields = ["event", "series", "departments"]
    list_display = [
        both("title", _("title")),
        *("state", "kind", "shown_of", "shown_closes_at"),
        *("submission_count", languages),
    ]
    list_filter = ["status", "kind", by_event("event"), by_series("series")]
    list_select_related = ["event", "series"]
    date_hierarchy = "closes_at"
    search_fields = ["search_text"]
    views_with_files = ["submissions_call_import"]
    instead_of_deleting = _(
        "Take the call off the site: its page is no longer public, and what was handed in stays."
    )

    def get_fieldsets(self, request: HttpRequest, obj: Call | None = None) -> Any:
        fieldsets: list[Any] = [(None, {"fields": _BASICS}), _TEXTS]
        return without_mark([*fieldsets, *([_ASKED] if obj else []), _WHO], obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Call | None = None) -> Any:
        # What is asked depends on the kind.
        shown = ["shown_space", *(["kind"] if obj else [])]
        return [*super().get_readonly_fields(request, obj), *shown]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        handed_in = ~Q(submissions__status__in=Submission.NOT_HANDED_IN)
        counted = Count("submissions", filter=handed_in & Q(submissions__isnull=False))
        return super().get_queryset(request).annotate(submissions_here=counted)

    def get_urls(self) -> list[URLPattern]:
        return [*import_urls(self), *summary_urls(self), *notice_urls(self), *super().get_urls()]

    def actions_for(self, request: HttpRequest, obj: Call) -> list[tuple[Button, str]]:
        may_review = request.user.has_perm("submissions.view_submission")
        return [
            *super().actions_for(request, obj),
            *([link_to_submissions(obj)] if may_review else []),
            *([link_to_import(obj)] if may_import(self, request, obj) else []),
            link_to_summary(obj),
            link_to_notice(obj),
        ]

    def explain_kept(self, request: HttpRequest, rows: Sequence[Call]) -> list[str]:
        """Say what is published, and how much was handed in or saved."""
        words = gettext("%(count)s submissions and drafts to “%(call)s”")
        counts = [(row, row.submissions.count()) for row in rows]
        told = [words % {"count": count, "call": row} for row, count in counts if count]
        return [*name_what_is_no_draft(rows), *told]

    @admin.display(description=_("status"), ordering="status")
    def state(self, call: Call) -> str:
        """The status, and below it whether it is open now."""
        mark = status_column(self, call)
        if call.is_draft:
            return mark
        words: Words = _("open now") if call.is_open else _("closed")
        if not call.has_opened:
            words = _("not open yet")
        return format_html('{} <div class="other-language">{}</div>', mark, words)

    @admin.display(description=_("event or series"))
    def shown_of(self, call: Call) -> str:
        address = f"admin:events_{call.of._meta.model_name}_change"
        url = reverse(address, args=[call.of.pk])
        return format_html('<a href="{}">{}</a>', url, call.of.title.in_span)

    @admin.display(description=_("closes at"), ordering="closes_at")
    def shown_closes_at(self, call: Call) -> str:
        return short_moment(call.closes_at, call.zone)

    @admin.display(description=_("space used"))
    def shown_space(self, call: Call) -> str:
        if call.pk is None:
            return "—"
        space = space_of(call)
        numbers = {"used": filesizeformat(space.used), "allowed": filesizeformat(space.allowed)}
        return gettext("%(used)s of %(allowed)s") % numbers

    submission_count = count_column("submissions_here", _("submissions"))
