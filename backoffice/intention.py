from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice import intention_fields
from backoffice.amendment import AMEND, AmendmentInline
from backoffice.document import ATTACH, DocumentInline
from backoffice.follow_up_actions import PLAN, FollowUpInline
from backoffice.intention_actions import ABANDON, OUTCOMES, VOID
from backoffice.intention_exports import INTENTIONS
from backoffice.intention_inlines import IntentionForm, IntentionProjectInline, SignatoryInline
from backoffice.intention_list import IntentionList
from backoffice.kit.bilingual import BilingualAdmin
from backoffice.kit.demonstration import without_mark
from backoffice.kit.labels import pair
from backoffice.kit.model_admin import name_what_is_no_draft, offer_to_delete_drafts
from backoffice.signed_terms import course_table, snapshot_table
from backoffice.signing import SIGN
from projects.models import Amendment, CooperationIntention, IntentionProject, Signatory
from summit.lib.i18n.languages import Words, listed, spoken_names
from summit.lib.i18n.money import money

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldOpts as FieldOptions
    from django.contrib.admin.options import _FieldsetSpec as Fieldsets

# One name, or several that stand beside each other.
type Line = str | list[str] | tuple[str, ...]

OF_TODAY = ("event", "session")
PARTIES = ("company", "expert", "expert_organization")
PUBLICATION = ("is_public", "shows_amounts", "is_demonstration")


@admin.register(CooperationIntention)
class CooperationIntentionAdmin(IntentionList):
    form = IntentionForm
    formfield_overrides = intention_fields.FORMFIELDS
    # One that says ``of_signed`` is left out of the page of a draft, and the other way round.
    inlines = [
        *(IntentionProjectInline, SignatoryInline, AmendmentInline),
        *(DocumentInline, FollowUpInline),
    ]
    actions = [
        SIGN,
        *OUTCOMES,
        AMEND,
        ATTACH,
        PLAN,
        VOID,
        ABANDON,
        INTENTIONS,
        *BilingualAdmin.actions,
    ]
    panels = [offer_to_delete_drafts]
    autocomplete_fields = [*OF_TODAY, *PARTIES]
    fieldsets = [
        (None, {"fields": [OF_TODAY, ("signed_on", *PUBLICATION)]}),
        (_("Parties"), {"fields": [PARTIES]}),
        (_("Texts"), {"fields": [pair("subject"), pair("purpose")]}),
        (
            _("Terms"),
            {
                "fields": [
                    ("valid_until", "governing_language"),
                    "text_languages",
                    ("intended_amount", "intended_currency"),
                ]
            },
        ),
    ]
    signed_fieldsets: "Fieldsets" = [
        (None, {"fields": ["shown_reference", "as_signed"]}),
        (pgettext_lazy("of an intention", "Outcome"), {"fields": ["course"]}),
        (
            _("Terms in force"),
            {
                "fields": [
                    ("valid_until", "shown_text_languages"),
                    ("governing_language", "shown_intended_amount"),
                ],
                "description": _("With all amendments. The terms as signed are shown above."),
            },
        ),
        (_("On public pages"), {"fields": [PUBLICATION]}),
        (_("Where it belongs today"), {"fields": [OF_TODAY, PARTIES]}),
    ]
    instead_of_deleting = _(
        "What was signed stays on record: record the contract or that it lapsed, or terminate it. "
        "Untick “public” to take it off the public pages. A draft can be abandoned."
    )
    history_parts = {
        IntentionProject: "intention_id",
        Signatory: "intention_id",
        Amendment: "intention_id",
    }

    def lock_row(self, key: int) -> None:
        # Nobody edits what another one is signing at this moment.
        CooperationIntention.objects.select_for_update(no_key=True).filter(pk=key).first()

    def get_inlines(
        self, request: HttpRequest, obj: CooperationIntention | None
    ) -> list[type[InlineModelAdmin]]:
        is_signed = obj is not None and obj.was_signed
        other = "of_draft" if is_signed else "of_signed"
        empty = {
            each
            for each, name in ((AmendmentInline, "amendments"), (DocumentInline, "documents"))
            if is_signed and not getattr(obj, name).exists()
        }
        return [
            each for each in self.inlines if not getattr(each, other, False) and each not in empty
        ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: CooperationIntention | None = None
    ) -> list[str]:
        shown = [
            *("shown_reference", "as_signed", "course"),
            *("shown_text_languages", "shown_intended_amount"),
        ]
        if obj is None or obj.is_draft:
            return shown
        return [*shown, *CooperationIntention.SIGNED_FIELDS]

    def get_fieldsets(
        self, request: HttpRequest, obj: CooperationIntention | None = None
    ) -> "Fieldsets":
        # What the base returns stands for the fieldsets of a draft.
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and obj.was_signed:
            return without_mark(self.signed_fieldsets, obj)
        if obj is None or (obj.is_draft and self.has_change_permission(request, obj)):
            return fieldsets
        return _read_only(fieldsets)

    def explain_kept(self, request: HttpRequest, rows: Sequence[CooperationIntention]) -> list[str]:
        return name_what_is_no_draft(rows)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete the drafts; one that somebody signs at this moment stays."""
        with transaction.atomic():
            rows = CooperationIntention.objects.select_for_update(no_key=True)
            drafts = rows.filter(pk__in=queryset.values("pk"), status="draft").order_by("pk")
            keys = [draft.pk for draft in drafts]
            super().delete_queryset(request, CooperationIntention.objects.filter(pk__in=keys))

    def view_on_site(self, obj: CooperationIntention) -> str | None:
        """The public page, where there is one, or the one that only staff see."""
        return obj.get_absolute_url() if obj.was_signed else None

    @admin.display(description=_("as signed"))
    def as_signed(self, intention: CooperationIntention) -> str:
        return snapshot_table(intention)

    @admin.display(description=_("course"))
    def course(self, intention: CooperationIntention) -> str:
        return course_table(intention)

    @admin.display(description=_("intended amount"))
    def shown_intended_amount(self, intention: CooperationIntention) -> str:
        return money(intention.intended_amount, intention.intended_currency) or "—"

    @admin.display(description=_("languages of the text"))
    def shown_text_languages(self, intention: CooperationIntention) -> str:
        return listed(spoken_names(intention.text_languages)) or "—"


def _read_only(fieldsets: "Fieldsets") -> "Fieldsets":
    """Return them for a page that nobody edits, with what became of the row."""
    swapped: list[tuple[Words | None, FieldOptions]] = [
        (name, {"fields": [_worded(line) for line in options["fields"]]})
        for name, options in fieldsets
    ]
    return [*swapped, (pgettext_lazy("of an intention", "Outcome"), {"fields": ["course"]})]


def _worded(line: Line) -> Line:
    return "shown_text_languages" if line == "text_languages" else line
