"""The mails that wait, were sent, or could not be delivered."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from backoffice.kit.actions import Action, ForSelected
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.searched_filters import by_event, by_series
from backoffice.kit.zones import moment_column
from mail import outbox
from mail.models import OutboundMail
from summit.lib.i18n.names import staff_name
from summit.lib.web.requests import StaffRequest

STUCK = (OutboundMail.Status.GIVEN_UP, OutboundMail.Status.UNKNOWN)


def _try_again(
    _admin: SummitAdmin, _request: StaffRequest, row: OutboundMail, _given: dict[str, Any]
) -> None:
    outbox.try_again([row])


TRY_AGAIN: Action[OutboundMail] = Action(
    name="try-again",
    label=_("Try again"),
    explanation=_("The mail is queued and sent within a minute, as if it had not been tried."),
    run=_try_again,
    done=_("The mail is queued: %(object)s."),
    offered=lambda admin, row: row.status in STUCK,
    selected=ForSelected(
        label=_("Try the selected mails again"),
        explanation=_("The mails are queued and sent within minutes."),
        rows=lambda admin, request, rows: rows.filter(status__in=STUCK),
        run=lambda admin, request, rows, given: outbox.try_again(rows),
        done=ngettext_lazy("%(count)d mail is queued.", "%(count)d mails are queued.", "count"),
    ),
)


def _zone(row: OutboundMail) -> ZoneInfo:
    return row.subject.event.zone if row.subject else timezone.get_current_timezone()


@admin.display(description=_("registration"))
def registration(row: OutboundMail) -> str:
    if row.subject is None:
        return "-"
    address = reverse("admin:registrations_registration_change", args=[row.subject_id])
    return format_html('<a href="{}">{}</a>', address, row.subject)


@admin.register(OutboundMail)
class OutboundMailAdmin(SummitAdmin):
    actions = [TRY_AGAIN]
    list_display = ["kind", "status", "about", "attempts", "next_try", "last_error", "sent"]
    list_filter = [
        "status",
        "kind",
        by_event("registration__event"),
        by_series("registration__event__series"),
    ]
    list_select_related = ["user"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    # Not by its name, which is also that of the relation by which registrations have mails.
    fields = readonly_fields = (  # type: ignore[assignment]  # Django takes functions as well
        *("kind", registration, "user", "status", "attempts", "created", "next_try"),
        *("sent", "last_error"),
    )
    created = moment_column(OutboundMail, "created_at", zone=_zone)
    next_try = moment_column(OutboundMail, "next_try_at", zone=_zone)
    sent = moment_column(OutboundMail, "sent_at", zone=_zone)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboundMail]:
        return super().get_queryset(request).prefetch_related("subject__event")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # There is nothing to save: who may try a mail again has a button.
        buttons = {"show_save": False, "show_save_and_continue": False}
        return super().change_view(
            request, object_id, form_url, {**buttons, **(extra_context or {})}
        )

    @admin.display(description=_("event or member of staff"))
    def about(self, row: OutboundMail) -> str:
        if row.subject is None:
            return staff_name(row.user)
        return str(row.subject.event)
