"""The mails and text messages that wait, were sent, or could not be delivered."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.kit.actions import Action, ForSelected
from backoffice.kit.guard import GuardedChangeList
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.private_search import PrivateChangeList, PrivateSearch
from backoffice.kit.search import found_among_few
from backoffice.kit.searched_filters import by_event, by_series
from backoffice.kit.zones import moment_column
from events.models import Event
from mail import outbox, writers
from mail.models import OutboundMail
from registrations.models import Registration
from summit.lib.i18n.languages import TAGS
from summit.lib.i18n.names import staff_name
from summit.lib.web.requests import StaffRequest

SMS = OutboundMail.Channel.SMS
STUCK = (OutboundMail.Status.GIVEN_UP, OutboundMail.Status.UNKNOWN)


def _try_again(
    _admin: SummitAdmin, _request: StaffRequest, row: OutboundMail, _given: dict[str, Any]
) -> None:
    outbox.try_again([row])


TRY_AGAIN: Action[OutboundMail] = Action(
    name="try-again",
    label=_("Try again"),
    explanation=_(
        "It is queued again and sent within a minute. Before a text message that was perhaps sent "
        "goes out again, the provider is asked for its receipt."
    ),
    run=_try_again,
    done=_("Queued again: %(object)s."),
    offered=lambda admin, row: row.status in STUCK,
    selected=ForSelected(
        label=_("Try the selected e-mails again"),
        explanation=_("The e-mails are queued again and sent within minutes."),
        rows=lambda admin, request, rows: rows.filter(status__in=STUCK),
        run=lambda admin, request, rows, given: outbox.try_again(rows),
        done=ngettext_lazy(
            "%(count)d e-mail has been queued.", "%(count)d e-mails have been queued.", "count"
        ),
    ),
)


def _zone(row: OutboundMail) -> ZoneInfo:
    return row.subject.event.zone if row.subject else timezone.get_current_timezone()


@admin.display(description=_("recipient"))
def recipient(row: OutboundMail) -> str:
    """To whom it goes: an attendee with the address, or a member of staff."""
    if row.user is not None:
        return staff_name(row.user)
    if row.subject is None:
        return "—"
    if row.subject.erased_at:
        return gettext("erased")
    address = reverse("admin:registrations_registration_change", args=[row.subject_id])
    return format_html(
        '<a href="{}">{}</a> <span class="quiet">{}</span>',
        address,
        row.subject.name,
        row.subject.readable_phone if row.channel == SMS else row.subject.readable_email,
    )


@admin.display(description=_("text"))
def text(row: OutboundMail) -> str:
    """What the mail says, written anew for this page: the queue keeps no texts."""
    if row.subject is None:
        return gettext(
            "E-mails to staff are not shown, because they may contain links for logging in."
        )
    try:
        mail = writers.show(row)
    except ValidationError:
        mail = None
    if mail is None:
        return gettext("There is nothing to show: the personal data has been erased.")
    if row.channel == SMS:
        note = gettext("As approved. Codes are shown to nobody else.")
        return format_html('<div class="mail-text"><p class="help">{}</p>{}</div>', note, mail.body)
    note = (
        gettext("Shown with today’s data. The e-mail that was sent may have been different.")
        if row.status == OutboundMail.Status.SENT
        else gettext("As it would be sent now.")
    )
    return format_html(
        '<div class="mail-text" lang="{}"><p class="help">{}</p><p><strong>{}</strong></p>{}</div>',
        TAGS[row.subject.language],
        note,
        mail.subject,
        mark_safe(linebreaks(mail.body, autoescape=True)),
    )


class MailChangeList(GuardedChangeList, PrivateChangeList):
    pass


@admin.register(OutboundMail)
class OutboundMailAdmin(PrivateSearch, SummitAdmin):
    changelist_class = MailChangeList
    actions = [TRY_AGAIN]
    list_display = [
        *(
            "kind",
            "channel",
            "status",
            recipient,
            "about",
            "attempts",
            "next_try",
            "last_error",
            "sent",
        ),
    ]
    search_help_text = _("Name, pinyin, e-mail, organization, phone or ticket of the recipient.")
    list_filter = [
        "channel",
        "status",
        "kind",
        by_event("registration__event"),
        by_series("registration__event__series"),
    ]
    list_select_related = ["user"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    fields = readonly_fields = (  # type: ignore[assignment]  # Django takes functions as well
        *("kind", "channel", recipient, "about", "status", "attempts", "created", "next_try"),
        *("sent", "last_error", text),
    )
    created = moment_column(OutboundMail, "created_at", zone=_zone)
    next_try = moment_column(OutboundMail, "next_try_at", zone=_zone)
    sent = moment_column(OutboundMail, "sent_at", zone=_zone)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboundMail]:
        return super().get_queryset(request).prefetch_related("subject__event")

    # Who may not see attendees sees of their mails that there are some.

    def _may_see_people(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registrations.view_registration")

    def get_list_display(self, request: HttpRequest) -> Any:
        return self._allowed(request, super().get_list_display(request))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self._allowed(request, super().get_fields(request, obj))

    def _allowed(self, request: HttpRequest, names: Any) -> list[Any]:
        hidden = () if self._may_see_people(request) else (recipient, text)
        return [name for name in names if name not in hidden]

    def get_search_fields(self, request: HttpRequest) -> Any:
        # What is searched for, ``get_search_results`` says.
        return ["registration__search_text"] if self._may_see_people(request) else []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OutboundMail], search_term: str
    ) -> tuple[QuerySet[OutboundMail], bool]:
        if not search_term or not self._may_see_people(request):
            return queryset, False
        people = Registration.objects.search(search_term).order_by().values("pk")
        names = ["username", "first_name", "last_name", "email"]
        staff = found_among_few(User.objects.filter(is_staff=True), names, search_term)
        found = Q(registration__in=people) | Q(user__in=staff.order_by().values("pk"))
        return queryset.filter(found), False

    def event_in_sight(self, obj: OutboundMail) -> Event | None:
        return obj.subject.event if obj.subject else None

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

    @admin.display(description=_("event"))
    def about(self, row: OutboundMail) -> str:
        return str(row.subject.event) if row.subject else "—"
