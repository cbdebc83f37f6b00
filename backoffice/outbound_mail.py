"""The mails that wait, were sent, or could not be delivered."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.kit.actions import Action, ForSelected
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.zones import moment_column
from mail import outbox
from mail.models import OutboundMail
from summit.lib.i18n.names import staff_name

STUCK = (OutboundMail.Status.GIVEN_UP, OutboundMail.Status.UNKNOWN)

TRY_AGAIN = Action(
    name="try-again",
    label=_("Try again"),
    explanation=_("The mail is queued and sent within a minute, as if it had not been tried."),
    run=lambda admin, request, row, given: outbox.try_again([row]) and None,
    done=_("The mail is queued: %(object)s."),
    offered=lambda admin, row: row.status in STUCK,
    selected=ForSelected(
        label=_("Try the selected mails again"),
        explanation=_("The mails are queued and sent within minutes."),
        rows=lambda admin, request, rows: rows.filter(status__in=STUCK),
        run=lambda admin, request, rows, given: outbox.try_again(rows),
        done=lambda count: (
            ngettext("%(count)d mail is queued.", "%(count)d mails are queued.", count)
            % {"count": count}
        ),
    ),
)


def _zone(row):
    return row.subject.event.zone if row.subject else timezone.get_current_timezone()


@admin.display(description=_("registration"))
def registration(row) -> str:
    if row.subject is None:
        return "-"
    address = reverse("admin:registrations_registration_change", args=[row.subject_id])
    return format_html('<a href="{}">{}</a>', address, row.subject)


@admin.register(OutboundMail)
class OutboundMailAdmin(SummitAdmin):
    actions = [TRY_AGAIN]
    list_display = ["kind", "status", "about", "attempts", "next_try", "last_error", "sent"]
    list_filter = ["status", "kind"]
    list_select_related = ["user"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    # Not by its name, which is also that of the relation by which registrations have mails.
    fields = readonly_fields = [
        *("kind", registration, "user", "status", "attempts", "created", "next_try"),
        *("sent", "last_error"),
    ]
    created = moment_column(OutboundMail, "created_at", zone=_zone)
    next_try = moment_column(OutboundMail, "next_try_at", zone=_zone)
    sent = moment_column(OutboundMail, "sent_at", zone=_zone)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("subject__event")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        # There is nothing to save: who may try a mail again has a button.
        buttons = {"show_save": False, "show_save_and_continue": False}
        return super().change_view(
            request, object_id, form_url, {**buttons, **(extra_context or {})}
        )

    @admin.display(description=_("event or member of staff"))
    def about(self, row) -> str:
        if row.subject is None:
            return staff_name(row.user)
        return str(row.subject.event)
